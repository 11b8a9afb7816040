"""The meetings that come, as a front page shows them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, or_, select, type_coerce

from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.database.prepared import AnySelect, param, params, prepared

#: Of the meetings to be held next; a council's own page has them all.
NEXT_ONES = 4
#: A meeting nobody has started stays on the pages this long after its time.
LATE = timedelta(days=1)


def list_next(council_ids: Collection[int], *, now: datetime) -> Sequence[Any]:
    """The meetings of these councils that go on or come next, the first one first, as rows."""
    return _next_ones.rows(councils=sorted(council_ids), since=now - LATE) if council_ids else ()


@prepared
def _next_ones() -> AnySelect:
    is_next = or_(
        CouncilMeeting.state == MeetingState.IN_PROGRESS,
        (CouncilMeeting.state == MeetingState.PLANNED) & (CouncilMeeting.starts_at >= param("since", datetime)),
    )
    return (
        select(
            CouncilMeeting.id,
            CouncilMeeting.council_id,
            type_coerce(CouncilMeeting.state, String).label("state"),
            CouncilMeeting.starts_at,
            CouncilMeeting.place,
        )
        .where(CouncilMeeting.council_id.in_(params("councils", int)), is_next)
        .order_by(CouncilMeeting.starts_at, CouncilMeeting.id)
        .limit(NEXT_ONES)
    )
