"""The shape of what is typed in front of the whole room: one number for each answer."""

from __future__ import annotations

from dataclasses import replace

from wtforms import SubmitField
from wtforms.validators import NumberRange, Optional

from portal.council.meetings.forms import MOST_HANDS
from portal.errors import N_
from portal.strategy.amendments.services import Hands
from portal.strategy.kinds import AmendmentState
from portal.web.forms import Form, NumberField, VersionField


class HandsForm(Form):
    """The hands that were counted; what they decide follows from them, unless all agree or the council waits."""

    yes = NumberField(N_("Yes"), validators=[Optional(), NumberRange(0, MOST_HANDS)])
    no = NumberField(N_("No"), validators=[Optional(), NumberRange(0, MOST_HANDS)])
    abstain = NumberField(N_("Do not know"), validators=[Optional(), NumberRange(0, MOST_HANDS)])
    all_agree = SubmitField(N_("All say yes"))
    waits = SubmitField(N_("We wait"))
    revision = VersionField()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return self.yes.data is None and self.no.data is None and self.abstain.data is None

    @property
    def hands(self) -> Hands:
        """The hands as they were typed."""
        counted = Hands(self.yes.data or 0, self.no.data or 0, self.abstain.data or 0)
        return replace(counted, is_agreed=bool(self.all_agree.data))

    @property
    def result(self) -> AmendmentState:
        """It is a yes when more say yes than no."""
        if self.waits.data:
            return AmendmentState.POSTPONED
        if self.all_agree.data or (self.yes.data or 0) > (self.no.data or 0):
            return AmendmentState.ADOPTED
        return AmendmentState.NOT_ADOPTED
