"""What is done with amendments: writing, sending them to the council, deciding, and moving the year's review on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.notifications.services import mark_seen
from portal.people import Person
from portal.strategy.amendments import queries
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.amendments.steps import CARRIED_OVER, NOT_NOW, Facts, Mover, check_step
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.document import typed_text
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, Phase
from portal.strategy.models import Clause
from portal.strategy.queries import title_of

#: States in which the words may still change; from `adopted` on they are what the council decided on.
OPEN_WORDING = frozenset({AmendmentState.DRAFT, AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED})


@dataclass(frozen=True, slots=True)
class Hands:
    """The hands of a meeting: counted, or nobody counted because all agreed."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    present: int = 0
    is_agreed: bool = False

    @property
    def counts(self) -> dict[str, int | bool]:
        """The same by the names of a vote's columns."""
        return {
            "is_agreed": self.is_agreed,
            "yes_count": self.yes,
            "no_count": self.no,
            "abstain_count": self.abstain,
            "present_count": self.present,
        }


def draft_amendment(
    clause: Clause,
    kind: AmendmentKind,
    *,
    council_id: int | None,
    actor: Person,
    now: datetime,
    new_text: str = "",
    reason: str = "",
) -> Amendment:
    """A new draft, at any time of the year; without a council it is the staff's own.

    For a summary `clause` is any of its section. Raises RuleViolation when it changes nothing.
    """
    mover = Mover.FACILITATOR if council_id in actor.facilitates else Mover.MEMBER
    check_step(
        None,
        AmendmentState.DRAFT,
        phase=None,
        mover=Mover.STAFF if council_id is None else mover,
        given=Facts(council_id=council_id),
    )
    is_new = kind is AmendmentKind.ADD
    if kind is AmendmentKind.SUMMARY:
        clause = clause.section.clauses[0]
    amendment = Amendment(
        kind=kind,
        clause_key=None if is_new else clause.key,
        after_key=clause.key if is_new else None,
        heading=title_of(clause.section),
        base_edition_id=clause.edition_id,
        base_text="" if is_new else words_of(kind, clause),
        new_text=new_text,
        reason=reason,
        source=AmendmentSource.STAFF if council_id is None else AmendmentSource.COUNCIL,
        council_id=council_id,
        author_id=actor.id,
        created_at=now,
        changed_at=now,
    )
    _check_changes_something(amendment, new_text)
    db.session.add(amendment)
    db.session.flush()
    return amendment


def words_of(kind: AmendmentKind, clause: Clause) -> str:
    """The words an amendment of this kind is about: a clause's own, or what its section says in short."""
    return clause.section.plain_summary if kind is AmendmentKind.SUMMARY else clause.text


def _check_changes_something(amendment: Amendment, new_text: str) -> None:
    if amendment.kind in {AmendmentKind.CHANGE, AmendmentKind.SUMMARY} and new_text in (
        amendment.base_text,
        typed_text(amendment.base_text),
    ):
        raise RuleViolation(N_("The words are the same as before. Change something first."))


def edit_text(amendment: Amendment, *, new_text: str, version: int, now: datetime) -> None:
    """Change the proposed words: a new revision once the council has seen it.

    Raises Conflict when somebody changed it since `version`, or when its wording is decided on.
    """
    _lock_for_edit(amendment, version)
    if amendment.kind is AmendmentKind.REMOVE:
        raise RuleViolation(N_("This suggestion takes a clause away, so it has no new words."))
    _check_changes_something(amendment, new_text)
    if new_text != amendment.new_text and amendment.state is not AmendmentState.DRAFT:
        amendment.revision += 1
    amendment.new_text, amendment.changed_at = new_text, now


def edit_reason(amendment: Amendment, *, reason: str, version: int, now: datetime) -> None:
    """Change why. Raises Conflict like `edit_text`."""
    _lock_for_edit(amendment, version)
    amendment.reason, amendment.changed_at = reason, now


def edit_title(amendment: Amendment, *, title: str, version: int, now: datetime) -> None:
    """Call it something else. Raises Conflict like `edit_text`."""
    _lock_for_edit(amendment, version)
    amendment.title, amendment.changed_at = title, now


def _lock_for_edit(amendment: Amendment, version: int) -> None:
    check_version(amendment, version)
    if amendment.state not in OPEN_WORDING:
        raise Conflict(N_("The words can no longer be changed: the council has decided on them."))
    if amendment.has_open_vote:
        raise Conflict(N_("The council is deciding about it right now. Wait until the meeting is over."))


def _mover(amendment: Amendment, actor: Person) -> Mover:
    if amendment.source is AmendmentSource.STAFF:
        return Mover.STAFF
    return Mover.AUTHOR if amendment.author_id == actor.id else Mover.FACILITATOR


