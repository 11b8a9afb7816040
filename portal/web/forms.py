"""How a form is read, refused and done: typed text is kept, a refusal shows in the form, a double click is one act."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, ClassVar

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from portal.database import db
from portal.errors import N_, Conflict, RuleViolation
from portal.text.addresses import SHORTEST_NUMBER, read_address, read_number
from portal.text.letters import composed
from portal.web.idempotency import already_done
from portal.web.language import catalogue, gettext
from portal.web.refusals import refusal_text
from portal.web.widgets import drawn

#: What WTForms' validators say, listed here so that the catalogue holds them.
WTFORMS_MESSAGES = (
    N_("This field is required."),
    N_("Field must be at least %(min)d character long."),
    N_("Field must be at least %(min)d characters long."),
    N_("Field cannot be longer than %(max)d character."),
    N_("Field cannot be longer than %(max)d characters."),
    N_("Field must be between %(min)d and %(max)d characters long."),
    N_("Field must be equal to %(other_name)s."),
    N_("Not a valid choice."),
    N_("Not a valid choice"),
    N_("Invalid Choice: could not coerce."),
    N_("Invalid Choice: could not coerce"),
    N_("Not a valid date value."),
    N_("Not a valid time value."),
    N_("Not a valid integer value."),
    N_("Invalid input."),
    N_("Number must be between %(min)s and %(max)s."),
)

#: Said of any of several that were ticked; the page shows what can be chosen now.
NOT_CHOOSABLE = N_("Something you ticked cannot be chosen any more. Look at the list below, and choose again.")

#: What browsers send, and how Danes write a day and an hour where the browser has no field for them.
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y"]
MOST_DIGITS = 9
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]


class _Catalogue:
    """Gives WTForms our own catalogue."""

    def gettext(self, message: str) -> str:
        """One message."""
        return catalogue().gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """A message for one or many; the catalogue holds each of them by itself.

        That what was ticked cannot be chosen is said in our own words: the library's hold the ids, joined by Python.
        """
        message = NOT_CHOOSABLE if singular.endswith("is not a valid choice for this field.") else None
        return catalogue().gettext(message or (singular if n == 1 else plural))


#: Signs that turn the direction of what follows: a line may read otherwise than it is.
TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def tidy(value: object) -> object:
    """Typed text as it is stored: NFC, plain line ends, no space around, no control characters."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    unseen = {"Cc", "Cs"}
    printable = "".join(c for c in text if c in "\n\t" or (unicodedata.category(c) not in unseen and c not in TURNING))
    return composed(printable).strip()


def tidy_line(value: object) -> object:
    """What is typed in a field of one line, which is one line in a mail and on paper too."""
    tidied = tidy(value)
    return re.sub(r"\s*[\n\t\u2028\u2029]\s*", " ", tidied) if isinstance(tidied, str) else tidied


