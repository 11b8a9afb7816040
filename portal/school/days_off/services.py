"""Keeping the school's calendar of days without school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.school.days_off import queries
from portal.school.days_off.models import CalendarPeriod, PeriodKind
from portal.school.terms import open_years
from portal.text import clock

#: The longest summer holidays, with some room.
MOST_DAYS = 70
DAYS_ONCE = "a day is in the calendar once"


@dataclass(frozen=True, slots=True)
class PeriodPlan:
    """Days without school as somebody enters them."""

    name: str
    kind: PeriodKind
    starts_on: date
    ends_on: date


def add_periods(plans: Iterable[PeriodPlan], *, actor: Person, now: datetime) -> None:
    """Put days without school into the calendar: all of these or none.

    Raises RuleViolation for days the wrong way round, too many of them, days of a school year that is not open (the
    next one opens in May), and days that are in the calendar already.
    """
    wait_for_turn_at(DAYS_ONCE)
    for plan in plans:
        _check(plan, None, clock.day_of(now))
        period = CalendarPeriod(name=plan.name, kind=plan.kind, starts_on=plan.starts_on, ends_on=plan.ends_on)
        db.session.add(period)
        acts.record(actor, ActKind.CALENDAR_CHANGED, period, now=now)


def edit_period(period: CalendarPeriod, plan: PeriodPlan, *, version: int, actor: Person, now: datetime) -> None:
    """Change some days without school. Raises Conflict when a colleague changed them since `version`, or as above."""
    today = clock.day_of(now)
    wait_for_turn_at(DAYS_ONCE)
    check_version(period, version)
    _check_open(period, today)
    _check(plan, period, today)
    period.name, period.kind, period.starts_on, period.ends_on = plan.name, plan.kind, plan.starts_on, plan.ends_on
    acts.record(actor, ActKind.CALENDAR_CHANGED, period, now=now)


def delete_period(period: CalendarPeriod, *, version: int, actor: Person, now: datetime) -> None:
    """Take days out of the calendar: there is school again.

    Raises Conflict when they were changed since `version`, and RuleViolation for those of a past school year.
    """
    check_version(period, version)
    _check_open(period, clock.day_of(now))
    acts.record(actor, ActKind.CALENDAR_CHANGED, period, now=now)
    db.session.delete(period)


def is_open(days: CalendarPeriod | PeriodPlan, today: date) -> bool:
    """Whether days lie in a school year that can be planned, at least some of them."""
    years = open_years(today)
    return days.ends_on >= clock.first_day(years[0]) and days.starts_on <= clock.last_day(years[-1])


def _check_open(days: CalendarPeriod | PeriodPlan, today: date) -> None:
    if not is_open(days, today):
        raise RuleViolation(N_("Choose days in this school year. The next one can be planned from May on."))


def _check(plan: PeriodPlan, period: CalendarPeriod | None, today: date) -> None:
    if plan.ends_on < plan.starts_on:
        raise RuleViolation(N_("The last day comes before the first. Look at the two days once more."))
    _check_open(plan, today)
    if plan.ends_on - plan.starts_on >= timedelta(days=MOST_DAYS):
        raise RuleViolation(N_("That is more than %(most)s days. Look at the two days once more."), most=MOST_DAYS)
    with db.session.no_autoflush:  # what is being changed here must be found as it was
        others = queries.list_periods(plan.starts_on, plan.ends_on)
    for other in others:
        if other is not period:
            raise RuleViolation(N_("Some of these days are in the calendar already: %(name)s."), name=other.name)
