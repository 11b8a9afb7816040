"""The usual holidays: a proposal that is right for most schools and never clashes with itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest

from portal.accounts.models import User
from portal.school.days_off.usual_holidays import usual_holidays
from portal.text import clock
from portal.text.workdays import may_be_school_day, summer_begins
from tests.cast import Cast
from tests.conftest import IsolatedClient

ClientOf = Callable[[User], IsolatedClient]
YEARS = range(2020, 2041)


def days(year: int) -> dict[str, tuple[date, date]]:
    return {one.key: (one.starts_on, one.ends_on) for one in usual_holidays(year)}


def test_the_year_2026() -> None:
    assert days(2026) == {
        "late-summer": (date(2026, 8, 1), date(2026, 8, 9)),
        "autumn": (date(2026, 10, 12), date(2026, 10, 16)),
        "christmas": (date(2026, 12, 19), date(2027, 1, 2)),
        "winter-7": (date(2027, 2, 15), date(2027, 2, 19)),
        "winter-8": (date(2027, 2, 22), date(2027, 2, 26)),
        "easter": (date(2027, 3, 22), date(2027, 3, 29)),
        "ascension": (date(2027, 5, 6), date(2027, 5, 7)),
        "whitsun": (date(2027, 5, 16), date(2027, 5, 17)),
        "summer": (date(2027, 6, 26), date(2027, 8, 8)),
    }  # the 5th of June is a Saturday


@pytest.mark.parametrize("year", YEARS)
def test_no_two_share_a_day_and_all_lie_in_their_year(year: int) -> None:
    found = usual_holidays(year)
    assert all(one.ends_on < other.starts_on for one, other in pairwise(found))
    assert all(clock.school_year(one.starts_on) == year for one in found)
    assert all(one.name for one in found)
    assert [one.key for one in found if not one.is_likely] == ["winter-8"]


@pytest.mark.parametrize("year", YEARS)
def test_summer_is_as_the_law_says_and_ends_before_a_monday_in_august(year: int) -> None:
    starts_on, ends_on = days(year)["summer"]
    assert starts_on == summer_begins(year + 1)
    assert ends_on.weekday() == 6
    assert date(year + 1, 8, 6) <= ends_on <= date(year + 1, 8, 12)
    assert days(year + 1)["late-summer"] == (date(year + 1, 8, 1), ends_on)


@pytest.mark.parametrize("year", YEARS)
def test_christmas_leaves_no_lone_day(year: int) -> None:
    starts_on, ends_on = days(year)["christmas"]
    assert starts_on.weekday() == 5, "it begins with a weekend, so no lone Monday is left before it"
    assert date(year, 12, 17) <= starts_on <= date(year, 12, 23)
    assert ends_on.day in (2, 3)
    assert (ends_on + timedelta(days=1)).weekday() != 4


@pytest.mark.parametrize(
    ("year", "christmas"),
    [
        (2025, date(2025, 12, 20)),
        (2026, date(2026, 12, 19)),
        (2027, date(2027, 12, 18)),
        (2028, date(2028, 12, 23)),
        (2029, date(2029, 12, 22)),
    ],
)
def test_christmas_begins_where_schools_plans_have_it(year: int, christmas: date) -> None:
    assert days(year)["christmas"][0] == christmas


@pytest.mark.parametrize(
    ("year", "last_day"),
    [(2026, date(2026, 8, 9)), (2027, date(2027, 8, 8)), (2028, date(2028, 8, 6)), (2029, date(2029, 8, 12))],
)
def test_summer_ends_where_schools_plans_have_it(year: int, last_day: date) -> None:
    assert days(year - 1)["summer"][1] == days(year)["late-summer"][1] == last_day


def test_those_on_whose_days_schools_differ_are_marked(cast: Cast, client_of: ClientOf) -> None:
    assert {one.key for one in usual_holidays(2026) if one.is_to_check} == {"late-summer", "christmas", "summer"}
    cast.office.language = "da"
    page = client_of(cast.office).get("/school/days-off/new").text
    assert page.count(" · se efter") == 3


@pytest.mark.parametrize("year", YEARS)
def test_the_5th_of_june_is_offered_when_there_would_be_school(year: int) -> None:
    june = date(year + 1, 6, 5)
    covered = any(one.starts_on <= june <= one.ends_on for one in usual_holidays(year))
    assert covered or not may_be_school_day(june)
