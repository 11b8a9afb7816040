"""What somebody typed, given back on the page of a fault, so that nobody writes it a second time.

Only what a person typed into a page of the portal: never a password, nothing hidden, no token, no field we do not know.
The page proves itself by its CSRF token, also one that is out of date; whose page it was stands in the token as well,
so that a text is never shown to whoever signs in next at the same computer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import current_app, g, request
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Field, MultipartDecoder, Preamble
from wtforms import DateTimeField, IntegerField, StringField, ValidationError
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput, PasswordInput

from portal.web.forms import Form, tidy
from portal.web.language import gettext

#: Of all the fields together; the longest text that any form takes is no longer.
MOST_CHARACTERS = 100_000
LONGEST_LINE = 200
#: Read of a request that is too large as a whole, to find what was typed.
MOST_BYTES_OF_TOO_MUCH = 2 * 1024 * 1024

_TYPED = (StringField, DateTimeField, IntegerField)
_NEVER_SHOWN = (HiddenInput, PasswordInput)
_CSRF = "csrf_token"


@dataclass(frozen=True, slots=True)
class TypedText:
    """One field as it was sent: its label, the words, and whether there was more than is given back."""

    label: str
    words: str
    is_cut: bool

    @property
    def is_line(self) -> bool:
        """Whether a small box is enough for it."""
        return len(self.words) <= LONGEST_LINE and "\n" not in self.words


@dataclass(frozen=True, slots=True)
class Origin:
    """The page of ours that a form was sent from: whose it was (0 for everybody's), and whether this browser's still.

    It is no longer this browser's when somebody has signed out or in since.
    """

    account: int
    is_current: bool


def csrf_secret(user_id: int) -> str:
    """What the CSRF tokens of somebody's session are made from; a token tells by it whose page it stood on."""
    return f"{user_id}.{secrets.token_urlsafe(24)}"


def origin() -> Origin | None:
    """The page this request's form was sent from; None for what does not prove that it was a page of the portal."""
    if "reopened" in g:  # sealed for the one who sits here, or it would not be open (portal/web/kept_text.py)
        return Origin(g.person.id, is_current=True)
    token = sent().get(_CSRF, "")
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return Origin(0, is_current=True)
    try:
        secret = str(URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token").loads(token))
    except BadData:
        return None
    account = secret.partition(".")[0] if "." in secret else ""
    try:
        validate_csrf(token)
    except ValidationError:
        # anybody may fetch a token for a page of their own, but not send it from a page of ours
        return Origin(int(account or 0), is_current=False) if _is_sent_from_here() else None
    return Origin(int(account or 0), is_current=True)


def _is_sent_from_here() -> bool:
    """Whether the browser says that a page of this host sent the form; one that says nothing does not count."""
    page = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(page).netloc == request.host


def typed_text() -> list[TypedText]:
    """What was typed into the form of this request, field by field, for whoever typed it.

    Empty for anything but a posted form, for a page that was somebody else's, and for one whose owner is not known to
    be the one who sits here.
    """
    page, person = origin(), g.get("person")
    if page is None or not (page.is_current or page.account == (person.id if person else 0)):
        return []
    fields = sent()
    if not fields:
        return []  # most of these pages are about an address, and looking through every form would be their price
    found, room = [], MOST_CHARACTERS
    for name, field in typed_fields(fields).items():
        words = str(tidy(fields.get(name, "")))
        if words and room and issubclass(field.field_class, _TYPED):
            found.append(TypedText(_label(field), words[:room], len(words) > room))
            room -= len(words[:room])
    return found


def typed_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form that was sent which a person fills in, by name, in the order of the page; no secrets."""
    secret = {name for form in _forms(set(fields)) for name, field in form.items() if _is(field, _NEVER_SHOWN)}
    return {name: field for name, field in _form_of(set(fields)).items() if name in fields and name not in secret}


def whole_form(fields: MultiDict[str, str]) -> dict[str, list[str]]:
    """Everything that the form was sent with, but for passwords and tokens: what opens it again as it was.

    Also what its page knew and did not show, such as the version that was read. It is for nobody's eyes.
    """
    secret = {name for form in _forms(set(fields)) for name, field in form.items() if _is(field, PasswordInput)}
    return {name: fields.getlist(name) for name in _form_of(set(fields)) if name in fields and name not in secret}


def sent() -> MultiDict[str, str]:
    """The fields of this request's form; of one that is too large, those that were in its beginning."""
    if "sent" not in g:
        g.sent = MultiDict()
        if request.method == "POST":
            try:
                g.sent = request.form
            except RequestEntityTooLarge:
                g.sent = MultiDict(_beginning())
    found: MultiDict[str, str] = g.sent
    return found


def _beginning() -> list[tuple[str, str]]:
    start = request.environ["wsgi.input"].read(MOST_BYTES_OF_TOO_MUCH)
    if request.mimetype == "multipart/form-data":
        return _before_any_file(start, request.mimetype_params.get("boundary", ""))
    return parse_qsl(start.decode("utf-8", "replace"), keep_blank_values=True)


def _before_any_file(start: bytes, boundary: str) -> list[tuple[str, str]]:
    """The fields at the beginning of a form with files, up to the first file; the last one may be cut."""
    decoder = MultipartDecoder(boundary.encode())
    decoder.receive_data(start)
    found: list[tuple[str, bytearray]] = []
    with suppress(ValueError):  # what is no such form
        while isinstance(event := decoder.next_event(), Preamble | Field | Data):
            if isinstance(event, Field):
                found.append((event.name, bytearray()))
            elif isinstance(event, Data):
                found[-1][1].extend(event.data)
    return [(name, words.decode("utf-8", "replace")) for name, words in found]


def _forms(sent: set[str]) -> Iterator[dict[str, Any]]:
    """The fields of every form there is, by name, in the order in which they stand on the page.

    Of fields that stand once for each row, those that were sent.
    """
    kinds = [Form]
    for kind in kinds:
        kinds += kind.__subclasses__()
        fields = {name: getattr(kind, name) for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)}
        yield dict(sorted(fields.items(), key=lambda item: item[1].creation_counter)) | _of_rows(kind, sent)


def _of_rows(kind: type[Form], sent: set[str]) -> dict[str, Any]:
    rows = sorted(
        {name.rpartition("_")[2] for name in sent} if kind.row_fields else (), key=lambda row: (len(row), row)
    )
    fields = {f"{name}_{row}": field for row in sorted(rows) for name, field in kind.row_fields.items()}
    return {name: field for name, field in fields.items() if name in sent}


def _form_of(sent: set[str]) -> dict[str, Any]:
    """The form that this was most likely typed into: the fault may have come before any view chose one."""
    return max(_forms(sent), key=lambda fields: (len(fields.keys() & sent), -len(fields.keys() - sent)))


def _is(field: Any, widgets: Any) -> bool:
    return isinstance(field.kwargs.get("widget", field.field_class.widget), widgets)


def _label(field: Any) -> str:
    label = field.kwargs.get("label") or (field.args[0] if field.args else "")
    return gettext(label) if label else ""
