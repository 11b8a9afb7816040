"""Time as the school lives it: UTC inside, Copenhagen outside, school years from 1 August."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from portal.errors import N_, RuleViolation

SCHOOL_ZONE = ZoneInfo("Europe/Copenhagen")
FIRST_MONTH_OF_SCHOOL_YEAR = 8


def now() -> datetime:
    """The moment, in UTC; the one place that reads the wall clock, so tests can hold it still."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The moment on the school's wall clock."""
    return moment.astimezone(SCHOOL_ZONE)


def day_of(moment: datetime) -> date:
    """The date at the school (not the server's, and not UTC's between midnight and two)."""
    return local(moment).date()


def today() -> date:
    """The date at the school now; whoever is given the moment takes `day_of` it, so that the two never differ."""
    return day_of(now())


class NoSuchTime(RuleViolation):
    """The school's wall clock never shows this: it lies in the hour that is skipped in March."""

    def __init__(self, wall_time: time) -> None:
        super().__init__(
            N_("The clocks go forward that night, so %(time)s does not exist. Choose another time."),
            time=f"{wall_time:%H.%M}",
        )


def at_school(day: date, wall_time: time) -> datetime:
    """The moment at which the school's wall clock shows this, in UTC; the first of the two in October.

    Raises NoSuchTime for an hour that is skipped when the clocks go forward.
    """
    moment = datetime.combine(day, wall_time, SCHOOL_ZONE).astimezone(UTC)
    if local(moment).replace(tzinfo=None) != datetime.combine(day, wall_time):
        raise NoSuchTime(wall_time)
    return moment


def school_year(day: date) -> int:
    """The school year a day belongs to, named by its first calendar year: 2026 is 1 August 2026 to 31 July 2027."""
    return day.year if day.month >= FIRST_MONTH_OF_SCHOOL_YEAR else day.year - 1


def first_day(year: int) -> date:
    """The first day of a school year."""
    return date(year, FIRST_MONTH_OF_SCHOOL_YEAR, 1)


def last_day(year: int) -> date:
    """The last day of a school year."""
    return date(year + 1, FIRST_MONTH_OF_SCHOOL_YEAR - 1, 31)


def school_year_name(year: int) -> str:
    """A school year as people write it: 2026 is "2026/27"."""
    return f"{year}/{(year + 1) % 100:02d}"
