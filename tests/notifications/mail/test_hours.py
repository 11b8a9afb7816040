"""When mail leaves, on the school's clock: each evening once, also where the clock is put forward or back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.acts.topics import Rhythm
from portal.notifications.mail.hours import EVENING, Leaving, leaving, next_evening, next_friday, quiet_until
from portal.text import clock

pytestmark = pytest.mark.check


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at_school(day, time(hour, minute))


MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "leaves_on"),
    [(MONDAY, 0, 0, 23), (MONDAY, 16, 59, 23), (MONDAY, 17, 0, 24), (MONDAY, 23, 59, 24)],
)
def test_a_day_s_mail_leaves_at_the_next_five_in_the_afternoon(
    day: date, hour: int, minute: int, leaves_on: int
) -> None:
    assert next_evening(at(day, hour, minute)) == at(date(2026, 11, leaves_on), 17)


@pytest.mark.parametrize(
    ("moment", "leaves_on"),
    [
        (at(MONDAY, 9), 27),
        (at(date(2026, 11, 27), 16, 59), 27),
        (at(date(2026, 11, 27), 17), 4),
        (at(date(2026, 11, 29), 23), 4),
    ],
)
def test_a_week_s_mail_leaves_on_friday(moment: datetime, leaves_on: int) -> None:
    assert clock.day_of(next_friday(moment)).day == leaves_on
    assert clock.local(next_friday(moment)).time() == EVENING


def test_each_day_of_two_years_has_one_evening() -> None:
    """Hour by hour: every act of a day leaves at the same moment, and the next day's a day later."""
    moment, last = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    evenings = set[datetime]()
    while moment.year < 2028:
        evening = next_evening(moment)
        assert moment < evening <= moment + timedelta(hours=25)
        assert clock.local(evening).time() == EVENING
        evenings.add(evening)
        last, moment = evening, moment + timedelta(hours=1)
    days = {clock.day_of(evening) for evening in evenings}
    assert len(days) == len(evenings) == (clock.day_of(last) - date(2026, 1, 1)).days + 1


@pytest.mark.parametrize(
    ("hour", "minute", "until"),
    [(17, 59, None), (18, 0, (24, 7)), (23, 59, (24, 7)), (0, 0, (23, 7)), (6, 59, (23, 7)), (7, 0, None)],
)
def test_work_is_quiet_from_six_to_seven(hour: int, minute: int, until: tuple[int, int] | None) -> None:
    assert quiet_until(at(MONDAY, hour, minute)) == (at(date(2026, 11, until[0]), until[1]) if until else None)


def test_what_is_urgent_waits_for_nothing_and_off_is_off() -> None:
    now = at(MONDAY, 9)
    for rhythm in (Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY):
        assert leaving(rhythm, acted_at=now, now=now, is_urgent=True) == Leaving(now)
    assert leaving(Rhythm.OFF, acted_at=now, now=now, is_urgent=True) is None
    assert leaving(Rhythm.DAILY, acted_at=now, now=now, is_urgent=False) == Leaving(at(MONDAY, 17), is_gathered=True)
