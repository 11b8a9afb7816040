"""What initiatives tell about the promises of the strategy: when one was last begun, and on how many days of a year."""

from __future__ import annotations

from datetime import timedelta

from portal.initiatives.queries import last_begun, list_begun_about
from portal.room import Measure, Sign
from portal.text import clock
from portal.web.dates import near_date
from portal.web.language import ngettext

A_YEAR = timedelta(days=365)


def _signs(clause_key: str, text: str) -> list[Sign]:
    today = clock.today()
    begun = last_begun(clause_key, since=today - A_YEAR, today=today)
    if begun is None:
        return []
    last_on, days = begun
    words = ngettext(
        "An initiative about this point was last begun %(day)s. That was %(num)s time in the last year.",
        "An initiative about this point was last begun %(day)s. That was %(num)s times in the last year.",
        days,
        day=near_date(last_on),
    )
    return [Sign(words)]


MEASURES = (Measure(_signs, list_begun_about),)
