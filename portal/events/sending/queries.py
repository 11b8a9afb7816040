"""Whom an event reaches, and the drafts that nobody sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, select

from portal.accounts.models import User
from portal.database import db
from portal.events.audience.queries import class_ids_of, count_children
from portal.events.models import ClassEvent, Rsvp
from portal.school.homes.queries import homes_of
from portal.school.models import Enrolment, Guardianship, GuardianshipKind
from portal.school.ties import holds
from portal.text import clock


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an event is for today: so many children of so many classes, and the homes they have."""

    classes: int
    children: int
    homes: int


def count_reach(event: ClassEvent, *, today: date) -> Reach:
    """Whom the event reaches today; who live together are one home, and parted parents are two."""
    classes = class_ids_of(event.audience, event, clock.school_year(today))
    guardians = db.session.scalars(
        select(Guardianship.guardian_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .join(User, and_(User.id == Guardianship.guardian_id, User.deactivated_at.is_(None)))
        .where(Enrolment.class_id.in_(classes), holds(Enrolment, today))
        .where(Guardianship.kind != GuardianshipKind.HELPER, holds(Guardianship, today))
        .distinct()
    ).all()
    homes = homes_of(set(guardians), today=today)
    return Reach(
        len(event.class_ids),
        count_children(classes, today=today),
        len({homes[guardian_id] for guardian_id in guardians}),
    )


def is_answered(event: ClassEvent) -> bool:
    """Whether somebody has answered it."""
    return bool(db.session.scalar(select(exists().where(Rsvp.event_id == event.id))))


def list_left_unsent(since: datetime) -> Sequence[int]:
    """The drafts on which nobody has written since before that moment."""
    return db.session.scalars(
        select(ClassEvent.id)
        .where(ClassEvent.out_at.is_(None), func.coalesce(ClassEvent.touched_at, ClassEvent.created_at) < since)
        .order_by(ClassEvent.id)
    ).all()
