"""Who is kept out by wrong tries: whoever guesses, and never the owner on a device they have used before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.accounts.sign_in import devices, passwords, services, throttling
from portal.database import db
from tests import factories as make
from tests.accounts.sign_in.test_sign_in import PASSWORD, sign_in
from tests.conftest import IsolatedClient, at_once

Move = Callable[[timedelta], None]
ClientOf = Callable[[User], IsolatedClient]
KEY = "k" * 40


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def mette(app: Flask, password_hash: str) -> User:
    return make.make_user("Mette", user_name="mette.holm", email="mette@example.dk", password_hash=password_hash)


def guess_until_blocked(app: Flask, *logins: str) -> None:
    stranger = app.test_client()
    for number in range(throttling.FREE_TRIES):
        assert sign_in(stranger, logins[number % len(logins)], "a wrong password").status_code == 422
    for login in logins:
        assert sign_in(stranger, login, "a wrong password").status_code == 429


@pytest.mark.both
def test_a_strangers_tries_never_lock_the_owner_out_of_a_device_used_before(
    app: Flask, client: IsolatedClient, mette: User, database: str
) -> None:
    assert sign_in(client, "mette.holm").status_code == 303
    client.send("/accounts/sign-out")
    guess_until_blocked(app, "mette.holm")
    assert sign_in(app.test_client(), "mette.holm").status_code == 429, "elsewhere the account waits"
    assert sign_in(client, "mette@example.dk").status_code == 303


def test_one_is_slowed_down_on_ones_own_device_too(client: IsolatedClient, mette: User, wall_clock: Move) -> None:
    sign_in(client, "mette.holm")
    client.send("/accounts/sign-out")
    for _ in range(throttling.FREE_TRIES):
        assert sign_in(client, "mette.holm", "a wrong password").status_code == 422
    assert sign_in(client, "mette.holm").status_code == 429
    wall_clock(timedelta(seconds=31))
    assert sign_in(client, "mette.holm").status_code == 303


def test_the_user_name_and_the_address_are_one_counter(app: Flask, mette: User) -> None:
    guess_until_blocked(app, "mette.holm", "mette@example.dk", " METTE@Example.dk", "Mette.Holm ")


@pytest.mark.both
def test_many_guesses_by_both_names_at_once_are_counted_together(app: Flask, mette: User, database: str) -> None:
    names = ["mette.holm", "mette@example.dk"] * 6
    answers = at_once(*(lambda name=name: sign_in(app.test_client(), name, "guess").status_code for name in names))
    assert sorted(answers) == [422] * throttling.FREE_TRIES + [429] * (12 - throttling.FREE_TRIES)


def test_a_device_is_known_for_those_who_signed_in_there_and_nobody_else(
    app: Flask, client: IsolatedClient, mette: User, password_hash: str
) -> None:
    jonas = make.make_user("Jonas", user_name="jonas.holm", password_hash=password_hash)
    for name in ("mette.holm", "jonas.holm"):
        assert sign_in(client, name).status_code == 303
        client.send("/accounts/sign-out")
    lone = app.test_client()
    sign_in(lone, "mette.holm")
    lone.send("/accounts/sign-out")
    guess_until_blocked(app, "mette.holm")
    guess_until_blocked(app, jonas.user_name)
    assert sign_in(lone, "jonas.holm").status_code == 429, "his account was never used here"
    for name in ("mette.holm", "jonas.holm"):
        assert sign_in(client, name).status_code == 303, "a family's tablet is both their own"


def test_a_wrong_password_makes_no_device_known(app: Flask, client: IsolatedClient, mette: User) -> None:
    sign_in(client, "mette.holm", "a wrong password")
    assert client.get_cookie("device") is None


@pytest.mark.parametrize("cookie", ["", "x", "W10.x", "a" * 4000, "æøå"])
def test_a_cookie_that_is_not_ours_is_no_known_device(client: IsolatedClient, mette: User, cookie: str) -> None:
    client.set_cookie("device", cookie)
    assert sign_in(client, "mette.holm", "a wrong password").status_code == 422
    assert sign_in(client, "mette.holm").status_code == 303


def test_the_cookie_names_no_person_and_keeps_to_the_host(client: IsolatedClient, mette: User) -> None:
    headers = sign_in(client, "mette.holm").headers.getlist("Set-Cookie")
    (cookie,) = (header for header in headers if header.startswith("device="))
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "Path=/", "SameSite=Lax", f"Max-Age={int(devices.LASTS.total_seconds())}"} <= parts
    assert not any(part.startswith("Domain") for part in parts)
    assert "mette" not in cookie.lower()


def test_a_device_of_many_forgets_who_was_there_longest_ago() -> None:
    cookie = ""
    for user_id in range(1, devices.MOST_ACCOUNTS + 2):
        cookie = devices.remembering(cookie, user_id, 0, KEY)
    assert devices.device_of(cookie, 1, 0, KEY) is None
    assert all(devices.device_of(cookie, user_id, 0, KEY) for user_id in range(2, devices.MOST_ACCOUNTS + 2))
    assert len(cookie) < 1000
    assert devices.device_of(cookie, 5, 0, "x" * 40) is None
    again = devices.remembering(cookie, 5, 0, KEY)
    assert devices.device_of(again, 5, 0, KEY) == devices.device_of(cookie, 5, 0, KEY), "one device, one counter"


def test_signing_out_everywhere_ends_known_devices_and_a_new_password_keeps_this_one(
    app: Flask, client: IsolatedClient, mette: User
) -> None:
    other = app.test_client()
    for browser in (client, other):
        sign_in(browser, "mette.holm")
    new = "fire helt andre ord"
    assert client.send("/accounts/password", {"current": PASSWORD, "password": new}).status_code == 303
    guess_until_blocked(app, "mette.holm")
    client.send("/accounts/sign-out")
    assert sign_in(other, "mette.holm", new).status_code == 429, "it is a stranger's like any other now"
    assert sign_in(client, "mette.holm", new).status_code == 303
    services.end_secrets([mette.id], now=mette.created_at)
    client.send("/accounts/sign-out")
    assert sign_in(client, "mette.holm", new).status_code == 429


def test_whoever_is_signed_in_changes_the_password_while_others_guess(
    app: Flask, client_of: ClientOf, mette: User
) -> None:
    browser = client_of(mette)
    guess_until_blocked(app, "mette.holm")
    form = {"current": PASSWORD, "password": "fire helt andre ord"}
    assert browser.send("/accounts/password", form).status_code == 303
    db.session.refresh(mette)
    assert passwords.is_right("fire helt andre ord", mette.password_hash)
