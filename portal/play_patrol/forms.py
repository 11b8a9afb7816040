"""The shape of a rota to plan and of a swap."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import DateField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from portal.errors import N_
from portal.people import ClassRef
from portal.play_patrol.queries import Player
from portal.play_patrol.services import LONGEST_PLACE, MOST_AT_A_PLACE, MOST_PLACES, MOST_WEEKS, RotaPlan
from portal.web.forms import DAY_FORMATS, Form, NumberField, OneOfField


class RotaForm(Form):
    """From when, for how long, where, how many, and of which classes."""

    first = DateField(N_("From the week of"), format=DAY_FORMATS, validators=[InputRequired()])
    weeks = NumberField(N_("How many school weeks?"), validators=[InputRequired(), NumberRange(1, MOST_WEEKS)])
    places = TextAreaField(N_("Where?"), validators=[DataRequired(), Length(max=MOST_PLACES * (LONGEST_PLACE + 2))])
    at_a_place = NumberField(
        N_("How many pupils at each place?"), validators=[InputRequired(), NumberRange(1, MOST_AT_A_PLACE)]
    )
    classes = SelectMultipleField(N_("Which classes?"), coerce=int, validators=[InputRequired(N_("Choose a class."))])

    def __init__(self, refs: Iterable[ClassRef], **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.classes.choices = [SelectChoice(ref.id, ref.label) for ref in refs]

    @property
    def plan(self) -> RotaPlan:
        """What was typed; a place that stands there twice is one place."""
        lines = dict.fromkeys(" ".join(line.split()) for line in (self.places.data or "").splitlines() if line.strip())
        return RotaPlan(
            self.first.data, self.weeks.data, tuple(lines), self.at_a_place.data, frozenset(self.classes.data)
        )


class SwapForm(Form):
    """Who takes a turn instead."""

    pupil_id = OneOfField(N_("Who takes the turn?"), N_("Choose a pupil"))

    def __init__(self, players: Iterable[Player]) -> None:
        super().__init__()
        self.pupil_id.offer((one.pupil_id, one.in_words) for one in players)
