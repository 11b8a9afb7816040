"""What the school's fixed days tell about the promises of the strategy: when each was last, and how often in a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import func

from portal.database.prepared import param
from portal.fixed_days.models import FixedDate, FixedDay
from portal.fixed_days.queries import is_no_day_off, list_points_held
from portal.measures import Asked, Measure, Sign, seen
from portal.web.dates import near_date
from portal.web.language import ngettext

#: Each fixed day that was held within a year: its points, when it last was, and how often.
LAST_HELD = (
    seen(title=FixedDay.title, points=FixedDay.points, done_on=func.max(FixedDate.held_on), times=func.count())
    .join(FixedDay, FixedDay.id == FixedDate.fixed_day_id)
    .where(FixedDate.held_on.between(param("first", date), param("last", date)), is_no_day_off())
    .group_by(FixedDay.id, FixedDay.title, FixedDay.points)
)


def _about(clause_key: str, text: str) -> Asked:
    def signs(rows: Sequence[Any]) -> list[Sign]:
        return [_sign(row) for row in sorted(rows, key=attrgetter("title")) if clause_key in row.points]

    return Asked((LAST_HELD,), signs)


def _sign(row: Any) -> Sign:
    return Sign(
        ngettext(
            "%(title)s: last %(day)s, %(num)s time within a year.",
            "%(title)s: last %(day)s, %(num)s times within a year.",
            row.times,
            title=row.title,
            day=near_date(row.done_on),
        )
    )


MEASURES = (Measure(_about, list_points_held),)
