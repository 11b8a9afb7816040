"""Planning and running a council's meetings, and the minutes they leave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.council.meetings import queries
from portal.council.meetings.models import (
    AgendaItem,
    Attendance,
    CouncilMeeting,
    ItemKind,
    MeetingState,
    MinutesCorrection,
)
from portal.council.meetings.openers import Opener, list_openers
from portal.council.models import Council
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.notifications.services import recall
from portal.people import Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import Hands, begin_deciding, decide_amendment, stop_deciding
from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import AmendmentState

MOST_ITEMS = 30


def plan_meeting(council: Council, *, starts_at: datetime, place: str, actor: Person, now: datetime) -> CouncilMeeting:
    """A new meeting; what was postponed stands on its agenda by itself. Raises RuleViolation for a time gone by."""
    if starts_at < now:
        raise RuleViolation(N_("That time is over. Choose a time that is still to come."))
    lock_row(council)  # what is postponed at this moment stands on this agenda or is put on it
    meeting = CouncilMeeting(council_id=council.id, starts_at=starts_at, place=place)
    db.session.add(meeting)
    acts.record(actor, ActKind.COUNCIL_MEETING_PLANNED, meeting, now=now)
    for amendment in queries.list_postponed(council.id, AmendmentState.POSTPONED):
        _append(meeting, ItemKind.DECIDE, amendment=amendment)
    return meeting


def cancel_meeting(meeting: CouncilMeeting, *, actor: Person, now: datetime) -> None:
    """Call a meeting off; the council is told that, and no more that it was planned.

    Raises Conflict when it has begun.
    """
    _lock(meeting, MeetingState.PLANNED)
    meeting.state = MeetingState.CANCELLED
    recall([ActKind.COUNCIL_MEETING_PLANNED], meeting.id)
    acts.record(actor, ActKind.COUNCIL_MEETING_CANCELLED, meeting, now=now)


def _lock(meeting: CouncilMeeting, *states: MeetingState) -> None:
    lock_row(meeting)
    if meeting.state not in states:
        raise Conflict(N_("The meeting has moved on. Load the page again to see where it is."))


def _append(
    meeting: CouncilMeeting,
    kind: ItemKind,
    *,
    title: str = "",
    heading: str = "",
    clause_key: str | None = None,
    amendment: Amendment | None = None,
) -> AgendaItem:
    item = AgendaItem(
        meeting_id=meeting.id,
        position=queries.last_position(meeting.id) + 1,
        kind=kind,
        title=title,
        heading=heading,
        clause_key=clause_key,
        amendment_id=amendment.id if amendment else None,
    )
    db.session.add(item)
    db.session.flush()
    return item


def add_item(
    meeting: CouncilMeeting,
    kind: ItemKind,
    *,
    title: str = "",
    heading: str = "",
    clause_key: str | None = None,
    amendment: Amendment | None = None,
) -> AgendaItem:
    """Put something on the agenda, also while the meeting goes on.

    Raises RuleViolation for an amendment that stands there already, an item about nothing, and too long an agenda.
    """
    _lock(meeting, MeetingState.PLANNED, MeetingState.IN_PROGRESS)
    items = queries.list_items(meeting.id)
    if len(items) >= MOST_ITEMS:
        raise RuleViolation(N_("The agenda is full. Keep the rest for the next meeting."))
    if amendment and any(item.amendment_id == amendment.id for item in items):
        raise RuleViolation(N_("That suggestion stands on the agenda already."))
    if not (title or heading or clause_key or amendment):
        raise RuleViolation(N_("Write what it is about, or choose something from the list."))
    if amendment and kind is ItemKind.DECIDE and meeting.state is MeetingState.IN_PROGRESS:
        begin_deciding(amendment)
    return _append(meeting, kind, title=title, heading=heading, clause_key=clause_key, amendment=amendment)


def remove_item(item: AgendaItem) -> None:
    """Take something off the agenda. Raises Conflict once the meeting has begun."""
    _lock(item.meeting, MeetingState.PLANNED)
    db.session.delete(item)


def start_meeting(meeting: CouncilMeeting, *, now: datetime) -> None:
    """Begin a meeting: what it decides about rests until it has.

    Answers that nobody has read aloud and the leadership's questions come first. Raises RuleViolation for an empty
    agenda.
    """
    _lock(meeting, MeetingState.PLANNED)
    _put_first(meeting, list_openers(meeting.council_id, now=now))
    items = queries.list_items(meeting.id)
    if not items:
        raise RuleViolation(N_("Put something on the agenda first."))
    for item in items:
        if item.amendment and item.kind is ItemKind.DECIDE:
            begin_deciding(item.amendment)
    meeting.state = MeetingState.IN_PROGRESS


def _put_first(meeting: CouncilMeeting, openers: Sequence[Opener]) -> None:
    """Let the agenda begin with these; what stands on it already is moved up."""
    items = {item.amendment_id: item for item in queries.list_items(meeting.id) if item.amendment_id}
    before_all = min([1, *(item.position for item in items.values())]) - len(openers)
    for place, opener in enumerate(openers, start=before_all):
        item = items.get(opener.amendment_id) or AgendaItem(
            meeting_id=meeting.id, kind=opener.kind, amendment_id=opener.amendment_id
        )
        item.position, item.title, item.notes = place, item.title or opener.question, item.notes or opener.reply
        db.session.add(item)
    db.session.flush()


def keep_what_was_seen(item: AgendaItem) -> None:
    """Copy the item's amendment as the meeting sees it; what is kept already stays (domain 3.3)."""
    amendment = item.amendment
    if amendment is None or item.kept_state is not None:
        return
    item.kept_kind, item.kept_title = amendment.kind, title_of(amendment)
    item.kept_base_text, item.kept_new_text = amendment.base_text, amendment.new_text
    item.kept_state = amendment.state


