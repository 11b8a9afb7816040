"""How duties stand through a school year, day by day: pure rules, no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.proofs import Per
from portal.text.workdays import Period, SchoolDays
from portal.year_wheel.delivered import DELIVERED, delivered_wheel
from portal.year_wheel.models import DutyLine, Owner
from portal.year_wheel.states import State, Year, of_all, place_in_year, window_of

HOLIDAYS = (
    Period(date(2026, 8, 1), date(2026, 8, 9)),
    Period(date(2026, 10, 10), date(2026, 10, 18)),
    Period(date(2026, 12, 21), date(2027, 1, 3)),
    Period(date(2027, 2, 13), date(2027, 2, 21)),
    Period(date(2027, 6, 26), date(2027, 8, 8)),
)
RULES = DutyLine("rules", "Regler", Owner.CLASS_TEAM, Per.CLASS, 8, 10, ("class_rules",))
BOARD = DutyLine("board", "Bestyrelse", Owner.BOARD_SECRETARY, Per.SCHOOL, 5, 6, ("by_hand",))
LONG_AGO = date(2025, 8, 1)


def year(today: date, school_year: int = 2026) -> Year:
    return Year(school_year, today, SchoolDays(HOLIDAYS), every_weeks=6)


def state(
    duty: DutyLine, today: date, *done: date, is_noted: bool = False, since: date = LONG_AGO, school_year: int = 2026
) -> State:
    return year(today, school_year).state(duty, done, is_noted=is_noted, since=since)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 1), State.LATER),
        (date(2027, 3, 19), State.LATER),
        (date(2027, 3, 20), State.SOON),
        (date(2027, 4, 30), State.SOON),
        (date(2027, 5, 1), State.OPEN),
        (date(2027, 6, 30), State.OPEN),
        (date(2027, 7, 31), State.OPEN),  # nothing is late in the holidays
        (date(2027, 8, 1), State.NOT_NOTED),
    ],
)
def test_a_duty_passes_through_its_states_in_a_year(today: date, expected: State) -> None:
    assert state(BOARD, today) is expected
    assert state(BOARD, today, is_noted=True) is State.DONE


def test_every_delivered_duty_passes_through_its_states_in_a_year() -> None:
    """Day by day: a duty is late only after its window, and before that passes its states in order."""
    in_order = [State.LATER, State.SOON, State.OPEN, State.LATE]
    for duty in delivered_wheel(()):
        window, seen = window_of(duty, 2026), []
        for number in range(365):
            today = date(2026, 8, 1) + timedelta(days=number)
            now = state(duty, today)
            if now is State.LATE and not duty.is_by_weeks:
                assert today > window.closes_on, duty.key
            if now not in seen:
                seen.append(now)
        assert [in_order.index(one) for one in seen] == sorted(in_order.index(one) for one in seen), duty.key
        assert seen[-1] in (State.LATE, State.OPEN), duty.key
        assert state(duty, date(2027, 8, 1)) is State.NOT_NOTED, duty.key
        if not duty.is_by_weeks:
            enough = [max(window.opens_on, date(2026, 9, 1))] * duty.times
            assert state(duty, date(2027, 7, 1), *enough) is State.DONE, duty.key


def test_nothing_is_late_in_the_holidays_nor_in_the_first_six_school_weeks() -> None:
    assert state(RULES, date(2026, 10, 31)) is State.OPEN
    assert state(RULES, date(2026, 11, 1)) is State.LATE
    assert state(RULES, date(2026, 12, 27)) is State.OPEN
    assert state(RULES, date(2027, 1, 4)) is State.LATE
    early = replace(RULES, closes_in=8)
    assert state(early, date(2026, 9, 20)) is State.OPEN
    assert state(early, date(2026, 9, 21)) is State.LATE


def test_a_class_that_begins_late_has_its_six_weeks_and_no_old_windows() -> None:
    assert state(RULES, date(2026, 11, 30), since=date(2026, 11, 27)) is State.NOT_NOTED
    assert state(RULES, date(2026, 11, 5), since=date(2026, 10, 20)) is State.OPEN
    assert state(RULES, date(2026, 12, 10), since=date(2026, 10, 20)) is State.LATE


def test_a_window_that_was_moved_to_where_it_had_gone_by_is_nobodys_fault() -> None:
    moved = replace(RULES, window_since=date(2026, 11, 10))
    assert state(moved, date(2026, 11, 20)) is State.NOT_NOTED
    assert state(moved, date(2026, 11, 20), date(2026, 9, 1)) is State.DONE


def test_what_came_before_the_window_proves_a_duty_of_several_times_only() -> None:
    assert state(BOARD, date(2027, 5, 2), date(2026, 8, 20)) is State.OPEN
    assert state(BOARD, date(2027, 5, 2), date(2027, 5, 2)) is State.DONE
    second = replace(RULES, opens_in=2, closes_in=6, times=2)
    assert state(second, date(2027, 3, 1), date(2026, 9, 1)) is State.OPEN
    assert state(second, date(2027, 3, 1), date(2026, 9, 1), date(2026, 10, 1)) is State.DONE


def test_a_rhythm_is_late_by_school_weeks_and_begins_anew_each_year() -> None:
    news = replace(RULES, opens_in=8, closes_in=6, is_by_weeks=True)
    assert state(news, date(2026, 8, 12)) is State.OPEN
    assert state(news, date(2026, 11, 20)) is State.LATE
    assert state(news, date(2026, 11, 20), date(2026, 11, 2)) is State.DONE
    assert state(news, date(2026, 12, 27)) is State.OPEN
    assert state(news, date(2027, 9, 1), school_year=2026) is State.NOT_NOTED
    assert state(news, date(2027, 9, 1), date(2027, 2, 2), school_year=2026) is State.DONE


def test_a_window_in_february_has_the_days_of_its_year() -> None:
    february = replace(RULES, opens_in=2, closes_in=2)
    assert window_of(february, 2026).closes_on == date(2027, 2, 28)
    assert window_of(february, 2027).closes_on == date(2028, 2, 29)
    assert year(date(2028, 2, 29), 2027).state(february, (), is_noted=False, since=LONG_AGO) is State.OPEN
    assert state(february, date(2028, 2, 29), date(2028, 2, 29), school_year=2027) is State.DONE


def test_several_stand_as_the_one_that_needs_most() -> None:
    assert of_all([State.DONE, State.LATE]) is State.LATE
    assert of_all([State.DONE, State.OPEN]) is State.OPEN
    assert of_all([State.DONE, State.NOT_NOTED]) is State.DONE
    assert of_all([State.NOT_NOTED]) is State.NOT_NOTED
    assert of_all([]) is State.LATER


def test_the_delivered_wheel_is_whole_and_finds_the_points_that_speak_of_it() -> None:
    keys = [each.duty.key for each in DELIVERED]
    assert len(set(keys)) == len(keys)
    for each in DELIVERED:
        assert each.duty.proofs, each.duty.key
        assert place_in_year(each.duty.opens_in) <= place_in_year(each.duty.closes_in), each.duty.key
    found = {
        duty.key: duty.points for duty in delivered_wheel([("k1", "Hver klasse har samværsregler."), ("k2", "Vi ler.")])
    }
    assert found["class_rules"] == ("k1",)
    assert not any("k2" in points for points in found.values())
    akt = delivered_wheel([("k1", "Vi kontakter hjemmet i takt."), ("k2", "Ledelsen og AKT-teamet gør status.")])
    assert {duty.points for duty in akt if duty.key.startswith("akt_before")} == {("k2",)}
