"""Taking a meeting's turn: everything that changes one holds its row first, and knows that it still is where it was."""

from __future__ import annotations

from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.database.transactions import lock_row
from portal.errors import N_, Conflict


def lock_meeting(meeting: CouncilMeeting, *states: MeetingState) -> None:
    """Hold a meeting that is in one of these states. Raises Conflict when it has moved on, or has not begun."""
    lock_row(meeting)
    if meeting.state is MeetingState.PLANNED and MeetingState.PLANNED not in states:
        raise Conflict(N_("The meeting has not begun. Begin it on its own page first."))
    if meeting.state not in states:
        raise Conflict(N_("The meeting has moved on. Load the page again to see where it is."))
