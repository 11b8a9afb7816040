"""The new edition: planned out of the board's decisions, blocked while something clashes or is missing, published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy import queries as texts
from portal.strategy import services as editions
from portal.strategy.amendments import queries as amendments
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import facts_of
from portal.strategy.amendments.steps import Mover, check_step
from portal.strategy.changes import Comparison, Text, compare
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.cycle.services import close_cycle
from portal.strategy.decisions.models import Decision
from portal.strategy.document import Block, Document, Section, clause_text
from portal.strategy.kinds import AmendmentKind, AmendmentState, Phase
from portal.strategy.models import Edition
from portal.strategy.publishing import queries
from portal.strategy.publishing.assembly import Edit, assemble, sections_of
from portal.strategy.publishing.models import EditionChange, Settlement

#: Before a clause's key: the short words of the section that holds it.
SUMMARY_OF = "short-"


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One decision that the new edition carries out, and whose suggestion it was: "" for the staff's.

    `clause_key` is the clause's, for something new its own from now on.
    """

    decision: Decision
    amendment: Amendment
    clause_key: str
    proposed_by: str

    @property
    def key(self) -> str:
        """What two decisions have in common that cannot both hold: a clause, or a section's short words."""
        is_summary = self.amendment.kind is AmendmentKind.SUMMARY
        return f"{SUMMARY_OF}{self.clause_key}" if is_summary else self.clause_key


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """What publishing would do now; `stamp` tells whether it still holds.

    `clashes` are clauses with two decided texts that nobody has settled, `settled` the words where somebody has, and
    `waiting` is what still lacks a decision.
    """

    current: Edition
    number: int
    text: Text
    comparison: Comparison
    changes: tuple[PlannedChange, ...]
    clashes: Mapping[str, tuple[PlannedChange, ...]]
    waiting: tuple[Amendment, ...]
    settled: Mapping[str, str]
    stamp: str

    @property
    def is_blocked(self) -> bool:
        """Whether it cannot be published yet."""
        return bool(self.clashes or self.waiting)


def plan_edition(cycle: RevisionCycle) -> EditionPlan:
    """What the edition would be, made out of the review's decisions; changes nothing.

    Raises RuleViolation while there is no strategy to go on from.
    """
    current = texts.get_current()
    if current is None:
        raise RuleViolation(N_("There is no strategy yet."))
    text = texts.get_text(current)
    taken = texts.list_keys()
    changes = tuple(
        PlannedChange(decision, amendment, amendment.clause_key or editions.new_key(taken), council)
        for decision, amendment, council in queries.list_decided_to_publish(cycle.id)
    )
    settled = _settled(cycle, changes)
    by_key = defaultdict[str, list[PlannedChange]](list)
    for change in changes:
        by_key[change.key].append(change)
    edits = [_edit(change, settled) for change in changes]
    clashes = {
        key: tuple(those)
        for key, those in by_key.items()
        if key not in settled and len({change.decision.final_text for change in those}) > 1
    }
    new_text = assemble(text, edits)
    return EditionPlan(
        current=current,
        number=texts.latest_number() + 1,
        text=new_text,
        comparison=compare(text, new_text),
        changes=changes,
        clashes=clashes,
        waiting=tuple(amendments.list_amendments_in({AmendmentState.FORWARDED})),
        settled=settled,
        stamp=_stamp(current, changes, settled),
    )


def _settled(cycle: RevisionCycle, changes: Sequence[PlannedChange]) -> dict[str, str]:
    """The settled words of each clause; a decision that came later opens the question again."""
    latest: dict[str, datetime] = {}
    for change in changes:
        latest[change.key] = max(latest.get(change.key, change.decision.recorded_at), change.decision.recorded_at)
    return {
        each.clause_key: each.text
        for each in queries.list_settlements(cycle.id)
        if each.clause_key in latest and latest[each.clause_key] <= each.settled_at
    }


def _edit(change: PlannedChange, settled: Mapping[str, str]) -> Edit:
    return Edit(
        key=change.clause_key,
        text=settled.get(change.key, change.decision.final_text),
        is_new=change.amendment.kind is AmendmentKind.ADD,
        is_summary=change.amendment.kind is AmendmentKind.SUMMARY,
        after_key=change.amendment.after_key,
        heading=change.amendment.heading,
    )


