"""What a refused rule says, in the request's language."""

from __future__ import annotations

from datetime import date, datetime

from portal.errors import RuleViolation
from portal.text import clock
from portal.web.dates import time_of_day, weekday_date
from portal.web.language import gettext


def refusal_text(refusal: RuleViolation) -> str:
    """The words of a refusal, with a day or a moment in it as people say it: "fredag 4. december kl. 17.30"."""
    return gettext(refusal.message, **{name: _said(value) for name, value in refusal.values.items()})


def _said(value: object) -> object:
    if isinstance(value, datetime):
        return f"{weekday_date(clock.day_of(value))} {time_of_day(value)}"
    if isinstance(value, date):
        return weekday_date(value)
    return value
