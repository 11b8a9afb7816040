"""What the school's fixed days tell about the promises of the strategy: when each was last, and how often in a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

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


class _Told(NamedTuple):
    """A fixed day as it is told beside a promise: one that was split by a change, or came again, is one."""

    title: str
    done_on: date
    times: int


def _about(clause_key: str, text: str) -> Asked:
    def signs(rows: Sequence[Any]) -> list[Sign]:
        found: dict[str, _Told] = {}
        for row in sorted(rows, key=attrgetter("done_on")):
            if clause_key in row.points:
                before = found.get(row.title.casefold())
                times = row.times + (before.times if before else 0)
                found[row.title.casefold()] = _Told(row.title, row.done_on, times)
        return [_sign(found[title]) for title in sorted(found)]

    return Asked((LAST_HELD,), signs)


def _sign(row: _Told) -> Sign:
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
