"""Telling those who join a class what it has planned already: once, and in the daytime."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, select
from sqlalchemy.orm import joinedload

from portal.acts import services as acts
from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.database.transactions import insert_if_absent
from portal.events.audience.queries import concerns, every_class
from portal.events.models import ClassEvent, EventNewcomer, EventOrganiser, EventState
from portal.notifications.models import Delivery
from portal.people import BY_ITSELF
from portal.school.models import Enrolment, Guardianship
from portal.school.ties import holds, joined_on
from portal.text import clock

#: What tells a whole class of an event: whoever has a line of these has been told.
_TELLS_EVERYBODY = (ActKind.EVENT_CREATED, ActKind.EVENT_MOVED)


def get_newcomer(newcomer_id: int) -> EventNewcomer | None:
    """Somebody who joined a class, with that class."""
    return db.session.scalar(
        select(EventNewcomer).options(joinedload(EventNewcomer.school_class)).where(EventNewcomer.id == newcomer_id)
    )


def list_newcomer(newcomer: EventNewcomer, today: date) -> Collection[int]:
    """The one account that is told; whether they still belong to the class is asked as their right."""
    return [newcomer.user_id]


def has_something_to_come(newcomer: EventNewcomer, now: datetime) -> bool:
    """Whether the class still has something planned."""
    of_the_class = concerns([newcomer.class_id], clock.school_year(clock.day_of(now)))
    return bool(db.session.scalar(select(exists().where(of_the_class, *_is_to_come(now)))))


def list_with_newcomers(now: datetime) -> list[int]:
    """The events to come that somebody has joined the class of since it was told of them."""
    return sorted({row.event_id for row in _newcomers(now, *_is_to_come(now))})


def tell_newcomers(event: ClassEvent, *, now: datetime) -> None:
    """Tell whoever has joined the classes of an event since. Idempotent: each of them is told once of all there is."""
    for row in _newcomers(now, ClassEvent.id == event.id):
        joined = {"user_id": row.guardian_id, "class_id": row.class_id, "joined_on": row.joined_on}
        if insert_if_absent(EventNewcomer, **joined, told_at=now):
            newcomer = db.session.scalars(select(EventNewcomer).filter_by(**joined)).one()
            acts.record(BY_ITSELF, ActKind.EVENTS_TO_COME, newcomer, now=now)


def _is_to_come(now: datetime) -> tuple[Any, ...]:
    return ClassEvent.state == EventState.PUBLISHED, ClassEvent.out_at <= now, ClassEvent.starts_at > now


def _newcomers(now: datetime, *which: ColumnElement[bool]) -> list[Row[*tuple[Any, ...]]]:
    """Who joined a class of these events since the day each went out, and has heard of nothing there; two statements
    for however many events.

    Nobody as long as the class itself is still to be told: then they are told with everybody else.
    """
    first_out_at = db.session.scalar(select(func.min(ClassEvent.out_at)).where(*which))
    if first_out_at is None:
        return []
    today = clock.day_of(now)
    invited = every_class(clock.school_year(today), *which)
    joined = joined_on(Enrolment, Guardianship)
    of_event = (Act.subject_id == ClassEvent.id, Act.kind.in_(_TELLS_EVERYBODY))
    rows = db.session.execute(
        select(
            ClassEvent.id.label("event_id"),
            ClassEvent.out_at,
            Guardianship.guardian_id,
            invited.c.class_id,
            joined.label("joined_on"),
        )
        .select_from(ClassEvent)
        .join(invited, invited.c.event_id == ClassEvent.id)
        .join(Enrolment, Enrolment.class_id == invited.c.class_id)
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .where(
            *which,
            holds(Enrolment, today),
            holds(Guardianship, today),
            joined >= clock.day_of(first_out_at),
            ~exists().where(WaitingAct.act_id == Act.id, *of_event),
            ~exists().where(Delivery.act_id == Act.id, Delivery.user_id == Guardianship.guardian_id, *of_event),
            ~exists().where(
                EventOrganiser.event_id == ClassEvent.id, EventOrganiser.user_id == Guardianship.guardian_id
            ),
            ~exists().where(
                EventNewcomer.user_id == Guardianship.guardian_id,
                EventNewcomer.class_id == invited.c.class_id,
                EventNewcomer.joined_on == joined,
            ),
        )
        .distinct()
    )
    return [row for row in rows if row.joined_on >= clock.day_of(row.out_at)]
