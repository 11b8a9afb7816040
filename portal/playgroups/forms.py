"""The shape of a new plan: one of the plans whose reach is shown, its first week, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import SelectField
from wtforms.fields import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.errors import N_
from portal.playdates.forms import read_day
from portal.playgroups.drafting import Wish
from portal.playgroups.models import Manner
from portal.playgroups.windows import WEEKS_APART
from portal.web.dates import sentence_case, weekday_date
from portal.web.forms import Form, VersionField
from portal.web.language import gettext


class PlanForm(Form):
    """Which plan, from which week, and how often; the sizes of its groups stand in the address of the page."""

    plan = RadioField(N_("Which plan?"), validators=[InputRequired(N_("Choose one of the plans."))])
    first_on = SelectField(
        N_("In which week does it begin?"), coerce=read_day, validate_choice=True, validators=[InputRequired()]
    )
    weeks_apart = SelectField(N_("How often?"), coerce=int, validators=[InputRequired()])

    def __init__(self, plans: Sequence[SelectChoice], mondays: Sequence[date]) -> None:
        super().__init__()
        self.plan.choices = list(plans)
        self.first_on.choices = [
            SelectChoice(monday.isoformat(), sentence_case(weekday_date(monday))) for monday in mondays
        ]
        self.weeks_apart.choices = [SelectChoice(str(weeks), _how_often(weeks)) for weeks in sorted(WEEKS_APART)]
        if not self.is_submitted():
            self.weeks_apart.data = WEEKS_APART[0]

    def wish(self, smallest: int, largest: int) -> Wish:
        """What was chosen, for groups of these sizes."""
        manner, _, rounds = self.plan.data.partition("-")
        return Wish(Manner(manner), int(rounds), smallest, largest, self.weeks_apart.data)


def _how_often(weeks: int) -> str:
    return gettext("Every %(weeks)s school weeks", weeks=weeks)


class PlanVersionForm(Form):
    """A press on a plan as it was seen."""

    version = VersionField()
