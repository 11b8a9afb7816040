"""Whom an event's news is for, as of the day it is told, and which events the homes are to be reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from portal.database import db
from portal.events.audience.queries import class_ids_of, for_each_audience, know_classes
from portal.events.models import Answer, ClassEvent, EventReminder, EventState, Rsvp
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.school.ties import holds
from portal.text import clock

#: Reminders go out on these days before the answers are due, or before the event where no day was named.
FIRST_REMINDER, LAST_REMINDER = timedelta(days=3), timedelta(days=1)
A_DAY = timedelta(days=1)


def get_rsvp(rsvp_id: int) -> Rsvp | None:
    """A child's answer, with the event and its classes."""
    rsvp = db.session.scalar(
        select(Rsvp)
        .options(joinedload(Rsvp.event).options(selectinload(ClassEvent.classes), selectinload(ClassEvent.organisers)))
        .where(Rsvp.id == rsvp_id)
    )
    if rsvp is not None:
        know_classes(rsvp.event, today=clock.today())
    return rsvp


def _adults(event: ClassEvent, today: date) -> Select[*tuple[Any, ...]]:
    """The adults of every child who is in one of the event's classes, helpers too."""
    classes = class_ids_of(event.audience, event, clock.school_year(today))
    return (
        select(Guardianship.guardian_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .where(Enrolment.class_id.in_(classes), holds(Enrolment, today), holds(Guardianship, today))
    )


def list_invited_adults(event: ClassEvent, today: date) -> set[int]:
    """Who answers for a child of the audience: guardians, and helpers as well."""
    return set(db.session.scalars(_adults(event, today)))


def list_unanswered_guardians(event: ClassEvent, today: date) -> set[int]:
    """The custody and foster guardians of the children nobody has answered for since the event last moved."""
    return set(
        db.session.scalars(
            _adults(event, today).where(
                Guardianship.kind != GuardianshipKind.HELPER, ~_is_answered(event.id, Enrolment.pupil_id)
            )
        )
    )


def list_unanswered_children(event: ClassEvent, pupil_ids: Sequence[int]) -> set[int]:
    """Those of these children nobody has answered for since the event last moved."""
    missing = select(Pupil.id).where(Pupil.id.in_(pupil_ids), ~_is_answered(event.id, Pupil.id))
    return set(db.session.scalars(missing))


def list_adults_of_coming(event: ClassEvent, today: date) -> set[int]:
    """The adults, helpers too, of the children somebody has said yes for."""
    says_yes = exists().where(
        Rsvp.event_id == event.id, Rsvp.pupil_id == Enrolment.pupil_id, Rsvp.answer == Answer.ACCEPTED
    )
    return set(db.session.scalars(_adults(event, today).where(says_yes)))


def list_guardians_of_child(rsvp: Rsvp, today: date) -> set[int]:
    """The custody and foster guardians of the child an answer is for."""
    return set(
        db.session.scalars(
            select(Guardianship.guardian_id).where(
                Guardianship.pupil_id == rsvp.pupil_id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Guardianship, today),
            )
        )
    )


def _is_answered(event_id: Any, pupil_id: Any) -> ColumnElement[bool]:
    """Whether somebody has answered for the child since the event last moved."""
    answered = aliased(ClassEvent)
    return exists().where(
        answered.id == event_id,
        Rsvp.event_id == answered.id,
        Rsvp.pupil_id == pupil_id,
        Rsvp.answer != Answer.NEEDS_ACTION,
        or_(answered.moved_at.is_(None), Rsvp.answered_at >= answered.moved_at),
    )


def list_to_remind(*, now: datetime) -> Sequence[Row[*tuple[Any, ...]]]:
    """The events whose answers are due within the days of reminders and of which one is missing, the next first.

    Each with the number of the reminder that went out last, 0 for none.
    """
    today = clock.day_of(now)
    last_day = today + FIRST_REMINDER
    is_due = or_(
        ClassEvent.rsvp_deadline.between(today, last_day),
        and_(ClassEvent.rsvp_deadline.is_(None), ClassEvent.starts_at <= now + FIRST_REMINDER + A_DAY),
    )
    year = clock.school_year(today)
    is_unanswered = for_each_audience(
        lambda audience: (
            exists()
            .where(
                Enrolment.class_id.in_(class_ids_of(audience, ClassEvent, year)),
                holds(Enrolment, today),
                ~_is_answered(ClassEvent.id, Enrolment.pupil_id),
            )
            .correlate(ClassEvent)
        )
    )
    last = select(func.max(EventReminder.number)).where(EventReminder.event_id == ClassEvent.id).scalar_subquery()
    return db.session.execute(
        select(ClassEvent, func.coalesce(last, 0))
        .where(ClassEvent.state == EventState.PUBLISHED, ClassEvent.out_at <= now, ClassEvent.starts_at > now)
        .where(is_due, is_unanswered)
        .order_by(ClassEvent.starts_at, ClassEvent.id)
    ).all()
