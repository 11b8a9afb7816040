"""What stands on a meeting's agenda: put up, put in order, taken one by one, and carried on when it was not reached."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import update

from portal.council.class_inputs.models import ClassInput
from portal.council.meetings import queries
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemKind, ItemState, MeetingState
from portal.council.meetings.openers import Opener
from portal.council.meetings.turns import lock_meeting
from portal.council.models import Council
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import current_clauses
from portal.strategy.amendments.services import begin_deciding
from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import AmendmentState

MOST_ITEMS = 30
#: What each pupil can have on an agenda that has not begun.
MOST_OF_ONE_PUPIL = 3


def add_item(
    meeting: CouncilMeeting,
    kind: ItemKind,
    *,
    actor: Person,
    title: str = "",
    heading: str = "",
    clause_key: str | None = None,
    amendment: Amendment | None = None,
) -> AgendaItem:
    """Put something on the agenda, also while the meeting goes on.

    Raises RuleViolation for an amendment that stands there already, an item about nothing, too long an agenda, and a
    pupil's fourth; Conflict for an amendment that went to another council meanwhile.
    """
    if amendment:
        lock_row(meeting.council)  # which waits for whoever makes the councils anew
    lock_meeting(meeting, MeetingState.PLANNED, MeetingState.IN_PROGRESS)
    if amendment:
        lock_row(amendment)
        if amendment.council_id != meeting.council_id:
            raise Conflict(N_("That suggestion is with another council by now."))
    items = queries.items_of(meeting.id)
    if len(items) >= MOST_ITEMS:
        raise RuleViolation(N_("The agenda is full. Keep the rest for the next meeting."))
    if actor.is_pupil and sum(item.put_up_by_id == actor.id for item in items) >= MOST_OF_ONE_PUPIL:
        raise RuleViolation(
            N_("You have put %(many)s things on this agenda. Take one off, or keep it for the next meeting."),
            many=MOST_OF_ONE_PUPIL,
        )
    if amendment and any(item.amendment_id == amendment.id for item in items):
        raise RuleViolation(N_("That suggestion stands on the agenda already."))
    if not (title or heading or clause_key or amendment):
        raise RuleViolation(N_("Write what it is about, or choose something from the list."))
    if amendment and kind is ItemKind.DECIDE and meeting.state is MeetingState.IN_PROGRESS:
        begin_deciding(amendment)
    item = AgendaItem(
        meeting_id=meeting.id,
        position=max((item.position for item in items), default=0) + 1,
        kind=kind,
        title=title,
        heading=heading,
        clause_key=clause_key,
        amendment_id=amendment.id if amendment else None,
        put_up_by_id=actor.id,
    )
    db.session.add(item)
    db.session.flush()
    return item


def remove_item(item: AgendaItem) -> None:
    """Take something off the agenda. Raises Conflict once the meeting has begun."""
    lock_meeting(item.meeting, MeetingState.PLANNED)
    drop(item)


def drop(item: AgendaItem) -> None:
    """Delete an item; what classes said about it is on its own from now on."""
    db.session.execute(update(ClassInput).where(ClassInput.item_id == item.id).values(item_id=None))
    db.session.delete(item)


def move_item_up(item: AgendaItem) -> None:
    """Let an item change places with the one above it; the first one stays. Raises Conflict after the meeting."""
    lock_meeting(item.meeting, MeetingState.PLANNED, MeetingState.IN_PROGRESS)
    items = queries.items_of(item.meeting_id)
    place = items.index(item)
    first = items[0].position
    if place:
        items[place - 1], items[place] = item, items[place - 1]
    for position, one in enumerate(items, start=first):
        one.position = position


def put_first(meeting: CouncilMeeting, openers: Sequence[Opener]) -> None:
    """Let the agenda begin with these; what stands on it already is moved up."""
    items = queries.items_of(meeting.id)
    standing = {item.amendment_id: item for item in items if item.amendment_id}
    first = min((item.position for item in items), default=1) - len(openers)
    for place, opener in enumerate(openers, start=first):
        item = standing.get(opener.amendment_id) or AgendaItem(
            meeting_id=meeting.id, kind=opener.kind, amendment_id=opener.amendment_id, is_opener=True
        )
        item.stood_at = item.position
        item.position, item.told = place, opener.question or opener.reply
        db.session.add(item)
    db.session.flush()


def carry_on(council: Council, *, now: datetime, to: CouncilMeeting | None = None) -> None:
    """Put what was postponed or not reached first on an agenda: of `to`, or of the next meeting that is to come.

    What no meeting is there for waits until one is planned; what is no longer before the council waits for nothing.
    """
    lock_row(council)
    target = to or queries.next_to_come(council.id, now=now)
    if target is None:
        return
    lock_row(target)
    left_over = queries.list_left_over(council.id, but_meeting_id=target.id)
    if target.state not in {MeetingState.PLANNED, MeetingState.IN_PROGRESS} or not left_over:
        return
    items = queries.items_of(target.id)
    standing = {item.amendment_id: item for item in items if item.amendment_id}
    place = min((item.position for item in items), default=1) - len(left_over)
    for item in left_over:
        item.is_carried = True
        if stands := standing.get(item.amendment_id or 0):
            _speak_of(stands, instead_of=item)
            continue
        copy = AgendaItem(
            meeting_id=target.id,
            position=place,
            kind=item.kind,
            title=item.title,
            heading=item.heading,
            clause_key=item.clause_key,
            amendment_id=item.amendment_id,
            put_up_by_id=item.put_up_by_id,
            carried_from_id=item.id,
        )
        db.session.add(copy)
        db.session.flush()
        _speak_of(copy, instead_of=item)
        if item.amendment_id:
            standing[item.amendment_id] = copy
        place += 1
    db.session.flush()


def _speak_of(item: AgendaItem, *, instead_of: AgendaItem) -> None:
    """Let what classes said about one item, and was answered at no meeting, be about another."""
    goes_along = (ClassInput.item_id == instead_of.id, ClassInput.meeting_id.is_(None))
    db.session.execute(update(ClassInput).where(*goes_along).values(item_id=item.id))


def bring_back(item: AgendaItem, *, to: AgendaItem | None = None) -> None:
    """Take what goes on from an item off the agenda to come, however often it was carried on since.

    What classes said about it is about the item again, or about `to`.
    """
    for copy in queries.list_copies(item.id):
        lock_row(copy.meeting)
        if copy.meeting.state is MeetingState.PLANNED:
            _speak_of(to or item, instead_of=copy)
            drop(copy)
        else:
            bring_back(copy, to=to or item)


def take_item(item: AgendaItem) -> None:
    """Let an item be the one the council is at; with the one before it the council is done. Twice is once."""
    lock_meeting(item.meeting, MeetingState.IN_PROGRESS)
    lock_row(item)
    leave_current(item.meeting, but=item.id)
    item.state = ItemState.CURRENT


def leave_item(item: AgendaItem) -> None:
    """Be done with an item. Twice is once, and when the council is at another one already, that one goes on."""
    lock_meeting(item.meeting, MeetingState.IN_PROGRESS)
    lock_row(item)
    if item.state is ItemState.CURRENT:
        leave_current(item.meeting)


def leave_current(meeting: CouncilMeeting, *, but: int = 0) -> None:
    """Be done with the item the council is at, unless it is that one."""
    for other in queries.items_of(meeting.id):
        if other.state is ItemState.CURRENT and other.id != but:
            keep_what_was_seen(other)
            other.state = _state_of(other, is_reached=True)


def put_off(item: AgendaItem) -> None:
    """Keep an item for the next meeting. Raises Conflict when the council has decided about it."""
    lock_meeting(item.meeting, MeetingState.IN_PROGRESS)
    lock_row(item)
    if item.vote_id is not None:
        raise Conflict(N_("The result is written down already."))
    item.state = ItemState.POSTPONED


def write_notes(item: AgendaItem, *, notes: str, version: int) -> None:
    """What was said about an item. Raises Conflict for somebody else's newer words and for approved minutes."""
    lock_meeting(item.meeting, MeetingState.IN_PROGRESS, MeetingState.MINUTES_DRAFT)
    check_version(item, version)
    item.notes = notes
    if notes and item.state is ItemState.WAITING and item.meeting.state is MeetingState.IN_PROGRESS:
        item.state = ItemState.DONE


