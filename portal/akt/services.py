"""Asking AKT for help, answering a class, and noting what AKT and leadership have done together."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.akt import queries
from portal.akt.models import AktNote, AktRequest, NoteKind
from portal.database import db
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.errors import N_, Conflict, RuleViolation
from portal.name_guard.guard import names_of_children
from portal.notifications.services import recall
from portal.people import Person
from portal.school.queries import has_children
from portal.text import clock

NOTED = {NoteKind.MEETING: ActKind.AKT_MEETING_NOTED, NoteKind.BREAKS: ActKind.BREAKS_LOOKED_AT}


def ask_akt(class_id: int, line: str, *, actor: Person, now: datetime) -> None:
    """Ask AKT for help with a class; AKT is told.

    Raises RuleViolation for a class without children, one that waits for an answer already, and a line that names a
    child of the school: what is to be said of one is said, not written here.
    """
    _check_names(line, actor, now)
    wait_for_turn_at(f"what class {class_id} asks AKT")
    if not has_children(class_id, today=clock.day_of(now)):
        raise RuleViolation(N_("No child is in the class any more."))
    if queries.has_open(class_id):
        raise RuleViolation(N_("The class has asked already, and AKT has been told."))
    asked = AktRequest(class_id=class_id, line=line, asked_at=now, asked_by_id=actor.id)
    db.session.add(asked)
    acts.record(actor, ActKind.AKT_ASKED, asked, now=now)


def answer_request(asked: AktRequest, answer: str, *, actor: Person, now: datetime) -> None:
    """Answer a class, in a line or with a tick alone; its team is told, and it waits no longer.

    Raises Conflict when somebody has answered since or the class has taken it back, and RuleViolation for a line that
    names a child of the school.
    """
    _check_names(answer, actor, now)
    lock_row(asked)
    if not queries.is_open(asked.id):
        raise Conflict(N_("Somebody has answered the class already, or it no longer asks. Look at it as it is now."))
    asked.answer, asked.answered_at, asked.answered_by_id = answer, now, actor.id
    recall([ActKind.AKT_ASKED], asked.id)
    acts.record(actor, ActKind.AKT_ANSWERED, asked, now=now)


def withdraw_request(asked: AktRequest, *, actor: Person, now: datetime) -> None:
    """Take back what the class asks for while it waits; AKT finds it in no list any more.

    Raises Conflict when it has been answered or a colleague has taken it back.
    """
    still_open = delete(AktRequest).where(AktRequest.id == asked.id, AktRequest.answered_at.is_(None))
    if not db.session.scalars(still_open.returning(AktRequest.id)).all():
        raise Conflict(N_("AKT has answered already, or a colleague has taken it back."))
    recall([ActKind.AKT_ASKED], asked.id)
    acts.note(actor, ActKind.AKT_WITHDRAWN, asked, now=now)


def record_note(kind: NoteKind, done_on: date, line: str, *, actor: Person, now: datetime) -> None:
    """Note that AKT and leadership have met, or looked at the breaks, on a day.

    Raises RuleViolation for a day to come, one before the last school year, one that is noted already, and a line that
    names a child of the school.
    """
    _check_names(line, actor, now)
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


def remove_note(note: AktNote, *, actor: Person, now: datetime) -> None:
    """Take back what was noted by mistake. Raises Conflict when it is gone already."""
    removed = delete(AktNote).where(AktNote.id == note.id).returning(AktNote.id)
    if not db.session.scalars(removed).all():
        raise Conflict(N_("A colleague has removed it already."))
    acts.note(actor, ActKind.AKT_NOTE_REMOVED, note, now=now)


def _check_names(text: str, actor: Person, now: datetime) -> None:
    """Of all classes, since what is said about one class names a child of another as easily."""
    if names := names_of_children(text, actor, today=clock.day_of(now)):
        raise RuleViolation(N_("Write it without names: %(names)s. The rest is for a talk."), names=", ".join(names))
