"""Keeping two children apart until a day, lifting it, and asking about it each half-year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_into, lock_row
from portal.errors import N_, RuleViolation
from portal.notifications.services import recall
from portal.people import BY_ITSELF, Person
from portal.playgroups.parted.models import PartedPair
from portal.playgroups.parted.queries import ASKED_EVERY
from portal.text import clock

LONGEST = timedelta(days=366)


def part_children(class_id: int, one_id: int, other_id: int, until: date, *, actor: Person, now: datetime) -> None:
    """Keep two children apart until a day; said again, the later word counts. What is drafted is not changed.

    Raises RuleViolation for one child twice, and for a day that is over or more than a year away.
    """
    today = clock.day_of(now)
    if one_id == other_id:
        raise RuleViolation(N_("Choose two different children."))
    if not today <= until <= today + LONGEST:
        raise RuleViolation(N_("Choose a day within the next year."))
    first, second = sorted((one_id, other_id))
    said = {"until": until, "asked_on": today}
    db.session.execute(
        insert_into(PartedPair)
        .values(class_id=class_id, one_id=first, other_id=second, **said)
        .on_conflict_do_update(index_elements=["class_id", "one_id", "other_id"], set_=said)
    )
    acts.note(actor, ActKind.PLAYGROUP_PARTED, acts.Known(class_id), now=now)


def lift_pair(pair: PartedPair, *, actor: Person, now: datetime) -> None:
    """Let two children be together again."""
    lock_row(pair)
    recall((ActKind.PLAYGROUP_PARTED_DUE,), pair.id)
    acts.note(actor, ActKind.PLAYGROUP_LIFTED, acts.Known(pair.class_id), now=now)
    db.session.delete(pair)


def ask_about(pair: PartedPair, *, now: datetime) -> None:
    """Forget a pair whose day has passed; ask the team about one that has stood for half a year; else leave it."""
    lock_row(pair)
    today = clock.day_of(now)
    if pair.until < today:
        recall((ActKind.PLAYGROUP_PARTED_DUE,), pair.id)
        db.session.delete(pair)
    elif pair.asked_on <= today - ASKED_EVERY:
        pair.asked_on = today
        recall((ActKind.PLAYGROUP_PARTED_DUE,), pair.id)
        acts.record(BY_ITSELF, ActKind.PLAYGROUP_PARTED_DUE, pair, now=now)
