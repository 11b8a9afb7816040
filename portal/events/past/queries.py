"""Reading what has been: the events of some classes in one school year, and how many came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import and_, false, func, or_, select
from sqlalchemy.orm import aliased

from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.events.attendance import list_company
from portal.events.audience.queries import concerns, invites
from portal.events.models import Answer, Audience, ClassEvent, EventState, Rsvp
from portal.events.queries import count_named_classes
from portal.people import ClassRef
from portal.school.models import ClassYear, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event that is over, under the names its classes have today; `came` counts the children who had said yes."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    came: int
    audience: Audience
    year_group: int | None
    class_count: int
    classes: dict[int, ClassRef]


@dataclass(frozen=True, slots=True)
class LastTime:
    """How many came to an event, as they had said."""

    children: int
    adults: int


def list_past(class_ids: Collection[int], *, year: int, now: datetime) -> list[PastEvent]:
    """The events of these classes that were in a school year and are over, the newest first; none that was cancelled.

    One statement; a class has a handful of events a year, so the list is whole.
    """
    many = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    rows = _past.of(len(class_ids)).rows(
        **many,
        begins=_begins(year),
        ends=min(_begins(year + 1), now),
        now=now,
        school_year=clock.school_year(clock.day_of(now)),
    )
    found: dict[int, PastEvent] = {}
    for row in sorted(rows, key=lambda row: sort_key(row.label)):
        event = found.setdefault(
            row.id,
            PastEvent(
                id=row.id,
                title=row.title,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                place=row.place,
                came=row.came,
                audience=row.audience,
                year_group=row.year_group,
                class_count=row.class_count,
                classes={},
            ),
        )
        if row.class_id is not None:
            event.classes[row.class_id] = ClassRef(row.class_id, row.label, row.hue)
    return sorted(found.values(), key=lambda event: (event.starts_at, event.id), reverse=True)


def _begins(year: int) -> datetime:
    return clock.at_school(clock.first_day(year), time())


@prepared
def _past(class_count: int) -> AnySelect:
    year = param("school_year", int)
    class_ids = [param(f"class_{place}", int) for place in range(class_count)]
    is_one_of_these = or_(false(), *(SchoolClass.id == class_id for class_id in class_ids))
    given = aliased(Rsvp)
    came = (
        select(func.count())
        .where(given.event_id == ClassEvent.id, given.answer == Answer.ACCEPTED)
        .correlate(ClassEvent)
        .scalar_subquery()
    )
    return (
        select(
            ClassEvent.id,
            ClassEvent.title,
            ClassEvent.starts_at,
            ClassEvent.ends_at,
            ClassEvent.place,
            ClassEvent.audience,
            ClassEvent.year_group,
            count_named_classes().label("class_count"),
            came.label("came"),
            SchoolClass.id.label("class_id"),
            SchoolClass.hue,
            func.coalesce(label_in(year), "").label("label"),
        )
        .select_from(ClassEvent)
        .outerjoin(SchoolClass, and_(is_one_of_these, invites(ClassEvent, SchoolClass.id, year)))
        .outerjoin(ClassYear, is_name_of(year))
        .where(
            concerns(class_ids, year),
            ClassEvent.state == EventState.PUBLISHED,
            ClassEvent.starts_at >= param("begins", datetime),
            ClassEvent.ends_at <= param("ends", datetime),
            ClassEvent.out_at <= param("now", datetime),
        )
    )


def list_years(class_ids: Collection[int], *, now: datetime) -> list[int]:
    """The school years from today's back to the first in which one of these classes did something together."""
    this = clock.school_year(clock.day_of(now))
    many = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    first = _first.of(len(class_ids)).value(**many, now=now, school_year=this)
    return list(range(this, clock.school_year(clock.day_of(first)) - 1, -1)) if first else [this]


@prepared
def _first(class_count: int) -> AnySelect:
    class_ids, now = [param(f"class_{place}", int) for place in range(class_count)], param("now", datetime)
    return select(func.min(ClassEvent.starts_at)).where(
        ClassEvent.ends_at <= now, ClassEvent.out_at <= now, concerns(class_ids, param("school_year", int))
    )


def count_last_time(event: ClassEvent, *, today: datetime) -> LastTime:
    """How many children and adults an event had, for whoever plans it again."""
    children = db.session.scalar(select(func.count()).where(Rsvp.event_id == event.id, Rsvp.answer == Answer.ACCEPTED))
    homes = list_company(event, today=clock.day_of(today))
    return LastTime(children or 0, sum(home.adults for home in homes if home.is_counted))
