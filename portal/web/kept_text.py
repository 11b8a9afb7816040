"""A form that was sent in vain, carried on by the page that answers: sealed, for an hour, for its writer alone.

Nothing of it is stored. Whoever signs in as somebody else drops it; its writer gets the form's page back, filled.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, flash, g, redirect, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException

from portal.database.transactions import writing
from portal.text import clock
from portal.web.guard import visitor
from portal.web.language import gettext
from portal.web.sealed import seal, unseal
from portal.web.typed_text import origin, sent, typed_fields, whole_form
from portal.web.urls import safe_path

KEPT_FOR = timedelta(hours=1)
#: Of a form as it is carried on; a longer one is shown to be copied instead.
MOST_BYTES = 500_000
#: The name of the field in which a page carries it: to sign in with, and to open the form's page again.
CARRIED, REOPENED = "carried", "reopened"


@dataclass(frozen=True, slots=True)
class KeptText:
    """A form as it was sent: who wrote it, on which page, until when it is kept, and each field's values."""

    user_id: int
    path: str
    until: datetime
    fields: dict[str, list[str]]

    @property
    def is_over(self) -> bool:
        """Whether its hour is over."""
        return clock.now() > self.until


def form_path() -> str:
    """The page on which this request's form stood, to lead back to: its own address, or the page that sent it."""
    page = urlsplit(request.headers.get("Referer", ""))
    came_from = page._replace(scheme="", netloc="").geturl() if page.netloc == request.host else ""
    for path in (request.full_path.rstrip("?"), came_from):
        if _is_page(path):
            return safe_path(path)
    return "/"


def _is_page(path: str) -> bool:
    try:
        request_ctx.url_adapter.match(urlsplit(path).path, method="GET")  # type: ignore[union-attr] # in a request
    except HTTPException:
        return False
    return bool(path)


def keep(path: str) -> str:
    """This request's form, sealed for whoever's page it was; "" when nothing was typed or nobody can be told.

    A form that was to be opened again, and met the end of its writer's session, is carried on as it is.
    """
    if again := request.form.get(REOPENED, "") if "sent" not in g else "":
        return again if read(again) else ""
    page, fields = origin(), sent()
    if page is None or not page.account or not any(fields[name].strip() for name in typed_fields(fields)):
        return ""
    until = clock.now() + KEPT_FOR
    content = json.dumps([page.account, path, until.timestamp(), whole_form(fields)], ensure_ascii=False)
    return seal(content, _key()) if len(content.encode()) <= MOST_BYTES else ""


def read(sealed: str) -> KeptText | None:
    """What a page carried; None for what none of ours did. It is for `user_id` alone, and until its hour is over."""
    content = unseal(sealed, _key())
    if content is None:
        return None
    user_id, path, until, fields = json.loads(content)
    return KeptText(user_id, path, datetime.fromtimestamp(until, UTC), fields)


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def install(app: Flask) -> None:
    """Let a carried form open its page again.

    That asks for no CSRF token, so it is installed before the check of it: nothing is changed, and nobody but the
    portal can seal a text for the one who reads it.
    """
    app.before_request(_open_again)


def _open_again() -> ResponseReturnValue | None:
    """Answer a carried form with its page, filled: the request goes on as if the page had been asked for."""
    if request.method != "POST" or REOPENED not in request.form:
        return None
    writing.set(False)
    kept, person = read(request.form[REOPENED]), visitor()
    if kept is not None and person is None:
        abort(401)
    here = redirect(safe_path(request.full_path.rstrip("?")), 303)
    if kept is None or person is None or kept.user_id != person.id:
        return here
    if kept.is_over:
        flash(gettext("That was more than an hour ago, so what you wrote is not here any more."), "warning")
        return here
    _ask_for_the_page()
    g.reopened = g.sent = MultiDict(kept.fields)
    flash(gettext("Here is what you wrote. It is not saved before you send it."))
    return None


def _ask_for_the_page() -> None:
    """Turn the request into one for its page; raises NotFound and the like for an address that has none."""
    rule, values = request_ctx.url_adapter.match(method="GET", return_rule=True)  # type: ignore[union-attr]
    request.method, request.url_rule, request.view_args = "GET", rule, dict(values)
    request.routing_exception = None  # most of these pages take no form
    request.form = ImmutableMultiDict()
