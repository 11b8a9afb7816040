"""Within which days each round can be held: school weeks, so many apart, and none that holidays cut short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.text import clock
from portal.text.workdays import SchoolDays, monday_of

_WEEK = timedelta(days=7)
#: A round lasts two weeks at the most, also where there are more between two.
LONGEST = 2
#: How many school weeks may lie between the beginnings of two rounds, the usual ones first.
WEEKS_APART = (4, 3, 2, 5, 6)
#: So many weeks ahead a plan may begin.
FARTHEST_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a round, from a Monday to a Sunday."""

    starts_on: date
    ends_on: date


def beginnings(days: SchoolDays, today: date) -> list[date]:
    """The Mondays on which a plan may begin: those of school weeks, from the next one on."""
    first = monday_of(today) + _WEEK
    return list(days.weeks(first, first + FARTHEST_WEEKS * _WEEK))


def windows(days: SchoolDays, first: date, count: int, weeks_apart: int) -> list[Window]:
    """The windows of so many rounds from a week on; fewer where the school year ends before."""
    weeks = list(days.weeks(first, clock.last_day(clock.school_year(first))))
    found = []
    for place in range(0, len(weeks), weeks_apart)[:count]:
        following = weeks[place + 1] if place + 1 < len(weeks) else None
        is_long = weeks_apart >= LONGEST and following == weeks[place] + _WEEK
        last = weeks[place] + (LONGEST if is_long else 1) * _WEEK
        found.append(Window(weeks[place], last - timedelta(days=1)))
    return found
