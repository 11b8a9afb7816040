"""What the year wheel tells about the promises of the strategy: when a duty was last done, on how many days of a year.

That nothing was seen of one is told where a year has gone by in the portal, and not of what holds for longer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from flask import current_app
from sqlalchemy import Select

from portal.acts.models import Act
from portal.database.prepared import param, params
from portal.database.tagged import constant
from portal.database.types import UTCDateTime
from portal.measures import A_YEAR, Asked, Measure, Sign, seen
from portal.proofs import Proof
from portal.text import clock
from portal.web.dates import near_date
from portal.web.language import gettext, ngettext
from portal.year_wheel import queries
from portal.year_wheel.models import DutyLine, NotedProof
from portal.year_wheel.presenters import title_of
from portal.year_wheel.wheel import duties_of, proving

#: What was noted by hand of these duties, under their keys.
NOTED = seen(kind=NotedProof.key, done_on=NotedProof.done_on).where(
    NotedProof.key.in_(params("keys", str)),
    NotedProof.done_on.between(param("first", date), param("last", date)),
)
#: The first thing that anybody has done in the portal: of one younger than a year nothing is said to be missing.
FIRST_ACT = seen(kind=constant("first_act"), done_at=Act.at).where(Act.id == queries.id_of_first_act())


@cache
def _shown_by(proof: Proof) -> Select[*tuple[Any, ...]]:
    """The days or moments of a year on which a room knows that something was done."""
    _, when = proof.done.subquery().c
    if isinstance(when.type, UTCDateTime):
        within = when.between(param("since", datetime), param("until", datetime))
        return seen(kind=constant(proof.kind), done_at=when).where(within)
    within = when.between(param("first", date), param("last", date))
    return seen(kind=constant(proof.kind), done_on=when).where(within)


def _about(clause_key: str, text: str) -> Asked | None:
    today = clock.today()
    duties = duties_of(clause_key, text, clock.school_year(today))
    if not duties:
        return None
    parts = tuple(_shown_by(proof) for proof in proving(duties, current_app.extensions["portal.proofs"]))
    keys = [duty.key for duty in duties]
    return Asked((*parts, NOTED, FIRST_ACT), partial(_signs, duties, today - A_YEAR), {"keys": keys})


def _signs(duties: Sequence[DutyLine], since: date, rows: Sequence[Any]) -> list[Sign]:
    days_of: dict[str, set[date]] = {}
    for row in rows:
        days_of.setdefault(row.kind, set()).add(row.done_on or clock.day_of(row.done_at))
    was_used = any(day < since for day in days_of.pop("first_act", ()))
    signs = []
    for duty in duties:
        days = set[date]().union(*(days_of.get(kind, ()) for kind in (duty.key, *duty.proofs)))
        if days or (duty.holds_years == 1 and was_used):
            signs.append(_sign(duty, days))
    return signs


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


MEASURES = (Measure(_about),)
