"""Finding a council's meetings, what is on their agendas, and who was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Role
from portal.accounts.protection import shown_name_of
from portal.council.meetings.models import (
    AgendaItem,
    Attendance,
    CouncilMeeting,
    ItemState,
    MeetingState,
    MinutesCorrection,
)
from portal.council.models import CouncilMember
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.people import Person
from portal.school.models import ClassYear, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.amendments.queries import STAND_BEFORE_THE_COUNCIL
from portal.text import clock
from portal.text.collation import sort_key

MEETINGS_PER_PAGE = 30
#: Meetings that still are to be held.
COMING = (MeetingState.PLANNED, MeetingState.IN_PROGRESS)
#: Meetings that come to nothing more: what they left is carried on.
OVER = (MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_APPROVED, MeetingState.CANCELLED)


def get_meeting(meeting_id: int) -> CouncilMeeting | None:
    """A meeting with its council."""
    meeting: CouncilMeeting | None = _meeting.entity(meeting_id=meeting_id)
    return meeting


def is_planned_at(council_id: int, starts_at: datetime) -> bool:
    """Whether a meeting of a council is still to come at that moment."""
    at_it = exists().where(CouncilMeeting.council_id == council_id, CouncilMeeting.starts_at == starts_at)
    return bool(db.session.scalar(select(at_it.where(CouncilMeeting.state == MeetingState.PLANNED))))


@prepared
def _meeting() -> AnySelect:
    with_council = select(CouncilMeeting).options(joinedload(CouncilMeeting.council))
    return with_council.where(CouncilMeeting.id == param("meeting_id", int))


def get_item(item_id: int) -> AgendaItem | None:
    """An agenda item with its meeting, its amendment and what was decided."""
    item: AgendaItem | None = _item.entity(item_id=item_id)
    return item


@prepared
def _item() -> AnySelect:
    return (
        select(AgendaItem)
        .options(
            joinedload(AgendaItem.meeting).joinedload(CouncilMeeting.council),
            joinedload(AgendaItem.amendment),
            joinedload(AgendaItem.vote),
        )
        .where(AgendaItem.id == param("item_id", int))
    )


def _is_visible() -> ColumnElement[bool]:
    """Whether a reader may see a meeting: the same rule as `Action.MEETING_VIEW`, for the values of `_sees`."""
    is_own = CouncilMeeting.council_id.in_(params("councils", int))
    return or_(is_own, and_(param("oversees", bool), CouncilMeeting.state == MeetingState.MINUTES_APPROVED))


def _sees(person: Person) -> dict[str, Any]:
    return {
        "councils": sorted(person.councils | person.facilitates),
        "oversees": person.has(Role.OFFICE, Role.LEADERSHIP),
    }


def list_coming(council_id: int, person: Person) -> Sequence[CouncilMeeting]:
    """A council's meetings that are going on or still to be held and the person may see, the first one first."""
    return _coming.entities(**_sees(person), council_id=council_id)


@prepared
def _coming() -> AnySelect:
    of_council = (CouncilMeeting.council_id == param("council_id", int), CouncilMeeting.state.in_(COMING))
    in_order = (CouncilMeeting.starts_at, CouncilMeeting.id)
    return select(CouncilMeeting).where(_is_visible(), *of_council).order_by(*in_order)


def list_approved(*, before: int | None = None) -> tuple[Sequence[CouncilMeeting], int]:
    """A page of every council's approved minutes, with its name, paged like `list_held`: for office and leadership."""
    return _page(before, is_of_council=False)


def list_held(council_id: int, person: Person, *, before: int | None = None) -> tuple[Sequence[CouncilMeeting], int]:
    """A page of the meetings that were held and the person may see, the newest first, and the one to go on from.

    That is 0 at the end. `before` is where the last page ended; cancelled ones are left out.
    """
    return _page(before, is_of_council=True, **_sees(person), council_id=council_id)


def _page(before: int | None, *, is_of_council: bool, **values: Any) -> tuple[Sequence[CouncilMeeting], int]:
    last = _held.of(is_of_council, "one").entity(**values, id=before) if before else None
    place = {"starts_at": last.starts_at, "id": last.id} if last else {}
    found = _held.of(is_of_council, "later" if last else "first").entities(**values, **place)
    shown = found[:MEETINGS_PER_PAGE]
    return shown, shown[-1].id if len(found) > len(shown) else 0


@prepared
def _held(is_of_council: bool, which: str) -> AnySelect:
    """One, the first page or a later one of the meetings that were held: a council's, or every approved one."""
    meetings = select(CouncilMeeting)
    if is_of_council:
        is_held = CouncilMeeting.state.not_in([*COMING, MeetingState.CANCELLED])
        meetings = meetings.where(_is_visible(), CouncilMeeting.council_id == param("council_id", int), is_held)
    else:
        is_approved = CouncilMeeting.state == MeetingState.MINUTES_APPROVED
        meetings = meetings.options(joinedload(CouncilMeeting.council)).where(is_approved)
    if which == "one":
        return meetings.where(CouncilMeeting.id == param("id", int))
    if which == "later":
        last = tuple_(param("starts_at", datetime), param("id", int))
        meetings = meetings.where(tuple_(CouncilMeeting.starts_at, CouncilMeeting.id) < last)
    return meetings.order_by(CouncilMeeting.starts_at.desc(), CouncilMeeting.id.desc()).limit(MEETINGS_PER_PAGE + 1)