def _stamp(current: Edition, changes: Sequence[PlannedChange], settled: Mapping[str, str]) -> str:
    seen = [
        current.stamp,
        *(f"{change.decision.id} {change.decision.final_text}" for change in changes),
        *map(repr, sorted(settled.items())),
    ]
    return sha256("\n".join(seen).encode()).hexdigest()


def settle_clash(*, key: str, words: str, actor: Person, now: datetime) -> Settlement:
    """Write down which words the board gives a clause for which it said yes to two; none take it away.

    Raises Conflict when nothing clashes there (any more), RuleViolation outside the board's phase.
    """
    cycle = _lock_for_board()
    if key not in plan_edition(cycle).clashes:
        raise Conflict(N_("Nothing clashes there any more. Look at the edition as it is now."))
    stands = next((each for each in queries.list_settlements(cycle.id) if each.clause_key == key), None)
    settlement = stands or Settlement(cycle_id=cycle.id, clause_key=key)
    settlement.text, settlement.settled_at, settlement.settled_by_id = clause_text(words), now, actor.id
    db.session.add(settlement)
    acts.record(actor, ActKind.CLASH_SETTLED, settlement, now=now)
    return settlement


def _lock_for_board() -> RevisionCycle:
    cycle = get_cycle(lock=True)
    if cycle is None or cycle.phase is not Phase.BOARD:
        raise RuleViolation(N_("The new edition is made when the board has decided. It is not the board's time now."))
    return cycle


def publish_edition(*, approved_on: date, seen: str, actor: Person, now: datetime) -> Edition:
    """Make the edition the strategy that holds, and end the review; everybody is told.

    Without a yes among the decisions it is today's text with a new number and date. Raises Conflict when it is not as
    it was `seen`, RuleViolation outside the board's phase, while a decision is missing, while two decided texts clash,
    and for a day that cannot be.
    """
    editions.lock_editions()
    cycle = _lock_for_board()
    plan = plan_edition(cycle)
    check_unchanged(plan.stamp, seen)
    if plan.waiting:
        raise RuleViolation(N_("Some suggestions still wait for the board's answer. Every one of them gets one first."))
    if plan.clashes:
        raise RuleViolation(N_("The board said yes to two texts for the same clause. Write first which words hold."))
    if texts.get_draft():
        raise RuleViolation(N_("A draft lies beside the strategy. Throw it away first: the review makes the edition."))
    edition = editions.keep_draft(
        _document(plan), tuple(clause.key for clause in plan.text.clauses), number=plan.number, draft=None, now=now
    )
    editions.put_in_force(edition, approved_on=approved_on, actor=actor, now=now)
    for change in plan.changes:
        _keep_change(edition, change, plan)
    db.session.flush()
    close_cycle(cycle, reason="", actor=actor, now=now)
    return edition


def _document(plan: EditionPlan) -> Document:
    before = texts.get_document(plan.current)
    return replace(
        before,
        sections=tuple(
            Section(heading, tuple(Block(clause.kind, clause.text) for clause in clauses), summary)
            for heading, summary, clauses in sections_of(plan.text)
        ),
    )


def _stands(change: PlannedChange, plan: EditionPlan) -> bool:
    """Whether the edition holds what was decided: words that came or changed, or no longer what was to go."""
    if change.key in plan.settled or change.amendment.kind is AmendmentKind.SUMMARY:
        return True
    is_there = any(clause.key == change.clause_key for clause in plan.text.clauses)
    return is_there is bool(change.decision.final_text)


def _keep_change(edition: Edition, change: PlannedChange, plan: EditionPlan) -> None:
    check_step(
        change.amendment.state,
        AmendmentState.IN_EDITION,
        mover=Mover.PUBLISHING,
        phase=Phase.BOARD,
        given=replace(facts_of(change.amendment), is_in_edition=_stands(change, plan)),
    )
    change.amendment.state = AmendmentState.IN_EDITION
    db.session.add(
        EditionChange(
            edition_id=edition.id,
            decision_id=change.decision.id,
            amendment_id=change.amendment.id,
            clause_key=change.clause_key,
            proposed_by=change.proposed_by,
        )
    )
