"""Sending on what a council adopted, answering it, and sending it back with a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.notifications.services import mark_seen
from portal.people import Actor, Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import list_staffs_living
from portal.strategy.amendments.services import draft_amendment, facts_of
from portal.strategy.amendments.steps import Mover, check_step
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.forwarding import queries
from portal.strategy.forwarding.differences import Difference
from portal.strategy.forwarding.models import Forwarding, LeadershipWord
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState
from portal.strategy.queries import get_clause
from portal.strategy.services import lock_editions, text_stamp


def forward_amendment(amendment: Amendment, *, actor: Actor, now: datetime) -> Forwarding:
    """Send on what the council adopted, or a draft of the staff's: from now on its words rest.

    What leaves is kept as it was. Raises Conflict when it has moved on meanwhile, RuleViolation in a phase in which it
    waits (domain 3.3: the phase of this moment, not of the page's).
    """
    cycle = get_cycle(lock=True)
    lock_row(amendment)
    is_staffs = amendment.source is AmendmentSource.STAFF
    check_step(
        amendment.state,
        AmendmentState.FORWARDED,
        mover=Mover.STAFF if is_staffs else Mover.FACILITATOR,
        phase=cycle.phase if cycle else None,
        given=replace(
            facts_of(amendment),
            was_sent_back=cycle is not None and queries.was_sent_back(amendment.id, since=cycle.opened_at),
        ),
    )
    amendment.state, amendment.changed_at = AmendmentState.FORWARDED, now
    forwarding = Forwarding(
        amendment_id=amendment.id,
        revision=amendment.revision,
        base_text=amendment.base_text,
        new_text=amendment.new_text,
        reason=amendment.reason,
        council_name=actor.council_names.get(amendment.council_id or 0, "") if actor else "",
        forwarded_at=now,
        forwarded_by_id=actor.id if actor else amendment.author_id,
    )
    db.session.add(forwarding)
    acts.record(actor, ActKind.AMENDMENT_FORWARDED, amendment, now=now)
    return forwarding


def forward_packet(packet: Sequence[Amendment], *, actor: Person, now: datetime) -> None:
    """Send several on together, all or none.

    Raises RuleViolation for an empty packet, and whatever `forward_amendment` raises.
    """
    if not packet:
        raise RuleViolation(N_("Choose at least one suggestion. An empty packet is not sent."))
    for amendment in sorted(packet, key=attrgetter("id")):
        forward_amendment(amendment, actor=actor, now=now)


def suggest_differences(
    found: Sequence[Difference], *, reason: str, seen: str, actor: Person, now: datetime
) -> list[Amendment]:
    """Make each difference of an imported text a suggestion of the staff's, and send it on: all or none.

    What the staff have suggested already, word for word, is not suggested twice. Raises Conflict when the text is not
    the one that was `seen`, RuleViolation without a reason, when nothing is left to suggest, and in the board's phase.
    """
    lock_editions()
    check_unchanged(text_stamp(), seen)
    if not reason:
        raise RuleViolation(N_("Write why. The pupils read it when they say what they think."))
    stands = {(one.kind, one.clause_key or one.after_key, one.new_text) for one in list_staffs_living()}
    made = []
    for difference in found:
        clause = get_clause(difference.clause_key)
        if clause is None or (difference.kind, difference.clause_key, difference.new_text) in stands:
            continue
        is_removal = difference.kind is AmendmentKind.REMOVE
        amendment = draft_amendment(
            clause,
            difference.kind,
            council_id=None,
            new_text="" if is_removal else difference.new_text,
            reason=reason,
            actor=actor,
            now=now,
        )
        forward_amendment(amendment, actor=actor, now=now)
        made.append(amendment)
    if not made:
        raise RuleViolation(N_("Everything in this text is suggested already, or stands in the strategy."))
    return made


def write_word(amendment: Amendment, *, thinks: str, happens: str, actor: Person, now: datetime) -> LeadershipWord:
    """Write back to the council what the leadership thinks and what happens now; no step of the way.

    Raises Conflict for what no longer is with the adults, RuleViolation for the staff's own.
    """
    lock_row(amendment)
    if amendment.source is AmendmentSource.STAFF:
        raise RuleViolation(N_("This suggestion comes from the grown-ups, so no council waits for an answer."))
    _check_with_adults(amendment)
    word = LeadershipWord(
        amendment_id=amendment.id, thinks=thinks, happens=happens, written_at=now, written_by_id=actor.id
    )
    db.session.add(word)
    mark_seen(actor.id, ActKind.AMENDMENT_FORWARDED, amendment.id)
    acts.record(actor, ActKind.AMENDMENT_ANSWERED, amendment, now=now)
    return word


def _check_with_adults(amendment: Amendment) -> None:
    if amendment.state in (AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED, AmendmentState.ADOPTED):
        raise Conflict(N_("The suggestion has gone back to the council meanwhile. Your text is kept below."))
    if amendment.state is not AmendmentState.FORWARDED:
        raise Conflict(N_("The board has answered this suggestion meanwhile. Your text is kept below."))


def send_back(amendment: Amendment, *, question: str, actor: Person, now: datetime) -> None:
    """Give an amendment back to its council with a question, which opens the council's next meeting.

    Raises RuleViolation outside the hearing, without a question, and for the staff's own, which no council wrote.
    """
    cycle = get_cycle(lock=True)
    lock_row(amendment)
    if amendment.source is AmendmentSource.STAFF:
        raise RuleViolation(N_("This suggestion comes from the grown-ups. There is no council to send it back to."))
    check_step(
        amendment.state,
        AmendmentState.IN_COUNCIL,
        mover=Mover.LEADERSHIP,
        phase=cycle.phase if cycle else None,
        given=replace(facts_of(amendment), question=question),
    )
    amendment.state, amendment.changed_at = AmendmentState.IN_COUNCIL, now
    if forwarding := queries.last_forwarding(amendment.id):
        forwarding.sent_back_at, forwarding.question = now, question
    acts.record(actor, ActKind.AMENDMENT_SENT_BACK, amendment, now=now)