def list_meetings(
    council_id: int, person: Person, *, before: int | None = None
) -> tuple[Sequence[CouncilMeeting], Sequence[CouncilMeeting], int]:
    """What `list_coming` and `list_held` find, in one statement on the first page."""
    if before:
        return list_coming(council_id, person), *list_held(council_id, person, before=before)
    found = _coming_and_held.entities(**_sees(person), council_id=council_id)
    coming = [meeting for meeting in found if meeting.state in COMING]
    held = [meeting for meeting in reversed(found) if meeting.state not in COMING]
    shown = held[:MEETINGS_PER_PAGE]
    return coming, shown, shown[-1].id if len(held) > len(shown) else 0


@prepared
def _coming_and_held() -> AnySelect:
    halves: tuple[Any, ...] = (_coming.of().select, _held.of(True, "first").select)
    either = or_(*(CouncilMeeting.id.in_(half.with_only_columns(CouncilMeeting.id)) for half in halves))
    return select(CouncilMeeting).where(either).order_by(CouncilMeeting.starts_at, CouncilMeeting.id)


def next_to_come(council_id: int, *, now: datetime) -> CouncilMeeting | None:
    """A council's next meeting that is planned and still to come."""
    return db.session.scalar(
        select(CouncilMeeting)
        .where(
            CouncilMeeting.council_id == council_id,
            CouncilMeeting.state == MeetingState.PLANNED,
            CouncilMeeting.starts_at > now,
        )
        .order_by(CouncilMeeting.starts_at, CouncilMeeting.id)
        .limit(1)
    )


def get_going_on(council_id: int) -> CouncilMeeting | None:
    """A council's meeting that is going on."""
    return db.session.scalar(
        select(CouncilMeeting)
        .where(CouncilMeeting.council_id == council_id, CouncilMeeting.state == MeetingState.IN_PROGRESS)
        .order_by(CouncilMeeting.id)
        .limit(1)
    )


def items_of(meeting_id: int) -> list[AgendaItem]:
    """A meeting's agenda in order, to be changed."""
    return list(
        db.session.scalars(
            select(AgendaItem)
            .options(joinedload(AgendaItem.amendment), joinedload(AgendaItem.vote))
            .where(AgendaItem.meeting_id == meeting_id)
            .order_by(AgendaItem.position, AgendaItem.id)
        )
    )


#: What is read of a result, the one that holds and one that was put right.
_RESULT = (
    Vote.result,
    Vote.is_agreed,
    Vote.yes_count,
    Vote.no_count,
    Vote.abstain_count,
    Vote.present_count,
    Vote.replaces_id,
    Vote.decided_at,
)


def list_agenda(meeting_id: int) -> Sequence[Any]:
    """A meeting's agenda in order, as rows, each with its amendment as it is now and what was decided."""
    return _agenda.rows(meeting_id=meeting_id)


@prepared
def _agenda() -> AnySelect:
    return (
        select(
            AgendaItem.id,
            AgendaItem.meeting_id,
            AgendaItem.kind,
            AgendaItem.title,
            AgendaItem.heading,
            AgendaItem.clause_key,
            AgendaItem.amendment_id,
            AgendaItem.state,
            AgendaItem.put_up_by_id,
            AgendaItem.carried_from_id,
            AgendaItem.told,
            AgendaItem.notes,
            AgendaItem.version,
            AgendaItem.kept_kind,
            AgendaItem.kept_title,
            AgendaItem.kept_base_text,
            AgendaItem.kept_new_text,
            AgendaItem.kept_state,
            Amendment.kind.label("now_kind"),
            Amendment.title.label("now_title"),
            Amendment.base_text.label("now_base_text"),
            Amendment.new_text.label("now_new_text"),
            Amendment.state.label("now_state"),
            Amendment.has_open_vote,
            Amendment.revision,
            Vote.id.label("vote_id"),
            *_RESULT,
        )
        .outerjoin(Amendment, Amendment.id == AgendaItem.amendment_id)
        .outerjoin(Vote, Vote.id == AgendaItem.vote_id)
        .where(AgendaItem.meeting_id == param("meeting_id", int))
        .order_by(AgendaItem.position, AgendaItem.id)
    )


def list_replaced(meeting_id: int) -> dict[int, Any]:
    """The results of a meeting that were put right, by id: what stood there before."""
    return {row.id: row for row in _replaced.rows(meeting_id=meeting_id)}


