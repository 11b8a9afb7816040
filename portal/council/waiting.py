"""What the front page says of somebody's councils: the meetings that come, and what waits for whoever helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import String, func, null, or_, select, type_coerce, union_all

from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.council.models import Council
from portal.database.prepared import AnySelect, param, params, prepared
from portal.database.tagged import constant
from portal.database.types import UTCDateTime

#: Of the meetings to be held next; a council's own page has them all.
NEXT_ONES = 4
#: A meeting nobody has started stays on the pages this long after its time.
LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CouncilsToCome:
    """The meetings that go on or come next, the first one first, and by council what waits for whoever helps.

    That is how many words of classes wait for an answer, and how many minutes for approval.
    """

    meetings: Sequence[Any] = ()
    classes: Counter[int] = field(default_factory=Counter)
    minutes: Counter[int] = field(default_factory=Counter)


def look_ahead(council_ids: Collection[int], facilitated: Collection[int], *, now: datetime) -> CouncilsToCome:
    """What comes in these councils, and what waits in those somebody helps: one statement for all."""
    if not council_ids:
        return CouncilsToCome()
    rows = _ahead.rows(councils=sorted(council_ids), helped=sorted(facilitated), since=now - LATE)
    meetings = [row for row in rows if row.what == "meeting"]
    counts: dict[str, Counter[int]] = {"classes": Counter(), "minutes": Counter()}
    for row in rows:
        if row.what != "meeting":
            counts[row.what][row.council_id] = row.id
    return CouncilsToCome(tuple(sorted(meetings, key=attrgetter("starts_at", "id"))), **counts)


@prepared
def _ahead() -> AnySelect:
    is_next = or_(
        CouncilMeeting.state == MeetingState.IN_PROGRESS,
        (CouncilMeeting.state == MeetingState.PLANNED) & (CouncilMeeting.starts_at >= param("since", datetime)),
    )
    coming = (
        select(
            constant("meeting").label("what"),
            CouncilMeeting.id,
            CouncilMeeting.council_id,
            type_coerce(CouncilMeeting.state, String).label("state"),
            CouncilMeeting.starts_at,
            CouncilMeeting.place,
            Council.name,
        )
        .join(Council, Council.id == CouncilMeeting.council_id)
        .where(CouncilMeeting.council_id.in_(params("councils", int)), is_next)
        .order_by(CouncilMeeting.starts_at, CouncilMeeting.id)
        .limit(NEXT_ONES)
        .subquery()
    )
    nothing = (constant("").label("state"), type_coerce(null(), UTCDateTime()), constant(""), constant(""))
    return union_all(
        select(coming),
        select(constant("classes"), func.count(), ClassInput.council_id, *nothing)
        .where(ClassInput.council_id.in_(params("helped", int)), ClassInput.ending.is_(None))
        .group_by(ClassInput.council_id),
        select(constant("minutes"), func.count(), CouncilMeeting.council_id, *nothing)
        .where(CouncilMeeting.council_id.in_(params("helped", int)), CouncilMeeting.state == MeetingState.MINUTES_DRAFT)
        .group_by(CouncilMeeting.council_id),
    )
