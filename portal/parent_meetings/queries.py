"""Reading parent meetings: a class's own, what is coming, and which classes have shown the school's material."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, exists, false, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.parent_meetings.material.models import MeetingMaterial
from portal.parent_meetings.models import ParentMeeting
from portal.people import ClassRef
from portal.school.models import ClassYear, Enrolment, SchoolClass
from portal.school.names import is_at_school, is_name_of, label_in, lowest_grade_in
from portal.school.queries import list_guardian_ids
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key


def get_meeting(meeting_id: int) -> ParentMeeting | None:
    """A meeting, with the material that was shown at it."""
    meeting: ParentMeeting | None = _meeting.entity(meeting_id=meeting_id)
    return meeting


@prepared
def _meeting() -> AnySelect:
    with_material = select(ParentMeeting).options(joinedload(ParentMeeting.material))
    return with_material.where(ParentMeeting.id == param("meeting_id", int))


def list_of_class(class_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """A class's meetings, the latest first, with the number of the version that each has shown."""
    return _of_class.rows(class_id=class_id)


@prepared
def _of_class() -> AnySelect:
    return (
        select(
            ParentMeeting.id,
            ParentMeeting.starts_at,
            ParentMeeting.ends_at,
            ParentMeeting.place,
            ParentMeeting.cancelled_at,
            ParentMeeting.shown_on,
            MeetingMaterial.number,
        )
        .outerjoin(MeetingMaterial, MeetingMaterial.id == ParentMeeting.material_id)
        .where(ParentMeeting.class_id == param("class_id", int))
        .order_by(ParentMeeting.starts_at.desc(), ParentMeeting.id.desc())
    )


def list_coming(class_ids: Collection[int], *, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The meetings of these classes that are not over, the next first, with each class as it is called today."""
    if not class_ids:
        return ()
    many = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    year = clock.school_year(clock.day_of(now))
    return _coming.of(len(class_ids)).rows(**many, now=now, school_year=year)


@prepared
def _coming(class_count: int) -> AnySelect:
    year = param("school_year", int)
    is_one_of = or_(false(), *(ParentMeeting.class_id == param(f"class_{place}", int) for place in range(class_count)))
    return (
        select(
            ParentMeeting.id,
            ParentMeeting.class_id,
            ParentMeeting.starts_at,
            ParentMeeting.ends_at,
            ParentMeeting.place,
            ParentMeeting.cancelled_at,
            SchoolClass.hue,
            label_in(year).label("label"),
        )
        .join(SchoolClass, SchoolClass.id == ParentMeeting.class_id)
        .join(ClassYear, is_name_of(year))
        .where(is_one_of, ParentMeeting.ends_at > param("now", datetime))
        .order_by(ParentMeeting.starts_at, ParentMeeting.id)
    )


def has_meeting_on(class_id: int, first: datetime, last: datetime, *, but_id: int | None) -> bool:
    """Whether the class has another meeting between these moments that is not called off."""
    others = exists().where(
        ParentMeeting.class_id == class_id,
        ParentMeeting.cancelled_at.is_(None),
        ParentMeeting.starts_at.between(first, last),
        ParentMeeting.id != (but_id or 0),
    )
    return bool(db.session.scalar(select(others)))


def list_recipients(meeting: ParentMeeting, today: date) -> set[int]:
    """Whom a meeting is for: the class's custody and foster guardians, as of today."""
    return list_guardian_ids(meeting.class_id, today=today)


@dataclass(frozen=True, slots=True)
class ClassMeetings:
    """How far a class is in a school year: its next meeting, the last one held, and the newest version shown."""

    ref: ClassRef
    next_at: datetime | None
    held_at: datetime | None
    shown_number: int
    shown_on: date | None


def list_everywhere(school_year: int, *, now: datetime) -> list[ClassMeetings]:
    """Every class that has children today, by grade and label, with its meetings of a school year: one statement."""
    today = clock.day_of(now)
    first = clock.at_school(clock.first_day(school_year), datetime.min.time())
    last = clock.at_school(clock.first_day(school_year + 1), datetime.min.time())
    rows = _everywhere.rows(school_year=clock.school_year(today), today=today, first=first, last=last)
    found: dict[ClassRef, list[Row[*tuple[Any, ...]]]] = {}
    for row in sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.class_id)):
        found.setdefault(ClassRef(row.class_id, row.label, row.hue), []).append(row)
    return [_meetings(ref, [row for row in rows if row.starts_at], now) for ref, rows in found.items()]


def _meetings(ref: ClassRef, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> ClassMeetings:
    shown = max((row for row in rows if row.shown_on), key=lambda row: (row.number, row.shown_on), default=None)
    return ClassMeetings(
        ref=ref,
        next_at=min((row.starts_at for row in rows if row.starts_at > now), default=None),
        held_at=max((row.starts_at for row in rows if row.starts_at <= now), default=None),
        shown_number=shown.number if shown is not None else 0,
        shown_on=shown.shown_on if shown is not None else None,
    )


@prepared
def _everywhere() -> AnySelect:
    year, today = param("school_year", int), param("today", date)
    of_the_year = and_(
        ParentMeeting.class_id == SchoolClass.id,
        ParentMeeting.cancelled_at.is_(None),
        ParentMeeting.starts_at >= param("first", datetime),
        ParentMeeting.starts_at < param("last", datetime),
    )
    return (
        select(
            SchoolClass.id.label("class_id"),
            label_in(year).label("label"),
            lowest_grade_in(year).label("grade"),
            SchoolClass.hue,
            ParentMeeting.starts_at,
            ParentMeeting.shown_on,
            MeetingMaterial.number,
        )
        .select_from(SchoolClass)
        .join(ClassYear, is_name_of(year))
        .outerjoin(ParentMeeting, of_the_year)
        .outerjoin(MeetingMaterial, MeetingMaterial.id == ParentMeeting.material_id)
        .where(is_at_school(year), exists().where(Enrolment.class_id == SchoolClass.id, holds(Enrolment, today)))
    )


def list_to_cover(class_id: int) -> Sequence[ParentMeeting]:
    """Every meeting a class was ever called to. The rows are locked."""
    return db.session.scalars(
        select(ParentMeeting)
        .where(ParentMeeting.class_id == class_id)
        .order_by(ParentMeeting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