@prepared
def _replaced() -> AnySelect:
    later = aliased(Vote)
    return (
        select(
            Vote.id,
            *_RESULT,
        )
        .join(later, later.replaces_id == Vote.id)
        .join(AgendaItem, AgendaItem.amendment_id == Vote.amendment_id)
        .where(AgendaItem.meeting_id == param("meeting_id", int))
    )


def list_left_over(council_id: int, *, but_meeting_id: int) -> Sequence[AgendaItem]:
    """What a council's meetings put off, did not reach, or were called off with, and stands on no agenda since.

    Not what opens every meeting until it is heard, nor what is no longer before the council.
    """
    return db.session.scalars(
        select(AgendaItem)
        .join(CouncilMeeting, CouncilMeeting.id == AgendaItem.meeting_id)
        .outerjoin(Amendment, Amendment.id == AgendaItem.amendment_id)
        .where(
            CouncilMeeting.council_id == council_id,
            CouncilMeeting.id != but_meeting_id,
            CouncilMeeting.state.in_(OVER),
            AgendaItem.is_carried.is_(False),
            AgendaItem.state.in_([ItemState.WAITING, ItemState.POSTPONED]),
            or_(AgendaItem.is_opener.is_(False), AgendaItem.state == ItemState.POSTPONED),
            or_(
                AgendaItem.amendment_id.is_(None),
                and_(Amendment.state.in_(STAND_BEFORE_THE_COUNCIL), Amendment.council_id == council_id),
            ),
        )
        .order_by(CouncilMeeting.starts_at, AgendaItem.position, AgendaItem.id)
    ).all()


def list_copies(item_id: int) -> Sequence[AgendaItem]:
    """The items that go on from one, with their meetings."""
    return db.session.scalars(
        select(AgendaItem).options(joinedload(AgendaItem.meeting)).where(AgendaItem.carried_from_id == item_id)
    ).all()


def has_result(meeting_id: int) -> bool:
    """Whether a meeting has decided something already."""
    return bool(
        db.session.scalar(select(exists().where(AgendaItem.meeting_id == meeting_id, AgendaItem.vote_id.is_not(None))))
    )


def attendance_of(meeting_id: int) -> Sequence[Attendance]:
    """Who came to a meeting, those who left early too."""
    return _attendance.entities(meeting_id=meeting_id)


@prepared
def _attendance() -> AnySelect:
    of_meeting = select(Attendance).where(Attendance.meeting_id == param("meeting_id", int))
    return of_meeting.order_by(Attendance.member_id)


def list_corrections(meeting_id: int) -> Sequence[MinutesCorrection]:
    """What was put right in a meeting's approved minutes, in order."""
    return _corrections.entities(meeting_id=meeting_id)


@prepared
def _corrections() -> AnySelect:
    of_meeting = select(MinutesCorrection).where(MinutesCorrection.meeting_id == param("meeting_id", int))
    return of_meeting.order_by(MinutesCorrection.id)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who was at a meeting, by first name and the class they spoke for: "Ella, 6.A"."""

    member_id: int
    name: str
    is_gone: bool


def list_present(meeting: CouncilMeeting) -> list[Present]:
    """Who was at a meeting, in the order of their classes. For the council's own eyes."""
    rows = _present.rows(meeting_id=meeting.id, school_year=clock.school_year(day_of(meeting)))
    return [
        Present(row.member_id, f"{row.name}, {row.label}" if row.label else row.name, row.left_at is not None)
        for row in sorted(rows, key=lambda row: (sort_key(row.label), sort_key(row.name), row.pupil_id))
    ]


@prepared
def _present() -> AnySelect:
    year = param("school_year", int)
    return (
        select(
            Pupil.id.label("pupil_id"),
            shown_name_of(Pupil, Pupil.first_name).label("name"),
            Attendance.member_id,
            Attendance.left_at,
            func.coalesce(label_in(year), "").label("label"),
        )
        .select_from(Attendance)
        .join(CouncilMember, CouncilMember.id == Attendance.member_id)
        .join(Pupil, Pupil.id == CouncilMember.pupil_id)
        .join(SchoolClass, SchoolClass.id == CouncilMember.class_id)
        .outerjoin(ClassYear, is_name_of(year))
        .where(Attendance.meeting_id == param("meeting_id", int))
    )


class Presence(NamedTuple):
    """How many were at a meeting, and how many of them are still here."""

    there: int
    here: int


def count_present(meeting_id: int) -> Presence:
    """How many members and substitutes came to a meeting, and how many have not gone."""
    (row,) = _presence.rows(meeting_id=meeting_id)
    return Presence(row.there, row.there - row.gone)


@prepared
def _presence() -> AnySelect:
    return select(func.count().label("there"), func.count(Attendance.left_at).label("gone")).where(
        Attendance.meeting_id == param("meeting_id", int)
    )


def day_of(meeting: CouncilMeeting) -> date:
    """The day a meeting was held, and until then the one it is planned for, at the school."""
    return meeting.held_on or clock.day_of(meeting.starts_at)
