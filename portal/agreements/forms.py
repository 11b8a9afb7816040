"""The shape of what is written and noted about a class's texts."""

from __future__ import annotations

from wtforms import DateField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.errors import N_
from portal.web.forms import Form, VersionField

LONGEST_BODY = 10_000


class AgreementForm(Form):
    """A wording, the day it was agreed on, and the version it was written upon."""

    body = TextAreaField(N_("The text"), validators=[DataRequired(), Length(max=LONGEST_BODY)])
    agreed_on = DateField(N_("When did you agree on it?"), validators=[InputRequired()])
    version = VersionField()


class ConfirmForm(Form):
    """The day on which the class talked about the text, and the version that was seen."""

    renewed_on = DateField(N_("When did you talk about it?"), validators=[InputRequired()])
    version = VersionField()
