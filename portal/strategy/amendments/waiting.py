"""What waits in a council: suggestions before it, and what its contact teacher has to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, union_all

from portal.database.prepared import AnySelect, params, prepared
from portal.database.tagged import constant
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import STAND_BEFORE_THE_COUNCIL
from portal.strategy.comments.models import Comment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.hearing.models import Statement
from portal.strategy.kinds import AmendmentSource, AmendmentState, Phase


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in one's councils, each by council: before it, and for whoever helps it."""

    suggestions: Counter[int] = field(default_factory=Counter)
    reported: Counter[int] = field(default_factory=Counter)
    to_forward: Counter[int] = field(default_factory=Counter)
    to_hear: Counter[int] = field(default_factory=Counter)


def count_waiting(council_ids: Collection[int], facilitated: Collection[int]) -> Waiting:
    """How many suggestions stand before each of these councils, and what waits for its facilitator.

    Reported comments, what is adopted and not sent on, and what the staff suggest and the council has said nothing
    about. One statement for all, since the front page asks it.
    """
    if not council_ids:
        return Waiting()
    found: dict[str, Counter[int]] = {}
    for kind, council_id, many in _waiting.rows(councils=sorted(council_ids), helped=sorted(facilitated)):
        found.setdefault(kind, Counter())[council_id] = many
    asked, said = found.pop("asked")[0], found.pop("said", Counter())
    return Waiting(**found, to_hear=Counter({council_id: asked - said[council_id] for council_id in facilitated}))


@prepared
def _waiting() -> AnySelect:
    stands_before = Amendment.state.in_(STAND_BEFORE_THE_COUNCIL)
    is_reported = and_(Comment.reported_at.is_not(None), Comment.hidden_at.is_(None))
    councils, helped = params("councils", int), params("helped", int)
    return union_all(
        _by_council("suggestions", Amendment.council_id).where(Amendment.council_id.in_(councils), stands_before),
        _by_council("reported", Comment.council_id).where(Comment.council_id.in_(helped), is_reported),
        _by_council("to_forward", Amendment.council_id).where(
            Amendment.council_id.in_(helped), Amendment.state == AmendmentState.ADOPTED
        ),
        select(constant("asked"), constant(0), func.count()).where(_is_heard()),
        _by_council("said", Statement.council_id)
        .join(Amendment, Amendment.id == Statement.amendment_id)
        .where(_is_heard(), Statement.council_id.in_(helped)),
    )


def _by_council(kind: str, council_id: Any) -> Select[*tuple[Any, ...]]:
    return select(constant(kind).label("kind"), council_id, func.count()).group_by(council_id)


def _is_heard() -> ColumnElement[bool]:
    """Whether it is one of the staff's own suggestions, while the councils are asked about them."""
    is_asked = exists().where(RevisionCycle.phase.in_((Phase.HEARING, Phase.BOARD)), RevisionCycle.is_open)
    return and_(Amendment.source == AmendmentSource.STAFF, Amendment.state == AmendmentState.FORWARDED, is_asked)
