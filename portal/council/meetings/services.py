"""Planning and running a council's meetings, and the minutes they leave."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.council.class_inputs.queries import count_waiting_for_reply, is_answered_at, list_voices
from portal.council.meetings import agenda, queries
from portal.council.meetings.models import (
    AgendaItem,
    CouncilMeeting,
    ItemKind,
    ItemState,
    MeetingState,
    MinutesCorrection,
)
from portal.council.meetings.openers import list_openers
from portal.council.meetings.turns import lock_meeting
from portal.council.models import Council
from portal.council.screen.queries import stamp_of
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.notifications.services import recall
from portal.people import Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import begin_deciding, stop_deciding
from portal.strategy.replies.queries import list_unread
from portal.text import clock

#: How long after a meeting its day can be put right.
WRITTEN_DOWN_WITHIN = timedelta(days=62)


def plan_meeting(council: Council, *, starts_at: datetime, place: str, actor: Person, now: datetime) -> CouncilMeeting:
    """A new meeting; what was put off or not reached stands on its agenda by itself.

    Raises RuleViolation for a time gone by, and for one at which a meeting of the council is planned already.
    """
    if starts_at < now:
        raise RuleViolation(N_("That time is over. Choose a time that is still to come."))
    lock_row(council)  # what is postponed at this moment stands on this agenda or is put on it
    if queries.is_planned_at(council.id, starts_at):
        raise RuleViolation(N_("A meeting is planned for that time already. You find it on the council's page."))
    meeting = CouncilMeeting(council_id=council.id, starts_at=starts_at, place=place)
    db.session.add(meeting)
    acts.record(actor, ActKind.COUNCIL_MEETING_PLANNED, meeting, now=now)
    agenda.carry_on(council, now=now)
    return meeting


def cancel_meeting(meeting: CouncilMeeting, *, actor: Person, now: datetime) -> None:
    """Call a meeting off; the council is told that, and no more that it was planned. Its agenda is carried on.

    Raises Conflict when it has begun.
    """
    lock_row(meeting.council)
    lock_meeting(meeting, MeetingState.PLANNED)
    meeting.state = MeetingState.CANCELLED
    recall([ActKind.COUNCIL_MEETING_PLANNED], meeting.id)
    acts.record(actor, ActKind.COUNCIL_MEETING_CANCELLED, meeting, now=now)
    agenda.carry_on(meeting.council, now=now)


def start_meeting(meeting: CouncilMeeting, *, now: datetime) -> None:
    """Begin a meeting: what it decides about rests until it has.

    Answers that nobody has read aloud and the leadership's questions come first, then what earlier meetings left.
    Raises RuleViolation for an empty agenda, and while another meeting of the council goes on.
    """
    lock_row(meeting.council)
    lock_meeting(meeting, MeetingState.PLANNED)
    if queries.get_going_on(meeting.council_id):
        raise RuleViolation(N_("Another meeting of the council is still going on. End that one first."))
    agenda.carry_on(meeting.council, now=now, to=meeting)
    agenda.put_first(meeting, list_openers(meeting.council_id, now=now))
    items = queries.items_of(meeting.id)
    if not items:
        raise RuleViolation(N_("Put something on the agenda first."))
    for item in items:
        if item.amendment and item.kind is ItemKind.DECIDE:
            item.was_postponed = begin_deciding(item.amendment)
    meeting.state = MeetingState.IN_PROGRESS
    meeting.held_on, meeting.began_at, meeting.kept_name = clock.day_of(now), now, meeting.council.name


def undo_start(meeting: CouncilMeeting) -> None:
    """Take back a start by mistake: the meeting is still to come, and its agenda and words stand as they did before.

    Raises RuleViolation once something is written down.
    """
    lock_meeting(meeting, MeetingState.IN_PROGRESS)
    items = queries.items_of(meeting.id)
    is_written = any(item.notes or item.vote_id or item.state is not ItemState.WAITING for item in items)
    if is_written or queries.attendance_of(meeting.id) or is_answered_at(meeting.id):
        raise RuleViolation(N_("Something is written down already, so the meeting has begun. End it instead."))
    for item in items:
        if decided := _decided_by(item, meeting):
            stop_deciding(decided, was_postponed=item.was_postponed)
        if item.stood_at is not None:
            item.position = item.stood_at
        item.told, item.was_postponed, item.stood_at = "", False, None
        if item.is_opener:
            agenda.drop(item)
    meeting.state = MeetingState.PLANNED
    meeting.held_on, meeting.began_at, meeting.kept_name = None, None, ""


def _decided_by(item: AgendaItem, meeting: CouncilMeeting) -> Amendment | None:
    """The suggestion a meeting decides about at an item: what it only talks of may be with another council by now."""
    amendment = item.amendment if item.kind is ItemKind.DECIDE else None
    return amendment if amendment and amendment.council_id == meeting.council_id else None


def change_day(meeting: CouncilMeeting, day: date, *, now: datetime) -> None:
    """Say on which day a meeting really was, when it was written down afterwards.

    Raises RuleViolation for a day that is still to come or long ago, Conflict when the minutes are approved.
    """
    lock_meeting(meeting, MeetingState.IN_PROGRESS, MeetingState.MINUTES_DRAFT)
    if not clock.day_of(now) - WRITTEN_DOWN_WITHIN <= day <= clock.day_of(now):
        raise RuleViolation(N_("Choose the day the meeting was held, within the last two months."))
    meeting.held_on = day


def close_meeting(meeting: CouncilMeeting, reached: Collection[int] = (), *, now: datetime) -> None:
    """End a meeting. What it did not decide stays before the council, and what it did not reach is carried on.

    `reached` are items that were talked about although nothing is written of them.
    """
    lock_row(meeting.council)
    lock_meeting(meeting, MeetingState.IN_PROGRESS)
    items = queries.items_of(meeting.id)
    unheard = {reply.amendment_id for reply in list_unread(meeting.council_id, today=clock.day_of(now))}
    heard = {item.id for item in items if item.told and item.amendment_id not in unheard}
    agenda.end_items(meeting, items, heard.union(reached))
    for item in items:
        if item.vote_id is None and (decided := _decided_by(item, meeting)):
            stop_deciding(decided)
    meeting.state, meeting.ended_at = MeetingState.MINUTES_DRAFT, now
    agenda.carry_on(meeting.council, now=now)


def approve_minutes(meeting: CouncilMeeting, *, seen: str, actor: Person, now: datetime) -> None:
    """Approve the minutes: from now on nothing in them changes, and each class team is told that its sheet is ready.

    Raises RuleViolation while a class that said something about what the meeting came to has no line back, and Conflict
    when they do not say what was `seen` any more.
    """
    lock_meeting(meeting, MeetingState.MINUTES_DRAFT)
    check_unchanged(stamp_of(meeting.id), seen)
    if many := count_waiting_for_reply(meeting.id):
        raise RuleViolation(
            N_("Classes still wait for a line back: %(many)s. Answer them first, so that each hears what came of it."),
            many=many,
        )
    meeting.state, meeting.approved_at = MeetingState.MINUTES_APPROVED, now
    acts.record(actor, ActKind.MINUTES_APPROVED, meeting, now=now)
    classes = list_voices(meeting.council, on=clock.day_of(now))
    acts.record_all([acts.made(actor, ActKind.CLASS_SHEET_READY, voice, now) for voice in classes])


def correct_minutes(meeting: CouncilMeeting, *, text: str, actor: Person, now: datetime) -> None:
    """Add to approved minutes what has to be put right; what they said before stays as it was (domain 3.4).

    Raises Conflict for minutes that are not approved: there the text itself is changed.
    """
    lock_row(meeting)
    if meeting.state is not MeetingState.MINUTES_APPROVED:
        raise Conflict(N_("These minutes are not approved yet. Change what they say instead."))
    db.session.add(MinutesCorrection(meeting_id=meeting.id, text=text, corrected_at=now))
    acts.record(actor, ActKind.MINUTES_CORRECTED, meeting, now=now)
