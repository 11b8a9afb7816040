"""What a change split within its school year: the halves of one fixed day, which comes again next year as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

#: Days of their own, such as a day of sports in autumn and one in spring, are one only where they are this near.
NEAR = timedelta(days=7)


def last_half(row: Any, of_year: Sequence[Any]) -> Any:
    """The row that this one goes on in, as it was at last; itself where it was never split."""
    later = [other for other in of_year if _follows(other, row)]
    return last_half(min(later, key=_begins), of_year) if later else row


def first_day(row: Any, of_year: Sequence[Any]) -> date:
    """The first day of what this row goes on from."""
    earlier = [other for other in of_year if _follows(row, other)]
    return min((first_day(other, of_year) for other in earlier), default=_begins(row))


def is_last_half(row: Any, of_year: Iterable[Any]) -> bool:
    """Whether it goes on in no other row."""
    return not any(_follows(other, row) for other in of_year)


def _follows(later: Any, row: Any) -> bool:
    if later.title.casefold() != row.title.casefold() or later.starts_on <= row.ends_on:
        return False
    has_rhythm = later.weekday is not None or row.weekday is not None
    return has_rhythm or later.starts_on - row.ends_on <= NEAR


def _begins(row: Any) -> date:
    day: date = row.starts_on
    return day
