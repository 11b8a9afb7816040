"""What comes due by itself with parent meetings: a name becomes protected, and a class goes over into others."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.name_guard.chores import cover_in
from portal.parent_meetings import services
from portal.parent_meetings.left_behind import list_left_behind


def _call_off(meeting_id: int, now: datetime) -> None:
    services.call_off_left_behind(meeting_id, now=now)


COVER = cover_in("parent meetings", services.cover_names)
CALL_OFF = Chore("call off parent meetings of empty classes", list_left_behind, _call_off, every=timedelta(minutes=10))
CHORES = (COVER, CALL_OFF)
