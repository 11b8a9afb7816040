"""The shape of what a class team writes."""

from __future__ import annotations

from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import HiddenInput

from portal.errors import N_
from portal.web.forms import Form

LONGEST_TITLE = 120
LONGEST_BODY = 20_000


class UpdateForm(Form):
    """A heading and a text."""

    title = StringField(N_("Heading"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    body = TextAreaField(N_("What you want to tell the homes"), validators=[DataRequired(), Length(max=LONGEST_BODY)])


class VersionField(IntegerField):
    """The version of a text that the writer saw; hidden, and 0 when it is missing or no number."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number, without complaining: a wrong one never matches a stored version."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class EditUpdateForm(UpdateForm):
    """A changed draft, with the version that was opened."""

    version = VersionField()


class PublishForm(Form):
    """Yes, send it: the version that was looked at."""

    version = VersionField()
