"""What comes due by itself in class teams' news."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.database.transactions import reading_only
from portal.errors import Conflict
from portal.name_guard.chores import cover_in
from portal.text import clock
from portal.updates import queries, services
from portal.updates.cadence import queries as cadence_queries
from portal.updates.cadence import services as cadence_services
from portal.updates.cadence.presenters import every_weeks
from portal.updates.desk import queries as writing_queries
from portal.updates.desk.sending import read_due

#: Reminders come while people are at school, on the school's own clock.
SCHOOL_HOURS = range(8, 16)


def find_to_remind(now: datetime) -> Collection[int]:
    """The classes whose class teacher is to be reminded now that news is due or overdue."""
    there = clock.local(now)
    if there.hour not in SCHOOL_HOURS:
        return []
    today = there.date()
    found, days = cadence_queries.list_standings(every=every_weeks(), today=today)
    if today not in days:
        return []
    reminded = cadence_queries.list_reminded(since=clock.first_day(clock.school_year(today)))
    return [
        one.ref.id
        for one in found
        if one.has_class_teacher
        and one.standing.stage in cadence_services.REMINDERS
        and (one.ref.id, one.standing.due_on, one.standing.stage) not in reminded
    ]


def remind(class_id: int, now: datetime) -> None:
    """Remind the teacher of one class."""
    cadence_services.remind(class_id, every=every_weeks(), now=now)


def send(update_id: int, now: datetime) -> None:
    """Send one text at its hour. It is read over first, while others write; one changed since is looked at again."""
    with reading_only():
        due = queries.get_update(update_id)
        if due is None:
            return
        version, ready = due.version, read_due(due, today=clock.day_of(now))
    with suppress(Conflict):
        services.publish_due(due, ready, version=version, now=now)


SEND = Chore("send news that waited for its hour", writing_queries.list_due, send)
REMIND = Chore("remind class teachers of news", find_to_remind, remind, every=timedelta(minutes=10))
COVER = cover_in("news", services.cover_names)
CHORES = (COVER, SEND, REMIND)
