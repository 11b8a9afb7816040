"""What a council decides at a meeting: written down once, and put right until the minutes are approved."""

from __future__ import annotations

from datetime import datetime

from portal.council.meetings import queries
from portal.council.meetings.agenda import bring_back, carry_on, keep_what_was_seen
from portal.council.meetings.models import AgendaItem, ItemKind, ItemState, MeetingState
from portal.council.meetings.turns import lock_meeting
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.putting_right import put_result_right
from portal.strategy.amendments.services import Hands, decide_amendment
from portal.strategy.kinds import AmendmentState


def record_result(
    item: AgendaItem,
    result: AmendmentState,
    hands: Hands,
    *,
    revision: int,
    actor: Person,
    now: datetime,
) -> None:
    """Keep what the council decided about an item's amendment, with the hands that were counted.

    The facilitator writes the numbers and has no hand among them; those present are the ones who are here now. Raises
    Conflict when the result stands there already, RuleViolation for hands that cannot be.
    """
    lock_meeting(item.meeting, MeetingState.IN_PROGRESS)
    lock_row(item)
    amendment = _amendment_of(item)
    if item.vote_id is not None:
        raise Conflict(N_("The result is written down already."))
    hands = Hands(hands.yes, hands.no, hands.abstain, queries.count_present(item.meeting_id).here, hands.is_agreed)
    vote = decide_amendment(amendment, result, hands, revision=revision, actor=actor, now=now)
    item.vote_id = vote.id
    keep_what_was_seen(item)
    item.state = _state_after(item, result)


def put_right(
    item: AgendaItem, result: AmendmentState, hands: Hands, *, seen: int, actor: Person, now: datetime
) -> None:
    """Put right a result that was typed wrongly; what stood there stays as a trace, and the suggestion follows.

    What was carried on because of it leaves the coming agenda, or stands there now. Raises Conflict when the minutes
    are approved, the suggestion has gone on, or another result stands there than `seen` (the id of its vote);
    RuleViolation for hands that cannot be.
    """
    lock_row(item.meeting.council)
    lock_meeting(item.meeting, MeetingState.IN_PROGRESS, MeetingState.MINUTES_DRAFT)
    lock_row(item)
    amendment = _amendment_of(item)
    if item.vote is None:
        raise Conflict(N_("No result is written down yet."))
    check_unchanged(item.vote.id, seen)
    vote = put_result_right(amendment, item.vote, result, hands, actor=actor, now=now)
    item.vote = vote
    item.state = _state_after(item, result)
    if result is AmendmentState.POSTPONED:
        if item.meeting.state is MeetingState.MINUTES_DRAFT:
            carry_on(item.meeting.council, now=now)
        return
    bring_back(item)
    item.is_carried = False


def _amendment_of(item: AgendaItem) -> Amendment:
    if item.amendment is None or item.kind is not ItemKind.DECIDE:
        raise RuleViolation(N_("There is nothing to decide here."))
    return item.amendment


def _state_after(item: AgendaItem, result: AmendmentState) -> ItemState:
    if result is AmendmentState.POSTPONED:
        return ItemState.POSTPONED
    return item.state if item.state is ItemState.CURRENT else ItemState.DONE
