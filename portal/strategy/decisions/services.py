"""Recording what the board decided about each suggestion, with its reason and its answer to the children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy import queries as texts
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import facts_of
from portal.strategy.amendments.steps import Mover, Need, check_step
from portal.strategy.changes import Text
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.decisions import queries
from portal.strategy.decisions.models import Decision, DecisionDraft, EarlierDecision
from portal.strategy.document import clause_text
from portal.strategy.kinds import AmendmentKind, AmendmentState
from portal.strategy.publishing.assembly import has_place
from portal.strategy.replies.services import correct_replies, send_replies
from portal.strategy.services import lock_editions
from portal.text import clock

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
    current = texts.get_current()
    text = texts.get_text(current) if current else Text("", (), ())
    for fault in faults_of(amendment, answer, text).values():
        raise RuleViolation(fault)
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
    db.session.flush()
    send_replies(decision, actor=actor, now=now)
    return decision


def correct_decision(
    amendment: Amendment, answer: Answer, *, seen: str, why: str, actor: Person, now: datetime
) -> None:
    """Put right what was written down wrongly, until the edition is published; what stood there is kept, and why.

    The sheets follow: those nobody has read aloud say the right answer, and who has heard the wrong one gets another.
    Raises Conflict when it is not as it was `seen`, RuleViolation for a decision of another review or whose edition is
    published, for one that changes nothing, and like `record_decision`.
    """
    lock_editions()  # nothing is published meanwhile
    cycle = get_cycle(lock=True)
    lock_row(amendment)
    decision = queries.get_decision(amendment.id)
    if decision is None or cycle is None or decision.cycle_id != cycle.id:
        raise RuleViolation(N_("That decision is history now: its edition is published, or its review is over."))
    lock_row(decision)
    check_unchanged(stamp_of(decision), seen)
    given = replace(
        facts_of(amendment), board_reason=answer.reason, child_reply=answer.child_reply, final_text=answer.final_text
    )
    check_step(amendment.state, answer.outcome, mover=Mover.CORRECTION, phase=cycle.phase, given=given)
    current = texts.get_current()
    text = texts.get_text(current) if current else Text("", (), ())
    for fault in faults_of(amendment, answer, text).values():
        raise RuleViolation(fault)
    final_text, before = _final_text(amendment, answer), Said.of(decision)
    after = Said(answer.outcome, answer.reason, answer.child_reply, final_text)
    if after == before:
        raise RuleViolation(N_("Nothing is changed. Write the right words first."))
    kept = EarlierDecision(
        decision_id=decision.id, recorded_by_id=decision.recorded_by_id, recorded_at=decision.recorded_at, why=why
    )
    kept.outcome, kept.reason, kept.child_reply, kept.final_text = before
    db.session.add(kept)
    decision.outcome, decision.reason, decision.child_reply, decision.final_text = after
    decision.recorded_by_id, decision.recorded_at = actor.id, now
    amendment.state, amendment.changed_at = answer.outcome, now
    acts.record(actor, ActKind.DECISION_CORRECTED, decision, now=now)
    db.session.flush()
    if (after.outcome, after.child_reply) != (before.outcome, before.child_reply):
        correct_replies(decision, actor=actor, now=now)


class Said(NamedTuple):
    """What a decision says: what can be put right in it."""

    outcome: AmendmentState
    reason: str
    child_reply: str
    final_text: str

    @classmethod
    def of(cls, decision: Decision) -> Said:
        """What it says now."""
        return cls(decision.outcome, decision.reason, decision.child_reply, decision.final_text)


def stamp_of(decision: Decision) -> str:
    """What tells a decision as it stands from any other wording of it."""
    return sha256(repr(tuple(Said.of(decision))).encode()).hexdigest()


def _check_day(decided_on: date, cycle: RevisionCycle, now: datetime) -> None:
    if decided_on > clock.day_of(now):
        raise RuleViolation(N_("The day of the decision cannot lie in the future."))
    if decided_on < clock.day_of(cycle.opened_at):
        raise RuleViolation(N_("The review had not begun on that day. Look at the date again."))


def _final_text(amendment: Amendment, answer: Answer) -> str:
    """The words that hold after a yes, as a clause keeps them; none for a no, for next year, and for what goes."""
    if answer.outcome is AmendmentState.APPROVED_CHANGED:
        return clause_text(answer.final_text)
    is_yes = answer.outcome is AmendmentState.APPROVED
    return clause_text(amendment.new_text) if is_yes and amendment.kind is not AmendmentKind.REMOVE else ""


def faults_of(amendment: Amendment, answer: Answer, text: Text) -> dict[str, str]:
    """What is wrong with an answer of the board, by what it is about: the page says it there, the service refuses it.

    `text` is the strategy that holds now.
    """
    faults = {}
    if not answer.reason:
        faults["reason"] = Need.BOARD_REASON.missing
    if not answer.child_reply:
        faults["child_reply"] = Need.CHILD_REPLY.missing
    elif len(answer.child_reply.split()) < FEWEST_WORDS:
        faults["child_reply"] = N_("Write the pupils a whole sentence: what becomes of their idea, and why?")
    if answer.outcome in CHANGES_THE_TEXT and not has_place(text, amendment):
        faults["outcome"] = N_(
            "What this is about is no longer in the strategy. The board can say no, or wait until next year."
        )
    elif answer.outcome is AmendmentState.APPROVED_CHANGED and (fault := _fault_of_words(amendment, answer)):
        faults["final_text"] = fault
    return faults


def _fault_of_words(amendment: Amendment, answer: Answer) -> str:
    final = clause_text(answer.final_text)
    if not final:
        return Need.FINAL_TEXT.missing
    if final == clause_text(amendment.base_text):
        return N_("These are the words that stand already. If nothing changes, it is a no.")
    if final == clause_text(amendment.new_text):
        return N_("These are the very words of the suggestion. Then it is a yes.")
    return ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on the board's page about one suggestion, finished or not."""

    outcome: AmendmentState | None = None
    reason: str = ""
    child_reply: str = ""
    final_text: str = ""

    @property
    def stamp(self) -> str:
        """What tells these words from others: two who type on one page each change their own rows only."""
        words = (self.outcome.value if self.outcome else "", self.reason, self.child_reply, self.final_text)
        return sha256(repr(words).encode()).hexdigest()

    @property
    def answer(self) -> Answer | None:
        """The board's answer, when an outcome is chosen."""
        if self.outcome is None:
            return None
        return Answer(self.outcome, self.reason, self.child_reply, self.final_text)


