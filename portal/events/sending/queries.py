"""Whom an event reaches, and the drafts that nobody sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, func, select

from portal.accounts.models import User
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.events.audience.queries import ASKED, class_ids_of, count_invited, place_of
from portal.events.models import AnyEvent, Audience, ClassEvent, Rsvp
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


def count_reach(event: AnyEvent, *, today: date) -> Reach:
    """Whom the event reaches today; who live together are one home, and parted parents are two."""
    values = {**place_of(event), "today": today, "school_year": clock.school_year(today)}
    guardians = {row.guardian_id for row in _guardians.of(event.audience).rows(**values)}
    homes = homes_of(guardians, today=today)
    return Reach(len(event.class_ids), count_invited(event, today=today), len(set(homes.values())))


@prepared
def _guardians(audience: Audience) -> AnySelect:
    today = param("today", date)
    classes = class_ids_of(audience, ASKED, param("school_year", int))
    return (
        select(Guardianship.guardian_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .join(User, and_(User.id == Guardianship.guardian_id, User.deactivated_at.is_(None)))
        .where(Enrolment.class_id.in_(classes), holds(Enrolment, today))
        .where(Guardianship.kind != GuardianshipKind.HELPER, holds(Guardianship, today))
        .distinct()
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
