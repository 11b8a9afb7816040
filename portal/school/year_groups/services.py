"""Entering the parents of a year."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.school.services import settle_places
from portal.school.terms import until_successors
from portal.school.year_groups import queries
from portal.school.year_groups.models import YearGroup, YearGroupParent
from portal.text import clock

MOST_PARENTS = 12


def choose_parents(
    year_group: YearGroup, guardian_ids: Collection[int], *, seen: str, actor: Person, now: datetime
) -> None:
    """Enter the parents of a year: those not among them end at once, the others stay until successors.

    They stay until 31 October of the next school year at the latest, like a class's representatives. The same choice
    again changes nothing. Raises RuleViolation for none or too many, and Conflict when others are entered by now than
    were `seen`.
    """
    today = clock.day_of(now)
    if not 1 <= len(set(guardian_ids)) <= MOST_PARENTS:
        raise RuleViolation(N_("Choose one to %(most)s guardians."), most=MOST_PARENTS)
    wait_for_turn_at(f"the parents of year group {year_group.id}")
    places, last_day = queries.list_parents(year_group.id, today=today), until_successors(today)
    entered = settle_places(places, set(guardian_ids), seen=seen, until=last_day, today=today)
    if entered is None:
        return
    for user_id in entered:
        db.session.add(YearGroupParent(year_group=year_group.id, user_id=user_id, starts_on=today, ends_on=last_day))
    acts.note(actor, ActKind.YEAR_GROUP_PARENTS_CHANGED, year_group, now=now)
