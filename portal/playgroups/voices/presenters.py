"""What a child is asked, and what the class team reads of all answers together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.errors import N_
from portal.people import Person
from portal.playgroups.queries import Group, Round
from portal.playgroups.voices.models import Feeling
from portal.playgroups.voices.queries import get_sum, list_heard
from portal.playgroups.voices.services import can_be_asked, speaks_for
from portal.text import clock
from portal.web.dates import sentence_case, weekday_date
from portal.web.language import gettext

#: The answers as children press them.
FEELINGS = {Feeling.GOOD: N_("It was good"), Feeling.SO_SO: N_("In between"), Feeling.NOT_GOOD: N_("Not so good")}
NO_THANKS = "no_thanks"


@dataclass(frozen=True, slots=True)
class Question:
    """One meeting of one child that it can still say something about; `child` is empty for a child's own account."""

    group_id: int
    pupil_id: int
    child: str
    others: str
    day: str


def questions(person: Person, class_id: int, rounds: Sequence[Round], *, now: datetime) -> list[Question]:
    """What somebody's own children in a class, or they themselves, have not answered yet; the latest first."""
    asked = list(can_be_asked(rounds, speaks_for(person, class_id), now=now))
    heard = list_heard(class_id) if asked else set()
    return [
        Question(
            group_id=group.id,
            pupil_id=seat.pupil_id,
            child="" if seat.pupil_id == person.pupil_id else seat.name,
            others=", ".join(other.name for other in group.seats if other is not seat),
            day=_day(each, group),
        )
        for each, group, seat in asked[::-1]
        if (each.id, seat.pupil_id) not in heard
    ]


def _day(each: Round, group: Group) -> str:
    return sentence_case(weekday_date(clock.day_of(group.starts_at) if group.starts_at is not None else each.starts_on))


def what_children_say(class_id: int, *, now: datetime) -> list[tuple[int, str]]:
    """How often each answer was given in a class, for the class team; empty while it would be of fewer than five."""
    said = get_sum(class_id, today=clock.day_of(now))
    return [(said.get(feeling, 0), gettext(words)) for feeling, words in FEELINGS.items()] if said else []
