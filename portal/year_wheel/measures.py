"""What the year wheel tells about the promises of the strategy: when a duty was last done, on how many days of a year.

That nothing was seen of one is told where a year has gone by in the portal, and not of what holds for longer.
"""

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
from portal.year_wheel.wheel import duties_of, proving

A_YEAR = timedelta(days=365)


def _signs(clause_key: str, text: str) -> list[Sign]:
    now = clock.now()
    duties = duties_of(clause_key, text, clock.school_year(clock.day_of(now)))
    if not duties:
        return []
    since = clock.day_of(now) - A_YEAR
    proofs = proving(duties, current_app.extensions["portal.proofs"])
    seen = queries.list_signs(since, proofs, [duty.key for duty in duties], now=now)
    days_of = {duty.key: {one.done_on for one in seen if one.kind in (duty.key, *duty.proofs)} for duty in duties}
    is_quiet = {duty.key for duty in duties if not days_of[duty.key] and duty.holds_years == 1}
    if is_quiet and not queries.was_used_before(since):
        is_quiet = set()
    return [_sign(duty, days_of[duty.key]) for duty in duties if days_of[duty.key] or duty.key in is_quiet]


def _sign(duty: DutyLine, days: set[date]) -> Sign:
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
