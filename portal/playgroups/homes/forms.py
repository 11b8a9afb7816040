"""The shape of what a home says once: can it host, for how many, only outdoors, and which children take part."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from wtforms import BooleanField, SelectMultipleField
from wtforms.fields import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from portal.errors import N_
from portal.playgroups.homes.services import LEAST_ROOM, Answer
from portal.playgroups.models import MOST_IN_A_GROUP, PlaygroupHome
from portal.web.forms import Form, NumberField
from portal.web.language import gettext

USUAL_ROOM = 5


class AnswerForm(Form):
    """Two questions and two details; who lives under protection is not asked about hosting."""

    can_host = RadioField(N_("Can a group meet at your home now and then?"), validators=[InputRequired()])
    room = NumberField(
        N_("For how many children is there room, your own counted?"),
        validators=[
            Optional(),
            NumberRange(
                LEAST_ROOM,
                MOST_IN_A_GROUP,
                N_("Say for how many children there is room: from 2 to 8, your own counted."),
            ),
        ],
    )
    outdoors = BooleanField(N_("Only outdoors, in the garden or the yard"))
    takes_part = SelectMultipleField(N_("Who takes part?"), coerce=int)

    def __init__(
        self, children: Mapping[int, str], said: PlaygroupHome | None, abstaining: Collection[int], asks_host: bool
    ) -> None:
        super().__init__(
            can_host=None if said is None else "yes" if said.can_host else "no",
            room=said.room if said is not None and said.can_host else USUAL_ROOM,
            outdoors=said is not None and said.is_outdoors_only,
            takes_part=[pupil_id for pupil_id in children if pupil_id not in abstaining],
        )
        self.can_host.choices = [SelectChoice("yes", gettext("Yes")), SelectChoice("no", gettext("No"))]
        self.takes_part.choices = [SelectChoice(str(pupil_id), name) for pupil_id, name in children.items()]
        if not asks_host:
            del self.can_host, self.room, self.outdoors
        self._children = frozenset(children)

    @property
    def answer(self) -> Answer:
        """What was said."""
        abstaining = self._children - set(self.takes_part.data)
        if "can_host" not in self:
            return Answer(can_host=False, room=0, is_outdoors_only=False, abstaining=abstaining)
        return Answer(self.can_host.data == "yes", self.room.data or 0, self.outdoors.data, abstaining)