def typed_of(draft: DecisionDraft | None) -> Typed:
    """What is kept about a suggestion and not recorded."""
    return Typed(draft.outcome, draft.reason, draft.child_reply, draft.final_text) if draft else Typed()


def keep_typed(amendment: Amendment, typed: Typed, *, stood: str, actor: Person, now: datetime) -> None:
    """Keep what a secretary has typed about a suggestion, unfinished; what the writer did not touch stays as it is.

    `stood` is the stamp of what stood there when the page was opened. Raises Conflict when a colleague has changed it
    since, and when it is decided or sent back.
    """
    if typed.stamp == stood:
        return
    lock_row(amendment)
    if amendment.state is not AmendmentState.FORWARDED:
        raise Conflict(N_("This suggestion does not wait for the board any more. Your words are kept below."))
    draft = queries.get_draft(amendment.id)
    check_unchanged(typed_of(draft).stamp, stood)
    if draft is None:
        draft = DecisionDraft(amendment_id=amendment.id)
        db.session.add(draft)
    draft.outcome, draft.reason = typed.outcome, typed.reason
    draft.child_reply, draft.final_text = typed.child_reply, typed.final_text
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Row:
    """One suggestion's row on the board's page: what stands in it, and the stamp of what stood there before."""

    amendment: Amendment
    typed: Typed
    stood: str

    @property
    def is_touched(self) -> bool:
        """Whether whoever sends the page has written in it."""
        return self.typed.stamp != self.stood


def keep_rows(rows: Sequence[Row], *, actor: Person, now: datetime) -> None:
    """Keep what is typed on the board's page, finished or not; rows nobody touched are left to whoever has them."""
    for row in rows:
        keep_typed(row.amendment, row.typed, stood=row.stood, actor=actor, now=now)


def record_meeting(rows: Sequence[Row], *, decided_on: date, meeting: str, actor: Person, now: datetime) -> int:
    """Record every answer that is chosen and keep the other rows; how many were recorded, all or none.

    A row that a colleague has changed since, and this writer has not touched, is the colleague's and stays. Raises
    Conflict when both have written in one, RuleViolation when no answer is chosen, and like `record_decision`.
    """
    many = 0
    for row in rows:
        stands = typed_of(queries.get_draft(row.amendment.id)).stamp
        if row.is_touched:
            check_unchanged(stands, row.stood)
        if (answer := row.typed.answer) is None:
            keep_typed(row.amendment, row.typed, stood=row.stood, actor=actor, now=now)
        elif stands == row.stood:
            record_decision(row.amendment, answer, decided_on=decided_on, meeting=meeting, actor=actor, now=now)
            many += 1
    if not many:
        raise RuleViolation(N_("Choose what the board decided about at least one suggestion."))
    return many
