"""Signing in, staying signed in and being signed out, as the browser sees it and as somebody who guesses would."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import LinkPurpose, Role, SignInLink, SignInThrottle, User, UserSession
from portal.accounts.sign_in import passwords, services, throttling, tokens
from portal.accounts.users import queries as users
from portal.database import db
from portal.people import BY_ITSELF, load_people
from portal.policy import Action, can
from portal.school.models import GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once

PASSWORD = "tre ord der ikke rimer"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def mette(app: Flask, password_hash: str) -> User:
    return make.make_user("Mette", user_name="mette.holm", email="mette@example.dk", password_hash=password_hash)


def sign_in(client: IsolatedClient, login: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.send("/accounts/sign-in", {"login": login, "password": password, **more})


def open_sessions(user: User) -> list[UserSession]:
    return db.session.query(UserSession).filter_by(user_id=user.id, ended_at=None).all()


@pytest.mark.parametrize("login", ["mette.holm", "Mette.Holm", "  mette@example.dk ", "METTE@example.dk"])
def test_the_user_name_or_the_address_signs_in(client: IsolatedClient, mette: User, login: str) -> None:
    answer = sign_in(client, login)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/accounts/me").status_code == 200


def test_an_address_that_two_share_signs_neither_in(client: IsolatedClient, mette: User, password_hash: str) -> None:
    make.make_user("Jonas", email="mette@example.dk", password_hash=password_hash)
    assert sign_in(client, "mette@example.dk").status_code == 422
    assert sign_in(client, "mette.holm").status_code == 303


def test_a_user_name_that_is_another_ones_address_is_the_user_name(client: IsolatedClient, password_hash: str) -> None:
    make.make_user("Jonas", email="x@example.dk", password_hash=passwords.hash_password("another long password"))
    owner = make.make_user("Xenia", user_name="x@example.dk", password_hash=password_hash)
    assert sign_in(client, "x@example.dk").status_code == 303
    assert len(open_sessions(owner)) == 1


def _closed(user: User) -> None:
    user.deactivated_at = clock.now()


def _without_password(user: User) -> None:
    user.password_hash = None


def test_known_unknown_closed_and_uninvited_read_the_same(client: IsolatedClient, mette: User) -> None:
    wrong = sign_in(client, "mette.holm", "not the password at all").text
    unknown = sign_in(client, "nobody.here", "not the password at all").text.replace("nobody.here", "mette.holm")
    for change in (_closed, _without_password):
        change(mette)
        assert _plain(sign_in(client, "mette.holm").text) == _plain(wrong)
    assert _plain(unknown) == _plain(wrong)


def _plain(page: str) -> str:
    """The page without what is new each time."""
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line and "idempotency_key" not in line)


def test_an_unknown_name_costs_a_hash_too(client: IsolatedClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr(passwords, "is_right", lambda password, stored: asked.append(stored) or False)
    sign_in(client, "nobody.here")
    assert asked == [None]
    assert passwords._nobody().startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_sixth_try_waits_and_the_wait_grows(
    client: IsolatedClient, mette: User, wall_clock: Callable[[timedelta], None]
) -> None:
    for _ in range(throttling.FREE_TRIES):
        assert sign_in(client, "mette.holm", "a wrong password").status_code == 422
    blocked = sign_in(client, "mette.holm")
    assert blocked.status_code == 429
    assert 0 < int(blocked.headers["Retry-After"]) <= 31
    wall_clock(timedelta(seconds=32))
    assert sign_in(client, "mette.holm", "a wrong password").status_code == 422
    wall_clock(timedelta(seconds=32))
    assert sign_in(client, "mette.holm").status_code == 429, "the second wait is twice the first"
    wall_clock(timedelta(seconds=32))
    assert sign_in(client, "mette.holm").status_code == 303


def test_a_day_of_guessing_is_about_a_hundred_guesses(
    client: IsolatedClient, app: Flask, wall_clock: Callable[[timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "is_right", lambda password, stored: False)
    guesses = 0
    for _ in range(24 * 60):
        guesses += sign_in(client, "mette.holm", "guess").status_code == 422
        wall_clock(timedelta(minutes=1))
    assert guesses < 120


def test_one_childs_guessing_stops_nobody_else(client: IsolatedClient, mette: User) -> None:
    for _ in range(20):
        sign_in(client, "somebody.else", "a wrong password")
    assert sign_in(client, "mette.holm").status_code == 303


def test_a_sign_in_forgives_the_tries_before_it(client: IsolatedClient, mette: User) -> None:
    for _ in range(throttling.FREE_TRIES - 1):
        sign_in(client, "mette.holm", "a wrong password")
    assert sign_in(client, "mette.holm").status_code == 303
    assert {throttle.failures for throttle in db.session.query(SignInThrottle)} == {0, throttling.FREE_TRIES - 1}


@pytest.mark.both
def test_many_guesses_at_the_same_moment_are_all_counted(app: Flask, database: str) -> None:
    guesses = at_once(*[lambda: sign_in(app.test_client(), "mette.holm", "guess").status_code] * 12)
    assert sorted(guesses) == [422] * throttling.FREE_TRIES + [429] * (12 - throttling.FREE_TRIES)


def test_the_cookie_holds_a_token_and_the_database_its_digest(client: IsolatedClient, mette: User) -> None:
    sign_in(client, "mette.holm")
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    (stored,) = open_sessions(mette)
    assert stored.token_digest == tokens.digest(token)
    assert token not in stored.token_digest


def test_signing_in_starts_a_fresh_session(client: IsolatedClient, mette: User) -> None:
    with client.session_transaction() as cookie:
        cookie["left_behind"] = "by whoever sat here before"
    sign_in(client, "mette.holm")
    with client.session_transaction() as cookie:
        assert "left_behind" not in cookie


def test_a_session_ends_after_half_a_day_and_a_remembered_one_after_a_month(
    app: Flask, mette: User, wall_clock: Callable[[timedelta], None]
) -> None:
    short, long = app.test_client(), app.test_client()
    sign_in(short, "mette.holm")
    sign_in(long, "mette.holm", remember="y")
    wall_clock(timedelta(hours=13))
    assert (short.get("/accounts/me").status_code, long.get("/accounts/me").status_code) == (303, 200)
    wall_clock(timedelta(days=30))
    assert long.get("/accounts/me").status_code == 303


def test_a_pupils_device_is_never_remembered(client: IsolatedClient, cast: Cast, password_hash: str) -> None:
    cast.council_member.password_hash = password_hash
    sign_in(client, cast.council_member.user_name, remember="y")
    (session,) = open_sessions(cast.council_member)
    assert session.expires_at - session.created_at == services.SESSION_LASTS


def test_signing_out_ends_the_row_so_a_copied_cookie_is_dead(client: IsolatedClient, mette: User) -> None:
    sign_in(client, "mette.holm")
    with client.session_transaction() as cookie:
        copied = dict(cookie)
    answer = client.send("/accounts/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"', "and not the cookie of a known device"
    with client.session_transaction() as cookie:
        cookie.update(copied)
    assert client.get("/accounts/me").location == "/accounts/sign-in?next=/accounts/me"


def test_a_new_password_signs_every_other_device_out(client_of: ClientOf, mette: User) -> None:
    here, there = client_of(mette), client_of(mette)
    new = "fire helt andre ord"
    answer = here.send("/accounts/password", {"current": PASSWORD, "password": new})
    assert answer.location == "/accounts/me"
    assert (here.get("/accounts/me").status_code, there.get("/accounts/me").status_code) == (200, 303)
    assert passwords.is_right(new, db.session.get(User, mette.id).password_hash)


@pytest.mark.parametrize("bad", ["short", "a" * 129, "aaaaaaaaaaaaaa", "mette.holm er mig", ""])
def test_a_password_that_is_easy_to_guess_is_refused(client_of: ClientOf, mette: User, bad: str) -> None:
    answer = client_of(mette).send("/accounts/password", {"current": PASSWORD, "password": bad})
    assert answer.status_code == 422
    assert passwords.is_right(PASSWORD, db.session.get(User, mette.id).password_hash)


def test_the_old_password_is_asked_for(client_of: ClientOf, mette: User) -> None:
    answer = client_of(mette).send(
        "/accounts/password", {"current": "wrong wrong wrong", "password": "fire andre ord her"}
    )
    assert answer.status_code == 422
    assert passwords.is_right(PASSWORD, db.session.get(User, mette.id).password_hash)


def test_one_ends_ones_own_sessions_and_nobody_elses(client_of: ClientOf, mette: User) -> None:
    jonas = make.make_user("Jonas")
    client_of(jonas)
    (his,) = open_sessions(jonas)
    mine = client_of(mette)
    other = client_of(mette)
    assert mine.send(f"/accounts/sessions/{his.id}/end").status_code == 404
    assert len(open_sessions(jonas)) == 1
    theirs = max(open_sessions(mette), key=lambda session: session.id)
    assert mine.send(f"/accounts/sessions/{theirs.id}/end").status_code == 303
    assert other.get("/accounts/me").status_code == 303
    assert mine.get("/accounts/me").status_code == 200


def test_a_closed_account_is_out_at_the_next_request(client_of: ClientOf, mette: User) -> None:
    browser = client_of(mette)
    mette.deactivated_at = clock.now()
    assert browser.get("/accounts/me").status_code == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client: IsolatedClient, mette: User, target: str) -> None:
    answer = client.send(
        "/accounts/sign-in", {"login": "mette.holm", "password": PASSWORD}, query_string={"next": target}
    )
    assert answer.location == "/"


def _link(user: User, **changes: Any) -> tuple[SignInLink, str]:
    link = services.make_link(user, actor=BY_ITSELF, now=clock.now())
    for name, value in changes.items():
        setattr(link, name, value)
    db.session.flush()
    return link, f"/accounts/links/{tokens.link_token(link.id, link.nonce, 's' * 40)}"


def test_an_invitation_opens_an_account_once(client: IsolatedClient, app: Flask) -> None:
    nadia = make.make_user("Nadia", user_name="nadia.b")
    link, path = _link(nadia)
    assert link.purpose == LinkPurpose.INVITATION
    assert "nadia.b" in client.get(path).text
    assert client.send(path, {"password": PASSWORD}).location == "/accounts/sign-in?name=nadia.b"
    assert sign_in(client, "nadia.b").status_code == 303
    assert client.get(path).status_code == 404
    assert client.send(path, {"password": "endnu fire nye ord"}).status_code == 404
    assert passwords.is_right(PASSWORD, db.session.get(User, nadia.id).password_hash)


def test_a_double_click_on_an_invitation_is_one_password(client: IsolatedClient, app: Flask) -> None:
    _, path = _link(make.make_user("Nadia", user_name="nadia.b"))
    answers = [client.send(path, {"password": PASSWORD}, key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]


def test_a_weak_password_does_not_use_the_link_up(client: IsolatedClient, app: Flask) -> None:
    _, path = _link(make.make_user("Nadia"))
    assert client.send(path, {"password": "short"}).status_code == 422
    assert client.send(path, {"password": PASSWORD}).status_code == 303


def test_an_expired_link_an_older_link_and_a_forged_link_open_nothing(
    client: IsolatedClient, app: Flask, wall_clock: Callable[[timedelta], None]
) -> None:
    nadia = make.make_user("Nadia")
    _, older = _link(nadia)
    link, newest = _link(nadia)
    forged = f"/accounts/links/{tokens.link_token(link.id, link.nonce, 'x' * 40)}"
    assert [client.get(path).status_code for path in (older, forged, newest + "x", newest)] == [404, 404, 404, 200]
    wall_clock(timedelta(days=22))
    assert client.get(newest).status_code == 404


def test_a_link_of_a_closed_account_opens_nothing(client: IsolatedClient, app: Flask) -> None:
    nadia = make.make_user("Nadia")
    _, path = _link(nadia)
    nadia.deactivated_at = clock.now()
    assert client.get(path).status_code == 404


@pytest.mark.both
def test_a_removed_right_is_gone_at_the_next_request(cast: Cast, database: str) -> None:
    person = cast.people["substitute"]
    assert can(person, Action.UPDATE_WRITE, cast.third)
    tomorrow = clock.today() + timedelta(days=1)
    (later,) = load_people([cast.substitute.id], today=tomorrow)
    assert not can(later, Action.UPDATE_WRITE, cast.third)


def test_the_language_is_the_users_own(client_of: ClientOf, mette: User) -> None:
    browser = client_of(mette)
    assert 'lang="da"' in browser.get("/accounts/me", headers={"Accept-Language": "fr"}).text
    assert browser.send("/accounts/me", {"language": "en"}).status_code == 303
    assert 'lang="en"' in browser.get("/accounts/me").text
    assert browser.send("/accounts/me", {"language": "tlh"}).status_code == 422
    assert db.session.get(User, mette.id).language == "en"


def test_a_link_is_short_enough_to_be_typed_in_any_case(client: IsolatedClient, app: Flask) -> None:
    link, path = _link(make.make_user("Nadia"))
    token = path.rpartition("/")[2]
    assert len(token) <= 25
    assert not set(token.partition("-")[2]) & set("01oilaeuy")
    assert client.get(f"/accounts/links/{token.upper()}").status_code == 200
    for wrong in (
        token[:-1],
        token.replace("-", ""),
        f"{link.id + 1}{token[len(str(link.id)) :]}",
        str(link.id),
        "-",
        "æ",
    ):
        assert client.get(f"/accounts/links/{wrong}").status_code == 404, wrong


def test_a_whole_schools_address_never_locks_a_right_password_out(
    app: Flask,
    mette: User,
    monkeypatch: pytest.MonkeyPatch,
    wall_clock: Callable[[timedelta], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(throttling, "FAILURES_TO_TELL_OF", 3)
    monkeypatch.setattr(passwords, "is_right", lambda password, stored: password == PASSWORD)
    for _ in range(6):
        assert sign_in(app.test_client(), "mette.holm").status_code == 303
    for number in range(2):
        assert sign_in(app.test_client(), f"nobody{number}", "wrong").status_code == 422
    wall_clock(timedelta(minutes=61))
    for number in range(4):
        assert caplog.messages == (["3 wrong passwords within an hour from 127.0.0.1"] if number > 2 else [])
        assert sign_in(app.test_client(), f"somebody{number}", "wrong").status_code == 422
    assert sign_in(app.test_client(), "mette.holm").status_code == 303
    assert len(caplog.messages) == 1, "told once within the hour"


def test_guessing_the_current_password_is_slowed_down_too(client_of: ClientOf, mette: User) -> None:
    browser = client_of(mette)
    for _ in range(throttling.FREE_TRIES):
        browser.send("/accounts/password", {"current": "wrong wrong wrong", "password": "fire andre ord her"})
    answer = browser.send("/accounts/password", {"current": PASSWORD, "password": "fire andre ord her"})
    assert answer.status_code == 422
    assert passwords.is_right(PASSWORD, db.session.get(User, mette.id).password_hash)


def test_signing_in_over_a_session_ends_it(client: IsolatedClient, mette: User) -> None:
    sign_in(client, "mette.holm")
    sign_in(client, "mette.holm")
    assert len(open_sessions(mette)) == 1


def test_an_address_a_guardian_typed_identifies_nobody(cast: Cast, client: IsolatedClient, password_hash: str) -> None:
    """Else a guardian could make an account in a teacher's name and be given the teacher's class, or lock her out."""
    cast.leader.email, cast.leader.password_hash = "leder@example.dk", password_hash
    squatter = make.make_user("Ida", external_id=None, email="leder@example.dk", password_hash=password_hash)
    make.tie(squatter, cast.alma, GuardianshipKind.HELPER, invited_by=cast.guardian)
    assert sign_in(client, "leder@example.dk").status_code == 303
    assert len(open_sessions(cast.leader)) == 1
    assert open_sessions(squatter) == []
    cast.leader.email = None
    db.session.flush()
    assert users.find_user("leder@example.dk") is None
    assert users.find_user(squatter.user_name) is not None


def test_a_redirect_never_names_the_host_of_the_request(client: IsolatedClient, app: Flask) -> None:
    for host in ("evil.example", "", "evil.example:99999"):
        answer = client.get("/strategy", headers={"Host": host})
        assert answer.headers.get("Location", "/strategy/").startswith("/strategy/"), host


@pytest.mark.both
def test_two_offices_cannot_end_each_other_at_once(cast: Cast, client_of: ClientOf, database: str) -> None:
    second = make.make_user("Ulla")
    make.grant(second, Role.OFFICE)
    first_browser, second_browser = client_of(cast.office), client_of(second)
    answers = at_once(
        partial(first_browser.send, f"/accounts/users/{second.id}/close"),
        partial(second_browser.send, f"/accounts/users/{cast.office.id}/close"),
    )
    assert sorted(answer.status_code for answer in answers)[0] == 303
    people = load_people([cast.office.id, second.id], today=clock.today())
    assert [person.has(Role.OFFICE) for person in people] == [True]


@pytest.mark.both
def test_two_presses_leave_one_link(cast: Cast, client_of: ClientOf, database: str) -> None:
    browsers = [client_of(cast.office) for _ in range(4)]
    at_once(*(partial(browser.send, f"/accounts/users/{cast.guardian.id}/link") for browser in browsers))
    assert db.session.query(SignInLink).filter_by(user_id=cast.guardian.id, used_at=None).count() == 1
