"""What people read when something cannot be done: in the portal's look, in their language, with a way on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus

from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException

from portal.database import db
from portal.database.transactions import AWAY, why_away
from portal.errors import N_, Conflict, RuleViolation
from portal.web import requests
from portal.web.guard import visitor
from portal.web.idempotency import already_done
from portal.web.language import gettext, refusal_text
from portal.web.typed_text import TypedText, typed_text

log = logging.getLogger(__name__)

#: For each status: heading and what to do next.
TEXTS: dict[int, tuple[str, str]] = {
    400: (N_("We could not read that"), N_("Go back, load the page again and try once more.")),
    401: (N_("You have been signed out"), N_("Go back and copy what you wrote. Then sign in and send it again.")),
    403: (
        N_("You may not do that"),
        N_("This is somebody else's to look after. Ask the office if you think that is wrong."),
    ),
    404: (N_("There is nothing here for you"), N_("The page may have moved, or it belongs to another class.")),
    405: (N_("That cannot be done this way"), N_("Go back and use the buttons on the page.")),
    409: (N_("Somebody was here just before you"), N_("Go back and load the page again to see what has changed.")),
    413: (N_("That was too much at once"), N_("Shorten the text or send a smaller file.")),
    422: (N_("That could not be done"), N_("Go back and look at it once more.")),
    429: (N_("Take a short break"), N_("There were many attempts in a short time. Wait a little and try again.")),
    500: (
        N_("Something broke here"),
        N_("It is not your fault. Try again in a moment, and tell the office if it keeps happening."),
    ),
    503: (
        N_("The portal is resting for a moment"),
        N_("What you wrote may not be saved. Go back, copy it, and try again shortly."),
    ),
}

#: The advice when the page gives back what was typed. A form's one-time key makes the second sending safe.
SEND_AGAIN = N_(
    "What you wrote may not be saved, so here it is. Wait a moment and reload this page: "
    "your browser sends it once more, and it is never saved twice."
)


def error_page(status: int, message: str = "", typed: Sequence[TypedText] = ()) -> Response:
    """The page for a status; `message` is already translated and stands in for the usual advice.

    `typed` is what the person wrote, to copy or to send again.
    """
    title, advice = TEXTS.get(status, TEXTS[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400])
    page = render_template(
        "errors/error.html",
        status=status,
        title=gettext(title),
        message=message or gettext(advice),
        action_url="/",
        action_label=gettext("To the front page"),
        typed=typed,
    )
    return make_response(page, status)


def install(app: Flask) -> None:
    """Bind the error pages to the application, and refuse at the door what cannot be read."""
    requests.install(app)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _http)
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


def _refused(refusal: RuleViolation) -> ResponseReturnValue:
    _start_over()
    return already_done() or error_page(409 if isinstance(refusal, Conflict) else 422, refusal_text(refusal))


def _clashed(error: Exception) -> ResponseReturnValue:
    """Two requests clashed: the second half of a double click is answered like the first, anybody else gets 409."""
    _start_over()
    return already_done() or error_page(HTTPStatus.CONFLICT)


def _database_away(error: Exception) -> ResponseReturnValue:
    """No server, no lock in time, no room on the disk: it passes by itself, and what was typed is given back."""
    _start_over()
    log.error("database not available on %s: %s", request.endpoint, why_away(error))
    typed = typed_text()
    page = error_page(HTTPStatus.SERVICE_UNAVAILABLE, gettext(SEND_AGAIN) if typed else "", typed)
    page.headers["Retry-After"] = "5"
    return page


def _broken(error: Exception) -> ResponseReturnValue:
    _start_over()
    log.exception("unexpected fault on %s", request.endpoint, exc_info=error)
    return error_page(HTTPStatus.INTERNAL_SERVER_ERROR)
