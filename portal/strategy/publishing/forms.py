"""The shape of publishing an edition, and of settling a clash."""

from __future__ import annotations

from wtforms import DateField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.errors import N_
from portal.web.forms import Form

LONGEST_STAMP = 100
LONGEST_WORDING = 2_000


class PublishForm(Form):
    """When the board approved the edition; `stamp` says which one was looked at."""

    approved_on = DateField(N_("When did the board approve it?"), validators=[DataRequired()])
    stamp = HiddenField(validators=[DataRequired(), Length(max=LONGEST_STAMP)])


class SettleForm(Form):
    """The words that a clause gets; none take it away."""

    words = TextAreaField(N_("Which words hold?"), validators=[Optional(), Length(max=LONGEST_WORDING)])
