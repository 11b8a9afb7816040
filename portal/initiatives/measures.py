"""What initiatives tell about the promises of the strategy: when one was last begun, and on how many days of a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func

from portal.database.prepared import param
from portal.initiatives.models import Initiative, InitiativeClause
from portal.initiatives.queries import list_begun_about
from portal.measures import Asked, Measure, Sign, seen
from portal.web.dates import near_date
from portal.web.language import ngettext

#: The last day of a year on which anybody began something about a promise, and on how many days: never who.
LAST_BEGUN = (
    seen(done_on=func.max(Initiative.starts_on), times=func.count(func.distinct(Initiative.starts_on)))
    .join(InitiativeClause, InitiativeClause.initiative_id == Initiative.id)
    .where(InitiativeClause.clause_key == param("key", str))
    .where(Initiative.starts_on.between(param("first", date), param("last", date)))
)


def _about(clause_key: str, text: str) -> Asked:
    return Asked((LAST_BEGUN,), _signs)


def _signs(rows: Sequence[Any]) -> list[Sign]:
    return [
        Sign(
            ngettext(
                "An initiative about this point was last begun %(day)s. That was %(num)s time in the last year.",
                "An initiative about this point was last begun %(day)s. That was %(num)s times in the last year.",
                row.times,
                day=near_date(row.done_on),
            )
        )
        for row in rows
        if row.done_on
    ]


MEASURES = (Measure(_about, list_begun_about),)
