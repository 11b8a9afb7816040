"""Telling those who join a class what it has planned already: once, and in the daytime."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.acts import services as acts
from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.database.transactions import insert_if_absent
from portal.events.audience.queries import concerns, every_class
from portal.events.models import ClassEvent, EventNewcomer, EventOrganiser, EventState
from portal.events.reminders import FROM, UNTIL
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
        _tell(row.guardian_id, row.class_id, row.joined_on, now)


def tell_class(event: ClassEvent, class_ids: Collection[int], *, now: datetime) -> None:
    """Tell the adults of classes that an event has come to with other children, in the daytime and unless they know it.

    Nobody as long as it is still to be told to everybody, and then they hear of it as well.
    """
    today, (is_told, is_waiting) = clock.day_of(now), _knows_of(Guardianship.guardian_id)
    rows = db.session.execute(
        select(Guardianship.guardian_id, Enrolment.class_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .join(ClassEvent, ClassEvent.id == event.id)
        .where(Enrolment.class_id.in_(class_ids), holds(Enrolment, today), holds(Guardianship, today))
        .where(*_is_to_come(now), ~is_waiting, ~is_told)
        .distinct()
    )
    for row in rows.all():
        _tell(row.guardian_id, row.class_id, today, now)


def _tell(user_id: int, class_id: int, joined: date, now: datetime) -> None:
    since = {"user_id": user_id, "class_id": class_id, "joined_on": joined}
    if insert_if_absent(EventNewcomer, **since, told_at=now):
        newcomer = db.session.scalars(select(EventNewcomer).filter_by(**since)).one()
        acts.record(BY_ITSELF, ActKind.EVENTS_TO_COME, newcomer, now=now, tell_at=daytime(now))


def daytime(now: datetime) -> datetime:
    """Now, or the next morning where it is early or late."""
    moment = clock.local(now)
    if FROM <= moment.time() < UNTIL:
        return now
    return clock.at_school(moment.date() + timedelta(days=moment.time() >= UNTIL), FROM)


def _knows_of(user_id: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether somebody has heard of a `ClassEvent` or looks after it, and whether everybody is still to hear of it."""
    of_event = (Act.subject_id == ClassEvent.id, Act.kind.in_(_TELLS_EVERYBODY))
    is_told = exists().where(Delivery.act_id == Act.id, Delivery.user_id == user_id, *of_event)
    organises = exists().where(EventOrganiser.event_id == ClassEvent.id, EventOrganiser.user_id == user_id)
    return or_(is_told, organises), exists().where(WaitingAct.act_id == Act.id, *of_event)


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
    is_told, is_waiting = _knows_of(Guardianship.guardian_id)
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
            ~is_waiting,
            ~is_told,
            ~exists().where(
                EventNewcomer.user_id == Guardianship.guardian_id,
                EventNewcomer.class_id == invited.c.class_id,
                EventNewcomer.joined_on == joined,
            ),
        )
        .distinct()
    )
    return [row for row in rows if row.joined_on >= clock.day_of(row.out_at)]
