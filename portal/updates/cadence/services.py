"""Registering what was told elsewhere, and reminding a class teacher when it is time for news."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.errors import N_, Conflict, RuleViolation
from portal.notifications import services as notifications
from portal.people import BY_ITSELF, Person
from portal.school.models import SchoolClass
from portal.school.services import wait_for_turn
from portal.text import clock
from portal.updates.cadence import queries
from portal.updates.cadence.models import CadenceReminder, ToldChannel, ToldElsewhere
from portal.updates.cadence.rhythm import Stage

#: What a class teacher is told of, by how the class stands.
REMINDERS = {Stage.DUE: ActKind.UPDATE_DUE, Stage.OVERDUE: ActKind.UPDATE_OVERDUE}


def register_told_elsewhere(
    school_class: SchoolClass, told_on: date, channel: ToldChannel, note: str, *, actor: Person, now: datetime
) -> ToldElsewhere:
    """Keep that the class's homes were told somewhere else: it counts like news here.

    Raises RuleViolation for a day to come or before this school year, and for what stands there already.
    """
    today = clock.day_of(now)
    if told_on > today:
        raise RuleViolation(N_("That day has not come yet. Register it when you have told the homes."))
    if told_on < clock.first_day(clock.school_year(today)):
        raise RuleViolation(N_("Choose a day in this school year. Every school year begins anew."))
    wait_for_turn(school_class)
    if queries.is_registered(school_class.id, told_on, channel):
        raise RuleViolation(N_("A colleague has registered that already."))
    told = ToldElsewhere(
        class_id=school_class.id,
        told_on=told_on,
        channel=channel,
        note=note,
        registered_by_id=actor.id,
        registered_at=now,
    )
    db.session.add(told)
    acts.record(actor, ActKind.TOLD_ELSEWHERE_REGISTERED, told, now=now)
    take_reminders_back(school_class.id)
    return told


def remove_told_elsewhere(told: ToldElsewhere, *, actor: Person, now: datetime) -> None:
    """Take back that the homes were told elsewhere: it no longer counts. Raises Conflict when it is gone already."""
    removed = delete(ToldElsewhere).where(ToldElsewhere.id == told.id).returning(ToldElsewhere.id)
    if not db.session.scalars(removed).all():
        raise Conflict(N_("A colleague has removed it already."))
    forget_reminders(told.class_id)
    acts.record(actor, ActKind.TOLD_ELSEWHERE_REMOVED, told, now=now)


def take_reminders_back(class_id: int) -> None:
    """The homes of a class have been told: no reminder of it is of use any more."""
    notifications.recall(list(REMINDERS.values()), class_id)


def forget_reminders(class_id: int) -> None:
    """What the homes had been told has been taken back: when news is due again, its teacher is reminded again."""
    gone = delete(CadenceReminder).where(CadenceReminder.class_id == class_id)
    db.session.execute(gone.execution_options(synchronize_session=False))


def remind(class_id: int, *, every: int, now: datetime) -> None:
    """Let a class's teacher know that news is due or overdue, once for each day and stage; else do nothing.

    Looks again at how the class stands: somebody may have told the homes, or another worker reminded of it.
    """
    school_class = db.session.get(SchoolClass, class_id)
    if school_class is None:
        return
    wait_for_turn(school_class)
    found, _ = queries.list_standings(every=every, today=clock.day_of(now), class_ids=[class_id])
    for one in found:
        standing = one.standing
        kind = REMINDERS.get(standing.stage)
        if kind and one.has_class_teacher and not queries.is_reminded(class_id, standing.due_on, standing.stage):
            db.session.add(
                CadenceReminder(class_id=class_id, due_on=standing.due_on, stage=standing.stage, reminded_at=now)
            )
            take_reminders_back(class_id)
            acts.record(BY_ITSELF, kind, school_class, now=now)
