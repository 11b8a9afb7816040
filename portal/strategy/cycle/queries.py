"""Finding the year's review, and what still waits in its phase."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, select, union_all

from portal.council.models import Council
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.database.tagged import constant
from portal.strategy.amendments.models import Amendment
from portal.strategy.cycle.models import OpenEnd, PassedRow, PhaseMove, RevisionCycle
from portal.strategy.forwarding.models import Forwarding
from portal.strategy.hearing.models import Body, Statement
from portal.strategy.kinds import AmendmentSource, AmendmentState, Phase


class OpenRow(NamedTuple):
    """One thing that waits in a phase: which amendment, of which council, and for what."""

    what: OpenEnd
    amendment_id: int | None = None
    council_id: int | None = None


def get_cycle(*, lock: bool = False) -> RevisionCycle | None:
    """The review that is open; `lock` keeps its phase from moving until this transaction ends."""
    cycle: RevisionCycle | None = _open_cycle.of(lock).entity()
    return cycle


def read_cycle() -> Any:
    """The same for a page that only reads: its row, or None."""
    return _open_cycle.of(False).row()


@prepared
def _open_cycle(lock: bool) -> AnySelect:
    cycle = select(RevisionCycle).where(RevisionCycle.is_open)
    return cycle.with_for_update(read=True).execution_options(populate_existing=True) if lock else cycle


def get_cycle_by_id(cycle_id: int) -> RevisionCycle | None:
    """A review, open or over."""
    return by_id(RevisionCycle, cycle_id)


def was_reviewed(school_year: int) -> bool:
    """Whether a school year's review is over."""
    return _review_that_is_over.row(school_year=school_year) is not None


@prepared
def _review_that_is_over() -> AnySelect:
    is_of_year = RevisionCycle.school_year == param("school_year", int)
    return select(RevisionCycle.id).where(is_of_year, RevisionCycle.is_open.is_(False))


def list_open_rows(cycle: RevisionCycle) -> list[OpenRow]:
    """What still waits in the review's phase, in a fixed order: one statement."""
    if cycle.phase is Phase.COUNCIL:
        rows = _open_in_councils.rows()
    elif cycle.phase is Phase.HEARING:
        rows = _open_in_hearing.rows(since=cycle.opened_at)
    else:
        return [OpenRow(OpenEnd.NO_EDITION)] if cycle.phase is Phase.BOARD else []
    found = [OpenRow(OpenEnd(what), *ids) for what, *ids in rows]
    order = list(OpenEnd)
    return sorted(found, key=lambda row: (order.index(row.what), row.council_id or 0, row.amendment_id or 0))


@prepared
def _open_in_councils() -> AnySelect:
    return union_all(_rows(OpenEnd.TO_DECIDE, _before_the_council()), _rows(OpenEnd.TO_FORWARD, _adopted()))


@prepared
def _open_in_hearing() -> AnySelect:
    return union_all(
        _rows(OpenEnd.NO_ADVICE, _unheard(Body.LEADERSHIP)),
        _rows(OpenEnd.NO_STATEMENT, _unheard(Body.MED)),
        _rows_of_councils(),
        _rows(OpenEnd.SENT_BACK, _sent_back()),
    )


def stamp_of(rows: Iterable[OpenRow]) -> str:
    """What tells these rows from others, for the form that confirms them."""
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def _rows(what: OpenEnd, where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(constant(what.value).label("what"), Amendment.id, Amendment.council_id).where(where)


def _before_the_council() -> ColumnElement[bool]:
    return Amendment.state.in_((AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED))


def _adopted() -> ColumnElement[bool]:
    return Amendment.state == AmendmentState.ADOPTED


def _unheard(body: Body) -> ColumnElement[bool]:
    said = exists().where(Statement.amendment_id == Amendment.id, Statement.body == body)
    return (Amendment.state == AmendmentState.FORWARDED) & ~said


def _sent_back() -> ColumnElement[bool]:
    is_sent_back = Forwarding.sent_back_at >= param("since", datetime)
    is_back = exists().where(Forwarding.amendment_id == Amendment.id, is_sent_back)
    return (_before_the_council() | _adopted()) & is_back


def _rows_of_councils() -> Select[*tuple[Any, ...]]:
    """Which councils have not said what they think of the staff's own suggestions."""
    said = exists().where(Statement.amendment_id == Amendment.id, Statement.council_id == Council.id)
    return (
        select(constant(OpenEnd.NO_COUNCIL_WORD.value), Amendment.id, Council.id)
        .join(Council, ~said)
        .where(Amendment.state == AmendmentState.FORWARDED, Amendment.source == AmendmentSource.STAFF)
    )


def list_council_names() -> dict[int, str]:
    """What each council is called: who has to act before a phase ends is known by its name."""
    return {row.id: row.name for row in _council_names.rows()}


@prepared
def _council_names() -> AnySelect:
    return select(Council.id, Council.name).order_by(Council.id)


def list_passed(cycle_id: int) -> Sequence[Any]:
    """What was passed when the review moved on, each with the reason."""
    return _passed.rows(cycle_id=cycle_id)


@prepared
def _passed() -> AnySelect:
    return (
        select(PassedRow.amendment_id, PassedRow.what, PhaseMove.reason, PhaseMove.moved_at)
        .join(PhaseMove, PhaseMove.id == PassedRow.move_id)
        .where(PhaseMove.cycle_id == param("cycle_id", int))
        .order_by(PassedRow.id)
    )
