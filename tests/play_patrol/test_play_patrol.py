"""The play patrol: fair turns in school weeks, swaps, and a rota that stays inside the school."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts.protection import Protection
from portal.database import db
from portal.play_patrol.models import PatrolTurn
from portal.play_patrol.presenters import RotaWeek, sheet_of
from portal.school.models import Pupil
from portal.text import clock
from tests import factories as make
from tests.cast import COUNCIL, EVERYBODY, OFFICE, SCHOOL_WIDE, TEAM, Cast
from tests.conftest import ClientOf, at_once

STAFF = TEAM | OFFICE | SCHOOL_WIDE | {"teacher_elsewhere", "facilitator", "board_secretary"}
NEXT_WEEK = "2026-11-30"


def plan(cast: Cast, first: str = NEXT_WEEK, **values: Any) -> dict[str, Any]:
    usual = {"weeks": 4, "places": "Boldbanen\nSandkassen", "at_a_place": 1, "classes": [cast.sixth.id]}
    return {"first": first, **usual, **values}


def turns() -> list[PatrolTurn]:
    db.session.expire_all()
    return list(db.session.scalars(select(PatrolTurn).order_by(PatrolTurn.week_on, PatrolTurn.id)))


def six(cast: Cast) -> list[Pupil]:
    """The two of the cast, and four more."""
    more = [make.make_pupil(cast.sixth, name, "Holm") for name in ("Asta", "Bo", "Carl", "Dina")]
    db.session.commit()
    return [cast.ella, cast.viggo, *more]


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_staff_and_pupils_see_it_and_no_home_does(cast: Cast, client_of: ClientOf, name: str) -> None:
    browser, expected = client_of(cast.users[name]), 200 if name in STAFF | COUNCIL else 403
    assert browser.get("/play-patrol/").status_code == expected
    assert browser.get("/play-patrol/sheet").status_code == expected
    may_plan = name in SCHOOL_WIDE
    assert (browser.send("/play-patrol/new", plan(cast)).status_code == 303) == may_plan


def test_the_public_sees_nothing(cast: Cast, client: Any) -> None:
    assert client.get("/play-patrol/").status_code == 303


def test_everybody_gets_as_many_turns_and_weeks_off_are_passed_over(cast: Cast, client_of: ClientOf) -> None:
    six(cast)
    make.make_period(date(2026, 12, 21), date(2027, 1, 1))
    db.session.commit()
    client_of(cast.akt).send("/play-patrol/new", plan(cast, weeks=6))
    planned = turns()
    assert {turn.week_on for turn in planned} == {
        date(2026, 11, 30) + timedelta(weeks=number) for number in (0, 1, 2, 5, 6, 7)
    }
    assert set(Counter(turn.pupil_id for turn in planned).values()) == {2}


def test_planning_anew_keeps_the_week_that_has_begun_and_counts_what_was(cast: Cast, client_of: ClientOf) -> None:
    pupils = six(cast)
    db.session.add(PatrolTurn(week_on=date(2026, 11, 23), place="Skoven", pupil_id=pupils[0].id))
    db.session.commit()
    akt = client_of(cast.akt)
    for _ in range(2):
        akt.send("/play-patrol/new", plan(cast, weeks=1, at_a_place=2))
    planned = turns()
    assert [turn.place for turn in planned if turn.week_on == date(2026, 11, 23)] == ["Skoven"]
    assert pupils[0].id not in {turn.pupil_id for turn in planned if turn.week_on > date(2026, 11, 23)}
    assert len(planned) == 5


@pytest.mark.parametrize(
    "values",
    [
        {"first": "2026-11-23"},
        {"first": "2020-02-29"},
        {"first": "2027-02-29"},
        {"first": "2027-08-16"},
        {"first": "2027-07-05"},
        {"weeks": 0},
        {"weeks": 99999999999},
        {"places": " \n "},
        {"places": "\n".join("abcdefg")},
        {"places": "x" * 61},
        {"at_a_place": 3},
        {"classes": []},
        {"classes": [99999]},
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, client_of: ClientOf, values: dict[str, Any]) -> None:
    assert client_of(cast.akt).send("/play-patrol/new", plan(cast, **values)).status_code == 422
    assert turns() == []


def test_only_the_oldest_are_asked(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.akt).send("/play-patrol/new", plan(cast, classes=[cast.third.id]))
    assert answer.status_code == 422


def test_who_has_left_is_a_free_place_that_somebody_takes(cast: Cast, client_of: ClientOf) -> None:
    pupils = six(cast)
    client_of(cast.akt).send("/play-patrol/new", plan(cast, weeks=1))
    asta = pupils[2]
    turn = next(one for one in turns() if one.pupil_id == asta.id)
    for enrolment in asta.enrolments:
        enrolment.ends_on = clock.today() - timedelta(days=1)
    db.session.commit()
    akt = client_of(cast.akt)
    page = akt.get("/play-patrol/").text
    assert "Ledig" in page
    assert "Asta" not in page
    assert akt.send(f"/play-patrol/turns/{turn.id}/edit", {"pupil_id": pupils[5].id}).status_code == 303
    assert "Dina, 6.A" in akt.get("/play-patrol/").text


def test_two_who_have_turns_swap_and_nobody_is_on_twice_in_a_week(cast: Cast, client_of: ClientOf) -> None:
    pupils = six(cast)
    akt = client_of(cast.akt)
    akt.send("/play-patrol/new", plan(cast, weeks=2))
    first, second, third, _ = turns()
    path = f"/play-patrol/turns/{first.id}/edit"
    assert akt.send(path, {"pupil_id": second.pupil_id}).status_code == 422, "on in the same week"
    assert akt.send(path, {"pupil_id": first.pupil_id}).status_code == 422, "the same one"
    assert akt.send(path, {"pupil_id": cast.alma.id}).status_code == 422, "too young"
    before = (first.pupil_id, third.pupil_id)
    assert akt.send(path, {"pupil_id": third.pupil_id}).status_code == 303
    assert (turns()[2].pupil_id, turns()[0].pupil_id) == before
    assert akt.send(path, {"pupil_id": pupils[5].id}).status_code == 303
    assert turns()[0].pupil_id == pupils[5].id


def test_a_turn_of_the_week_that_has_begun_is_given_away_by_nobody(cast: Cast, client_of: ClientOf) -> None:
    pupils = six(cast)
    now, later = (date(2026, 11, 23), date(2026, 12, 7))
    running = make.make_turn(pupils[0], now)
    wanted = make.make_turn(pupils[1], date(2026, 11, 30))
    own = make.make_turn(pupils[0], later)
    db.session.commit()
    answer = client_of(cast.akt).send(f"/play-patrol/turns/{wanted.id}/edit", {"pupil_id": pupils[0].id})
    assert answer.status_code == 303
    db.session.expire_all()
    assert [turn.pupil_id for turn in (running, wanted, own)] == [pupils[0].id, pupils[0].id, pupils[1].id]


@pytest.mark.both
def test_of_many_who_swap_one_turn_at_once_one_does(cast: Cast, client_of: ClientOf, database: str) -> None:
    pupils = six(cast)
    turn = make.make_turn(pupils[0])
    own = make.make_turn(pupils[1], date(2026, 12, 7))
    db.session.commit()
    path, browsers = f"/play-patrol/turns/{turn.id}/edit", [client_of(cast.akt), client_of(cast.leader)] * 2
    answers = at_once(*(partial(one.send, path, {"pupil_id": pupils[1].id}) for one in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    db.session.expire_all()
    assert (turn.pupil_id, own.pupil_id) == (pupils[1].id, pupils[0].id)


def test_a_turn_that_is_over_is_not_swapped(cast: Cast, client_of: ClientOf) -> None:
    pupils = six(cast)
    turn = PatrolTurn(week_on=date(2026, 11, 16), place="Skoven", pupil_id=pupils[0].id)
    db.session.add(turn)
    db.session.commit()
    answer = client_of(cast.akt).send(f"/play-patrol/turns/{turn.id}/edit", {"pupil_id": pupils[1].id})
    assert answer.status_code == 422


def test_a_protected_child_stands_there_by_its_alias(cast: Cast, client_of: ClientOf) -> None:
    cast.ella.alias, cast.ella.protection = "Sol", Protection.NAME
    db.session.commit()
    akt = client_of(cast.akt)
    akt.send("/play-patrol/new", plan(cast, weeks=1))
    for path in ("/play-patrol/", "/play-patrol/sheet"):
        assert "Sol, 6.A" in akt.get(path).text
        assert "Ella" not in akt.get(path).text


def test_the_sheet_is_a_table_with_a_line_a_week_and_a_column_a_place(cast: Cast, client_of: ClientOf) -> None:
    six(cast)
    akt = client_of(cast.akt)
    akt.send("/play-patrol/new", plan(cast, weeks=1))
    page = akt.get("/play-patrol/sheet").text
    (turn, *others) = turns()
    assert page.count('<th scope="row">') == 1
    assert {f'<th scope="col">{one.place}</th>' in page for one in (turn, *others)} == {True}


def test_a_place_that_a_week_does_without_is_empty_there() -> None:
    sheet = sheet_of([RotaWeek("49", [("Hall", [])]), RotaWeek("50", [("Hall", []), ("Field", [])])])
    assert sheet.places == ["Hall", "Field"]
    assert sheet.weeks == [("49", [[], []]), ("50", [[], []])]


@pytest.mark.both
def test_of_many_who_plan_at_once_one_rota_is_left(cast: Cast, client_of: ClientOf, database: str) -> None:
    six(cast)
    browsers = [client_of(cast.akt), client_of(cast.leader)] * 2
    answers = at_once(*(partial(browser.send, "/play-patrol/new", plan(cast, weeks=2)) for browser in browsers))
    assert {answer.status_code for answer in answers} == {303}
    assert len(turns()) == 4
