"""Reminding the homes of an event they have not answered: twice at most, and in the daytime."""

from __future__ import annotations

from datetime import datetime, time

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database.transactions import insert_if_absent, lock_row
from portal.events.models import ClassEvent, EventReminder
from portal.events.recipients import FIRST_REMINDER, LAST_REMINDER, list_unanswered_guardians
from portal.notifications.services import recall
from portal.people import BY_ITSELF
from portal.text import clock

#: On the school's clock: nobody's telephone speaks of answers early or late.
FROM, UNTIL = time(8), time(18)


def due_reminder(event: ClassEvent, *, now: datetime) -> int:
    """Which reminder this hour calls for: the first, the second, or 0 for none.

    Three days and one day before the answers are due, or before the event where no day was named; none on the day the
    homes were told that there is such an event, or that it has moved.
    """
    moment = clock.local(now)
    today = moment.date()
    due_on = event.rsvp_deadline or clock.day_of(event.starts_at)
    is_open = event.is_out_at(now) and not event.is_cancelled and event.starts_at > now
    told_on = clock.day_of(event.moved_at or event.out_at or now)
    if not (is_open and FROM <= moment.time() < UNTIL and told_on < today and today <= due_on):
        return 0
    return 2 if today >= due_on - LAST_REMINDER else int(today >= due_on - FIRST_REMINDER)


def remind_homes(event: ClassEvent, *, now: datetime) -> None:
    """Remind those nobody has answered for, unless another worker has or nobody is left to remind.

    The second one takes the place of the first.
    """
    lock_row(event)
    number = due_reminder(event, now=now)
    if not number or not list_unanswered_guardians(event, clock.day_of(now)):
        return
    if insert_if_absent(EventReminder, event_id=event.id, number=number, reminded_at=now):
        recall([ActKind.EVENT_REMINDER], event.id)
        acts.record(BY_ITSELF, ActKind.EVENT_REMINDER, event, now=now)
