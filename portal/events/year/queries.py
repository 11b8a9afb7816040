"""Reading what a class has held and planned, over school years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from portal.database.prepared import AnySelect, param, prepared
from portal.events.audience.queries import concerns
from portal.events.models import Answer, ClassEvent, EventState, Rsvp
from portal.text import clock

#: To the same day of the week.
A_YEAR = timedelta(weeks=52)
LOOKS_BACK, LOOKS_AHEAD = timedelta(weeks=3), timedelta(weeks=10)


def list_held_and_planned(class_id: int, *, since: datetime, until: datetime, now: datetime) -> Sequence[Any]:
    """The class's events between two moments, the first first, each with how many children said yes.

    None that was cancelled, and none that is not out yet. One statement; a class has a handful a year, so it is whole.
    """
    school_year = clock.school_year(clock.day_of(now))
    return _of_class.rows(class_id=class_id, since=since, until=until, now=now, school_year=school_year)


def list_a_year_ago(class_id: int, *, now: datetime) -> list[Any]:
    """What the class held at this time last year, the first first, and has neither done again nor planned since.

    From three weeks before this day of a year ago to ten weeks after it, since what one plans is for then.
    """
    this_day = now - A_YEAR
    rows = list_held_and_planned(class_id, since=this_day - LOOKS_BACK, until=now + A_YEAR, now=now)
    ends = this_day + LOOKS_AHEAD
    known = {row.title.casefold() for row in rows if row.starts_at >= ends}
    return [row for row in rows if row.starts_at < ends and row.title.casefold() not in known]


@prepared
def _of_class() -> AnySelect:
    came = (
        select(func.count())
        .where(Rsvp.event_id == ClassEvent.id, Rsvp.answer == Answer.ACCEPTED)
        .correlate(ClassEvent)
        .scalar_subquery()
    )
    return (
        select(ClassEvent.id, ClassEvent.title, ClassEvent.starts_at, ClassEvent.ends_at, came.label("came"))
        .where(
            concerns([param("class_id", int)], param("school_year", int)),
            ClassEvent.state == EventState.PUBLISHED,
            ClassEvent.starts_at >= param("since", datetime),
            ClassEvent.starts_at < param("until", datetime),
            ClassEvent.out_at <= param("now", datetime),
        )
        .order_by(ClassEvent.starts_at, ClassEvent.id)
    )