def note_attendance(meeting: CouncilMeeting, member_ids: Collection[int]) -> None:
    """Write down who is here, in place of what was written before.

    Raises RuleViolation when somebody who was here at a result would be gone: late ones come, and nobody was not there.
    """
    _lock(meeting, MeetingState.IN_PROGRESS)
    if any(item.vote_id for item in queries.list_items(meeting.id)) and queries.present_ids(meeting.id) - set(
        member_ids
    ):
        raise RuleViolation(N_("A result is written down, so those who were here then stay on the list."))
    db.session.execute(delete(Attendance).where(Attendance.meeting_id == meeting.id))
    db.session.add_all(Attendance(meeting_id=meeting.id, member_id=member_id) for member_id in sorted(member_ids))
    db.session.flush()


def record_result(
    item: AgendaItem,
    result: AmendmentState,
    *,
    yes: int,
    no: int,
    abstain: int,
    is_agreed: bool,
    revision: int,
    actor: Person,
    now: datetime,
) -> None:
    """Keep what the council decided about an item's amendment, with the hands that were counted.

    The facilitator writes the numbers and has no hand among them. What is postponed comes up at the next meeting that
    is planned already. Raises Conflict when the result stands there already, RuleViolation for hands that cannot be.
    """
    _lock(item.meeting, MeetingState.IN_PROGRESS)
    lock_row(item)
    if item.amendment is None or item.kind is not ItemKind.DECIDE:
        raise RuleViolation(N_("There is nothing to decide here."))
    if item.vote_id is not None:
        raise Conflict(N_("The result is written down already."))
    hands = Hands(yes, no, abstain, queries.count_present(item.meeting_id), is_agreed)
    vote = decide_amendment(item.amendment, result, hands, revision=revision, actor=actor, now=now)
    item.vote_id = vote.id
    keep_what_was_seen(item)
    if result is AmendmentState.POSTPONED:
        lock_row(item.meeting.council)
        for planned in queries.list_planned(item.council_id)[:1]:
            lock_row(planned)
            stands_there = any(other.amendment_id == item.amendment_id for other in queries.list_items(planned.id))
            if planned.state is MeetingState.PLANNED and not stands_there:
                _append(planned, ItemKind.DECIDE, amendment=item.amendment)


def write_notes(item: AgendaItem, *, notes: str, version: int) -> None:
    """What was said about an item. Raises Conflict for somebody else's newer words and for approved minutes."""
    _lock(item.meeting, MeetingState.IN_PROGRESS, MeetingState.MINUTES_DRAFT)
    check_version(item, version)
    item.notes = notes


def close_meeting(meeting: CouncilMeeting) -> None:
    """End a meeting. What it did not decide stays before the council."""
    _lock(meeting, MeetingState.IN_PROGRESS)
    for item in queries.list_items(meeting.id):
        keep_what_was_seen(item)
        if item.amendment and item.vote_id is None:
            stop_deciding(item.amendment)
    meeting.state = MeetingState.MINUTES_DRAFT


def approve_minutes(meeting: CouncilMeeting, *, actor: Person, now: datetime) -> None:
    """Approve the minutes: from now on nothing in them changes."""
    _lock(meeting, MeetingState.MINUTES_DRAFT)
    meeting.state, meeting.approved_at = MeetingState.MINUTES_APPROVED, now
    acts.record(actor, ActKind.MINUTES_APPROVED, meeting, now=now)


def correct_minutes(meeting: CouncilMeeting, *, text: str, actor: Person, now: datetime) -> None:
    """Add to approved minutes what has to be put right; what they said before stays as it was (domain 3.4).

    Raises Conflict for minutes that are not approved: there the text itself is changed.
    """
    lock_row(meeting)
    if meeting.state is not MeetingState.MINUTES_APPROVED:
        raise Conflict(N_("These minutes are not approved yet. Change what they say instead."))
    db.session.add(MinutesCorrection(meeting_id=meeting.id, text=text, corrected_at=now))
    acts.record(actor, ActKind.MINUTES_CORRECTED, meeting, now=now)
