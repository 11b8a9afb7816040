"""Sending an event, undoing it before it is out, and throwing a draft away."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.events.models import ClassEvent, EventClass, EventOrganiser
from portal.events.sending import queries
from portal.events.services import check_cost, check_deadline, check_somebody_is_there, is_at_work
from portal.notifications.services import recall
from portal.people import Person
from portal.text import clock

MINUTES_TO_UNDO = timedelta(minutes=3)
#: How long a draft is kept that nobody writes on or sends.
KEPT_FOR = timedelta(days=30)


def publish_event(event: ClassEvent, *, version: int, most_cost: int, actor: Person, now: datetime) -> None:
    """Let a draft go out three minutes from now, as it was seen in version `version`; it is told then and not before.

    Raises Conflict when it was changed since, so that nothing goes out which was not looked at; RuleViolation when it
    is sent already, when its time or the day for answers is over by now, when it costs too much, when no child is there
    any more, or for one too many within the hour from somebody who is not of the class team.
    """
    check_version(event, version)
    if event.out_at is not None:
        raise RuleViolation(N_("It is sent already."))
    if event.starts_at <= now:
        raise RuleViolation(N_("That time is over. Choose a time to come."))
    check_cost(event.cost_per_child, most_cost)
    check_deadline(event.rsvp_deadline, clock.day_of(event.starts_at), now)
    check_somebody_is_there(event, clock.day_of(now))
    check_limit(actor, ActKind.EVENT_CREATED, now=now, is_at_work=is_at_work(event, actor))
    event.out_at = now + MINUTES_TO_UNDO
    acts.record(actor, ActKind.EVENT_CREATED, event, now=now, tell_at=event.out_at)


def withdraw_event(event: ClassEvent, *, actor: Person, now: datetime) -> None:
    """Make what is not out yet a draft again: nobody has seen it, and nobody is told. Idempotent.

    Raises RuleViolation once it is out. Somebody may have answered it while this waited for the lock.
    """
    lock_row(event)
    if event.out_at is None:
        return
    if event.out_at <= now or queries.is_answered(event):
        raise RuleViolation(N_("It is out, and the homes can see it. You can still change it or cancel it."))
    event.out_at, event.touched_at = None, now
    recall([ActKind.EVENT_CREATED], event.id)
    acts.note(actor, ActKind.EVENT_UNDONE, event, now=now)


def discard_left(event: ClassEvent, *, now: datetime) -> None:
    """Delete a draft that has lain for as long as one is kept; one that somebody has just taken up again stays."""
    lock_row(event)
    if event.out_at is None and event.last_touched_at < now - KEPT_FOR:
        discard_event(event)


def discard_event(event: ClassEvent) -> None:
    """Delete a draft. Raises RuleViolation once it is sent."""
    lock_row(event)
    if event.out_at is not None:
        raise RuleViolation(N_("It is sent already."))
    for table in (EventClass, EventOrganiser):
        rows = delete(table).where(table.event_id == event.id)
        db.session.execute(rows.execution_options(synchronize_session=False))
    drafts = delete(ClassEvent).where(ClassEvent.id == event.id)
    db.session.execute(drafts.execution_options(synchronize_session=False))
    db.session.expunge(event)
