"""Finding what a council suggested in a school year, and what came of it: no statement here reads a child's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.acts.models import Act, ActKind
from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.council.meetings.queries import COMING
from portal.council.models import Council
from portal.council.years.models import CouncilYear
from portal.database.prepared import AnySelect, param, prepared
from portal.initiatives.models import Initiative
from portal.people import Person
from portal.policy.predicates import LEFT_THE_COUNCIL
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import LIVE
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.decisions.models import Decision
from portal.strategy.forwarding.models import LeadershipWord
from portal.strategy.kinds import AmendmentState
from portal.strategy.replies.models import ReplySheet
from portal.text import clock

#: What nobody has proposed yet, or not any more.
_NOT_PROPOSED = (AmendmentState.DRAFT, AmendmentState.WITHDRAWN)


def get_year(council_id: int, school_year: int) -> CouncilYear | None:
    """A council's year; None for one that is still to come, or from before its first suggestion and initiative."""
    return next((year for year in _years(council_id) if year.school_year == school_year), None)


def list_years() -> list[CouncilYear]:
    """Every year of every council, the smallest pupils' council first and the newest year first."""
    return _years()


def _years(council_id: int | None = None) -> list[CouncilYear]:
    last = clock.school_year(clock.today())
    rows = _since.of(council_id is not None).rows(council_id=council_id or 0)
    found = []
    for row in rows:
        since = [clock.school_year(clock.day_of(row.since))] if row.since else []
        since += [clock.school_year(row.begun_on)] if row.begun_on else []
        first = min([last, *since])
        found += [CouncilYear(row.id, row.name, year, first, last) for year in range(last, first - 1, -1)]
    return found


@prepared
def _since(is_one_council: bool) -> AnySelect:
    begun = select(func.min(Initiative.starts_on)).where(Initiative.council_id == Council.id).scalar_subquery()
    every = (
        select(Council.id, Council.name, func.min(Amendment.created_at).label("since"), begun.label("begun_on"))
        .outerjoin(Amendment, Amendment.council_id == Council.id)
        .group_by(Council.id, Council.name, Council.lowest_grade)
        .order_by(Council.lowest_grade, Council.id)
    )
    return every.where(Council.id == param("council_id", int)) if is_one_council else every


_COUNCIL_ID = param("council_id", int)
_BEGINS_AT, _ENDS_AT = param("begins_at", datetime), param("ends_at", datetime)


def _span(year: CouncilYear) -> dict[str, Any]:
    """A council's year as the statements ask for it."""
    return {
        "council_id": year.council_id,
        "begins_at": year.begins_at,
        "ends_at": year.ends_at,
        "first_day": year.first_day,
        "last_day": year.last_day,
    }


def _came_at() -> ColumnElement[Any]:
    """When a suggestion came before its council."""
    submitted = (
        select(func.min(Act.at))
        .where(Act.kind == ActKind.AMENDMENT_SUBMITTED, Act.subject_id == Amendment.id)
        .correlate(Amendment)
        .scalar_subquery()
    )
    return func.coalesce(submitted, Amendment.created_at)


def _belongs_to_year() -> ColumnElement[bool]:
    """What stood before the council in a year: it had come by the end of it, and had not ended before."""
    return and_(
        Amendment.council_id == _COUNCIL_ID,
        Amendment.state.not_in(_NOT_PROPOSED),
        _came_at() < _ENDS_AT,
        or_(Amendment.state.in_(LIVE), Amendment.changed_at >= _BEGINS_AT),
    )


def _decided_in_year() -> ColumnElement[bool]:
    return Decision.decided_on.between(param("first_day", date), param("last_day", date))


def _has_left() -> ColumnElement[bool]:
    """What is no secret of the council's: it is out of it, or the board answered it then and it came back since."""
    answered = exists().where(Decision.amendment_id == Amendment.id, _decided_in_year()).correlate(Amendment)
    return or_(Amendment.state.in_(sorted(LEFT_THE_COUNCIL)), answered)


