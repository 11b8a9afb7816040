"""Opening the year's review and moving it on."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_unchanged
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy.amendments.services import carry_over
from portal.strategy.cycle import queries
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.kinds import Phase
from portal.strategy.models import Edition
from portal.text import clock

PHASES = tuple(Phase)


def open_cycle(edition: Edition, *, actor: Person, now: datetime) -> RevisionCycle:
    """Begin the year's review with the councils. Raises Conflict when one is open."""
    if queries.get_cycle():
        raise Conflict(N_("The year's review has begun already."))
    cycle = RevisionCycle(school_year=clock.school_year(clock.day_of(now)), base_edition_id=edition.id, opened_at=now)
    db.session.add(cycle)
    acts.record(actor, ActKind.CYCLE_MOVED, cycle, now=now)
    return cycle


def move_cycle(cycle: RevisionCycle, *, seen: str, to: str, actor: Person, now: datetime) -> None:
    """Move the review one phase on, or one back; closing takes what is not answered along into the next one.

    Raises Conflict when somebody moved it since it was `seen`, RuleViolation for any other phase, and for closing while
    the board has not answered everything that was sent to it.
    """
    lock_row(cycle)
    check_unchanged(cycle.phase if cycle.is_open else None, seen)
    if to not in neighbours(cycle.phase):
        raise RuleViolation(N_("The review moves one step at a time."))
    cycle.phase = Phase(to)
    if cycle.phase is Phase.CLOSED:
        cycle.is_open = False
        carry_over()
    acts.record(actor, ActKind.CYCLE_MOVED, cycle, now=now)


def neighbours(phase: Phase) -> list[Phase]:
    """The phases a review can move to from here: the next one first, then the one before."""
    place = PHASES.index(phase)
    return [*PHASES[place + 1 : place + 2], *(PHASES[place - 1 : place] if place else ())]
