"""Which children of a class are kept apart today, for its team and the planner alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from portal.accounts.protection import shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.playgroups.parted.models import PartedPair
from portal.school.models import Pupil, TeamMember
from portal.school.ties import holds

#: The team is asked this often whether a pair still has to be kept apart.
ASKED_EVERY = timedelta(days=182)


def get_pair(pair_id: int) -> PartedPair | None:
    """A pair that is kept apart."""
    return db.session.get(PartedPair, pair_id)


def list_pairs(class_id: int, *, today: date) -> Sequence[Any]:
    """The pairs of a class that are kept apart today, by the names that others see, the first day first."""
    return _pairs.rows(class_id=class_id, today=today)


@prepared
def _pairs() -> AnySelect:
    one, other = aliased(Pupil), aliased(Pupil)
    return (
        select(
            PartedPair.id,
            PartedPair.until,
            shown_name_of(one, one.first_name).label("one"),
            shown_name_of(other, other.first_name).label("other"),
        )
        .join(one, one.id == PartedPair.one_id)
        .join(other, other.id == PartedPair.other_id)
        .where(PartedPair.class_id == param("class_id", int), PartedPair.until >= param("today", date))
        .order_by(PartedPair.until, PartedPair.id)
    )


def parted_in(class_id: int, *, today: date) -> frozenset[tuple[int, int]]:
    """The same pairs by the children's ids, the smaller one first."""
    return frozenset((row.one_id, row.other_id) for row in _parted.rows(class_id=class_id, today=today))


@prepared
def _parted() -> AnySelect:
    return select(PartedPair.one_id, PartedPair.other_id).where(
        PartedPair.class_id == param("class_id", int), PartedPair.until >= param("today", date)
    )


def list_team_ids(pair: PartedPair, today: date) -> set[int]:
    """Who is asked: the class team of today."""
    wanted = select(TeamMember.user_id).where(TeamMember.class_id == pair.class_id, holds(TeamMember, today))
    return set(db.session.scalars(wanted))


def list_due(today: date) -> list[int]:
    """The pairs whose day has passed, and those whose team has not been asked for half a year."""
    is_due = or_(PartedPair.until < today, PartedPair.asked_on <= today - ASKED_EVERY)
    return list(db.session.scalars(select(PartedPair.id).where(is_due).order_by(PartedPair.id)))
