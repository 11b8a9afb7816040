"""What somebody typed, given back on the page of a fault, so that nobody writes it a second time.

Only what a person types into a form of the portal: never a password, nothing hidden, no token, no field we do not know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import DateTimeField, IntegerField, StringField
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput, PasswordInput

from portal.web.forms import Form, tidy
from portal.web.language import gettext

#: Of all the fields together; the longest text that any form takes is far below it.
MOST_CHARACTERS = 100_000
LONGEST_LINE = 200

_TYPED = (StringField, DateTimeField, IntegerField)
_NEVER_SHOWN = (HiddenInput, PasswordInput)


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


def typed_text() -> list[TypedText]:
    """What was typed into the form of this request, field by field; empty for anything but a posted form."""
    sent = request.form if request.method == "POST" else {}
    secret = {name for fields in _forms() for name, field in fields.items() if _is_secret(field)}
    found, room = [], MOST_CHARACTERS
    for name, field in _form_of(set(sent)).items():
        words = str(tidy(sent.get(name, "")))
        if words and room and name not in secret and issubclass(field.field_class, _TYPED):
            found.append(TypedText(_label(field), words[:room], len(words) > room))
            room -= len(words[:room])
    return found


def _forms() -> Iterator[dict[str, Any]]:
    """The fields of every form there is, by name, in the order in which they stand on the page."""
    kinds = [Form]
    for kind in kinds:
        kinds += kind.__subclasses__()
        fields = {name: getattr(kind, name) for name in dir(kind) if isinstance(getattr(kind, name), UnboundField)}
        yield dict(sorted(fields.items(), key=lambda item: item[1].creation_counter))


def _form_of(sent: set[str]) -> dict[str, Any]:
    """The form that this was most likely typed into: the fault may have come before any view chose one."""
    return max(_forms(), key=lambda fields: (len(fields.keys() & sent), -len(fields.keys() - sent)))


def _is_secret(field: Any) -> bool:
    return isinstance(field.kwargs.get("widget", field.field_class.widget), _NEVER_SHOWN)


def _label(field: Any) -> str:
    label = field.kwargs.get("label") or (field.args[0] if field.args else "")
    return gettext(label) if label else ""
