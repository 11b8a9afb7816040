"""Finding the school's days without school."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.days_off.usual_holidays import usual_holidays
from portal.text import clock
from portal.text.workdays import Period, SchoolDays


def get_period(period_id: int) -> CalendarPeriod | None:
    """Some days without school."""
    return by_id(CalendarPeriod, period_id)


def list_periods(first: date, last: date) -> Sequence[CalendarPeriod]:
    """Everything in the calendar that has a day between these two, in order."""
    found: Sequence[CalendarPeriod] = _periods_between.entities(first=first, last=last)
    return found


@prepared
def _periods_between() -> AnySelect:
    between = (CalendarPeriod.ends_on >= param("first", date), CalendarPeriod.starts_on <= param("last", date))
    return select(CalendarPeriod).where(*between).order_by(CalendarPeriod.starts_on)


def list_school_years() -> tuple[int, ...]:
    """The school years from the first to the last that anything in the calendar begins in; none for an empty one."""
    first, last = _first_and_last.row()
    return tuple(range(clock.school_year(first), clock.school_year(last) + 1)) if first else ()


@prepared
def _first_and_last() -> AnySelect:
    return select(func.min(CalendarPeriod.starts_on), func.max(CalendarPeriod.starts_on))


def has_holidays(periods: Iterable[Any], school_year: int) -> bool:
    """Whether somebody has entered holidays for a school year: some of these begin in it."""
    return any(
        period.kind == PeriodKind.HOLIDAY and clock.school_year(period.starts_on) == school_year for period in periods
    )


def school_days(today: date) -> SchoolDays:
    """The school days of this school year and the next: one statement.

    A school year for which nobody has entered holidays yet counts with the usual ones.
    """
    years = (clock.school_year(today), clock.school_year(today) + 1)
    first, last = clock.first_day(years[0]), clock.last_day(years[-1])
    rows = _periods.rows(first=first, last=last)
    assumed = (
        Period(usual.starts_on, usual.ends_on)
        for year in years
        if not has_holidays(rows, year)
        for usual in usual_holidays(year)
        if usual.is_likely
    )
    return SchoolDays([*(Period(row.starts_on, row.ends_on) for row in rows), *assumed])


@prepared
def _periods() -> AnySelect:
    first, last = param("first", date), param("last", date)
    return select(CalendarPeriod.starts_on, CalendarPeriod.ends_on, CalendarPeriod.kind).where(
        CalendarPeriod.ends_on >= first, CalendarPeriod.starts_on <= last
    )
