"""Reading what a class has held and planned, over school years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from portal.database import db
from portal.events.audience.queries import concerns
from portal.events.models import Answer, ClassEvent, EventState, Rsvp
from portal.text import clock


def list_held_and_planned(
    class_id: int, *, since: datetime, until: datetime, now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The class's events between two moments, the first first, each with how many children said yes.

    None that was cancelled, and none that is not out yet. One statement; a class has a handful a year, so it is whole.
    """
    came = (
        select(func.count())
        .where(Rsvp.event_id == ClassEvent.id, Rsvp.answer == Answer.ACCEPTED)
        .correlate(ClassEvent)
        .scalar_subquery()
    )
    return db.session.execute(
        select(ClassEvent.id, ClassEvent.title, ClassEvent.starts_at, ClassEvent.ends_at, came.label("came"))
        .where(
            concerns([class_id], clock.school_year(clock.day_of(now))),
            ClassEvent.state == EventState.PUBLISHED,
            ClassEvent.starts_at >= since,
            ClassEvent.starts_at < until,
            ClassEvent.out_at <= now,
        )
        .order_by(ClassEvent.starts_at, ClassEvent.id)
    ).all()
