"""Reading what the children have said: whole rounds that nobody can answer any more, of five children at least.

A child is heard once about a round, and a round is in the sum with all of its answers or with none. So whatever two
sums are held against each other, of one moment or of two, what lies between them is from five children at least.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import exists, func, or_, select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.playgroups.models import PlaygroupRound
from portal.playgroups.voices.models import Feeling, PlaygroupHeard, PlaygroupVoices

#: So many children have answered, or nobody learns what they said.
FEWEST = 5
#: So long after its last day a round can be answered.
OPEN_FOR = timedelta(days=7)
#: It is shown a day later still, so that no press that is under way at midnight comes after the first look.
SHOWN_AFTER = OPEN_FOR + timedelta(days=1)


def get_sum(class_id: int, *, today: date) -> Mapping[Feeling, int]:
    """How the children of a class say that it was, over all of its rounds that are shown; empty when none is."""
    rows = _sum.rows(class_id=class_id, over_before=today - SHOWN_AFTER)
    return {row.feeling: int(row.children) for row in rows}


@prepared
def _sum() -> AnySelect:
    enough = (
        select(PlaygroupVoices.round_id)
        .group_by(PlaygroupVoices.round_id)
        .having(func.sum(PlaygroupVoices.children) >= FEWEST)
    )
    return (
        select(PlaygroupVoices.feeling, func.sum(PlaygroupVoices.children).label("children"))
        .join(PlaygroupRound, PlaygroupRound.id == PlaygroupVoices.round_id)
        .where(
            PlaygroupRound.class_id == param("class_id", int),
            PlaygroupRound.ends_on < param("over_before", date),
            PlaygroupVoices.round_id.in_(enough),
        )
        .group_by(PlaygroupVoices.feeling)
    )


def list_heard(class_id: int) -> set[tuple[int, int]]:
    """Which children of a class have been heard about which rounds that can still be answered."""
    return {(row.round_id, row.pupil_id) for row in _heard.rows(class_id=class_id)}


@prepared
def _heard() -> AnySelect:
    return (
        select(PlaygroupHeard.round_id, PlaygroupHeard.pupil_id)
        .join(PlaygroupRound, PlaygroupRound.id == PlaygroupHeard.round_id)
        .where(PlaygroupRound.class_id == param("class_id", int))
    )


def list_to_ask(today: date) -> list[int]:
    """The published rounds that are over and can be answered, and whose homes have not been told so yet."""
    is_told = exists().where(Act.kind == ActKind.PLAYGROUP_VOICES_ASKED, Act.subject_id == PlaygroupRound.id)
    wanted = select(PlaygroupRound.id).where(
        PlaygroupRound.published_at.is_not(None),
        PlaygroupRound.ends_on.between(today - OPEN_FOR, today - timedelta(days=1)),
        ~is_told,
    )
    return list(db.session.scalars(wanted.order_by(PlaygroupRound.id)))


def list_closed(today: date) -> list[int]:
    """The rounds that can be answered no more, and of which it still stands who was heard, or too few answers."""
    too_few = (
        select(PlaygroupVoices.round_id)
        .group_by(PlaygroupVoices.round_id)
        .having(func.sum(PlaygroupVoices.children) < FEWEST)
    )
    was_heard = exists().where(PlaygroupHeard.round_id == PlaygroupRound.id)
    wanted = select(PlaygroupRound.id).where(
        PlaygroupRound.ends_on < today - OPEN_FOR, or_(was_heard, PlaygroupRound.id.in_(too_few))
    )
    return list(db.session.scalars(wanted.order_by(PlaygroupRound.id)))