def facts_of(amendment: Amendment) -> Facts:
    """What stands there when an amendment takes a step, for `check_step`."""
    return Facts(
        id=amendment.id,
        council_id=amendment.council_id,
        new_text=amendment.new_text,
        takes_away=amendment.kind is AmendmentKind.REMOVE,
        reason=amendment.reason,
        revision=amendment.revision,
        has_open_vote=amendment.has_open_vote,
    )


def submit_amendment(amendment: Amendment, *, version: int, actor: Person, now: datetime) -> None:
    """Put a draft before the council.

    Raises RuleViolation unless the review is in the council's phase now (domain 3.3: checked when sent, not when
    opened), when the words or the reason are missing, or after too many within the hour; Conflict when the text is not
    the one that was looked at.
    """
    cycle = get_cycle(lock=True)
    lock_row(amendment)
    if amendment.state is not AmendmentState.DRAFT:  # what became a part of another comes back by a step of its own
        raise Conflict(NOT_NOW)
    check_step(
        amendment.state,
        AmendmentState.IN_COUNCIL,
        mover=_mover(amendment, actor),
        phase=cycle.phase if cycle else None,
        given=facts_of(amendment),
    )
    check_version(amendment, version)
    is_at_work = amendment.council_id in actor.facilitates or amendment.council_id is None
    check_limit(actor, ActKind.AMENDMENT_SUBMITTED, now=now, is_at_work=is_at_work)
    amendment.state, amendment.changed_at = AmendmentState.IN_COUNCIL, now
    acts.record(actor, ActKind.AMENDMENT_SUBMITTED, amendment, now=now)


def withdraw_amendment(amendment: Amendment, *, note: str, actor: Person, now: datetime) -> None:
    """Take an amendment back; a facilitator says why. Raises RuleViolation while the council decides about it."""
    lock_row(amendment)
    given = replace(facts_of(amendment), note=note)
    check_step(amendment.state, AmendmentState.WITHDRAWN, mover=_mover(amendment, actor), phase=None, given=given)
    amendment.state, amendment.closing_note, amendment.changed_at = AmendmentState.WITHDRAWN, note, now
    hand_on_end(amendment, actor=actor, now=now)
    acts.record(actor, ActKind.AMENDMENT_WITHDRAWN, amendment, now=now)


def merge_amendment(amendment: Amendment, into: Amendment, *, actor: Person, now: datetime) -> None:
    """Make an amendment a part of another one before the same council; its author is told, and both show the link.

    The two are taken in the order of their ids, so that whoever merges them the other way round waits, and then finds
    that one of them is gone. Raises Conflict when either has moved on, RuleViolation for itself, for another council's
    and while the council decides about one of them.
    """
    for one in sorted({amendment, into}, key=attrgetter("id")):
        lock_row(one)
    given = replace(facts_of(amendment), into=facts_of(into))
    check_step(amendment.state, AmendmentState.MERGED, mover=Mover.FACILITATOR, phase=None, given=given)
    if into.state is not AmendmentState.IN_COUNCIL:
        raise Conflict(N_("The other suggestion is no longer before the council. Choose another one."))
    amendment.state, amendment.merged_into_id, amendment.changed_at = AmendmentState.MERGED, into.id, now
    mark_seen(actor.id, ActKind.AMENDMENT_SUBMITTED, amendment.id)
    acts.record(actor, ActKind.AMENDMENT_MERGED, amendment, now=now)


def part_amendment(amendment: Amendment, *, actor: Person, now: datetime) -> None:
    """Take an amendment out of the one it became a part of: it is before the council again, and its author is told.

    Raises Conflict when it has been parted already.
    """
    lock_row(amendment)
    _give_back(amendment, mover=Mover.FACILITATOR, actor=actor, now=now)


def hand_on_end(host: Amendment, *, actor: Person, now: datetime) -> None:
    """Give the council back what became a part of an amendment that goes no further: no idea ends with another one."""
    for amendment in queries.list_parts(host.id):
        lock_row(amendment)
        _give_back(amendment, mover=Mover.HOST, actor=actor, now=now)
        amendment.parted_from_id = host.id


def _give_back(amendment: Amendment, *, mover: Mover, actor: Person, now: datetime) -> None:
    check_step(amendment.state, AmendmentState.IN_COUNCIL, mover=mover, phase=None, given=facts_of(amendment))
    amendment.state, amendment.merged_into_id, amendment.parted_from_id = AmendmentState.IN_COUNCIL, None, None
    amendment.changed_at = now
    acts.record(actor, ActKind.AMENDMENT_PARTED, amendment, now=now)


