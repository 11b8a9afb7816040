"""Reading what was asked about an event: the organisers all of it, everybody else what stands on the event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.events import queries
from portal.events.audience.queries import ASKED, class_ids_of, know_classes, place_of
from portal.events.models import Audience, ClassEvent
from portal.events.organisers.queries import list_organiser_ids
from portal.events.questions.models import EventQuestion
from portal.school.models import TeamMember
from portal.school.ties import holds
from portal.text import clock


def get_question(question_id: int) -> EventQuestion | None:
    """A question, with its event and that one's classes."""
    question = by_id(EventQuestion, question_id)
    if question is not None:
        know_classes(question.event, today=clock.today())
    return question


def list_questions(event: ClassEvent, *, today: date) -> Sequence[Any]:
    """All that was asked about an event, what waits for an answer first; with `user_id`, `name` and `is_staff` of who
    asked: whom the reader may see by name, `organisers.presenters.names_for` knows."""
    values = {**place_of(event), "today": today, "school_year": clock.school_year(today)}
    return _asked.of(event.audience).rows(**values)


@prepared
def _asked(audience: Audience) -> AnySelect:
    today = param("today", date)
    classes = class_ids_of(audience, ASKED, param("school_year", int))
    is_of_team = exists().where(
        TeamMember.user_id == User.id, holds(TeamMember, today), TeamMember.class_id.in_(classes)
    )
    return (
        select(
            EventQuestion.id,
            EventQuestion.question,
            EventQuestion.asked_at,
            EventQuestion.answer,
            EventQuestion.shown_question,
            User.id.label("user_id"),
            shown_name_of(User).label("name"),
            is_of_team.label("is_staff"),
        )
        .join(User, User.id == EventQuestion.asked_by_id)
        .where(EventQuestion.event_id == ASKED.id)
        .order_by(EventQuestion.answered_at.is_not(None), EventQuestion.id)
    )


def list_shown(event_id: int, reader_id: int) -> Sequence[Any]:
    """What stands on the event as questions and answers, and what the reader has asked: the oldest first."""
    return _shown.rows(event_id=event_id, reader_id=reader_id)


@prepared
def _shown() -> AnySelect:
    is_own = EventQuestion.asked_by_id == param("reader_id", int)
    return (
        select(
            EventQuestion.id,
            EventQuestion.question,
            EventQuestion.shown_question,
            EventQuestion.answer,
            is_own.label("is_own"),
        )
        .where(
            EventQuestion.event_id == param("event_id", int),
            or_(EventQuestion.shown_question != "", is_own),
        )
        .order_by(EventQuestion.id)
    )


def list_of_class(class_id: int) -> Sequence[EventQuestion]:
    """All that was asked about what a class was ever invited to. The rows are locked."""
    about = [event.id for event in queries.list_of_class(class_id)]
    found = select(EventQuestion).where(EventQuestion.event_id.in_(about)).order_by(EventQuestion.id)
    return db.session.scalars(found.with_for_update().execution_options(populate_existing=True)).all()


def list_asked(question: EventQuestion, today: date) -> set[int]:
    """Those who look after the event today."""
    return list_organiser_ids(question.event, today)


def list_asker(question: EventQuestion, today: date) -> set[int]:
    """The one who asked."""
    return {question.asked_by_id}
