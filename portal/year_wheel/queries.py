"""What proves the duties of a school year: one statement for what all rooms know, one for what was noted by hand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, cast, null, select, union_all

from portal.database.prepared import AnySelect, param, prepared
from portal.database.tagged import constant
from portal.database.types import UTCDateTime
from portal.proofs import Proof
from portal.text import clock


class Proven(NamedTuple):
    """Something a room knows to have been done on a day: for a class or a council by its id, or for all of them."""

    kind: str
    whose: int | None
    done_on: date


def list_proven(school_year: int, proofs: tuple[Proof, ...], *, now: datetime) -> list[Proven]:
    """What these rooms know to have been done in a school year until now, in order: one statement for all rooms."""
    last = min(clock.last_day(school_year), clock.day_of(now))
    rows = _proven.of(proofs).rows(
        first=(first := clock.first_day(school_year)),
        last=last,
        since=clock.at_school(first, time()),
        until=min(now, clock.at_school(last + timedelta(days=1), time())),
    )
    found = (Proven(row.kind, row.whose, row.done_on or clock.day_of(row.done_at)) for row in rows)
    return sorted(found, key=lambda one: one.done_on)


@prepared
def _proven(proofs: tuple[Proof, ...]) -> AnySelect:
    return union_all(*(_within(proof) for proof in proofs))


def _within(proof: Proof) -> Select[*tuple[Any, ...]]:
    """What one room knows, of this school year alone and in the columns that all share."""
    whose, when = proof.done.subquery().c
    no_day, no_moment = cast(null(), Date), cast(null(), UTCDateTime())
    is_moment = isinstance(when.type, UTCDateTime)
    said = select(
        constant(proof.kind).label("kind"),
        cast(whose, Integer).label("whose"),
        (no_day if is_moment else when).label("done_on"),
        (when if is_moment else no_moment).label("done_at"),
    )
    if is_moment:
        return said.where(when >= param("since", datetime), when <= param("until", datetime))
    return said.where(when >= param("first", date), when <= param("last", date))
