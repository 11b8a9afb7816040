"""What people read when something cannot be done: in the portal's look, in their language, with a way on."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException, Unauthorized

from portal.database import db
from portal.database.transactions import AWAY, is_repeat, is_worth_another_try, why_away
from portal.errors import N_, Conflict, RuleViolation
from portal.web import requests
from portal.web.guard import visitor
from portal.web.idempotency import SentOtherwise, already_done
from portal.web.kept_text import form_path, keep
from portal.web.language import gettext
from portal.web.refusals import refusal_text
from portal.web.typed_text import origin, typed_text

log = logging.getLogger(__name__)

#: For each status: heading and what to do next.
TEXTS: dict[int, tuple[str, str]] = {
    400: (N_("We could not read that"), N_("Go to the page once more and try again from there.")),
    401: (N_("You have been signed out"), N_("Sign in again, then you can go on.")),
    403: (
        N_("You may not do that"),
        N_("This is somebody else's to look after. Ask the office if you think that is wrong."),
    ),
    404: (N_("There is nothing here for you"), N_("The page may have moved, or it belongs to another class.")),
    405: (N_("That cannot be done this way"), N_("Go to the page once more and use the buttons there.")),
    409: (N_("Somebody was here just before you"), N_("Go to the page once more to see what has changed.")),
    413: (N_("That was too much at once"), N_("Shorten the text or send a smaller file.")),
    422: (N_("That could not be done"), N_("Go to the page once more and look at it again.")),
    429: (N_("Take a short break"), N_("There were many attempts in a short time. Wait a little and try again.")),
    500: (
        N_("Something broke here"),
        N_("It is not your fault. Try again in a moment, and tell the office if it keeps happening."),
    ),
    503: (N_("The portal is resting for a moment"), N_("It passes by itself. Wait a moment and try again.")),
}

#: What stands above the text that a page gives back, where there is more to say than that.
TEXTS_WITH_TYPED: dict[int, str] = {
    400: N_("It is not saved. Take it back to the form, and send it from there."),
    403: N_("It is not saved. Copy it if you want to keep it."),
    404: N_("It is not saved. Copy it if you want to keep it."),
    409: N_("It is not saved. Take it back to the form, where you also see what is new."),
    413: N_("It is not saved. The portal could not receive all of it; this is what came through."),
    422: N_("It is not saved. Take it back to the form to change it."),
    # a form's one-time key makes the second sending safe
    503: N_(
        "What you wrote may not be saved, so here it is. Wait a moment and reload this page: "
        "your browser sends it once more, and it is never saved twice."
    ),
}
OUT_OF_DATE = N_("The page had been open for a long time, or you have signed in anew since.")
SENT_BEFORE = N_("You have sent this page before")
OTHERWISE = N_("It may not be saved, so here it is, to copy.")
#: Where the form's own page, filled, is the way on. After 403 and 404 there is none; 500 and 503 may have saved it.
OPENED_AGAIN = {400, 409, 422}


def error_page(status: int, message: str = "", *, heading: str = "", saved_at: str = "") -> Response:
    """The page for a status; `message` and `heading` are already translated and stand in for the usual ones.

    `saved_at` leads to what this form has saved before. It gives back what was typed and, where that helps, leads back
    to the form with all of it filled in.
    """
    title, advice = TEXTS.get(status, TEXTS[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400])
    typed = typed_text()
    path = form_path() if typed and status in OPENED_AGAIN else ""
    page = render_template(
        "errors/error.html",
        status=status,
        title=heading or gettext(title),
        message=message or gettext(advice),
        typed=typed,
        about_typed=gettext(TEXTS_WITH_TYPED.get(status, OTHERWISE)),
        saved_at=saved_at,
        path=path,
        kept=keep(path) if path else "",
    )
    return make_response(page, status)


def install(app: Flask) -> None:
    """Bind the error pages to the application, and refuse at the door what cannot be read."""
    requests.install(app)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(RuleViolation, _refused)
    app.register_error_handler(IntegrityError, _clashed)
    app.register_error_handler(StaleDataError, _clashed)
    app.register_error_handler(ObjectDeletedError, _clashed)
    for fault in AWAY:
        app.register_error_handler(fault, _database_away)
    app.register_error_handler(Exception, _broken)


def _start_over() -> None:
    """Roll back, and do not ask the database who is reading: the error may be its own."""
    db.session.rollback()
    g.setdefault("person", None)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:  # an answer that was raised, such as a redirect to the address with its slash
        return error.response
    try:
        visitor()  # no view asked who is there, and the page is in their language
    except SQLAlchemyError:
        _start_over()
    page = error_page(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    page.headers.extend({name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}})
    return page


def _stale(error: CSRFError) -> ResponseReturnValue:
    """A page that is out of date: 400, or 401 for one that was somebody's who has been signed out since."""
    try:
        is_signed_out = visitor() is None
    except SQLAlchemyError:
        return _http(error)
    page = origin()
    if is_signed_out and page is not None and page.account:
        return current_app.handle_http_exception(Unauthorized())  # as a view's own 401
    if page is not None:
        return error_page(HTTPStatus.BAD_REQUEST, gettext(OUT_OF_DATE))
    return _http(error)


def _refused(refusal: RuleViolation) -> ResponseReturnValue:
    _start_over()
    status = HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
    return _answer_before() or error_page(status, refusal_text(refusal))


def _clashed(error: Exception) -> ResponseReturnValue:
    """Two requests clashed: the second half of a double click is answered like the first, anybody else gets 409.

    Where the database refused anything but a repeat, nobody was there before: that is a fault of ours.
    """
    _start_over()
    if earlier := _answer_before():
        return earlier
    if isinstance(error, IntegrityError) and not is_repeat(error):
        return _broken(error)
    return error_page(HTTPStatus.CONFLICT)


def _answer_before() -> ResponseReturnValue | None:
    """What the same form was answered before; where other words stood in it, that is said, and these are given back."""
    try:
        return already_done()
    except SentOtherwise as conflict:
        return error_page(
            HTTPStatus.CONFLICT,
            refusal_text(conflict),
            heading=gettext(SENT_BEFORE),
            saved_at=conflict.location,
        )


def _database_away(error: Exception) -> ResponseReturnValue:
    """No server, no lock in time, no room on the disk: it passes by itself, and what was typed is given back.

    A page that was only to be read is tried once more where that may help: the server was started anew.
    """
    if is_worth_another_try(error) and request.environ["REQUEST_METHOD"] in {"GET", "HEAD"} and "is_second" not in g:
        return _once_more(error)
    _start_over()
    log.error("database not available on %s: %s", request.endpoint, why_away(error))
    page = error_page(HTTPStatus.SERVICE_UNAVAILABLE)
    page.headers["Retry-After"] = "5"
    return page


def _once_more(error: Exception) -> ResponseReturnValue:
    """The answer of a second try, which knows nothing of the first."""
    log.warning("tried once more on %s: %s", request.endpoint, why_away(error))
    db.session.rollback()
    for name in list(g):
        g.pop(name)
    g.is_second = True
    try:
        early = current_app.preprocess_request()
        return early if early is not None else current_app.dispatch_request()
    except Exception as fault:
        return current_app.handle_user_exception(fault)


def _broken(error: Exception) -> ResponseReturnValue:
    _start_over()
    log.exception("unexpected fault on %s", request.endpoint, exc_info=error)
    return error_page(HTTPStatus.INTERNAL_SERVER_ERROR)
