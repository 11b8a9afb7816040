"""Finding a council's meetings, what is on their agendas, and who was there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.accounts.models import Role
from portal.council.meetings.models import AgendaItem, Attendance, CouncilMeeting, MeetingState, MinutesCorrection
from portal.council.models import Council, CouncilMember
from portal.database import db
from portal.database.types import UTCDateTime
from portal.people import Person
from portal.school.models import ClassYear, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.strategy.amendments.models import Amendment
from portal.text import clock
from portal.text.collation import sort_key

MEETINGS_PER_PAGE = 30
#: Meetings that still are to be held.
COMING = (MeetingState.PLANNED, MeetingState.IN_PROGRESS)
#: Of those to be held next, on the front page; a council's own page has them all.
NEXT_ONES = 4
#: A meeting nobody has started stays on the pages this long after its time.
LATE = timedelta(days=1)


def get_meeting(meeting_id: int) -> CouncilMeeting | None:
    """A meeting with its council."""
    return db.session.scalar(
        select(CouncilMeeting).options(joinedload(CouncilMeeting.council)).where(CouncilMeeting.id == meeting_id)
    )


def get_item(item_id: int) -> AgendaItem | None:
    """An agenda item with its meeting, its amendment and what was decided."""
    return db.session.scalar(
        select(AgendaItem)
        .options(
            joinedload(AgendaItem.meeting).joinedload(CouncilMeeting.council),
            joinedload(AgendaItem.amendment),
            joinedload(AgendaItem.vote),
        )
        .where(AgendaItem.id == item_id)
    )


def meetings_visible_to(person: Person) -> Select[CouncilMeeting]:
    """Every meeting the person may see: the same rule as `Action.MEETING_VIEW`, as a statement for lists."""
    own = CouncilMeeting.council_id.in_(sorted(person.councils | person.facilitates))
    if person.has(Role.OFFICE, Role.LEADERSHIP):
        return select(CouncilMeeting).where(or_(own, CouncilMeeting.state == MeetingState.MINUTES_APPROVED))
    return select(CouncilMeeting).where(own)


def list_coming(council_id: int, person: Person) -> Sequence[CouncilMeeting]:
    """A council's meetings that are going on or still to be held and the person may see, the first one first."""
    return db.session.scalars(
        meetings_visible_to(person)
        .where(CouncilMeeting.council_id == council_id, CouncilMeeting.state.in_(COMING))
        .order_by(CouncilMeeting.starts_at, CouncilMeeting.id)
    ).all()


def list_approved(*, before: int | None = None) -> tuple[Sequence[CouncilMeeting], int]:
    """A page of every council's approved minutes, with its name, paged like `list_held`: for office and leadership."""
    approved = select(CouncilMeeting).where(CouncilMeeting.state == MeetingState.MINUTES_APPROVED)
    return _page(approved.options(joinedload(CouncilMeeting.council)), before)


def list_held(council_id: int, person: Person, *, before: int | None = None) -> tuple[Sequence[CouncilMeeting], int]:
    """A page of the meetings that were held and the person may see, the newest first, and the one to go on from.

    That is 0 at the end. `before` is where the last page ended; cancelled ones are left out.
    """
    held = meetings_visible_to(person).where(
        CouncilMeeting.council_id == council_id, CouncilMeeting.state.not_in([*COMING, MeetingState.CANCELLED])
    )
    return _page(held, before)


def _page(of: Select[CouncilMeeting], before: int | None) -> tuple[Sequence[CouncilMeeting], int]:
    statement = of.order_by(CouncilMeeting.starts_at.desc(), CouncilMeeting.id.desc()).limit(MEETINGS_PER_PAGE + 1)
    last = db.session.scalar(of.where(CouncilMeeting.id == before)) if before else None
    if last is not None:
        place = tuple_(literal(last.starts_at, UTCDateTime), literal(last.id))
        statement = statement.where(tuple_(CouncilMeeting.starts_at, CouncilMeeting.id) < place)
    found = db.session.scalars(statement).all()
    shown = found[:MEETINGS_PER_PAGE]
    return shown, shown[-1].id if len(found) > len(shown) else 0


