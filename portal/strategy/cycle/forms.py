"""The shape of moving the year's review on."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.errors import N_
from portal.web.forms import Form

LONGEST_PHASE = 20
LONGEST_STAMP = 100
LONGEST_REASON = 1_000


class PhaseForm(Form):
    """Where the review moves, where it was when that was decided, which rows were seen to wait, and why it moves."""

    seen = HiddenField(validators=[DataRequired(), Length(max=LONGEST_PHASE)])
    to = HiddenField(validators=[DataRequired(), Length(max=LONGEST_PHASE)])
    rows = HiddenField(validators=[Optional(), Length(max=LONGEST_STAMP)])
    reason = TextAreaField(N_("Why does the review move on all the same?"), validators=[Length(max=LONGEST_REASON)])
