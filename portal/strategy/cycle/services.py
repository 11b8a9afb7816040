"""Opening the year's review, moving it on, and closing it."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy.amendments.queries import list_amendments_in
from portal.strategy.amendments.services import carry_over, rebase_living
from portal.strategy.cycle import queries
from portal.strategy.cycle.models import PassedRow, PhaseMove, RevisionCycle
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.models import Edition
from portal.strategy.queries import get_draft
from portal.strategy.services import lock_editions
from portal.text import clock

PHASES = tuple(Phase)
#: What is told when a phase begins: those are told who now have something to do.
BEGINS = {Phase.HEARING: ActKind.HEARING_OPENED, Phase.BOARD: ActKind.BOARD_PHASE_OPENED}


def open_cycle(edition: Edition, *, actor: Person, now: datetime) -> RevisionCycle:
    """Begin the year's review with the councils; what lives from earlier years starts from the text that holds now.

    Raises Conflict when one is open, RuleViolation when this school year has had its review, and while a draft of the
    text lies there: the review makes the next edition, and nothing goes past it.
    """
    lock_editions()
    if queries.get_cycle():
        raise Conflict(N_("The year's review has begun already."))
    school_year = clock.school_year(clock.day_of(now))
    if queries.was_reviewed(school_year):
        raise RuleViolation(N_("This school year has had its review. The next one can begin on the 1st of August."))
    if get_draft():
        raise RuleViolation(N_("A draft of the strategy waits for the board. Approve it first, or throw it away."))
    cycle = RevisionCycle(school_year=school_year, base_edition_id=edition.id, opened_at=now)
    db.session.add(cycle)
    rebase_living()
    acts.record(actor, ActKind.REVIEW_OPENED, cycle, now=now)
    return cycle


def move_cycle(
    cycle: RevisionCycle,
    *,
    seen: str,
    to: str,
    actor: Person,
    now: datetime,
    seen_rows: str | None = None,
    reason: str = "",
) -> None:
    """Move the review one phase on, or one back; closing takes what is not answered along into the next one.

    What still waits in a phase is named on the page; whoever moves on has seen those very rows (`seen_rows`) and says
    why. Raises Conflict when somebody moved it since it was `seen` or other rows wait by now, RuleViolation for any
    other phase, without a reason, and for closing what only the board or the new edition can end.
    """
    lock_row(cycle)
    check_unchanged(cycle.phase if cycle.is_open else None, seen)
    if to not in neighbours(cycle.phase):
        raise RuleViolation(N_("The review moves one step at a time."))
    passed = []
    if PHASES.index(Phase(to)) > PHASES.index(cycle.phase):
        passed = queries.list_open_rows(cycle)
        _check_confirmed(passed, seen_rows, reason)
    if Phase(to) is Phase.CLOSED:
        close_cycle(cycle, reason=reason, actor=actor, now=now, passed=passed)
        return
    kind = ActKind.CYCLE_MOVED if Phase(to) in PHASES[: PHASES.index(cycle.phase)] else BEGINS[Phase(to)]
    _keep_move(cycle, Phase(to), reason, passed, actor, now)
    acts.record(actor, kind, cycle, now=now)


def _check_confirmed(rows: list[queries.OpenRow], seen_rows: str | None, reason: str) -> None:
    if not rows:
        return
    check_unchanged(queries.stamp_of(rows), seen_rows or "")
    if not reason:
        raise RuleViolation(N_("Something still waits. Write why the review moves on all the same."))


def _keep_move(
    cycle: RevisionCycle, to: Phase, reason: str, passed: list[queries.OpenRow], actor: Person, now: datetime
) -> None:
    move = PhaseMove(cycle_id=cycle.id, old=cycle.phase, new=to, reason=reason, moved_at=now, moved_by_id=actor.id)
    db.session.add(move)
    db.session.flush()
    db.session.add_all(PassedRow(move_id=move.id, amendment_id=row.amendment_id, what=row.what) for row in passed)
    cycle.phase = to


def close_cycle(
    cycle: RevisionCycle,
    *,
    reason: str,
    actor: Person,
    now: datetime,
    passed: list[queries.OpenRow] | None = None,
) -> None:
    """End the review: what lives goes on into the next one, started from the text that holds now.

    Raises RuleViolation while something waits for the board's answer, or for the edition that carries out its yes.
    """
    if list_amendments_in({AmendmentState.APPROVED, AmendmentState.APPROVED_CHANGED}):
        raise RuleViolation(N_("The board has said yes to something. Publish the new edition: that ends the review."))
    _keep_move(cycle, Phase.CLOSED, reason, passed or [], actor, now)
    cycle.is_open = False
    carry_over()
    acts.record(actor, ActKind.CYCLE_MOVED, cycle, now=now)


def neighbours(phase: Phase) -> list[Phase]:
    """The phases a review can move to from here: the next one first, then the one before."""
    place = PHASES.index(phase)
    return [*PHASES[place + 1 : place + 2], *(PHASES[place - 1 : place] if place else ())]
