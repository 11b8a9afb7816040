"""Who is at a meeting: those who came, those who left early, and never more from a class than it has places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from portal.council import queries as councils
from portal.council.meetings import queries
from portal.council.meetings.models import Attendance, CouncilMeeting, MeetingState
from portal.council.meetings.turns import lock_meeting
from portal.database import db
from portal.database.stamps import stamp_of
from portal.errors import N_, Conflict, RuleViolation


def note_attendance(meeting: CouncilMeeting, member_ids: Collection[int], *, seen: str) -> None:
    """Write down who is here, in place of what was written before; who left early stays written down as gone.

    Raises Conflict when those who were written down are not those whose stamp was `seen` when this list was begun.
    Raises RuleViolation when somebody who was here at a result would be gone: late ones come, and nobody was not there;
    and when a class would have more here than it has places.
    """
    lock_meeting(meeting, MeetingState.IN_PROGRESS)
    before = {row.member_id: row for row in queries.attendance_of(meeting.id)}
    if before.keys() != set(member_ids) and stamp_of(before) != seen:
        raise Conflict(N_("Somebody else has written down who is here meanwhile. Look below, and save again."))
    missing = before.keys() - set(member_ids)
    if missing and queries.has_result(meeting.id):
        raise RuleViolation(
            N_("A result is written down, so those who were here stay on the list. Has somebody gone? Say so below.")
        )
    here = {member_id for member_id in member_ids if member_id not in before or before[member_id].left_at is None}
    _check_places(meeting, here)
    for member_id in missing:
        db.session.delete(before[member_id])
    new = sorted(set(member_ids) - before.keys())
    if councils.hold_seats(new) != new:
        raise Conflict(N_("The list has changed. Load the page again."))
    db.session.add_all(Attendance(meeting_id=meeting.id, member_id=member_id) for member_id in new)
    db.session.flush()


def leave_early(meeting: CouncilMeeting, member_id: int, *, now: datetime) -> None:
    """Somebody goes before the end: they were there, and have no hand from now on. Twice is once."""
    lock_meeting(meeting, MeetingState.IN_PROGRESS)
    row = _row_of(meeting, member_id)
    row.left_at = row.left_at or now
    db.session.flush()


def come_back(meeting: CouncilMeeting, member_id: int) -> None:
    """Somebody who had gone is here again. Raises RuleViolation when another one of the class sits there now."""
    lock_meeting(meeting, MeetingState.IN_PROGRESS)
    row = _row_of(meeting, member_id)
    here = {other.member_id for other in queries.attendance_of(meeting.id) if other.left_at is None}
    _check_places(meeting, here | {member_id})
    row.left_at = None
    db.session.flush()


def _row_of(meeting: CouncilMeeting, member_id: int) -> Attendance:
    row = db.session.get(Attendance, (meeting.id, member_id))
    if row is None:
        raise Conflict(N_("The list has changed. Load the page again."))
    return row


def _check_places(meeting: CouncilMeeting, here: Collection[int]) -> None:
    """A substitute sits for a member and not beside them; a class without a member has one place for its substitute."""
    day = queries.day_of(meeting)
    places = councils.count_places(meeting.council_id, today=day)
    seats = [seat for seat in councils.list_seats(meeting.council_id, today=day) if seat.id in here]
    for class_id, many in Counter(seat.school_class.id for seat in seats).items():
        if many > max(1, places.get(class_id, 0)):
            label = next(seat.school_class.label for seat in seats if seat.school_class.id == class_id)
            raise RuleViolation(
                N_(
                    "%(label)s has more here than it has places. A substitute sits there when a member is not here, "
                    "and not beside them."
                ),
                label=label,
            )
