"""Finding a council's meetings, what is on their agendas, and who was there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Role
from portal.council.meetings.models import AgendaItem, Attendance, CouncilSession, MinutesCorrection, SessionState
from portal.council.models import Council, CouncilMember
from portal.database import db
from portal.people import Person
from portal.school.models import ClassYear, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.strategy.amendments.models import Amendment
from portal.text import clock

MOST_LISTED = 60
#: A meeting nobody has started stays on the pages this long after its time.
LATE = timedelta(days=1)


def get_session(session_id: int) -> CouncilSession | None:
    """A meeting with its council."""
    return db.session.scalar(
        select(CouncilSession).options(joinedload(CouncilSession.council)).where(CouncilSession.id == session_id)
    )


def get_item(item_id: int) -> AgendaItem | None:
    """An agenda item with its meeting, its amendment and what was decided."""
    return db.session.scalar(
        select(AgendaItem)
        .options(
            joinedload(AgendaItem.session).joinedload(CouncilSession.council),
            joinedload(AgendaItem.amendment),
            joinedload(AgendaItem.vote),
        )
        .where(AgendaItem.id == item_id)
    )


def sessions_visible_to(person: Person) -> Select[CouncilSession]:
    """Every meeting the person may see: the same rule as `Action.SESSION_VIEW`, as a statement for lists."""
    own = CouncilSession.council_id.in_(sorted(person.councils | person.facilitates))
    if person.has(Role.OFFICE, Role.LEADERSHIP):
        return select(CouncilSession).where(or_(own, CouncilSession.state == SessionState.MINUTES_APPROVED))
    return select(CouncilSession).where(own)


def list_sessions(council_id: int, person: Person) -> Sequence[CouncilSession]:
    """A council's meetings that the person may see, the newest first; cancelled ones are left out."""
    return db.session.scalars(
        sessions_visible_to(person)
        .where(CouncilSession.council_id == council_id, CouncilSession.state != SessionState.CANCELLED)
        .order_by(CouncilSession.starts_at.desc(), CouncilSession.id.desc())
        .limit(MOST_LISTED)
    ).all()


def list_next(council_ids: Collection[int], *, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The meetings that are going on or come next, the first one first."""
    if not council_ids:
        return []
    return db.session.execute(
        select(
            CouncilSession.id,
            CouncilSession.council_id,
            CouncilSession.state,
            CouncilSession.starts_at,
            CouncilSession.place,
            Council.name,
        )
        .join(Council, Council.id == CouncilSession.council_id)
        .where(
            CouncilSession.council_id.in_(sorted(council_ids)),
            or_(
                CouncilSession.state == SessionState.IN_PROGRESS,
                (CouncilSession.state == SessionState.PLANNED) & (CouncilSession.starts_at >= now - LATE),
            ),
        )
        .order_by(CouncilSession.starts_at, CouncilSession.id)
        .limit(4)
    ).all()


def list_planned(council_id: int) -> Sequence[CouncilSession]:
    """A council's meetings that have not begun, the first one first."""
    return db.session.scalars(
        select(CouncilSession)
        .where(CouncilSession.council_id == council_id, CouncilSession.state == SessionState.PLANNED)
        .order_by(CouncilSession.starts_at, CouncilSession.id)
    ).all()


def list_items(session_id: int) -> Sequence[AgendaItem]:
    """A meeting's agenda in order, with the amendments and what was decided about them."""
    return db.session.scalars(
        select(AgendaItem)
        .options(joinedload(AgendaItem.amendment), joinedload(AgendaItem.vote))
        .where(AgendaItem.session_id == session_id)
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()


def last_position(session_id: int) -> int:
    """The place of the last item on an agenda; 0 for an empty one."""
    return db.session.scalar(select(func.max(AgendaItem.position)).where(AgendaItem.session_id == session_id)) or 0


def list_postponed(council_id: int, state: str) -> Sequence[Amendment]:
    """A council's amendments in a state, the oldest first."""
    return db.session.scalars(
        select(Amendment).where(Amendment.council_id == council_id, Amendment.state == state).order_by(Amendment.id)
    ).all()


def present_ids(session_id: int) -> set[int]:
    """Which seats of the council were filled at a meeting."""
    return set(db.session.scalars(select(Attendance.member_id).where(Attendance.session_id == session_id)))


def list_corrections(session_id: int) -> Sequence[MinutesCorrection]:
    """What was put right in a meeting's approved minutes, in order."""
    return db.session.scalars(
        select(MinutesCorrection).where(MinutesCorrection.session_id == session_id).order_by(MinutesCorrection.id)
    ).all()


def list_present(session: CouncilSession) -> list[str]:
    """Who was at a meeting, by first name and the class they spoke for: "Ella, 6.A". For the council's own eyes."""
    year = clock.school_year(day_of(session))
    rows = db.session.execute(
        select(Pupil, func.coalesce(label_in(year), ""))
        .select_from(Attendance)
        .join(CouncilMember, CouncilMember.id == Attendance.member_id)
        .join(Pupil, Pupil.id == CouncilMember.pupil_id)
        .join(SchoolClass, SchoolClass.id == CouncilMember.class_id)
        .outerjoin(ClassYear, is_name_of(year))
        .where(Attendance.session_id == session.id)
        .order_by(label_in(year), Pupil.first_name, Pupil.id)
    )
    return [f"{pupil.short_name}, {label}" if label else pupil.short_name for pupil, label in rows]


def count_present(session_id: int) -> int:
    """How many members and substitutes were at a meeting."""
    return db.session.scalar(select(func.count()).where(Attendance.session_id == session_id)) or 0


def day_of(session: CouncilSession) -> date:
    """The day of a meeting at the school."""
    return clock.day_of(session.starts_at)
