"""What comes due by itself with events: reminding the homes that have not answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.events.queries import get_event
from portal.events.recipients import list_to_remind
from portal.events.reminders import FROM, UNTIL, due_reminder, remind_homes
from portal.text import clock


def _find(now: datetime) -> list[int]:
    """The events to remind of; nothing is looked up at night."""
    if not FROM <= clock.local(now).time() < UNTIL:
        return []
    rows = list_to_remind(now=now)
    return [event.id for event, last in rows if due_reminder(event, now=now) > last]


def _remind(event_id: int, now: datetime) -> None:
    event = get_event(event_id)
    if event is not None:
        remind_homes(event, now=now)


CHORES = (Chore("remind of events", _find, _remind, every=timedelta(minutes=10)),)
