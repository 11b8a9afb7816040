"""The shape of what is written and noted about a class's texts."""

from __future__ import annotations

from wtforms import DateField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.errors import N_
from portal.name_guard.forms import AgreedForm
from portal.web.forms import DAY_FORMATS, Form, VersionField

LONGEST_BODY = 10_000


class AgreementForm(AgreedForm):
    """A wording, the day it was agreed on, the version it was written upon, and the names that may stand in it."""

    body = TextAreaField(N_("The text"), validators=[DataRequired(), Length(max=LONGEST_BODY)])
    agreed_on = DateField(N_("When did you agree on it?"), format=DAY_FORMATS, validators=[InputRequired()])
    version = VersionField()


class ConfirmForm(Form):
    """The day on which the class talked about the text, and the version that was seen."""

    renewed_on = DateField(N_("When did you talk about it?"), format=DAY_FORMATS, validators=[InputRequired()])
    version = VersionField()
