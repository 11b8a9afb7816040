"""Days at a Danish school: public holidays, computed; school days; weeks that count since there was school in them.

The 5th of June, the 24th and the 31st of December are no public holidays: a school that is closed then says so in its
calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from portal.errors import N_

#: Store Bededag was a public holiday for the last time in 2023 (act 214 of 6 March 2023).
LAST_PRAYER_DAY = 2023
SATURDAY = 5
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """Days without school, both ends included."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def meets(self, first: date, last: date) -> bool:
        """Whether the two have a day in common."""
        return self.starts_on <= last and self.ends_on >= first


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Meeus, Jones and Butcher)."""
    golden = year % 19
    century, in_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (in_century // 4) - moon - in_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def public_holidays(year: int) -> dict[date, str]:
    """The public holidays (helligdage) of a calendar year, in order, each with its name as a catalogue text."""
    sunday = easter(year)
    from_easter = {
        -3: N_("Maundy Thursday"),
        -2: N_("Good Friday"),
        0: N_("Easter Sunday"),
        1: N_("Easter Monday"),
        26: N_("Great Prayer Day"),
        39: N_("Ascension Day"),
        49: N_("Whit Sunday"),
        50: N_("Whit Monday"),
    }
    if year > LAST_PRAYER_DAY:
        del from_easter[26]
    return dict(
        sorted(
            {
                **{sunday + timedelta(days=distance): name for distance, name in from_easter.items()},
                date(year, 1, 1): N_("New Year's Day"),
                date(year, 12, 25): N_("Christmas Day"),
                date(year, 12, 26): N_("Second Day of Christmas"),
            }.items()
        )
    )


def summer_begins(year: int) -> date:
    """The first day of the pupils' summer holidays: the last Saturday of June (folkeskoleloven § 14 a)."""
    return last_weekday_until(date(year, 6, 30), SATURDAY)


def summer_ends(year: int) -> date:
    """The Sunday before most schools begin again: on the first Monday 44 days after the summer holidays began.

    So six weeks and the weekend they begin with; the law says only when they begin.
    """
    return summer_begins(year) + timedelta(days=43)


def last_weekday_until(day: date, weekday: int) -> date:
    """The last such day of a week that is not after a day."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def may_be_school_day(day: date) -> bool:
    """Whether there can be school on a day at all: no weekend, no public holiday, not in the lawful summer holidays.

    They last at least until the school year ends on 31 July; how far into August is in the school's calendar.
    """
    is_summer = day.month in (6, 7) and day >= summer_begins(day.year)
    return day.weekday() < SATURDAY and not is_summer and day not in public_holidays(day.year)


def is_school_day(day: date, closed: Iterable[Period]) -> bool:
    """Whether the pupils of a school that is closed in these periods go to school on a day."""
    return may_be_school_day(day) and not any(day in period for period in closed)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


class SchoolDays:
    """The school days of a school that is closed in these periods.

    A *school week* is a week with at least one school day; others are passed over wherever weeks are counted. What has
    been found is kept, so that hundreds of classes cost little more than one.
    """

    def __init__(self, closed: Iterable[Period]) -> None:
        self.closed = tuple(closed)
        self._weeks: dict[date, tuple[date, ...]] = {}
        self._later: dict[tuple[date, int], date] = {}

    def __contains__(self, day: date) -> bool:
        return day in self.in_week(monday_of(day))

    def in_week(self, monday: date) -> tuple[date, ...]:
        """The school days of the week that begins on this Monday, in order."""
        found = self._weeks.get(monday)
        if found is None:
            days = (monday + timedelta(days=number) for number in range(SATURDAY))
            found = self._weeks[monday] = tuple(day for day in days if is_school_day(day, self.closed))
        return found

    def first_from(self, day: date) -> date:
        """The first school day on a day or after it."""
        while day not in self:
            day += _DAY
        return day

    def days_after(self, day: date, count: int) -> date:
        """The school day so many (one or more) school days after a day."""
        while count:
            day += _DAY
            count -= day in self
        return day

    def weeks(self, first: date, last: date) -> Iterator[date]:
        """The Mondays of the school weeks from the first day's week to the last day's, both included."""
        monday = monday_of(first)
        while monday <= last:
            if self.in_week(monday):
                yield monday
            monday += _WEEK

    def weeks_between(self, day: date, later: date) -> int:
        """How many school weeks lie after a day's own week, up to a later day's week and with it."""
        return sum(1 for _ in self.weeks(monday_of(day) + _WEEK, later))

    def weeks_after(self, day: date, count: int) -> date:
        """The school day so many (one or more) school weeks after a day.

        It is the same day of the week. When there is no school then, it is the next school day of that week, or its
        last one; for a day of a week without school it is the last one as well. So a later beginning is never due
        earlier.
        """
        found = self._later.get((day, count))
        if found is None:
            found = self._later[day, count] = self._weeks_after(day, count)
        return found

    def _weeks_after(self, day: date, count: int) -> date:
        monday = monday_of(day)
        while count:
            monday += _WEEK
            count -= bool(self.in_week(monday))
        days = self.in_week(monday)
        weekday = day.weekday() if self.in_week(monday_of(day)) else SATURDAY
        wanted = monday + timedelta(days=weekday)
        return next((school_day for school_day in days if school_day >= wanted), days[-1])
