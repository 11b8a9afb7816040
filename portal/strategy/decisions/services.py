"""Recording what the board decided about each suggestion, with its reason and its answer to the children."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.strategy import queries as texts
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import facts_of
from portal.strategy.amendments.steps import Mover, check_step
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.decisions import queries
from portal.strategy.decisions.models import Decision
from portal.strategy.document import clause_text
from portal.strategy.kinds import AmendmentKind, AmendmentState
from portal.strategy.publishing.assembly import has_place
from portal.text import clock

#: What the board can say; the first two change the text.
OUTCOMES = (
    AmendmentState.APPROVED,
    AmendmentState.APPROVED_CHANGED,
    AmendmentState.REJECTED,
    AmendmentState.DEFERRED,
)
CHANGES_THE_TEXT = frozenset({AmendmentState.APPROVED, AmendmentState.APPROVED_CHANGED})
#: An answer to a child is at least a sentence.
FEWEST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What the board says about one suggestion; `final_text` are its own words, for a yes in other words."""

    outcome: AmendmentState
    reason: str
    child_reply: str
    final_text: str = ""


def record_decision(
    amendment: Amendment, answer: Answer, *, decided_on: date, meeting: str, actor: Person, now: datetime
) -> Decision:
    """Keep what the board decided, with the words it saw.

    Raises Conflict when it is decided already or was sent back, RuleViolation outside the board's phase, without a
    reason or an answer of a sentence, for a day that cannot be, for words that change nothing, and for a yes to a
    clause that is gone.
    """
    cycle = get_cycle(lock=True)
    lock_row(amendment)
    check_step(
        amendment.state,
        answer.outcome,
        mover=Mover.SECRETARY,
        phase=cycle.phase if cycle else None,
        given=replace(
            facts_of(amendment),
            board_reason=answer.reason,
            child_reply=answer.child_reply,
            final_text=answer.final_text,
        ),
    )
    assert cycle is not None  # noqa: S101 - without a review no step of the board is let through
    _check_day(decided_on, cycle, now)
    if len(answer.child_reply.split()) < FEWEST_WORDS:
        raise RuleViolation(N_("Write the pupils a whole sentence: what becomes of their idea, and why?"))
    decision = Decision(
        amendment_id=amendment.id,
        cycle_id=cycle.id,
        outcome=answer.outcome,
        reason=answer.reason,
        child_reply=answer.child_reply,
        base_text=amendment.base_text,
        new_text=amendment.new_text,
        final_text=_final_text(amendment, answer),
        decided_on=decided_on,
        meeting=meeting,
        recorded_by_id=actor.id,
        recorded_at=now,
    )
    db.session.add(decision)
    amendment.state, amendment.changed_at = answer.outcome, now
    if draft := queries.get_draft(amendment.id):
        db.session.delete(draft)
    acts.record(actor, ActKind.DECISION_RECORDED, decision, now=now)
    # the way back begins here: what hangs on a decision is told from this place
    return decision


def _check_day(decided_on: date, cycle: RevisionCycle, now: datetime) -> None:
    if decided_on > clock.day_of(now):
        raise RuleViolation(N_("The day of the decision cannot lie in the future."))
    if decided_on < clock.day_of(cycle.opened_at):
        raise RuleViolation(N_("The review had not begun on that day. Look at the date again."))


def _final_text(amendment: Amendment, answer: Answer) -> str:
    """The words that hold after a yes, as a clause keeps them; raises RuleViolation for those that cannot be."""
    if answer.outcome not in CHANGES_THE_TEXT:
        return ""
    current = texts.get_current()
    if current is None or not has_place(texts.get_text(current), amendment):
        raise RuleViolation(
            N_("What this is about is no longer in the strategy. The board can say no, or wait until next year.")
        )
    if answer.outcome is AmendmentState.APPROVED:
        return "" if amendment.kind is AmendmentKind.REMOVE else clause_text(amendment.new_text)
    final = clause_text(answer.final_text)
    if not final:
        raise RuleViolation(N_("Write the words the board decided on."))
    if final == clause_text(amendment.base_text):
        raise RuleViolation(N_("These are the words that stand already. If nothing changes, it is a no."))
    if final == clause_text(amendment.new_text):
        raise RuleViolation(N_("These are the very words of the suggestion. Then it is a yes."))
    return final
