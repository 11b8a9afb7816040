"""Whom an event is for, read from the school as it is today: its classes, all classes of a year, or every class.

Nothing of it is written down when somebody plans, so a class that is opened later is in at once, and a statement is as
long for a school of twenty-five classes as for one of three.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.database.prepared import AnySelect, param, params, prepared
from portal.events.models import AnyEvent, Audience, ClassEvent, EventClass, EventToRead
from portal.people import ClassRef
from portal.school.models import ClassYear, Enrolment, SchoolClass
from portal.school.names import is_name_of, is_of_year_group, label_in
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class _Asked:
    """One event's id and year as places of a prepared statement; `place_of` gives their values."""

    id: BindParameter[int]
    year_group: BindParameter[int]


ASKED = _Asked(param("event_id", int), param("year_group", int))


def place_of(event: AnyEvent) -> dict[str, int]:
    """The values for `ASKED`."""
    return {"event_id": event.id, "year_group": event.year_group or 0}


def class_ids_of(audience: Audience, event: Any, year: Any) -> Select[int]:
    """The ids of the classes of an event of this audience: of `ASKED`, of one at hand, or of a row beside it."""
    if audience == Audience.CLASSES:
        named = select(EventClass.class_id).where(EventClass.event_id == event.id)
        return named.correlate_except(EventClass)
    if audience == Audience.SCHOOL:
        return select(SchoolClass.id).correlate_except(SchoolClass)
    of_the_year = select(SchoolClass.id).join(ClassYear, is_name_of(year)).where(is_of_year_group(event.year_group))
    return of_the_year.correlate_except(SchoolClass, ClassYear)


def for_each_audience(build: Callable[[Audience], ColumnElement[Any]]) -> ColumnElement[Any]:
    """One value for each `ClassEvent`, built for every audience apart, since each has its own way to the classes."""
    return case(*((_is(audience, ClassEvent), build(audience)) for audience in Audience))


def invites(event: Any, class_id: Any, year: Any) -> ColumnElement[bool]:
    """Whether an event beside it in the statement is for a class."""
    named, of_the_year = (
        and_(_is(audience, event), class_id.in_(class_ids_of(audience, event, year)))
        for audience in (Audience.CLASSES, Audience.YEAR_GROUP)
    )
    return or_(named, of_the_year, _is(Audience.SCHOOL, event))


def concerns(class_ids: Iterable[Any], year: Any) -> ColumnElement[bool]:
    """Whether a `ClassEvent` is for one of these classes; what is for the school is for whoever asks."""
    ids, wider = list(class_ids), aliased(ClassEvent)
    named = select(EventClass.event_id).where(or_(false(), *(EventClass.class_id == one for one in ids)))
    theirs = or_(false(), *(SchoolClass.id == one for one in ids))
    of_their_year = class_ids_of(Audience.YEAR_GROUP, wider, year).where(theirs).exists()
    for_more = or_(_is(Audience.SCHOOL, wider), and_(_is(Audience.YEAR_GROUP, wider), of_their_year))
    return ClassEvent.id.in_(union_all(named, select(wider.id).where(for_more)))


def invites_one_of(class_ids: Any, year: Any) -> ColumnElement[bool]:
    """The same of a `ClassEvent` at hand, for the few that somebody organises; `class_ids` are `params`."""
    named, of_the_year = (
        class_ids_of(audience, ClassEvent, year).where(of_class.in_(class_ids)).exists()
        for audience, of_class in ((Audience.CLASSES, EventClass.class_id), (Audience.YEAR_GROUP, SchoolClass.id))
    )
    return or_(_is(Audience.SCHOOL, ClassEvent), named, and_(_is(Audience.YEAR_GROUP, ClassEvent), of_the_year))


def every_class(year: Any, *which: ColumnElement[bool]) -> Subquery:
    """The classes of these events, a row for each event and class; `which` is said of `ClassEvent`."""
    of_a_year = and_(_is(Audience.YEAR_GROUP, ClassEvent), is_of_year_group(ClassEvent.year_group))
    named = select(EventClass.event_id, EventClass.class_id).join(ClassEvent, ClassEvent.id == EventClass.event_id)
    of_years = select(ClassEvent.id, SchoolClass.id).join(SchoolClass, ~false()).join(ClassYear, is_name_of(year))
    of_school = select(ClassEvent.id, SchoolClass.id).join(SchoolClass, _is(Audience.SCHOOL, ClassEvent))
    every = (named.where(*which), of_years.where(of_a_year, *which), of_school.where(*which))
    return union_all(*every).subquery("invited")


def _is(audience: Audience, event: Any) -> ColumnElement[bool]:
    """Whether an event is for this; the word stands in the statement, which looks it up in an index."""
    found: ColumnElement[bool] = event.audience == literal_column(f"'{audience.value}'")
    return found


def count_children(class_ids: Collection[int], *, today: date) -> int:
    """How many children are in these classes today."""
    return (_children_in.value(class_ids=list(class_ids), today=today) or 0) if class_ids else 0


def count_invited(event: AnyEvent, *, today: date) -> int:
    """How many children an event is for today."""
    return _children_of.of(event.audience).value(**_at(event, today), today=today) or 0


def count_year(year_group: int, *, today: date) -> int:
    """How many children are in the classes of a year today."""
    year = clock.school_year(today)
    return _children_of.of(Audience.YEAR_GROUP).value(year_group=year_group, school_year=year, today=today) or 0


def count_school(*, today: date) -> int:
    """How many children are in the school's classes today."""
    return _children_of.of(Audience.SCHOOL).value(today=today) or 0


@prepared
def _children_in() -> AnySelect:
    return _count_children(params("class_ids", int))


@prepared
def _children_of(audience: Audience) -> AnySelect:
    return _count_children(class_ids_of(audience, ASKED, param("school_year", int)))


def _count_children(class_ids: Any) -> Select[int]:
    found = select(func.count(func.distinct(Enrolment.pupil_id)))
    return found.where(Enrolment.class_id.in_(class_ids), holds(Enrolment, param("today", date)))


def know_classes(event: ClassEvent, *, today: date) -> ClassEvent:
    """Look up which classes an event is for today, so that its rules can be asked."""
    if event.audience != Audience.CLASSES:
        event.knows(row.id for row in _refs.of(event.audience).rows(**_at(event, today)))
    return event


def list_class_refs(event: AnyEvent, *, today: date) -> Sequence[ClassRef]:
    """The classes an event is for, as pages name them today, by label; no statement for one that was read with them."""
    if isinstance(event, EventToRead):
        return event.refs
    rows = _refs.of(event.audience).rows(**_at(event, today))
    return sorted((ClassRef(*row) for row in rows), key=lambda ref: (sort_key(ref.label), ref.id))


def _at(event: AnyEvent, today: date) -> dict[str, int]:
    return {**place_of(event), "school_year": clock.school_year(today)}


@prepared
def _refs(audience: Audience) -> AnySelect:
    year = param("school_year", int)
    return (
        select(SchoolClass.id, func.coalesce(label_in(year), ""), SchoolClass.hue)
        .outerjoin(ClassYear, is_name_of(year))
        .where(SchoolClass.id.in_(class_ids_of(audience, ASKED, year)))
    )
