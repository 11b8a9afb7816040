"""The cadence of news as pure rules over dates: examples from a school year, and what holds for any."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.school.days_off.usual_holidays import usual_holidays
from portal.text import clock
from portal.text.workdays import Period, SchoolDays
from portal.updates.cadence.rhythm import Cadence, Stage

USUAL = SchoolDays(
    Period(one.starts_on, one.ends_on) for year in (2025, 2026, 2027) for one in usual_holidays(year) if one.is_likely
)
SIX = Cadence(6, USUAL)
YEAR_BEGINS = date(2026, 8, 1)
FIRST_DAY = date(2026, 8, 10)
LONG_AGO = date(2024, 8, 1)
TODAYS = st.dates(YEAR_BEGINS, date(2027, 7, 31))


def days_before(today: date) -> st.SearchStrategy[list[date]]:
    return st.lists(st.dates(YEAR_BEGINS, today), max_size=12)


CASES = TODAYS.flatmap(lambda today: st.tuples(st.just(today), days_before(today)))
RULES = st.integers(1, 20).map(lambda every: Cadence(every, USUAL))


def test_who_has_told_nothing_counts_from_the_first_school_day() -> None:
    standing = SIX.standing(None, LONG_AGO, FIRST_DAY)
    assert (standing.due_on, standing.stage, standing.weeks_late) == (date(2026, 9, 21), Stage.ON_TIME, 0)


def test_a_class_that_began_later_counts_from_then() -> None:
    assert SIX.standing(None, date(2026, 10, 17), date(2026, 11, 2)).due_on == date(2026, 11, 30)


@pytest.mark.parametrize("told", [None, date(2026, 8, 20), date(2026, 11, 22)])
def test_no_class_is_late_for_what_was_before_the_portal_came(told: date | None) -> None:
    """Told elsewhere in August, and the portal came on 23 November: six school weeks are counted from there."""
    came_on = date(2026, 11, 23)
    for today in (came_on, date(2026, 12, 1)):
        standing = SIX.standing(told, came_on, today)
        assert (standing.stage, standing.due_on) == (Stage.ON_TIME, SIX.due_after(came_on)), told
    assert not any(week.is_late for week in SIX.weeks([told] if told else [], came_on, date(2026, 12, 18)))
    assert SIX.standing(told, came_on, SIX.due_after(came_on) + timedelta(days=1)).stage == Stage.OVERDUE


@pytest.mark.parametrize(
    ("today", "stage", "weeks_late"),
    [
        (date(2026, 10, 7), Stage.ON_TIME, 0),
        (date(2026, 11, 10), Stage.ON_TIME, 0),
        (date(2026, 11, 11), Stage.DUE, 0),  # the last school week before
        (date(2026, 11, 18), Stage.DUE, 0),  # the day itself
        (date(2026, 11, 19), Stage.OVERDUE, 0),
        (date(2026, 11, 22), Stage.OVERDUE, 0),
        (date(2026, 11, 23), Stage.OVERDUE, 1),
        (date(2026, 12, 18), Stage.OVERDUE, 4),
        (date(2027, 1, 3), Stage.OVERDUE, 4),  # the holidays begin on 19 December, and none of their weeks counts
        (date(2027, 1, 4), Stage.OVERDUE, 5),
    ],
)
def test_six_school_weeks_with_the_autumn_holidays_in_between(today: date, stage: Stage, weeks_late: int) -> None:
    standing = SIX.standing(date(2026, 9, 30), LONG_AGO, today)
    assert standing.due_on == date(2026, 11, 18)
    assert (standing.stage, standing.weeks_late) == (stage, weeks_late)


def test_a_new_school_year_begins_anew() -> None:
    for last in (date(2026, 6, 17), date(2025, 9, 1), None):
        standing = SIX.standing(last, LONG_AGO, date(2026, 8, 20))
        assert standing.last_told_on == last
        assert (standing.due_on, standing.stage) == (date(2026, 9, 21), Stage.ON_TIME)


def test_what_falls_due_after_the_summer_is_due_as_the_new_year_will_say() -> None:
    in_june = SIX.standing(date(2026, 6, 10), LONG_AGO, date(2026, 6, 12))
    assert in_june.due_on == SIX.standing(date(2026, 6, 10), LONG_AGO, date(2026, 8, 1)).due_on == date(2026, 9, 21)
    assert in_june.stage == Stage.ON_TIME


def test_told_in_the_summer_holidays() -> None:
    assert SIX.standing(date(2026, 8, 3), LONG_AGO, date(2026, 8, 4)).due_on == date(2026, 9, 18)


def test_every_week_is_due_soon_from_monday() -> None:
    weekly = Cadence(1, USUAL)
    assert weekly.standing(date(2026, 9, 9), LONG_AGO, date(2026, 9, 11)).stage == Stage.ON_TIME
    assert weekly.standing(date(2026, 9, 9), LONG_AGO, date(2026, 9, 14)).stage == Stage.DUE
    assert weekly.standing(date(2026, 9, 9), LONG_AGO, date(2026, 9, 17)).stage == Stage.OVERDUE


def test_a_school_year_week_by_week() -> None:
    told = [date(2026, 8, 26), date(2026, 10, 15), date(2026, 11, 24)]
    weeks = SIX.weeks(told, LONG_AGO, date(2026, 11, 24))
    assert [week.monday for week in weeks if week.told_count] == [
        date(2026, 8, 24),
        date(2026, 10, 5),
        date(2026, 11, 23),
    ]
    assert [week.monday for week in weeks if week.is_late] == []
    assert date(2026, 10, 12) not in {week.monday for week in weeks}
    late = SIX.weeks([date(2026, 8, 26), date(2026, 11, 3)], LONG_AGO, date(2026, 11, 24))
    assert [week.monday for week in late if week.is_late] == [date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2)]


@given(RULES, CASES)
def test_it_is_due_on_a_school_day_and_stages_come_in_order(rule: Cadence, case: tuple[date, list[date]]) -> None:
    today, told = case
    order = list(Stage)
    last = max(told, default=None)
    standing = rule.standing(last, LONG_AGO, today)
    assert standing.due_on in USUAL
    tomorrow = rule.standing(last, LONG_AGO, today + timedelta(days=1))
    if clock.school_year(today) == clock.school_year(today + timedelta(days=1)):
        assert tomorrow.due_on == standing.due_on
        assert order.index(tomorrow.stage) >= order.index(standing.stage)
        assert tomorrow.weeks_late >= standing.weeks_late
    assert (standing.stage is Stage.OVERDUE) == (today > standing.due_on)


@given(RULES, CASES)
def test_telling_today_is_never_overdue(rule: Cadence, case: tuple[date, list[date]]) -> None:
    today, _ = case
    assert rule.standing(today, LONG_AGO, today).stage is not Stage.OVERDUE


@given(RULES, CASES)
def test_the_weeks_agree_with_how_the_class_stands(rule: Cadence, case: tuple[date, list[date]]) -> None:
    today, told = case
    weeks = rule.weeks(told, LONG_AGO, today)
    standing = rule.standing(max(told, default=None), LONG_AGO, today)
    assert sum(week.told_count for week in weeks) == (len(told) if weeks else 0)
    assert all(week.monday <= today and USUAL.in_week(week.monday) for week in weeks)
    late_now = next((place for place, week in enumerate(reversed(weeks)) if not week.is_late), len(weeks))
    if standing.stage is Stage.OVERDUE:
        assert late_now == standing.weeks_late
