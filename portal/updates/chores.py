"""What comes due by itself in class teams' news."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.text import clock
from portal.updates import services
from portal.updates.cadence import queries as cadence_queries
from portal.updates.cadence import services as cadence_services
from portal.updates.cadence.presenters import every_weeks
from portal.updates.desk import queries as writing_queries

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


SEND = Chore("send news that waited for its hour", writing_queries.list_due, services.publish_due)
REMIND = Chore("remind class teachers of news", find_to_remind, remind, every=timedelta(minutes=10))
CHORES = (SEND, REMIND)
