"""Asking the organisers, and answering."""

from __future__ import annotations

from datetime import datetime

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.events.models import ClassEvent, can_be_asked_about
from portal.events.organisers.queries import list_organiser_ids
from portal.events.questions import queries
from portal.events.questions.models import EventQuestion
from portal.name_guard.cover import Cover, written_at
from portal.notifications.services import recall
from portal.people import Person
from portal.text import clock

#: The room's name among those that cover names.
ROOM = "questions about events"


def ask_question(event: ClassEvent, text: str, *, actor: Person, now: datetime) -> EventQuestion:
    """Ask the organisers, and nobody else; where there is none, those who may take over are told of it.

    Raises RuleViolation for one of them, once the event is over, some weeks after the day of one that was called off,
    of one where nobody is left who called it off, and for one too many in an hour.
    """
    if not can_be_asked_about(event, now):
        raise RuleViolation(N_("The event is over or cancelled."))
    organiser_ids = list_organiser_ids(event, clock.day_of(now))
    if event.is_cancelled and not organiser_ids:
        raise RuleViolation(N_("The event is cancelled, and nobody organises it any more. Ask the class team."))
    if actor.id in organiser_ids:
        raise RuleViolation(N_("You organise it yourself."))
    check_limit(actor, ActKind.EVENT_QUESTION_ASKED, now=now)
    question = EventQuestion(event_id=event.id, asked_by_id=actor.id, question=text, asked_at=now, answered_at=None)
    db.session.add(question)
    is_urgent = acts.is_at_short_notice(event.starts_at, now=now)
    acts.record(actor, ActKind.EVENT_QUESTION_ASKED, question, now=now, is_urgent=is_urgent)
    if not organiser_ids:
        recall([ActKind.EVENT_LEFT_ALONE], event.id)
        acts.record(actor, ActKind.EVENT_LEFT_ALONE, event, now=now, is_urgent=is_urgent)
    return question


def answer_question(
    question: EventQuestion, answer: str, *, shown_question: str, version: int, actor: Person, now: datetime
) -> bool:
    """Answer whoever asked, who is told at once; `shown_question` puts both on the event, "" takes them off it.

    Answered again, the newer one stands. What waited for the organisers waits no longer. Whether it is a new answer, so
    that somebody is told, is given back. Raises Conflict when another organiser has answered since `version`.
    """
    check_version(question, version)
    is_new = answer != question.answer
    question.answered_at = _written_at(question, now)
    question.answer, question.shown_question = answer, shown_question
    recall([ActKind.EVENT_QUESTION_ASKED], question.id)
    if is_new:
        recall([ActKind.EVENT_QUESTION_ANSWERED], question.id)
        acts.record(actor, ActKind.EVENT_QUESTION_ANSWERED, question, now=now, is_urgent=True)
    return is_new


def _written_at(question: EventQuestion, now: datetime) -> datetime:
    """From when the words of an answer are: what is shown beside it repeats what was asked, or what stood there."""
    classes, stood = question.event.class_ids, [(question.asked_at, [question.question])]
    if question.answered_at is not None:
        stood.append((question.answered_at, [question.answer, question.shown_question]))
    return min(written_at(ROOM, classes, texts, stood_at=stood_at, now=now) for stood_at, texts in stood)


def cover_names(class_id: int, cover: Cover, now: datetime) -> None:
    """Cover a name that has become protected in what was asked about a class's events, and answered."""
    for question in queries.list_of_class(class_id):
        question.question = cover.over(question.question, saved_at=question.asked_at)
        if question.answered_at is not None:
            question.answer = cover.over(question.answer, saved_at=question.answered_at)
            question.shown_question = cover.over(question.shown_question, saved_at=question.answered_at)
