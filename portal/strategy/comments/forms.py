"""The shape of what is said in a council's talk."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.errors import N_
from portal.strategy.amendments.forms import InCouncilForm
from portal.web.forms import Form

LONGEST_COMMENT = 1_000
LONGEST_TOLD = 300


class CommentForm(InCouncilForm):
    """One thing somebody says in the talk."""

    text = TextAreaField(N_("What do you want to say?"), validators=[DataRequired(), Length(max=LONGEST_COMMENT)])


class ToldForm(Form):
    """Whom the facilitator has told about a hidden comment."""

    told = StringField(N_("Whom have you told?"), validators=[DataRequired(), Length(max=LONGEST_TOLD)])
    seen = HiddenField(validators=[Length(max=LONGEST_TOLD)])
