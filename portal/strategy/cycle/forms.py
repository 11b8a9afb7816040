"""The shape of moving the year's review on."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import DataRequired, Length

from portal.web.forms import Form

LONGEST_PHASE = 20


class PhaseForm(Form):
    """Where the review moves, and where it was when that was decided."""

    seen = HiddenField(validators=[DataRequired(), Length(max=LONGEST_PHASE)])
    to = HiddenField(validators=[DataRequired(), Length(max=LONGEST_PHASE)])
