"""The shape of what the class team does with a draft."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.errors import N_
from portal.playgroups.draft.services import Move
from portal.playgroups.forms import PlanVersionForm
from portal.playgroups.queries import Round
from portal.web.forms import OneOfField


class MakeDraftForm(PlanVersionForm):
    """Plan anew; `keeps_groups` leaves everybody where they are who does not have to move."""

    keeps_groups = BooleanField()


class MoveForm(PlanVersionForm):
    """One child, the group it goes into, and with whom it changes places, if with anybody."""

    child = OneOfField("", N_("Choose a child"))
    group = OneOfField("", N_("Choose a group"))
    swap = SelectField(coerce=int)

    def __init__(self, shown: Round, names: Mapping[int, str]) -> None:
        super().__init__()
        seats = [seat for group in shown.groups for seat in group.seats]
        self.child.offer(({seat.pupil_id: seat.name for seat in seats} | dict(names)).items())
        self.group.offer((group.id, str(group.number)) for group in shown.groups)
        self.swap.choices = [SelectChoice("0", ""), *(SelectChoice(str(seat.pupil_id), seat.name) for seat in seats)]

    @property
    def move(self) -> Move:
        """What was chosen."""
        return Move(self.child.data, self.group.data, self.swap.data or None)


class HoldForm(PlanVersionForm):
    """One child, and whether it is held where it is."""

    child = OneOfField("", N_("Choose a child"))
    is_held = BooleanField()

    def __init__(self, shown: Round) -> None:
        super().__init__()
        self.child.offer((seat.pupil_id, seat.name) for group in shown.groups for seat in group.seats)
