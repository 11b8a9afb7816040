"""The shape of what a class team writes."""

from __future__ import annotations

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.errors import N_
from portal.web.forms import Form, VersionField

LONGEST_TITLE = 120
LONGEST_BODY = 20_000


class UpdateForm(Form):
    """A heading and a text."""

    title = StringField(N_("Heading"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    body = TextAreaField(N_("What you want to tell the homes"), validators=[DataRequired(), Length(max=LONGEST_BODY)])


class EditUpdateForm(UpdateForm):
    """A changed draft, with the version that was opened."""

    version = VersionField()


class PublishForm(Form):
    """Yes, send it: the version that was looked at."""

    version = VersionField()
