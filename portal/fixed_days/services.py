"""Keeping the school's fixed days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.fixed_days.models import FixedDate, FixedDay
from portal.people import Person
from portal.school.days_off.queries import school_days
from portal.school.terms import open_years
from portal.text import clock
from portal.text.workdays import may_be_school_day, monday_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FixedPlan:
    """A fixed day as somebody enters it; without a `weekday` it is on each school day of the span."""

    title: str
    starts_on: date
    ends_on: date
    weekday: int | None
    every_weeks: int
    lowest_grade: int
    highest_grade: int
    points: tuple[str, ...]


def dates_of(plan: FixedPlan) -> Iterator[date]:
    """The days of its rhythm on which there can be school at all. Weeks are counted from that of the first day."""
    first = monday_of(plan.starts_on)
    day = plan.starts_on
    while day <= plan.ends_on:
        weeks = (monday_of(day) - first).days // 7
        fits = plan.weekday is None or (day.weekday() == plan.weekday and weeks % plan.every_weeks == 0)
        if fits and may_be_school_day(day):
            yield day
        day += _DAY


def add_fixed_day(plan: FixedPlan, *, actor: Person, now: datetime) -> FixedDay:
    """Put a fixed day into the school's calendar.

    Raises RuleViolation for days the wrong way round, of two school years or of one that is not open, for grades the
    wrong way round, and for days among which there is no school.
    """
    _check(plan, clock.day_of(now))
    fixed = FixedDay()
    _fill(fixed, plan)
    _set_dates(fixed, list(dates_of(plan)))
    db.session.add(fixed)
    acts.note(actor, ActKind.FIXED_DAYS_CHANGED, fixed, now=now)
    return fixed


def edit_fixed_day(fixed: FixedDay, plan: FixedPlan, *, version: int, actor: Person, now: datetime) -> None:
    """Change a fixed day of a school year that is open, from today on: the days that are over stay as they were.

    What it is called may be put right for all of them, and its last day be another. When anything else is new, the days
    that are over stay a fixed day of their own, which ends yesterday or when it did, and another one goes on. Raises
    Conflict when it was changed since; RuleViolation as above, for a day of those that are over, and when no day is
    left to change.
    """
    today = clock.day_of(now)
    check_version(fixed, version)
    _check_open(fixed, today)
    _check(plan, today)
    if not has_begun(fixed, today):
        _fill(fixed, plan)
        _set_dates(fixed, list(dates_of(plan)))
        acts.note(actor, ActKind.FIXED_DAYS_CHANGED, fixed, now=now)
        return
    yesterday = today - _DAY
    if plan.starts_on < today and plan.starts_on != fixed.starts_on:
        raise RuleViolation(N_("What is over stays as it was. Leave the first day, or choose today or a later one."))
    if plan.ends_on < yesterday and plan.ends_on != fixed.ends_on:
        raise RuleViolation(N_("What is over stays as it was. The last day can be yesterday, or a later one."))
    over = [one.held_on for one in fixed.dates if one.held_on < today]
    coming = [day for day in dates_of(plan) if day >= today]
    as_it_was = replace(_plan_of(fixed), title=plan.title, ends_on=plan.ends_on)
    if as_it_was == replace(plan, points=as_it_was.points) and set(as_it_was.points) == set(plan.points):
        fixed.title, fixed.ends_on = plan.title, plan.ends_on
        _set_dates(fixed, over + coming)
    else:
        if not coming:
            raise RuleViolation(N_("It is over, and what was held stays as it was. Only its name can be put right."))
        going_on = replace(plan, starts_on=coming[0])
        _check(going_on, today)
        fixed.ends_on = min(fixed.ends_on, yesterday)
        fixed.version += 1  # also where the row itself stays as it was, so that the second of two who change it is told
        _set_dates(fixed, over)
        add_fixed_day(going_on, actor=actor, now=now)
    acts.note(actor, ActKind.FIXED_DAYS_CHANGED, fixed, now=now)


def delete_fixed_day(fixed: FixedDay, *, version: int, actor: Person, now: datetime) -> None:
    """Take a fixed day out of the calendar.

    Raises Conflict when it was changed since `version`, and RuleViolation for one of a past school year: it was held.
    """
    check_version(fixed, version)
    _check_open(fixed, clock.day_of(now))
    acts.note(actor, ActKind.FIXED_DAYS_CHANGED, fixed, now=now)
    db.session.delete(fixed)


def has_begun(fixed: FixedDay, today: date) -> bool:
    """Whether one of its days is over, so that a change of it holds from today on."""
    return any(one.held_on < today for one in fixed.dates)


def is_open(days: FixedDay | FixedPlan, today: date) -> bool:
    """Whether it lies in one school year, and in one that can be planned."""
    year = clock.school_year(days.starts_on)
    return year in open_years(today) and clock.school_year(days.ends_on) == year


def _check_open(days: FixedDay | FixedPlan, today: date) -> None:
    if not is_open(days, today):
        raise RuleViolation(N_("Choose days of one school year: of this one, and from May on of the next."))


def _check(plan: FixedPlan, today: date) -> None:
    if plan.ends_on < plan.starts_on:
        raise RuleViolation(N_("The last day comes before the first. Look at the two days once more."))
    if plan.lowest_grade > plan.highest_grade:
        raise RuleViolation(N_("The lowest grade is above the highest. Look at the two once more."))
    _check_open(plan, today)
    days = school_days(today)
    if not any(day in days for day in dates_of(plan)):
        raise RuleViolation(N_("There is no school on these days. Choose others."))


def _plan_of(fixed: FixedDay) -> FixedPlan:
    return FixedPlan(
        fixed.title,
        fixed.starts_on,
        fixed.ends_on,
        fixed.weekday,
        fixed.every_weeks,
        fixed.lowest_grade,
        fixed.highest_grade,
        tuple(fixed.points),
    )


def _set_dates(fixed: FixedDay, days: Sequence[date]) -> None:
    """Keep those of its dates that are among these days, and add the others of them."""
    stay = {one.held_on: one for one in fixed.dates}
    fixed.dates = [stay.get(day) or FixedDate(held_on=day) for day in days]


def _fill(fixed: FixedDay, plan: FixedPlan) -> None:
    fixed.title, fixed.starts_on, fixed.ends_on = plan.title, plan.starts_on, plan.ends_on
    fixed.weekday, fixed.every_weeks = plan.weekday, plan.every_weeks
    fixed.lowest_grade, fixed.highest_grade, fixed.points = plan.lowest_grade, plan.highest_grade, plan.points
