"""The school's wall clock: what people type as day and time becomes one moment, or none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from portal.text import clock


@pytest.mark.parametrize(
    ("day", "wall_time", "moment"),
    [
        (date(2026, 12, 4), time(17, 30), datetime(2026, 12, 4, 16, 30, tzinfo=UTC)),
        (date(2026, 6, 4), time(17, 30), datetime(2026, 6, 4, 15, 30, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2028, 2, 29), time(0, 0), datetime(2028, 2, 28, 23, 0, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "before the gap", "after the gap", "the first of two", "29 February"],
)
def test_what_is_typed_is_one_moment(day: date, wall_time: time, moment: datetime) -> None:
    assert clock.at_school(day, wall_time) == moment
    assert clock.local(moment).replace(tzinfo=None) == datetime.combine(day, wall_time)


@pytest.mark.parametrize("wall_time", [time(2, 0), time(2, 30), time(2, 59, 59)])
def test_an_hour_that_is_skipped_in_march_is_no_time(wall_time: time) -> None:
    with pytest.raises(clock.NoSuchTime):
        clock.at_school(date(2027, 3, 28), wall_time)
