"""Who comes: one press, seen by the offering home and by those who come, and the last place is given once."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest

from portal.accounts.models import User
from portal.acts.models import Act
from portal.database import db
from portal.playdates.models import Playdate, PlaydateGuest
from portal.school.models import Guardianship
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once


@pytest.fixture
def playdate(cast: Cast) -> Playdate:
    return make.make_playdate(cast.third, cast.guardian_of_two)


def press(browser: IsolatedClient, playdate: Playdate | int, *, mark: bool = True, seen: int = 1) -> int:
    playdate_id = playdate if isinstance(playdate, int) else playdate.id
    return browser.send(
        f"/playdates/{playdate_id}/coming/{'mark' if mark else 'unmark'}", {"version": seen}
    ).status_code


def guests() -> set[tuple[int, int]]:
    return {(row.pupil_id, row.guardian_id) for row in db.session.query(PlaydateGuest)}


def main_of(browser: IsolatedClient, playdate: Playdate) -> str:
    found = re.search(r"<main.*?</main>", browser.get(f"/playdates/{playdate.id}").text, re.S)
    assert found is not None
    return found[0]


@pytest.mark.both
def test_one_press_and_back_again(cast: Cast, playdate: Playdate, client_of: ClientOf, database: str) -> None:
    mette = client_of(cast.guardian)
    assert [press(mette, playdate) for _ in range(2)] == [303, 303]
    assert guests() == {(cast.alma.id, cast.guardian.id)}
    assert "I kommer" in main_of(mette, playdate)
    assert press(mette, playdate, mark=False) == 303
    assert guests() == set()
    assert db.session.query(Act).count() == 0, "nobody is told who comes, and who does not"


def test_who_comes_is_seen_by_the_offering_home_and_by_those_who_come_alone(
    cast: Cast, playdate: Playdate, client_of: ClientOf
) -> None:
    press(client_of(cast.guardian), playdate)
    for reader in (cast.guardian_of_two, cast.guardian):
        page = main_of(client_of(reader), playdate)
        assert "Hvem kommer?" in page
        assert "1 barn kommer" in page
        assert "Alma" in page
    for reader in (cast.foster_parent, cast.class_teacher):
        page = main_of(client_of(reader), playdate)
        assert "Hvem kommer?" not in page
        assert "Alma" not in page
        assert "kommer</p>" not in page
    for reader in (cast.foster_parent, cast.class_teacher):
        for path in ("/", "/playdates/", f"/classes/{cast.third.id}"):
            assert "1 barn kommer" not in client_of(reader).get(path).text


def test_the_other_home_of_a_child_sees_the_offer_alone(cast: Cast, playdate: Playdate, client_of: ClientOf) -> None:
    press(client_of(cast.guardian), playdate)
    jonas = client_of(cast.other_home)
    assert "Hvem kommer?" not in main_of(jonas, playdate), "where a child is with one home is that home's"
    assert press(jonas, playdate) == 303
    assert "1 barn kommer" in main_of(jonas, playdate), "one child, one place"
    assert press(jonas, playdate, mark=False) == 303
    assert guests() == {(cast.alma.id, cast.guardian.id)}


def test_one_roof_comes_with_one_press_and_goes_with_one(cast: Cast, playdate: Playdate, client_of: ClientOf) -> None:
    make.live_together(cast.guardian, cast.other_home)
    press(client_of(cast.guardian), playdate)
    jonas = client_of(cast.other_home)
    assert "1 barn kommer" in main_of(jonas, playdate)
    assert press(jonas, playdate, mark=False) == 303
    assert guests() == set()


def test_the_offering_home_does_not_say_that_it_comes(cast: Cast, playdate: Playdate, client_of: ClientOf) -> None:
    sofie = make.make_guardian(cast.otto, "Sofie")
    make.live_together(cast.guardian_of_two, sofie)
    for adult in (cast.guardian_of_two, sofie):
        assert press(client_of(adult), playdate) == 422
        assert "Hvem kommer?" in main_of(client_of(adult), playdate)


@pytest.mark.parametrize(("name", "status"), [("helper", 404), ("class_teacher", 403), ("guardian_elsewhere", 404)])
def test_who_has_no_child_of_theirs_in_the_class_does_not_come(
    cast: Cast, playdate: Playdate, client_of: ClientOf, name: str, status: int
) -> None:
    assert press(client_of(cast.users[name]), playdate) == status
    assert guests() == set()


def test_twins_come_together_or_not_at_all(cast: Cast, client_of: ClientOf) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two, places=5)
    twin = make.make_pupil(cast.third, "Asta")
    make.tie(cast.guardian, twin)
    for number in range(4):
        pupil = make.make_pupil(cast.third, f"Barn {number}")
        make.come_to(playdate, pupil, make.make_guardian(pupil))
    mette = client_of(cast.guardian)
    refused = mette.send(f"/playdates/{playdate.id}/coming/mark", {"version": 1})
    assert refused.status_code == 422
    assert "ikke længere plads til alle jeres børn" in refused.text
    db.session.query(PlaydateGuest).filter_by(pupil_id=pupil.id).delete()
    assert press(mette, playdate) == 303
    assert {pupil_id for pupil_id, _ in guests()} >= {cast.alma.id, twin.id}


def crowd(cast: Cast, count: int) -> list[User]:
    return [make.make_guardian(make.make_pupil(cast.third, f"Barn {number}")) for number in range(count)]


@pytest.mark.both
@pytest.mark.parametrize("many", [12, pytest.param(100, marks=pytest.mark.attack)])
def test_the_last_place_is_never_given_twice(cast: Cast, client_of: ClientOf, many: int, database: str) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two, places=5)
    for adult in crowd(cast, 4):
        assert press(client_of(adult), playdate) == 303
    browsers = [client_of(adult) for adult in crowd(cast, many)]
    playdate_id = playdate.id
    statuses = at_once(*(partial(press, browser, playdate_id) for browser in browsers))
    assert sorted(statuses) == [303] + [422] * (many - 1)
    assert len({pupil_id for pupil_id, _ in guests()}) == 5
    assert "Alle pladser er taget" in main_of(client_of(cast.guardian), playdate)


@pytest.mark.both
def test_two_presses_of_one_home_at_the_same_moment_are_one(
    cast: Cast, playdate: Playdate, client_of: ClientOf, database: str
) -> None:
    browsers = [client_of(cast.guardian) for _ in range(6)]
    playdate_id = playdate.id
    assert at_once(*(partial(press, browser, playdate_id) for browser in browsers)) == [303] * 6
    assert guests() == {(cast.alma.id, cast.guardian.id)}


def test_a_place_is_free_again_when_a_child_leaves(cast: Cast, client_of: ClientOf) -> None:
    playdate = make.make_playdate(cast.third, cast.guardian_of_two, places=5)
    adults = crowd(cast, 5)
    for adult in adults:
        press(client_of(adult), playdate)
    assert press(client_of(cast.guardian), playdate) == 422
    db.session.query(Guardianship).filter_by(guardian_id=adults[0].id).update(
        {"ends_on": clock.today() - timedelta(days=1)}
    )
    assert press(client_of(cast.guardian), playdate) == 303


def test_it_is_too_late_when_it_is_over(cast: Cast, playdate: Playdate, client_of: ClientOf, wall_clock: Move) -> None:
    wall_clock(playdate.starts_at + timedelta(minutes=10))
    assert press(client_of(cast.guardian), playdate) == 303, "while it lasts one may say so"
    wall_clock(playdate.ends_at)
    assert press(client_of(cast.guardian), playdate) == 422
    assert press(client_of(cast.guardian), playdate, mark=False) == 422
