"""What homes say once: whether they can host, and whether their children take part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from portal.database import db
from portal.database.transactions import insert_if_absent, insert_into
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.playgroups.models import MOST_IN_A_GROUP, PlaygroupAbstention, PlaygroupHome
from portal.school.homes.queries import is_protected
from portal.school.models import GuardianshipKind
from portal.text import clock

#: With fewer than one guest it is no playgroup.
LEAST_ROOM = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What an adult says for a class: hosting, room with one's own children counted, and which of them stay out."""

    can_host: bool
    room: int
    is_outdoors_only: bool
    abstaining: frozenset[int]


def save_answer(class_id: int, answer: Answer, *, actor: Person, now: datetime) -> None:
    """Keep what an adult has said; the last word under a roof counts, and of a child the last word of its homes.

    Nobody is told. Somebody under protection never hosts, whatever is posted. Raises RuleViolation for too little
    room or too much, and for a child that is not the actor's own in this class.
    """
    own = own_children(actor, class_id)
    if not answer.abstaining <= own:
        raise RuleViolation(N_("You can answer for your own children only."))
    can_host = answer.can_host and not is_protected(actor.id, today=clock.day_of(now))
    if can_host and not LEAST_ROOM <= answer.room <= MOST_IN_A_GROUP:
        raise RuleViolation(N_("Say for how many children there is room: from 2 to 8, your own counted."))
    room = answer.room if can_host else 0
    said = {
        "can_host": can_host,
        "room": room,
        "is_outdoors_only": can_host and answer.is_outdoors_only,
        "said_at": now,
    }
    db.session.execute(
        insert_into(PlaygroupHome)
        .values(guardian_id=actor.id, class_id=class_id, **said)
        .on_conflict_do_update(index_elements=["guardian_id", "class_id"], set_=said)
    )
    _abstain(class_id, own, answer.abstaining)


def own_children(person: Person, class_id: int) -> frozenset[int]:
    """Those in a class for whom somebody answers."""
    children = person.children_in({class_id})
    return frozenset(child.pupil_id for child in children if child.kind != GuardianshipKind.HELPER)


def _abstain(class_id: int, own: Collection[int], abstaining: Collection[int]) -> None:
    for pupil_id in sorted(own):
        if pupil_id in abstaining:
            insert_if_absent(PlaygroupAbstention, pupil_id=pupil_id, class_id=class_id)
        else:
            gone = delete(PlaygroupAbstention).where(
                PlaygroupAbstention.pupil_id == pupil_id, PlaygroupAbstention.class_id == class_id
            )
            db.session.execute(gone)
