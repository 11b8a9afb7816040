"""An event follows its children: where the whole of a class has gone over into others, those are invited, whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, select
from sqlalchemy.orm import aliased

from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, lock_row
from portal.events.models import Audience, ClassEvent, EventClass
from portal.events.newcomers import tell_class
from portal.notifications.services import move_lines
from portal.school.models import Enrolment
from portal.school.queries import adults_of
from portal.school.ties import LAST_DAYS, has_nobody_left, holds
from portal.text import clock


def list_left_behind(now: datetime) -> list[int]:
    """The events that are not over and name a class whose children are all in other classes now."""
    return sorted(_ways(now, ClassEvent.ends_at > now))


def follow_children(event: ClassEvent, *, told_as: Collection[ActKind], now: datetime) -> None:
    """Invite the classes that an event's children went over into, each whole, in the place of their old one.

    Answers belong to the children and stay; what was told of it, in acts `told_as` these, stands in the new class. The
    homes that are new to it are told, in the daytime. Idempotent.
    """
    lock_row(event)
    ways = _ways(now, ClassEvent.id == event.id).get(event.id, {})
    for before, after in ways.items():
        for class_id in sorted(after):
            insert_if_absent(EventClass, event_id=event.id, class_id=class_id)
            move_lines(told_as, event.id, before, class_id, readers=adults_of(class_id, clock.day_of(now)))
        gone = delete(EventClass).where(EventClass.event_id == event.id, EventClass.class_id == before)
        db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire(event, ["classes"])
    tell_class(event, sorted({class_id for after in ways.values() for class_id in after}), now=now)


def _ways(now: datetime, which: ColumnElement[bool]) -> dict[int, dict[int, set[int]]]:
    """Of each of these events: the classes without a child, and for each where its children are today."""
    last_on: dict[int, Any] = {}
    rows = _moves(now, which)
    for row in rows:
        last_on[row.before] = max(last_on.get(row.before, row.left_on), row.left_on)
    ways: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row.left_on >= last_on[row.before] - LAST_DAYS:
            ways[row.event_id][row.before].add(row.after)
    return ways


def _moves(now: datetime, which: ColumnElement[bool]) -> Sequence[Row[*tuple[Any, ...]]]:
    today = clock.day_of(now)
    left, place = aliased(Enrolment), aliased(Enrolment)
    return db.session.execute(
        select(
            EventClass.event_id,
            EventClass.class_id.label("before"),
            left.ends_on.label("left_on"),
            place.class_id.label("after"),
        )
        .join(ClassEvent, ClassEvent.id == EventClass.event_id)
        .join(left, left.class_id == EventClass.class_id)
        .join(place, place.pupil_id == left.pupil_id)
        .where(
            which,
            ClassEvent.audience == Audience.CLASSES,
            has_nobody_left(EventClass.class_id, today),
            holds(place, today),
        )
        .distinct()
    ).all()
