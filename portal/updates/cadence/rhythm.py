"""How often a class team tells its homes how the class is doing: pure rules over dates (domain 3.5).

Every school year begins anew. Within it the next news is due so many school weeks after the last, or after the first
school day; weeks without school are no weeks.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.text import clock
from portal.text.workdays import SchoolDays, monday_of


class Stage(StrEnum):
    """How a class stands: `DUE` is the last school week before news is due."""

    ON_TIME = "on_time"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Standing:
    """How one class stands today. `weeks_late` counts the school weeks begun since the one in which it was due."""

    last_told_on: date | None
    due_on: date
    stage: Stage
    weeks_late: int


@dataclass(frozen=True, slots=True)
class Week:
    """One school week of a class: how often its homes were told in it, and whether it began with news overdue."""

    monday: date
    told_count: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Cadence:
    """The rule of one school: every so many school weeks, in its own calendar."""

    every: int
    days: SchoolDays

    def begins_on(self, since: date, today: date) -> date:
        """The day a class that has told nothing this school year counts from: the first school day it was there."""
        return self.days.first_from(max(since, clock.first_day(clock.school_year(today))))

    def due_after(self, day: date) -> date:
        """The day by which the homes hear again after having been told on a day."""
        return self.days.weeks_after(self._counted_from(day), self.every)

    def _counted_from(self, day: date) -> date:
        """The day itself, or the first school day of the next school year when the time runs out in that one."""
        year = clock.school_year(day)
        if self.days.weeks_after(day, self.every) <= clock.last_day(year):
            return day
        return self.days.first_from(clock.first_day(year + 1))

    def standing(self, last_told_on: date | None, since: date, today: date) -> Standing:
        """How a class stands that last told on a day, or never, and counts from another: nothing before it is late."""
        first = max(since, clock.first_day(clock.school_year(today)))
        is_counted = last_told_on is not None and last_told_on >= first
        told_on = last_told_on if last_told_on is not None and is_counted else self.begins_on(since, today)
        due_on = self.due_after(told_on)
        if today > due_on:
            return Standing(last_told_on, due_on, Stage.OVERDUE, self.days.weeks_between(due_on, today))
        is_near = today >= self._near_from(self._counted_from(told_on), due_on)
        return Standing(last_told_on, due_on, Stage.DUE if is_near else Stage.ON_TIME, 0)

    def _near_from(self, counted_from: date, due_on: date) -> date:
        if self.every == 1:
            return self.days.in_week(monday_of(due_on))[0]
        return self.days.weeks_after(counted_from, self.every - 1)

    def weeks(self, tellings: Collection[date], since: date, today: date) -> list[Week]:
        """Every school week of this school year until today, oldest first.

        What was told in the holidays stands in the school week before them, or in the first of the year.
        """
        told, begins_on = sorted(day for day in tellings if day >= since), self.begins_on(since, today)
        mondays = list(self.days.weeks(begins_on, today))
        return [
            Week(monday, count, self._is_late(told, begins_on, self.days.in_week(monday)[0]))
            for monday, count in zip(mondays, _count_by_week(told, mondays), strict=True)
        ]

    def _is_late(self, told: Sequence[date], begins_on: date, day: date) -> bool:
        """Whether news is overdue when a day begins."""
        place = bisect_left(told, day)
        return self.due_after(told[place - 1] if place else begins_on) < day


def _count_by_week(told: Sequence[date], mondays: Sequence[date]) -> list[int]:
    counts = [0] * len(mondays)
    for day in told if mondays else ():
        counts[max(bisect_right(mondays, day) - 1, 0)] += 1
    return counts
