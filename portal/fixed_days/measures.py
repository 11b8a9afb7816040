"""What the school's fixed days tell about the promises of the strategy: when each was last, and how often in a year."""

from __future__ import annotations

from datetime import date, timedelta

from portal.fixed_days.queries import list_last_held
from portal.room import Measure, Sign
from portal.text import clock
from portal.web.dates import near_date
from portal.web.language import ngettext

A_YEAR = timedelta(days=365)


def _signs(clause_key: str, text: str) -> list[Sign]:
    today = clock.today()
    return [
        Sign(
            ngettext(
                "%(title)s: last %(day)s, %(num)s time within a year.",
                "%(title)s: last %(day)s, %(num)s times within a year.",
                row.times,
                title=row.title,
                day=near_date(row.last_on),
            )
        )
        for row in list_last_held(today - A_YEAR, today)
        if clause_key in row.points
    ]


def _seen(first: date, last: date) -> set[str]:
    return {key for row in list_last_held(first, last) for key in row.points}


MEASURES = (Measure(_signs, _seen),)
