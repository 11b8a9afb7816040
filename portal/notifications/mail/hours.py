"""When mail leaves: at once, at five in the afternoon, on Fridays, and to people at work not at night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from portal.acts.topics import Rhythm
from portal.text import clock

#: On the school's clock, which shows this hour once on each day of the year.
EVENING = time(17)
FRIDAY = 4
QUIET_FROM, QUIET_UNTIL = time(18), time(7)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Leaving:
    """When a mail is due, and whether it waits for others to go with it."""

    at: datetime
    is_gathered: bool = False


def evening_of(moment: datetime) -> datetime:
    """When that day's mail leaves."""
    return clock.at_school(clock.day_of(moment), EVENING)


def next_evening(moment: datetime) -> datetime:
    """The first evening after this."""
    evening = evening_of(moment)
    return evening if moment < evening else clock.at_school(clock.day_of(moment) + A_DAY, EVENING)


def next_friday(moment: datetime) -> datetime:
    """The first Friday evening after this."""
    day = clock.day_of(next_evening(moment))
    return clock.at_school(day + A_DAY * ((FRIDAY - day.weekday()) % 7), EVENING)


def quiet_until(moment: datetime) -> datetime | None:
    """When people at work may be written to again, or None in the daytime."""
    there = clock.local(moment)
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return None
    is_evening = there.time() >= QUIET_FROM
    return clock.at_school(there.date() + A_DAY * is_evening, QUIET_UNTIL)


def leaving(rhythm: Rhythm, *, acted_at: datetime, now: datetime, is_urgent: bool) -> Leaving | None:
    """When the mail about an act of then leaves, or None for none; what is urgent waits for nothing."""
    if rhythm == Rhythm.OFF:
        return None
    if is_urgent or rhythm == Rhythm.AT_ONCE:
        return Leaving(now)
    evening = next_evening if rhythm == Rhythm.DAILY else next_friday
    return Leaving(evening(acted_at), is_gathered=True)
