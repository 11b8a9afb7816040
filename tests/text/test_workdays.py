"""Days at a Danish school, held against an independent list and against what must hold for any calendar."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text.workdays import (
    Period,
    SchoolDays,
    easter,
    is_school_day,
    may_be_school_day,
    monday_of,
    public_holidays,
    summer_begins,
)

YEARS = range(2020, 2041)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
COUNTS = st.integers(1, 20)
WEEK = timedelta(days=7)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    starts_on = draw(DAYS)
    return Period(starts_on, starts_on + timedelta(days=draw(st.integers(0, 60))))


CALENDARS = st.lists(periods(), max_size=12).map(SchoolDays)


@pytest.mark.parametrize("year", YEARS)
def test_public_holidays_are_those_of_an_independent_list(year: int) -> None:
    found = public_holidays(year)
    assert list(found) == sorted(holidays.country_holidays("DK", years=year))
    assert len(found) == (11 if year <= 2023 else 10)
    assert all(found.values())


@pytest.mark.parametrize("year", YEARS)
def test_every_day_agrees_with_the_independent_list(year: int) -> None:
    danish = holidays.country_holidays("DK", years=year)
    day = date(year, 1, 1)
    while day.year == year:
        is_summer = summer_begins(year) <= day <= date(year, 7, 31)
        assert may_be_school_day(day) == (day.weekday() < 5 and day not in danish and not is_summer), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("year", "day"),
    [(1818, (3, 22)), (1943, (4, 25)), (2000, (4, 23)), (2008, (3, 23)), (2024, (3, 31)), (2038, (4, 25))],
)
def test_easter_at_its_earliest_and_latest(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


def test_great_prayer_day_went_after_2023() -> None:
    assert date(2023, 5, 5) in public_holidays(2023)
    assert date(2024, 4, 26) not in public_holidays(2024)
    assert is_school_day(date(2024, 4, 26), [])


@pytest.mark.parametrize("day", [date(2026, 6, 5), date(2026, 12, 24), date(2026, 12, 31)])
def test_days_off_by_custom_are_school_days_until_the_school_says_otherwise(day: date) -> None:
    assert is_school_day(day, [])
    assert not is_school_day(day, [Period(day, day)])


@pytest.mark.parametrize(("year", "day"), [(2024, 29), (2025, 28), (2026, 27), (2027, 26), (2028, 24), (2029, 30)])
def test_summer_begins_on_the_last_saturday_of_june(year: int, day: int) -> None:
    assert summer_begins(year) == date(year, 6, day)
    assert is_school_day(summer_begins(year) - timedelta(days=1), [])
    assert not any(is_school_day(date(year, 7, number), []) for number in range(1, 32))


AUTUMN = SchoolDays([Period(date(2026, 10, 12), date(2026, 10, 16))])


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 7)),
        (date(2026, 9, 30), 2, date(2026, 10, 21)),  # the autumn holidays are passed over
        (date(2026, 10, 14), 1, date(2026, 10, 23)),  # a day in them: the last of the week
        (date(2026, 10, 4), 1, date(2026, 10, 9)),  # a Sunday: its week's last school day
        (date(2026, 12, 18), 1, date(2026, 12, 24)),  # a Friday, and that one is Christmas Day
        (date(2026, 12, 24), 1, date(2026, 12, 31)),
        (date(2027, 3, 15), 2, date(2027, 3, 30)),  # Easter Monday: the next day
    ],
)
def test_so_many_school_weeks_later(day: date, count: int, later: date) -> None:
    assert AUTUMN.weeks_after(day, count) == later


def test_a_week_counts_when_there_is_one_school_day_in_it() -> None:
    almost = SchoolDays([Period(date(2026, 10, 12), date(2026, 10, 15))])
    assert almost.weeks_between(date(2026, 10, 9), date(2026, 10, 19)) == 2
    assert AUTUMN.weeks_between(date(2026, 10, 9), date(2026, 10, 19)) == 1
    assert list(AUTUMN.weeks(date(2026, 10, 7), date(2026, 10, 20))) == [date(2026, 10, 5), date(2026, 10, 19)]


def test_the_summer_is_no_time() -> None:
    days = SchoolDays([Period(date(2026, 6, 27), date(2026, 8, 9))])
    assert days.first_from(date(2026, 6, 27)) == date(2026, 8, 10)
    assert days.weeks_between(date(2026, 6, 26), date(2026, 8, 9)) == 0
    assert days.weeks_after(date(2026, 6, 24), 1) == date(2026, 8, 12)


@given(CALENDARS, DAYS, COUNTS)
def test_the_day_found_is_a_school_day_so_many_weeks_later(days: SchoolDays, day: date, count: int) -> None:
    later = days.weeks_after(day, count)
    assert later in days
    assert is_school_day(later, days.closed)
    assert later > day
    assert days.weeks_between(day, later) == count
    assert monday_of(later) >= monday_of(day) + count * WEEK


@given(CALENDARS, DAYS, st.integers(0, 40), COUNTS)
def test_who_begins_later_is_never_due_earlier(days: SchoolDays, day: date, distance: int, count: int) -> None:
    assert days.weeks_after(day, count) <= days.weeks_after(day + timedelta(days=distance), count)
    assert days.weeks_after(day, count) < days.weeks_after(day, count + 1)


@given(st.lists(periods(), min_size=1, max_size=8), DAYS, COUNTS)
def test_more_days_off_never_bring_an_earlier_week(closed: list[Period], day: date, count: int) -> None:
    """Within the week they may: when its Friday goes, its Thursday is the last day there is."""
    with_all, with_fewer = (SchoolDays(periods).weeks_after(day, count) for periods in (closed, closed[1:]))
    assert monday_of(with_all) >= monday_of(with_fewer)


@given(CALENDARS, DAYS, st.integers(0, 30), st.integers(0, 30))
def test_weeks_add_up(days: SchoolDays, day: date, first: int, second: int) -> None:
    middle = day + timedelta(days=first)
    end = middle + timedelta(days=second)
    assert days.weeks_between(day, middle) + days.weeks_between(middle, end) == days.weeks_between(day, end)
    assert sum(1 for _ in days.weeks(day, end)) == days.weeks_between(day, end) + bool(days.in_week(monday_of(day)))


@given(periods(), DAYS, st.integers(0, 60))
def test_periods_meet_when_they_share_a_day(period: Period, first: date, length: int) -> None:
    last = first + timedelta(days=length)
    shared = [day for number in range(length + 1) if (day := first + timedelta(days=number)) in period]
    assert period.meets(first, last) == bool(shared)
