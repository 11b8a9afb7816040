"""What the year wheel tells about the promises of the strategy: when a duty was last done, and how often in a year."""

from __future__ import annotations

from datetime import date, timedelta

from flask import current_app

from portal.room import Measure, Sign
from portal.text import clock
from portal.web.dates import near_date
from portal.web.language import gettext, ngettext
from portal.year_wheel import queries
from portal.year_wheel.models import DutyLine
from portal.year_wheel.presenters import title_of
from portal.year_wheel.wheel import duties_of

A_YEAR = timedelta(days=365)


def _signs(clause_key: str, text: str) -> list[Sign]:
    now = clock.now()
    duties = duties_of(clause_key, text, clock.school_year(clock.day_of(now)))
    if not duties:
        return []
    since = clock.day_of(now) - A_YEAR
    proofs = current_app.extensions["portal.proofs"]
    seen = queries.list_signs(since, proofs, now=now)
    return [_sign(duty, [one.done_on for one in seen if one.kind in (duty.key, *duty.proofs)]) for duty in duties]


def _sign(duty: DutyLine, days: list[date]) -> Sign:
    title = title_of(duty)
    if not days:
        return Sign(gettext("%(title)s: nothing was seen of it for a year.", title=title), is_alive=False)
    return Sign(
        ngettext(
            "%(title)s: last %(day)s, %(num)s time within a year.",
            "%(title)s: last %(day)s, %(num)s times within a year.",
            len(days),
            title=title,
            day=near_date(max(days)),
        )
    )


MEASURES = (Measure(_signs),)
