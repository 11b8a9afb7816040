"""How long people hold what they were chosen for, and which school years can be planned (domain 3.1). No Flask."""

from __future__ import annotations

from datetime import date

from portal.text import clock

#: From this month on the next school year's classes and teams can be entered.
NEXT_YEAR_OPENS_IN = 5
LAST_MONTH, LAST_DAY = 10, 31


def until_successors(today: date) -> date:
    """The last day of somebody chosen today, if no successor is entered before: 31 October of the next school year."""
    return date(clock.school_year(today) + 1, LAST_MONTH, LAST_DAY)


def open_years(today: date) -> tuple[int, ...]:
    """The school years that can be planned today: this one, and from May on the next."""
    year = clock.school_year(today)
    is_next_open = NEXT_YEAR_OPENS_IN <= today.month < clock.FIRST_MONTH_OF_SCHOOL_YEAR
    return (year, year + 1) if is_next_open else (year,)
