"""Looking after an event together: asking somebody, saying yes or no, showing a phone number, and stopping."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, lock_row
from portal.errors import N_, RuleViolation
from portal.events.models import ClassEvent, EventOrganiser, is_still_on
from portal.events.organisers import queries
from portal.events.organisers.models import OrganiserInvitation
from portal.notifications.services import recall
from portal.people import Person
from portal.text import clock

MOST_ORGANISERS = 8


def invite_organiser(event: ClassEvent, user_id: int, *, actor: Person, now: datetime) -> None:
    """Ask somebody to look after the event as well; they are one when they have said yes. Idempotent.

    Raises RuleViolation before the event is out, for a cancelled one, where there are many already, and for one too
    many within the hour.
    """
    lock_row(event)
    db.session.refresh(event, ["organisers"])
    if not event.is_out_at(now):
        raise RuleViolation(N_("Nobody sees it before it has gone out. Ask somebody then."))
    if event.is_cancelled:
        raise RuleViolation(N_("The event has been cancelled."))
    if len(event.organisers) + len(queries.list_invitations(event.id)) >= MOST_ORGANISERS:
        raise RuleViolation(N_("%(most)s is enough: the others can help without organising."), most=MOST_ORGANISERS)
    check_limit(actor, ActKind.ORGANISER_INVITED, now=now)
    if insert_if_absent(OrganiserInvitation, event_id=event.id, user_id=user_id, invited_at=now, declined_at=None):
        invitation = queries.get_own_invitation(event.id, user_id)
        if invitation is not None:
            acts.record(actor, ActKind.ORGANISER_INVITED, invitation, now=now)


def answer_invitation(event: ClassEvent, *, is_yes: bool, actor: Person, now: datetime) -> None:
    """Say yes or no to looking after the event; a no is told to nobody, and who asked sees nothing change.

    Raises RuleViolation where nobody has asked, or not any more, and for a yes once it is over or called off.
    """
    lock_row(event)
    if is_yes and not is_still_on(event, now):
        raise RuleViolation(N_("The event is over or cancelled."))
    invitation = queries.get_own_invitation(event.id, actor.id)
    if invitation is None:
        raise RuleViolation(N_("Nobody asks you any more to organise it."))
    recall([ActKind.ORGANISER_INVITED], invitation.id)
    if not is_yes:
        invitation.declined_at = now
    else:
        db.session.delete(invitation)
        insert_if_absent(EventOrganiser, event_id=event.id, user_id=actor.id, shows_phone=False)
        acts.record(actor, ActKind.ORGANISER_JOINED, event, now=now)


def take_over(event: ClassEvent, *, actor: Person, now: datetime) -> None:
    """Look after an event that nobody looks after any more; what was asked about it is the actor's to answer then.

    Raises RuleViolation where somebody does, and once it is over or called off.
    """
    lock_row(event)
    if not is_still_on(event, now):
        raise RuleViolation(N_("The event is over or cancelled."))
    if queries.list_organiser_ids(event, clock.day_of(now)):
        raise RuleViolation(N_("Somebody else organises it by now."))
    recall([ActKind.EVENT_LEFT_ALONE], event.id)
    insert_if_absent(EventOrganiser, event_id=event.id, user_id=actor.id, shows_phone=False)
    acts.record(actor, ActKind.ORGANISER_JOINED, event, now=now)


def show_phone(event: ClassEvent, *, is_shown: bool, actor: Person) -> None:
    """Let those who are invited see one's phone number at this event, or not any more."""
    for row in event.organisers:
        if row.user_id == actor.id:
            row.shows_phone = is_shown


def stop_organising(event: ClassEvent, *, actor: Person, now: datetime) -> None:
    """Look after the event no longer. Raises RuleViolation for the last one: somebody has to answer the homes."""
    lock_row(event)
    db.session.refresh(event, ["organisers"])
    today = clock.day_of(now)
    others = queries.list_organiser_ids(event, today) - {actor.id}
    if not others and not queries.list_to_ask(event, actor, today=today):
        raise RuleViolation(N_("You are the only one who organises it. You can cancel it."))
    if not others:
        raise RuleViolation(N_("You are the only one who organises it. Ask somebody to join first, or cancel it."))
    gone = delete(EventOrganiser).where(EventOrganiser.event_id == event.id, EventOrganiser.user_id == actor.id)
    db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire(event, ["organisers"])
