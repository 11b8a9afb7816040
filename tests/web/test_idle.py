"""A forgotten screen of somebody who works here: signed out after hours of silence, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.sign_in.passwords import hash_password
from portal.settings import SettingFault, Settings
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.web.test_kept_text import PASSWORD, TEXT, go_on, sign_in
from tests.web.test_nothing_is_lost import own_token, sealed_in

AWAY = "Du har været væk i mere end 8 timer"


@pytest.mark.parametrize("who", ["class_teacher", "office", "leader", "facilitator"])
def test_staff_who_were_silent_for_hours_are_signed_out_and_told_why(
    cast: Cast, client_of: ClientOf, wall_clock: Move, who: str
) -> None:
    browser = client_of(cast.users[who])
    assert browser.get("/notifications/").status_code == 200
    wall_clock(timedelta(hours=3))
    assert browser.get("/notifications/").status_code == 200, "a page that is read is a sign of life"
    wall_clock(timedelta(hours=8))
    answer = browser.get("/notifications/")
    assert (answer.status_code, answer.location) == (303, "/accounts/sign-in?next=/notifications/")
    page = browser.get(answer.location).text
    assert AWAY in page
    assert AWAY not in browser.get("/accounts/sign-in").text, "said once"
    assert browser.get("/notifications/").status_code == 303, "and it stays over"


def test_the_silence_is_counted_from_the_last_page(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    browser = client_of(cast.class_teacher)
    for hours in (0, 3, 7.98):
        wall_clock(timedelta(hours=hours))
        assert browser.get("/notifications/").status_code == 200, hours


def test_the_cookie_is_written_once_in_some_minutes(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    browser = client_of(cast.class_teacher)
    assert "Set-Cookie" in browser.get("/notifications/").headers
    wall_clock(timedelta(minutes=4))
    assert "Set-Cookie" not in browser.get("/notifications/").headers
    wall_clock(timedelta(minutes=2))
    assert "Set-Cookie" in browser.get("/notifications/").headers


@pytest.mark.parametrize("who", ["guardian", "helper", "council_member"])
def test_homes_and_pupils_keep_to_their_session_s_own_end(
    cast: Cast, client_of: ClientOf, wall_clock: Move, who: str
) -> None:
    browser = client_of(cast.users[who])
    browser.get("/notifications/")
    wall_clock(timedelta(hours=11))
    assert browser.get("/notifications/").status_code == 200


def test_what_was_typed_comes_back_after_signing_in_again(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    cast.class_teacher.password_hash = hash_password(PASSWORD)
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    browser.get(path)
    wall_clock(timedelta(hours=9))
    refused = browser.post(path, data={**TEXT, "csrf_token": own_token(app, browser)})
    assert refused.status_code == 401
    assert AWAY in refused.text
    assert TEXT["title"] not in refused.text
    page = go_on(browser, sign_in(browser, cast.class_teacher, sealed_in(refused, "carried")))
    assert TEXT["title"] in page.text


def test_a_fresh_sign_in_counts_from_its_own_moment(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    cast.leader.password_hash = hash_password(PASSWORD)
    browser = client_of(cast.leader)
    browser.get("/notifications/")
    wall_clock(timedelta(hours=9))
    data = {"login": cast.leader.user_name, "password": PASSWORD, "remember": "y"}
    assert browser.send("/accounts/sign-in", data).status_code == 303
    assert browser.get("/notifications/").status_code == 200
    wall_clock(timedelta(hours=9))
    assert browser.get("/notifications/").status_code == 303, "a remembered browser of staff as well"


@pytest.mark.parametrize("hours", ["0", "721", "x", ""])
def test_the_hours_are_a_whole_number(hours: str) -> None:
    with pytest.raises(SettingFault, match="PORTAL_STAFF_IDLE_HOURS"):
        Settings.read({"PORTAL_STAFF_IDLE_HOURS": hours})
