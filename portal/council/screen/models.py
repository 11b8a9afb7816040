"""What a big screen asks again and again; it has no table."""

from __future__ import annotations

from dataclasses import dataclass

from portal.council.meetings.models import MeetingState


@dataclass(frozen=True, slots=True)
class Pulse:
    """How far a meeting has come, as a stamp that changes with whatever the screen shows."""

    meeting_id: int
    council_id: int
    state: MeetingState
    stamp: str