def list_next(council_ids: Collection[int], *, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The meetings that are going on or come next, the first one first."""
    if not council_ids:
        return []
    return db.session.execute(
        select(
            CouncilMeeting.id,
            CouncilMeeting.council_id,
            CouncilMeeting.state,
            CouncilMeeting.starts_at,
            CouncilMeeting.place,
            Council.name,
        )
        .join(Council, Council.id == CouncilMeeting.council_id)
        .where(
            CouncilMeeting.council_id.in_(sorted(council_ids)),
            or_(
                CouncilMeeting.state == MeetingState.IN_PROGRESS,
                (CouncilMeeting.state == MeetingState.PLANNED) & (CouncilMeeting.starts_at >= now - LATE),
            ),
        )
        .order_by(CouncilMeeting.starts_at, CouncilMeeting.id)
        .limit(NEXT_ONES)
    ).all()


def list_planned(council_id: int) -> Sequence[CouncilMeeting]:
    """A council's meetings that have not begun, the first one first."""
    return db.session.scalars(
        select(CouncilMeeting)
        .where(CouncilMeeting.council_id == council_id, CouncilMeeting.state == MeetingState.PLANNED)
        .order_by(CouncilMeeting.starts_at, CouncilMeeting.id)
    ).all()


def list_items(meeting_id: int) -> Sequence[AgendaItem]:
    """A meeting's agenda in order, with the amendments and what was decided about them."""
    return db.session.scalars(
        select(AgendaItem)
        .options(joinedload(AgendaItem.amendment), joinedload(AgendaItem.vote))
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()


def last_position(meeting_id: int) -> int:
    """The place of the last item on an agenda; 0 for an empty one."""
    return db.session.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting_id)) or 0


def list_postponed(council_id: int, state: str) -> Sequence[Amendment]:
    """A council's amendments in a state, the oldest first."""
    return db.session.scalars(
        select(Amendment).where(Amendment.council_id == council_id, Amendment.state == state).order_by(Amendment.id)
    ).all()


def present_ids(meeting_id: int) -> set[int]:
    """Which seats of the council were filled at a meeting."""
    return set(db.session.scalars(select(Attendance.member_id).where(Attendance.meeting_id == meeting_id)))


def list_corrections(meeting_id: int) -> Sequence[MinutesCorrection]:
    """What was put right in a meeting's approved minutes, in order."""
    return db.session.scalars(
        select(MinutesCorrection).where(MinutesCorrection.meeting_id == meeting_id).order_by(MinutesCorrection.id)
    ).all()


def list_present(meeting: CouncilMeeting) -> list[str]:
    """Who was at a meeting, by first name and the class they spoke for: "Ella, 6.A". For the council's own eyes."""
    year = clock.school_year(day_of(meeting))
    rows = db.session.execute(
        select(Pupil, func.coalesce(label_in(year), "").label("label"))
        .select_from(Attendance)
        .join(CouncilMember, CouncilMember.id == Attendance.member_id)
        .join(Pupil, Pupil.id == CouncilMember.pupil_id)
        .join(SchoolClass, SchoolClass.id == CouncilMember.class_id)
        .outerjoin(ClassYear, is_name_of(year))
        .where(Attendance.meeting_id == meeting.id)
    )
    in_order = sorted(rows, key=lambda row: (sort_key(row.label), sort_key(row.Pupil.short_name), row.Pupil.id))
    return [f"{pupil.short_name}, {label}" if label else pupil.short_name for pupil, label in in_order]


def count_present(meeting_id: int) -> int:
    """How many members and substitutes were at a meeting."""
    return db.session.scalar(select(func.count()).where(Attendance.meeting_id == meeting_id)) or 0


def day_of(meeting: CouncilMeeting) -> date:
    """The day of a meeting at the school."""
    return clock.day_of(meeting.starts_at)
