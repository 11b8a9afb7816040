"""Asking AKT for help, answering a class, and noting what AKT and leadership have done together."""

from __future__ import annotations

from datetime import date, datetime

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.akt import queries
from portal.akt.models import AktNote, AktRequest, NoteKind
from portal.database import db
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.errors import N_, Conflict, RuleViolation
from portal.name_guard.guard import look_for_names
from portal.notifications.services import recall
from portal.people import Person
from portal.text import clock

NOTED = {NoteKind.MEETING: ActKind.AKT_MEETING_NOTED, NoteKind.BREAKS: ActKind.BREAKS_LOOKED_AT}


def ask_akt(class_id: int, line: str, *, actor: Person, now: datetime) -> None:
    """Ask AKT for help with a class; AKT is told.

    Raises RuleViolation for a class without children, one that waits for an answer already, and a line that names a
    child: what is to be said of one is said, not written here.
    """
    wait_for_turn_at(f"what class {class_id} asks AKT")
    if not queries.has_children(class_id, today=clock.day_of(now)):
        raise RuleViolation(N_("No child is in the class any more."))
    if queries.has_open(class_id):
        raise RuleViolation(N_("The class has asked already, and AKT has been told."))
    _check_names(class_id, line, actor, now)
    asked = AktRequest(class_id=class_id, line=line, asked_at=now, asked_by_id=actor.id)
    db.session.add(asked)
    acts.record(actor, ActKind.AKT_ASKED, asked, now=now)


def answer_request(asked: AktRequest, answer: str, *, actor: Person, now: datetime) -> None:
    """Answer a class, in a line or with a tick alone; its team is told, and it waits no longer.

    Raises Conflict when somebody has answered since, and RuleViolation for a line that names a child.
    """
    lock_row(asked)
    if asked.answered_at is not None:
        raise Conflict(N_("Somebody has answered the class already. Look at the answer."))
    _check_names(asked.class_id, answer, actor, now)
    asked.answer, asked.answered_at, asked.answered_by_id = answer, now, actor.id
    recall([ActKind.AKT_ASKED], asked.id)
    acts.record(actor, ActKind.AKT_ANSWERED, asked, now=now)


def record_note(kind: NoteKind, done_on: date, line: str, *, actor: Person, now: datetime) -> None:
    """Note that AKT and leadership have met, or looked at the breaks, on a day.

    Raises RuleViolation for a day to come, one before the last school year, and one that is noted already.
    """
    wait_for_turn_at("what AKT and leadership note")
    today = clock.day_of(now)
    if done_on > today:
        raise RuleViolation(N_("That day has not come yet. Note it when it is done."))
    if done_on < clock.first_day(clock.school_year(today) - 1):
        raise RuleViolation(N_("That day is too long ago. Choose one of this school year or the last."))
    if queries.is_noted(kind, done_on):
        raise RuleViolation(N_("That is noted for the day already."))
    note = AktNote(kind=kind, done_on=done_on, line=line, noted_at=now, noted_by_id=actor.id)
    db.session.add(note)
    acts.note(actor, NOTED[kind], note, now=now)


def _check_names(class_id: int, text: str, actor: Person, now: datetime) -> None:
    names = look_for_names("", text, [class_id], reader=actor, today=clock.day_of(now)).must_agree
    if names:
        raise RuleViolation(N_("Write it without names: %(names)s. The rest is for a talk."), names=", ".join(names))
