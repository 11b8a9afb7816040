"""Putting right what was typed about a council's decision: with a trace, and the suggestion follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.errors import N_, Conflict, RuleViolation
from portal.notifications.services import recall
from portal.people import Person
from portal.strategy.amendments import queries
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.amendments.services import Hands, check_hands, facts_of, hand_on_end
from portal.strategy.amendments.steps import Mover, check_step
from portal.strategy.kinds import AmendmentState


def put_result_right(
    amendment: Amendment, vote: Vote, result: AmendmentState, hands: Hands, *, actor: Person, now: datetime
) -> Vote:
    """What the meeting really decided, in place of `vote`, which stays as the trace; the suggestion follows.

    It is about the wording and those present of that vote. Raises Conflict when the suggestion has gone on since,
    RuleViolation for hands that cannot be, and when nothing is different.
    """
    lock_row(amendment)
    newest = queries.get_vote(amendment)
    if newest is None or newest.id != vote.id or amendment.state is not vote.result:
        raise Conflict(N_("The suggestion has gone on since then, so its result stays."))
    check_step(
        amendment.state,
        result,
        mover=Mover.CORRECTION,
        phase=None,
        given=replace(facts_of(amendment), decided_revision=vote.revision),
    )
    hands = replace(hands, present=vote.present_count)
    before = Hands(vote.yes_count, vote.no_count, vote.abstain_count, vote.present_count, vote.is_agreed)
    if (result, hands) == (vote.result, before):
        raise RuleViolation(N_("That is what stands there already."))
    check_hands(result, hands)
    right = Vote(
        amendment_id=amendment.id,
        replaces_id=vote.id,
        revision=vote.revision,
        result=result,
        **hands.counts,
        base_text=vote.base_text,
        new_text=vote.new_text,
        reason=vote.reason,
        decided_at=now,
    )
    db.session.add(right)
    amendment.state, amendment.changed_at = result, now
    acts.record(actor, ActKind.RESULT_PUT_RIGHT, amendment, now=now)
    if result is AmendmentState.NOT_ADOPTED and vote.result is not result:
        hand_on_end(amendment, actor=actor, now=now)
    elif vote.result is AmendmentState.NOT_ADOPTED and result is not vote.result:
        _take_parts_back(amendment, actor=actor, now=now)
    db.session.flush()
    return right


def _take_parts_back(host: Amendment, *, actor: Person, now: datetime) -> None:
    """Let the parts that were given back by mistake be parts again, as far as they still wait in the same council."""
    for part in queries.list_parted(host.id):
        lock_row(part)
        if part.state is not AmendmentState.IN_COUNCIL or part.has_open_vote or part.parted_from_id != host.id:
            continue
        if part.council_id != host.council_id:  # the one goes to another when councils are made anew, the other stays
            continue
        given = replace(facts_of(part), into=facts_of(host))
        check_step(part.state, AmendmentState.MERGED, mover=Mover.HOST, phase=None, given=given)
        part.state, part.merged_into_id, part.parted_from_id = AmendmentState.MERGED, host.id, None
        part.changed_at = now
        recall([ActKind.AMENDMENT_PARTED], part.id)
        acts.record(actor, ActKind.AMENDMENT_MERGED, part, now=now)
