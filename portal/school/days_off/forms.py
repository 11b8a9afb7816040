"""The shape of days without school."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import DateField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.school.days_off.models import PeriodKind
from portal.school.days_off.services import PeriodPlan
from portal.web.forms import DAY_FORMATS, Form, VersionField
from portal.web.language import gettext

LONGEST_NAME = 80
KIND_NAMES = {PeriodKind.HOLIDAY: N_("School holidays"), PeriodKind.CLOSING_DAY: N_("A closing day")}


class PeriodForm(Form):
    """Some days without school."""

    name = StringField(N_("What is it called?"), validators=[DataRequired(), Length(max=LONGEST_NAME)])
    kind = RadioField(N_("What is it?"), default=PeriodKind.CLOSING_DAY.value, validators=[InputRequired()])
    starts_on = DateField(N_("First day"), format=DAY_FORMATS, validators=[InputRequired()])
    ends_on = DateField(N_("Last day, if it is another one"), format=DAY_FORMATS, validators=[Optional()])

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, gettext(name)) for kind, name in KIND_NAMES.items()]

    @property
    def plan(self) -> PeriodPlan:
        """What was typed."""
        return PeriodPlan(
            self.name.data, PeriodKind(self.kind.data), self.starts_on.data, self.ends_on.data or self.starts_on.data
        )


class EditPeriodForm(PeriodForm):
    """Changed days, with the version that was opened."""

    version = VersionField()


class UsualHolidaysForm(Form):
    """Which of the usual holidays the school has; each choice is a key with its name and its days."""

    chosen = SelectMultipleField(N_("Which of these does the school have?"), validators=[InputRequired()])

    def __init__(self, offered: Iterable[tuple[str, str, str]], likely: Iterable[str]) -> None:
        super().__init__(chosen=list(likely))
        self.chosen.choices = [SelectChoice(key, name, {"hint": days}) for key, name, days in offered]
