"""Reading the school's fixed days, without those that fall on days off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, extract, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.fixed_days.models import FixedDate, FixedDay
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.models import ClassYear
from portal.text import clock


class Held(NamedTuple):
    """A fixed day on one day."""

    fixed_day_id: int
    title: str
    held_on: date
    lowest_grade: int
    highest_grade: int


def get_fixed_day(fixed_day_id: int) -> FixedDay | None:
    """A fixed day, to be changed."""
    return by_id(FixedDay, fixed_day_id)


def list_fixed_days(school_year: int) -> Sequence[Any]:
    """The fixed days of a school year, the first one first."""
    return _of_year.rows(first=clock.first_day(school_year), last=clock.last_day(school_year))


def list_school_years() -> tuple[int, ...]:
    """The school years from the first to the last that has a fixed day; none where there is none."""
    first, last = _first_and_last.row()
    return tuple(range(clock.school_year(first), clock.school_year(last) + 1)) if first else ()


@prepared
def _first_and_last() -> AnySelect:
    return select(func.min(FixedDay.starts_on), func.max(FixedDay.starts_on))


@prepared
def _of_year() -> AnySelect:
    columns = [column for column in FixedDay.__table__.columns if column.name != "version"]
    within = (FixedDay.starts_on >= param("first", date), FixedDay.starts_on <= param("last", date))
    return select(*columns).where(*within).order_by(FixedDay.starts_on, FixedDay.id)


def list_held(first: date, last: date) -> list[Held]:
    """What is on between two days, day by day: one statement."""
    return [Held(*row) for row in _held.rows(first=first, last=last)]


@prepared
def _held() -> AnySelect:
    columns = (FixedDay.id, FixedDay.title, FixedDate.held_on, FixedDay.lowest_grade, FixedDay.highest_grade)
    within = (FixedDate.held_on >= param("first", date), FixedDate.held_on <= param("last", date))
    joined = select(*columns).join(FixedDay, FixedDay.id == FixedDate.fixed_day_id)
    return joined.where(*within, is_no_day_off()).order_by(FixedDate.held_on, FixedDay.id)


def list_days_of_their_own(class_id: int, school_year: int) -> list[Held]:
    """What is not every so many weeks, day by day, for a class's grades in a school year: one statement."""
    first, last = clock.first_day(school_year), clock.last_day(school_year)
    return [Held(*row) for row in _own.rows(class_id=class_id, year=school_year, first=first, last=last)]


@prepared
def _own() -> AnySelect:
    columns = (FixedDay.id, FixedDay.title, FixedDate.held_on, FixedDay.lowest_grade, FixedDay.highest_grade)
    within = (FixedDate.held_on >= param("first", date), FixedDate.held_on <= param("last", date))
    its_grades = and_(
        ClassYear.lowest_grade <= FixedDay.highest_grade, ClassYear.highest_grade >= FixedDay.lowest_grade
    )
    return (
        select(*columns)
        .join(FixedDay, FixedDay.id == FixedDate.fixed_day_id)
        .join(ClassYear, its_grades)
        .where(ClassYear.class_id == param("class_id", int), ClassYear.school_year == param("year", int))
        .where(*within, FixedDay.weekday.is_(None), is_no_day_off())
        .order_by(FixedDate.held_on, FixedDay.id)
    )


def is_no_day_off() -> ColumnElement[bool]:
    """Whether there is school on a date: the one rule for pages, proofs and signs.

    No period of the school's calendar holds it, and a school year for which nobody has entered holidays yet counts with
    the usual ones.
    """
    covers = (CalendarPeriod.starts_on <= FixedDate.held_on, CalendarPeriod.ends_on >= FixedDate.held_on)
    of_its_year = _school_year(CalendarPeriod.starts_on) == _school_year(FixedDate.held_on)
    is_entered = exists().where(CalendarPeriod.kind == PeriodKind.HOLIDAY, of_its_year)
    return and_(~exists().where(*covers), or_(FixedDate.is_usually_off.is_(False), is_entered))


def _school_year(day: InstrumentedAttribute[date]) -> ColumnElement[int]:
    """The school year of a day, as `clock.school_year` counts it."""
    return extract("year", day) - case((extract("month", day) < clock.FIRST_MONTH_OF_SCHOOL_YEAR, 1), else_=0)


def list_points_held(first: date, last: date) -> set[str]:
    """The keys of all promises that a fixed day kept which was held between two days. One statement."""
    return {key for row in _points_held.rows(first=first, last=last) for key in row.points}


@prepared
def _points_held() -> AnySelect:
    within = FixedDate.held_on.between(param("first", date), param("last", date))
    held = exists().where(FixedDate.fixed_day_id == FixedDay.id, within, is_no_day_off())
    return select(FixedDay.points).where(held)
