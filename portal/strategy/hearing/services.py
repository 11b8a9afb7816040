"""Recording what leadership, MED committee and councils say about an amendment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.people import Person
from portal.strategy.amendments.models import Amendment
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.hearing import queries
from portal.strategy.hearing.models import Body, Stance, Statement
from portal.strategy.kinds import AmendmentSource, AmendmentState, Phase
from portal.text import clock

#: When bodies are heard: in the hearing, and a late one until the board has decided.
HEARD_IN = frozenset({Phase.HEARING, Phase.BOARD})


@dataclass(frozen=True, slots=True)
class Said:
    """What a body says, on which day and at which meeting."""

    stance: Stance
    text: str
    said_on: date
    meeting: str = ""


def record_statement(
    amendment: Amendment,
    body: Body,
    said: Said,
    *,
    council_id: int | None = None,
    version: int,
    actor: Person,
    now: datetime,
) -> Statement:
    """Keep what a body says about an amendment; `version` is 0 for its first words.

    Raises Conflict when somebody else wrote meanwhile or it is no longer before the adults, RuleViolation outside the
    hearing, for a day to come, and for a council's word about a council's suggestion.
    """
    cycle = get_cycle(lock=True)
    lock_row(amendment)
    if amendment.state is not AmendmentState.FORWARDED:
        raise Conflict(_gone(amendment.state))
    if cycle is None or cycle.phase not in HEARD_IN:
        raise RuleViolation(N_("The hearing has not begun, or it is over. Keep your text until it begins."))
    if said.said_on > clock.day_of(now):
        raise RuleViolation(N_("That day is still to come."))
    if body is Body.COUNCIL and amendment.source is not AmendmentSource.STAFF:
        raise RuleViolation(N_("A council says what it thinks of the grown-ups' own suggestions only."))
    statement = queries.get_statement(amendment.id, body, council_id)
    if statement is None:
        if version:
            raise Conflict(N_("Somebody has changed this since you opened it. Look at it as it is now."))
        statement = Statement(amendment_id=amendment.id, body=body, council_id=council_id)
        db.session.add(statement)
    else:
        check_version(statement, version)
    statement.stance, statement.text, statement.said_on = said.stance, said.text, said.said_on
    statement.meeting, statement.recorded_by_id, statement.recorded_at = said.meeting, actor.id, now
    acts.record(actor, ActKind.STATEMENT_WRITTEN, amendment, now=now)
    return statement


def _gone(state: AmendmentState) -> str:
    if state in (AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED, AmendmentState.ADOPTED):
        return N_("The suggestion has gone back to the council meanwhile. Your text is kept below.")
    return N_("The board has answered this suggestion meanwhile. Your text is kept below.")
