"""The shape of a decision to close a guardian's access."""

from __future__ import annotations

from wtforms import DateField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.errors import N_
from portal.web.forms import DAY_FORMATS, Form

LONGEST_REASON = 2000


class ClosureForm(Form):
    """The last day of it, and the reason."""

    until = DateField(N_("Closed up to and including"), format=DAY_FORMATS, validators=[InputRequired()])
    reason = TextAreaField(
        N_("Why"),
        description=N_("Write what the decision rests on, and no address. Only the leadership reads it."),
        validators=[DataRequired(), Length(max=LONGEST_REASON)],
    )