def _holds() -> ColumnElement[bool]:
    """Of the sheets about one decision, those that hold: one put right after it was heard has another behind it."""
    newer = aliased(ReplySheet)
    return ~exists().where(
        newer.decision_id == ReplySheet.decision_id,
        newer.council_id == ReplySheet.council_id,
        func.coalesce(newer.pupil_id, 0) == func.coalesce(ReplySheet.pupil_id, 0),
        newer.id > ReplySheet.id,
    ).correlate(ReplySheet)


def list_proposed(year: CouncilYear, person: Person) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the council suggested in a year and the person may read of, in the order it came.

    Each has the board's answer of that year, the name it had then, and the phase of today's review. What the board put
    off is the council's own again, but for that answer.
    """
    is_ones_own = year.council_id in person.councils | person.facilitates
    return _proposed.of(is_ones_own).rows(**_span(year))


@prepared
def _proposed(is_ones_own: bool) -> AnySelect:
    answer = (
        select(func.max(Decision.id))
        .where(Decision.amendment_id == Amendment.id, _decided_in_year())
        .correlate(Amendment)
        .scalar_subquery()
    )
    its_sheet = and_(ReplySheet.decision_id == Decision.id, ReplySheet.class_id.is_(None), _holds())
    return (
        select(
            Amendment.id,
            Amendment.kind,
            func.coalesce(ReplySheet.title, Amendment.title).label("title"),
            Amendment.base_text,
            Amendment.new_text,
            Amendment.state,
            Amendment.council_id,
            Amendment.source,
            Decision.outcome,
            Decision.child_reply,
            Decision.decided_on,
            select(RevisionCycle.phase).where(RevisionCycle.is_open).scalar_subquery().label("phase"),
        )
        .outerjoin(Decision, Decision.id == answer)
        .outerjoin(ReplySheet, its_sheet)
        .where(_belongs_to_year(), true() if is_ones_own else _has_left())
        .order_by(_came_at(), Amendment.id)
    )


def list_promised(year: CouncilYear) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the leadership wrote that happens now about what the council had sent on, the oldest first."""
    return _promised.rows(**_span(year))


@prepared
def _promised() -> AnySelect:
    return (
        select(
            LeadershipWord.happens,
            LeadershipWord.written_at,
            Amendment.kind,
            Amendment.title,
            Amendment.base_text,
            Amendment.new_text,
        )
        .join(Amendment, Amendment.id == LeadershipWord.amendment_id)
        .where(
            Amendment.council_id == _COUNCIL_ID,
            Amendment.state.in_(sorted(LEFT_THE_COUNCIL)),
            LeadershipWord.written_at >= _BEGINS_AT,
            LeadershipWord.written_at < _ENDS_AT,
        )
        .order_by(LeadershipWord.id)
    )


class YearCounts(NamedTuple):
    """A year in numbers, which are everybody's: `answers` are the sheets that hold, `heard` those read aloud."""

    came: int
    sent_on: int
    answers: int
    heard: int
    meetings: int


def count_year(year: CouncilYear) -> YearCounts:
    """How much there was in a council's year: one statement."""
    return YearCounts(*_year_counts.row(**_span(year)))


@prepared
def _year_counts() -> AnySelect:
    sheets = and_(
        ReplySheet.council_id == _COUNCIL_ID,
        ReplySheet.sent_at >= _BEGINS_AT,
        ReplySheet.sent_at < _ENDS_AT,
        _holds(),
    )
    held = and_(
        CouncilMeeting.council_id == _COUNCIL_ID,
        CouncilMeeting.state.not_in([*COMING, MeetingState.CANCELLED]),
        CouncilMeeting.starts_at >= _BEGINS_AT,
        CouncilMeeting.starts_at < _ENDS_AT,
    )
    return select(
        _count(Amendment.id, _belongs_to_year()).label("came"),
        _count(Amendment.id, and_(_belongs_to_year(), _has_left())).label("sent_on"),
        _count(ReplySheet.id, sheets).label("answers"),
        _count(ReplySheet.id, and_(sheets, ReplySheet.read_at.is_not(None))).label("heard"),
        _count(CouncilMeeting.id, held).label("meetings"),
    )


def _count(column: Any, where: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(column)).where(where).scalar_subquery()