class Form(FlaskForm):
    """A form of the portal. Text is tidied before it is checked; `form_errors` holds what a rule refused.

    `row_fields` are those that stand once for each row of its page, such as `reason_7` for the row with the id 7.
    """

    status = 422
    row_fields: ClassVar[Mapping[str, UnboundField]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say = catalogue().gettext
        for field in self:
            field.label.text = say(field.label.text) if field.label.text else ""
            field.description = say(field.description) if field.description else ""
        if "reopened" in g:
            self._fill_again(g.reopened)

    def _fill_again(self, typed: MultiDict[str, str]) -> None:
        """Put what was sent in vain back into its form (portal/web/kept_text.py); another form stays as it is."""
        if not set(typed) <= {field.name for field in self}:
            return
        for field in self:
            if field.name in typed or isinstance(field, BooleanField | SelectMultipleField):  # unticked is not sent
                field.process(typed)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; what a validator was given to say is put into the request's language."""
        is_valid: bool = super().validate(extra_validators)
        for field in self:
            field.errors = [gettext(message) if isinstance(message, str) else message for message in field.errors]
        return is_valid

    def go_on_from(self, stands: int | str, *, seen: str = "version") -> None:
        """After a conflict both texts are on the page, and the next save is on top of the other one.

        `seen` is the hidden field that says what its writer saw, a version or a stamp; `stands` is the one of now.
        """
        if self.status == HTTPStatus.CONFLICT:
            self[seen].raw_data, self[seen].data = None, stands

    class Meta(FlaskForm.Meta):
        """How fields are bound and drawn, and whose words the validators use.

        Forms have no token of their own: `CSRFProtect` asks for it before any view, and the templates write it.
        """

        csrf = False

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Tidy every text field's input; passwords are left exactly as typed."""
            filters = list(unbound_field.kwargs.get("filters", ()))
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                filters.insert(0, tidy if issubclass(kind, TextAreaField | HiddenField) else tidy_line)
                options = {**options, "filters": filters}
            return unbound_field.bind(form=form, **options)

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Markup:
            """A field as HTML."""
            return drawn(field, {**(field.render_kw or {}), **render_kw})

        def get_translations(self, form: Any) -> Any:
            """Our catalogue, in the request's language."""
            return _Catalogue()

    def says(self, refused: Form) -> None:
        """Say here why a press beside this form was refused."""
        self.form_errors.extend(refused.form_errors)
        self.status = refused.status

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Run a service; a refused rule rolls everything back and shows in this form (422, or 409 for a conflict).

        Unless the rule refused the second half of a double click: that one is answered like the first.
        """
        try:
            yield
        except RuleViolation as refusal:
            db.session.rollback()
            if earlier := already_done():
                abort(earlier)
            self.form_errors.append(refusal_text(refusal))
            self.status = HTTPStatus.CONFLICT if isinstance(refusal, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY


class OneAddress:
    """A validator of what can be mailed: the address is kept as `read_address` reads it."""

    def __call__(self, form: Form, field: Any) -> None:
        """Put the address in order; raises ValidationError when there is none in the text."""
        address = read_address(field.data or "")
        if address is None:
            raise ValidationError(
                gettext("That does not look like an e-mail address. Write one, such as mette@example.dk.")
            )
        field.data = address


class OneNumber:
    """A validator of what can be called; `shortest` is how many digits it needs here."""

    def __init__(self, shortest: int = SHORTEST_NUMBER) -> None:
        self.shortest = shortest

    def __call__(self, form: Form, field: Any) -> None:
        """Put the number in order; raises ValidationError when nobody could call it."""
        number = read_number(field.data or "", shortest=self.shortest)
        if number is None:
            raise ValidationError(
                gettext("Write one telephone number, of %(shortest)s digits or more.", shortest=self.shortest)
            )
        field.data = number


class NumberField(IntegerField):
    """A whole number of at most nine digits: the range of a longer one cannot be asked, and no column holds it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; raises ValueError, in the words of its library, for one that is too long as well."""
        is_long = bool(valuelist) and len(valuelist[0].strip().lstrip("+-0")) > MOST_DIGITS
        super().process_formdata([""] if is_long else valuelist)


class VersionField(IntegerField):
    """The version of a text that the writer saw; hidden, and 0 when it is missing or no number."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, without complaining: a wrong one never matches a stored version."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class SeenField(HiddenField):
    """The stamp of what the writer saw; hidden, and empty when it is missing, as no stamp of anything is."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the stamp; a form without one has seen nothing, whatever stands now."""
        self.data = valuelist[0] if valuelist else ""


class InPlaceForm(Form):
    """A form in place of what was seen; `is_outdated` when that was refused because something else stands by now.

    What that is, in words, is `stand`.
    """

    seen = SeenField()
    is_outdated = False
    stand: Sequence[str] = ()

    def stand_on(self, stamp: str, stand: Sequence[str] = ()) -> None:
        """After a conflict the next save is in place of what stands now; not each one is somebody else's change."""
        self.is_outdated = self.status == HTTPStatus.CONFLICT and self.seen.data != stamp
        self.stand = stand
        self.go_on_from(stamp, seen="seen")


class PressForm(Form):
    """A press on something, with the version of it that its page showed."""

    version = VersionField()


class OneOfField(SelectField):
    """One row of several, by its id. Nothing is chosen until somebody does it, so a slip never means the first one."""

    def __init__(self, label: str, prompt: str, **kwargs: Any) -> None:
        super().__init__(label, coerce=_row_id, validators=[InputRequired(prompt)], **kwargs)
        self.prompt = prompt

    def offer(self, rows: Iterable[tuple[int, str]]) -> None:
        """Let one of these be chosen: the id and what it is called."""
        self.choices = [SelectChoice("", gettext(self.prompt)), *(SelectChoice(row_id, name) for row_id, name in rows)]


def _row_id(value: Any) -> int | None:
    return int(value) if value not in ("", None) else None


def render_form(template: str, *, form: Form | None, **context: Any) -> ResponseReturnValue:
    """The form's page: 200 when it is opened, 422 or 409 when it was refused, with what was typed.

    A page that only holds buttons has a form when one of them was refused.
    """
    return render_template(template, form=form, **context), form.status if form and form.errors else 200