def begin_deciding(amendment: Amendment) -> bool:
    """Freeze the words while a meeting decides; a postponed amendment is before the council again.

    Returns whether it was postponed.
    """
    lock_row(amendment)
    was_postponed = amendment.state is AmendmentState.POSTPONED
    if was_postponed:
        check_step(
            amendment.state, AmendmentState.IN_COUNCIL, mover=Mover.SESSION, phase=None, given=facts_of(amendment)
        )
        amendment.state = AmendmentState.IN_COUNCIL
    amendment.has_open_vote = amendment.state is AmendmentState.IN_COUNCIL
    return was_postponed


def stop_deciding(amendment: Amendment, *, was_postponed: bool = False) -> None:
    """Unfreeze the words: the meeting ended without a decision, or never began, and then they wait as they did."""
    lock_row(amendment)
    if was_postponed and amendment.state is AmendmentState.IN_COUNCIL:
        check_step(
            amendment.state, AmendmentState.POSTPONED, mover=Mover.SESSION, phase=None, given=facts_of(amendment)
        )
        amendment.state = AmendmentState.POSTPONED
    amendment.has_open_vote = False


def decide_amendment(
    amendment: Amendment, result: AmendmentState, hands: Hands, *, revision: int, actor: Person, now: datetime
) -> Vote:
    """Keep what a meeting decided about one revision.

    Raises Conflict when it is decided already, RuleViolation for hands that cannot be or do not fit the result.
    """
    lock_row(amendment)
    check_step(
        amendment.state,
        result,
        mover=Mover.SESSION,
        phase=None,
        given=replace(facts_of(amendment), decided_revision=revision),
    )
    check_hands(result, hands)
    vote = Vote(
        amendment_id=amendment.id,
        revision=revision,
        result=result,
        **hands.counts,
        base_text=amendment.base_text,
        new_text=amendment.new_text,
        reason=amendment.reason,
        decided_at=now,
    )
    db.session.add(vote)
    amendment.state, amendment.has_open_vote, amendment.changed_at = result, False, now
    acts.record(actor, ActKind.AMENDMENT_DECIDED, amendment, now=now)
    if result is AmendmentState.NOT_ADOPTED:
        hand_on_end(amendment, actor=actor, now=now)
    db.session.flush()
    return vote


def check_hands(result: AmendmentState, hands: Hands) -> None:
    """Refuse hands that cannot be, or that do not fit the result, with a RuleViolation (domain 3.3)."""
    counts = (hands.yes, hands.no, hands.abstain)
    if min(counts) < 0:
        raise RuleViolation(N_("A number of hands cannot be below nought."))
    if sum(counts) > hands.present:
        raise RuleViolation(
            N_("That is %(hands)s hands, but only %(present)s are here. Count once more."),
            hands=sum(counts),
            present=hands.present,
        )
    if result is AmendmentState.POSTPONED:
        return
    if not hands.present:
        raise RuleViolation(N_("Write down who is here first."))
    if hands.is_agreed:
        if any(counts):
            raise RuleViolation(N_("Either you counted hands, or all agreed without. Choose one of them."))
    elif (hands.yes > hands.no) is not (result is AmendmentState.ADOPTED):
        raise RuleViolation(N_("The hands and the result do not fit. It is a yes when more say yes than no."))


def carry_over() -> None:
    """Take what lives along into the next review, started from the text that holds now (domain 3.3).

    Raises RuleViolation while something waits for the board's answer.
    """
    if queries.list_amendments_in({AmendmentState.FORWARDED}):
        raise RuleViolation(N_("Some suggestions still wait for the board's answer. Every one of them gets one first."))
    living = queries.list_amendments_in(CARRIED_OVER)
    for amendment in living:
        if amendment.state is AmendmentState.DEFERRED:
            check_step(
                amendment.state,
                AmendmentState.IN_COUNCIL,
                mover=Mover.CLOSING,
                phase=Phase.CLOSED,
                given=facts_of(amendment),
            )
        amendment.state = CARRIED_OVER[amendment.state]
    _rebase(living)


def rebase_living() -> None:
    """Let what lives start from the text that holds now, when a review begins: it may have changed meanwhile."""
    _rebase(queries.list_amendments_in(CARRIED_OVER))


def _rebase(amendments: Iterable[Amendment]) -> None:
    """Let them start from the text that holds now; one whose clause is gone keeps what it was written to."""
    from_clause = [amendment for amendment in amendments if amendment.clause_key]
    texts = queries.current_clauses({str(amendment.clause_key) for amendment in from_clause})
    for amendment in from_clause:
        if found := texts.get(str(amendment.clause_key)):
            amendment.base_edition_id, amendment.base_text = found.edition_id, words_of(amendment.kind, found)
