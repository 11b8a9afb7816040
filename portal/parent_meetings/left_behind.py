"""Meetings of a class that is empty, since all of it has gone over into others: which they are, and who hears of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.database import db
from portal.parent_meetings.models import ParentMeeting
from portal.school.models import Enrolment, SchoolClass
from portal.school.queries import guardians_in_classes
from portal.school.ties import LAST_DAYS, has_nobody_left, holds
from portal.text import clock


def list_left_behind(now: datetime) -> list[int]:
    """The meetings to come, not called off, of classes in which no child is any more."""
    to_come = select(ParentMeeting.id).where(
        ParentMeeting.cancelled_at.is_(None),
        ParentMeeting.starts_at > now,
        has_nobody_left(ParentMeeting.class_id, clock.day_of(now)),
    )
    return list(db.session.scalars(to_come.order_by(ParentMeeting.id)))


def list_gone_over_to(class_id: int, *, today: date) -> Collection[int]:
    """The classes in which those are today who were in a class in its last days."""
    left, place = aliased(Enrolment), aliased(Enrolment)
    rows: Sequence[Any] = db.session.execute(
        select(place.class_id, left.ends_on)
        .join(left, left.pupil_id == place.pupil_id)
        .where(left.class_id == class_id, left.ends_on < today, place.class_id != class_id, holds(place, today))
    ).all()
    last = max((row.ends_on for row in rows), default=today)
    return sorted({row.class_id for row in rows if row.ends_on >= last - LAST_DAYS})


def has_left_behind(school_class: SchoolClass, now: datetime) -> bool:
    """Whether those who came to a class would still have had a meeting of their old one, had it not been called off."""
    return bool(_who_went_over(school_class.id, clock.day_of(now), since=now))


def list_who_went_over(school_class: SchoolClass, today: date) -> set[int]:
    """The guardians of the children of a class whose old class is empty and had its meeting called off for that."""
    return _who_went_over(school_class.id, today, since=clock.at_school(today, datetime.min.time()))


def _who_went_over(class_id: int, today: date, *, since: datetime) -> set[int]:
    left = aliased(Enrolment)
    rows: Sequence[Any] = db.session.execute(
        guardians_in_classes(today)
        .with_only_columns(User.id, left.ends_on, ParentMeeting.cancelled_at)
        .join(left, left.pupil_id == Enrolment.pupil_id)
        .join(ParentMeeting, ParentMeeting.class_id == left.class_id)
        .where(
            Enrolment.class_id == class_id,
            left.class_id != class_id,
            left.ends_on < today,
            ParentMeeting.cancelled_at.is_not(None),
            ParentMeeting.starts_at > since,
            has_nobody_left(left.class_id, today),
        )
    ).all()
    return {
        user_id
        for user_id, left_on, cancelled_at in rows
        if clock.day_of(cancelled_at) - LAST_DAYS <= left_on <= clock.day_of(cancelled_at)
    }