def end_items(meeting: CouncilMeeting, items: Sequence[AgendaItem], reached: Collection[int]) -> None:
    """Say of each item how far the council came with it, and keep what it saw: the meeting is over.

    What classes were answered about it beforehand is a part of this meeting, and is locked with its minutes.
    """
    for item in items:
        keep_what_was_seen(item)
        item.state = _state_of(item, is_reached=item.id in reached or item.state is ItemState.CURRENT)
    is_about = ClassInput.item_id.in_([item.id for item in items])
    beforehand = (is_about, ClassInput.ending.is_not(None), ClassInput.meeting_id.is_(None))
    db.session.execute(update(ClassInput).where(*beforehand).values(meeting_id=meeting.id))


def _state_of(item: AgendaItem, *, is_reached: bool) -> ItemState:
    if item.vote is not None:
        is_put_off = item.vote.result is AmendmentState.POSTPONED
        return ItemState.POSTPONED if is_put_off else ItemState.DONE
    if item.state is ItemState.POSTPONED:
        return item.state
    return ItemState.DONE if is_reached or item.notes or item.state is ItemState.DONE else ItemState.WAITING


def keep_what_was_seen(item: AgendaItem) -> None:
    """Copy the item's amendment or clause as the meeting sees it; what is kept already stays (domain 3.3)."""
    if item.kept_base_text is not None:
        return
    if amendment := item.amendment:
        item.kept_kind, item.kept_title = amendment.kind, title_of(amendment)
        item.kept_base_text, item.kept_new_text = amendment.base_text, amendment.new_text
        item.kept_state = amendment.state
    elif item.clause_key:
        found = current_clauses({item.clause_key}).get(item.clause_key)
        item.kept_base_text = found.text if found else ""
