"""What class teams' news tells about the promises of the strategy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func

from portal.database.prepared import param
from portal.measures import Asked, Measure, Sign, seen
from portal.text import clock
from portal.updates.desk.queries import list_spoken_of
from portal.updates.models import UpdateClause
from portal.web.dates import near_date
from portal.web.language import gettext

#: The moment some class's team last wrote home about a promise; never which class, nor what (domain 3.9).
LAST_SPOKEN = seen(done_at=func.max(UpdateClause.published_at)).where(UpdateClause.clause_key == param("key", str))


def _about(clause_key: str, text: str) -> Asked:
    return Asked((LAST_SPOKEN,), _signs)


def _signs(rows: Sequence[Any]) -> list[Sign]:
    days = [near_date(clock.day_of(row.done_at)) for row in rows if row.done_at]
    return [Sign(gettext("A class team last wrote home about this %(day)s.", day=day)) for day in days]


MEASURES = (Measure(_about, list_spoken_of),)
