"""What comes due by itself with events: following children whose class was merged, reminding the homes that have not
answered, telling those who join, and throwing away drafts that nobody sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.events.audience.services import follow_children, list_left_behind
from portal.events.newcomers import list_with_newcomers, tell_newcomers
from portal.events.notices import NOTICES
from portal.events.queries import get_event
from portal.events.questions import services as questions
from portal.events.recipients import list_to_remind
from portal.events.reminders import FROM, UNTIL, due_reminder, remind_homes
from portal.events.sending.queries import list_left_unsent
from portal.events.sending.services import KEPT_FOR, discard_left
from portal.events.services import cover_names
from portal.name_guard.chores import cover_in
from portal.text import clock

#: Whatever is told of an event, by the kinds of its acts.
_TOLD_OF_EVENTS = frozenset(notice.kind for notice in NOTICES if notice.page_argument == "event_id")


def _is_day(now: datetime) -> bool:
    return FROM <= clock.local(now).time() < UNTIL


def _find(now: datetime) -> list[int]:
    """The events to remind of; nothing is looked up at night."""
    if not _is_day(now):
        return []
    rows = list_to_remind(now=now)
    return [event.id for event, last in rows if due_reminder(event, now=now) > last]


def _remind(event_id: int, now: datetime) -> None:
    event = get_event(event_id)
    if event is not None:
        remind_homes(event, now=now)


def _find_joined(now: datetime) -> list[int]:
    """The events that newcomers have not heard of; in the daytime, as with reminders."""
    return list_with_newcomers(now) if _is_day(now) else []


def _tell_joined(event_id: int, now: datetime) -> None:
    event = get_event(event_id)
    if event is not None:
        tell_newcomers(event, now=now)


def _find_left(now: datetime) -> Sequence[int]:
    return list_left_unsent(now - KEPT_FOR)


def _discard(event_id: int, now: datetime) -> None:
    event = get_event(event_id)
    if event is not None:
        discard_left(event, now=now)


def _follow(event_id: int, now: datetime) -> None:
    event = get_event(event_id)
    if event is not None:
        follow_children(event, told_as=_TOLD_OF_EVENTS, now=now)


FOLLOW = Chore("follow children whose class was merged", list_left_behind, _follow, every=timedelta(minutes=10))
REMIND = Chore("remind of events", _find, _remind, every=timedelta(minutes=10))
TELL_NEWCOMERS = Chore("tell newcomers of events", _find_joined, _tell_joined, every=timedelta(minutes=10))
COVER = cover_in("events", cover_names)
COVER_QUESTIONS = cover_in(questions.ROOM, questions.cover_names)
THROW_AWAY = Chore("throw away drafts of events", _find_left, _discard, every=timedelta(hours=1))
CHORES = (COVER, COVER_QUESTIONS, FOLLOW, REMIND, TELL_NEWCOMERS, THROW_AWAY)
