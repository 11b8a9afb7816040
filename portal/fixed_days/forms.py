"""The shape of a fixed day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.fixed_days.services import FixedPlan
from portal.name_guard.forms import MeantForm
from portal.text.workdays import SATURDAY
from portal.web.dates import calendar, sentence_case
from portal.web.forms import DAY_FORMATS, VersionField
from portal.web.language import gettext, ngettext

LONGEST_TITLE, LONGEST_SHOWN = 80, 90
RHYTHMS = (1, 2, 4)
EACH_DAY = "each"
HIGHEST = 10


class FixedDayForm(MeantForm):
    """A fixed day: what it is, in which rhythm, from when until when, for whom, and what of the strategy it keeps.

    A point of it that has gone from the strategy cannot be chosen, and stays with it.
    """

    title = StringField(N_("What is it called?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    weekday = SelectField(N_("On which day?"), default=EACH_DAY, validators=[InputRequired()])
    every_weeks = SelectField(N_("How often?"), coerce=int, default=1)
    starts_on = DateField(N_("First day"), format=DAY_FORMATS, validators=[InputRequired()])
    ends_on = DateField(N_("Last day, if it is another one"), format=DAY_FORMATS, validators=[Optional()])
    lowest_grade = SelectField(N_("Lowest grade"), coerce=int, default=0)
    highest_grade = SelectField(N_("Highest grade"), coerce=int, default=HIGHEST)
    points = SelectMultipleField(N_("Which points of the strategy does it keep?"), validators=[Optional()])
    version = VersionField()

    def __init__(self, clauses: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        names = calendar().days
        self.weekday.choices = [
            SelectChoice(EACH_DAY, gettext("Each school day from the first to the last")),
            *(SelectChoice(str(day), sentence_case(names[day])) for day in range(SATURDAY)),
        ]
        self.every_weeks.choices = [SelectChoice(weeks, rhythm_words(weeks)) for weeks in RHYTHMS]
        for field in (self.lowest_grade, self.highest_grade):
            field.choices = [SelectChoice(grade, str(grade)) for grade in range(HIGHEST + 1)]
        chosen, every = self.points.data or (), list(clauses)
        offered = {key for key, _ in every}
        self.gone = tuple(key for key in values.get("points", ()) if key not in offered)
        in_order = sorted(every, key=lambda clause: clause[0] not in chosen)  # what is chosen stands first
        self.points.choices = [SelectChoice(key, text[:LONGEST_SHOWN]) for key, text in in_order]

    @property
    def plan(self) -> FixedPlan:
        """What was typed."""
        is_weekly = self.weekday.data != EACH_DAY
        return FixedPlan(
            title=self.title.data or "",
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data or self.starts_on.data,
            weekday=int(self.weekday.data) if is_weekly else None,
            every_weeks=self.every_weeks.data if is_weekly else 1,
            lowest_grade=self.lowest_grade.data,
            highest_grade=self.highest_grade.data,
            points=(*(self.points.data or ()), *self.gone),
        )


def rhythm_words(weeks: int) -> str:
    """How often, in words."""
    if weeks == 1:
        return gettext("Every week")
    if weeks == 2:
        return gettext("Every second week")
    return ngettext("Every %(num)s week", "Every %(num)s weeks", weeks)
