"""How a duty stands on a day: pure rules over dates (domain 3.9).

Nothing is late in a week without school, nor in the first six school weeks of a year, of a class or of the portal; and
what a window that had gone by before that day held is not noted, which is no reproach.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from portal.text import clock
from portal.text.workdays import SchoolDays, monday_of
from portal.updates.cadence.rhythm import Cadence, Stage
from portal.year_wheel.models import DutyLine

WEEKS_OF_GRACE = 6
SOON = timedelta(weeks=6)
MONTHS = 12


class State(StrEnum):
    """How a duty stands: its window lies ahead (`LATER`, or `SOON`), is open, or has gone by."""

    LATE = "late"
    OPEN = "open"
    SOON = "soon"
    DONE = "done"
    LATER = "later"
    NOT_NOTED = "not_noted"


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when a duty is to be done in a school year, both days included."""

    opens_on: date
    closes_on: date


def place_in_year(month: int) -> int:
    """Which month of the school year it is, from 0 for August."""
    return (month - clock.FIRST_MONTH_OF_SCHOOL_YEAR) % MONTHS


def window_of(duty: DutyLine, school_year: int) -> Window:
    """A duty's window in a school year; February has the days it has that year."""
    return _window(duty.opens_in, duty.closes_in, school_year)


@lru_cache(maxsize=256)
def _window(opens_in: int, closes_in: int, school_year: int) -> Window:
    opens, closes = (
        (school_year + (month < clock.FIRST_MONTH_OF_SCHOOL_YEAR), month) for month in (opens_in, closes_in)
    )
    return Window(date(*opens, 1), date(*closes, monthrange(*closes)[1]))


@dataclass(frozen=True, slots=True)
class Year:
    """A school year as it is looked at on a day, with the school's own calendar and rhythm of news."""

    school_year: int
    today: date
    days: SchoolDays
    every_weeks: int

    @property
    def is_over(self) -> bool:
        """Whether the school year has ended."""
        return self.today > clock.last_day(self.school_year)

    def is_spared(self, since: date) -> bool:
        """Whether nothing is late today for whoever has been there since a day."""
        first = self.days.first_from(max(since, clock.first_day(self.school_year)))
        has_school = bool(self.days.in_week(monday_of(self.today)))
        return not has_school or self.today < self.days.weeks_after(first, WEEKS_OF_GRACE)

    def state(self, duty: DutyLine, done: Collection[date], *, is_noted: bool, since: date) -> State:
        """How a duty stands for the school, a class or a council that has been there since a day.

        `done` are the days, in order, on which a room knows it was done this school year; `is_noted` that somebody
        noted it, which is enough. Of a duty for one time what came before its window proves nothing.
        """
        if duty.is_by_weeks:
            return self._by_weeks(max(done, default=None), since)
        window = window_of(duty, self.school_year)
        if is_noted or is_done(duty, done, window):
            return State.DONE
        if self.is_over:
            return State.NOT_NOTED
        if self.today > window.closes_on:
            if window.closes_on < max(since, duty.window_since or since):
                return State.NOT_NOTED
            return State.OPEN if self.is_spared(since) else State.LATE
        if self.today >= window.opens_on:
            return State.OPEN
        return State.SOON if self.today >= window.opens_on - SOON else State.LATER

    def _by_weeks(self, last: date | None, since: date) -> State:
        if self.is_over:
            return State.DONE if last else State.NOT_NOTED
        stage = Cadence(self.every_weeks, self.days).standing(last, since, self.today).stage
        if stage is Stage.OVERDUE and not self.is_spared(since):
            return State.LATE
        return State.DONE if stage is Stage.ON_TIME and last else State.OPEN


def is_done(duty: DutyLine, done: Iterable[date], window: Window) -> bool:
    """Whether what was done on these days is enough."""
    return sum(duty.times > 1 or day >= window.opens_on for day in done) >= duty.times


def of_all(states: Collection[State]) -> State:
    """How a duty of several stands: late when one of them is late, done when all are; LATER for none.

    Those of which nothing is noted do not count while there are others.
    """
    counted = {state for state in states if state is not State.NOT_NOTED}
    if states and not counted:
        return State.NOT_NOTED
    for state in (State.LATE, State.OPEN, State.SOON, State.LATER, State.DONE):
        if state in counted:
            return state
    return State.LATER
