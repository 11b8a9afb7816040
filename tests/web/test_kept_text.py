"""A text that waits for its writer: sealed, for an hour, for one account; and the key that belongs to one form."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.accounts.models import User, UserSession
from portal.accounts.sign_in.passwords import hash_password
from portal.database import db
from portal.events.models import Answer, Rsvp
from portal.text import clock
from portal.updates.models import WellbeingUpdate
from portal.web.sealed import seal, unseal
from portal.web.typed_text import csrf_secret
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient
from tests.web.test_nothing_is_lost import given_back, own_token, sealed_in, token

ClientOf = Callable[[User], IsolatedClient]
PASSWORD = "vinterhæk og kirsebær"
TEXT = {"title": "Vi leger", "body": "Alle har leget\nmed en ny."}


@pytest.fixture(autouse=True)
def tokens_are_checked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def passwords(cast: Cast) -> None:
    for user in (cast.class_teacher, cast.guardian):
        user.password_hash = hash_password(PASSWORD)


def signed_out(app: Flask, browser: IsolatedClient, path: str) -> str:
    """What the sign-in page carries after a text was sent without a session."""
    db.session.query(UserSession).update({"ended_at": clock.now()})
    answer = browser.post(path, data={**TEXT, "csrf_token": own_token(app, browser)})
    assert answer.status_code == 401
    assert TEXT["title"] not in answer.text
    return sealed_in(answer, "carried")


def sign_in(browser: IsolatedClient, user: User, carried: str) -> TestResponse:
    page = browser.get("/accounts/sign-in").text
    csrf_token = page.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"login": user.user_name, "password": PASSWORD, "csrf_token": csrf_token, "carried": carried}
    return browser.post("/accounts/sign-in", data=data)


def go_on(browser: IsolatedClient, page: TestResponse) -> TestResponse:
    """Press the only button of the page between signing in and the form."""
    form = page.text.split("<main")[1]
    path = re.findall(r'action="([^"]+)"', form)[0]
    return browser.post(path, data={name: sealed_in(page, name) for name in ("csrf_token", "reopened")})


@given(st.text())
def test_what_is_sealed_is_read_by_the_key_alone(text: str) -> None:
    sealed = seal(text, "k" * 40)
    assert unseal(sealed, "k" * 40) == text
    assert unseal(sealed, "l" * 40) is None
    assert re.fullmatch(r"[\w.=-]+", sealed)


@pytest.mark.parametrize("bent", ["", ".", "a.b", "æ.ø", "=.=", "AAAA"])
def test_what_was_not_sealed_is_nothing(bent: str) -> None:
    assert unseal(bent, "k" * 40) is None


def test_a_changed_letter_unseals_nothing() -> None:
    sealed = seal("Vi leger", "k" * 40)
    for place in range(0, len(sealed), 7):
        other = "A" if sealed[place] != "A" else "B"
        assert unseal(sealed[:place] + other + sealed[place + 1 :], "k" * 40) is None


def test_a_sealed_text_cannot_be_read_in_the_page() -> None:
    """A signature alone would leave it there in base64; the same text twice looks different."""
    one, two = seal("Alma er ked af det", "k" * 40), seal("Alma er ked af det", "k" * 40)
    assert b"Alma" not in base64.urlsafe_b64decode(one.rpartition(".")[0])
    assert one != two


@pytest.mark.usefixtures("passwords")
def test_who_signs_in_again_goes_on_in_the_form(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    page = sign_in(browser, cast.class_teacher, signed_out(app, browser, path))
    form = go_on(browser, page)
    assert form.status_code == 200
    assert 'value="Vi leger"' in form.text
    assert "Alle har leget\nmed en ny.</textarea>" in form.text.replace("\r\n", "\n")
    assert "Her er det, du skrev" in form.text
    saved = browser.post(path, data={**TEXT, "csrf_token": sealed_in(form, "csrf_token")})
    assert saved.status_code == 303
    assert db.session.query(WellbeingUpdate).one().title == "Vi leger"


@pytest.mark.usefixtures("passwords")
def test_a_wrong_password_on_the_way_loses_nothing(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    carried = signed_out(app, browser, path)
    csrf_token = sealed_in(browser.get("/accounts/sign-in"), "csrf_token")
    data = {"login": cast.class_teacher.user_name, "password": "en anden", "csrf_token": csrf_token}
    again = browser.post("/accounts/sign-in", data={**data, "carried": carried})
    assert again.status_code == 422
    assert sealed_in(again, "carried") == carried


@pytest.mark.usefixtures("passwords")
def test_who_signs_in_as_somebody_else_finds_nothing(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    carried = signed_out(app, browser, path)
    answer = sign_in(browser, cast.guardian, carried)
    assert (answer.status_code, answer.location) == (303, "/")
    pushed = browser.post(path, data={"reopened": carried})
    assert pushed.status_code == 303
    assert TEXT["title"] not in browser.get("/").text


def test_somebody_elses_page_sent_once_more_shows_nothing(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    """The browser's "send again" after another has signed in: the token still says whose page it was."""
    left_behind = token(app, csrf_secret(cast.class_teacher.id))
    browser = client_of(cast.pedagogue)
    for headers in ({"Origin": "http://localhost"}, {}):
        answer = browser.post(
            f"/updates/classes/{cast.third.id}/new", data={**TEXT, "csrf_token": left_behind}, headers=headers
        )
        assert answer.status_code == 400
        assert TEXT["title"] not in answer.text
        assert not sealed_in(answer, "reopened")


@pytest.mark.usefixtures("passwords")
def test_signed_out_in_another_window_is_signed_out(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    """The cookie is empty then, and the token alone says whose text it is."""
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    csrf_token = own_token(app, browser)
    assert browser.post("/accounts/sign-out", data={"csrf_token": csrf_token}).status_code == 303
    answer = browser.post(path, data={**TEXT, "csrf_token": csrf_token}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 401
    form = go_on(browser, sign_in(browser, cast.class_teacher, sealed_in(answer, "carried")))
    assert 'value="Vi leger"' in form.text


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Referer": "https://evil.example/"}])
def test_a_token_from_elsewhere_gives_nothing_back(
    app: Flask, cast: Cast, client_of: ClientOf, headers: dict[str, str]
) -> None:
    """Anybody who has an account can fetch a token, and could send a text of theirs by somebody's browser."""
    foreign = token(app, csrf_secret(cast.guardian.id))
    answer = client_of(cast.guardian).post(
        f"/events/classes/{cast.third.id}/new", data={"title": "Ring til os", "csrf_token": foreign}, headers=headers
    )
    assert answer.status_code == 400
    assert "Ring til os" not in answer.text


def test_it_waits_for_an_hour(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Callable[[timedelta], None]
) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    carried = signed_out(app, browser, path)
    wall_clock(timedelta(minutes=61))
    browser = client_of(cast.class_teacher)
    answer = browser.post(path, data={"reopened": carried})
    assert (answer.status_code, answer.location) == (303, path)
    assert "mere end en time" in browser.get(path).text


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    """The version that was read travels along, so the second of two still gets both texts."""
    draft = make.make_update(cast.third, cast.class_teacher, "Fælles", published_at=None)
    path = f"/updates/{draft.id}/edit"
    browser = client_of(cast.class_teacher)
    db.session.query(UserSession).update({"ended_at": clock.now()})
    data = {**TEXT, "version": str(draft.version), "csrf_token": own_token(app, browser)}
    carried = sealed_in(browser.post(path, data=data), "carried")
    colleague = client_of(cast.pedagogue)
    others = {"title": "Peters", "body": "Peters ord.", "version": str(draft.version)}
    assert colleague.post(path, data={**others, "csrf_token": own_token(app, colleague)}).status_code == 303
    browser = client_of(cast.class_teacher)
    form = browser.post(path, data={"reopened": carried})
    version = re.findall(r'name="version"[^>]*value="(\d+)"', form.text)[0]
    answer = browser.post(path, data={**TEXT, "version": version, "csrf_token": own_token(app, browser)})
    assert answer.status_code == 409
    assert "Peters ord." in answer.text
    assert "Alle har leget" in answer.text


def test_whose_right_ended_while_the_form_waited_can_copy_the_text(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Callable[[datetime], None]
) -> None:
    wall_clock(datetime(2026, 11, 23, 22, 50, tzinfo=UTC))  # ten minutes before a substitute's last day is over
    carried = signed_out(app, client_of(cast.substitute), f"/updates/classes/{cast.third.id}/new")
    wall_clock(datetime(2026, 11, 23, 23, 10, tzinfo=UTC))
    answer = client_of(cast.substitute).post(f"/updates/classes/{cast.third.id}/new", data={"reopened": carried})
    assert answer.status_code in (403, 404)
    assert given_back(answer.text) == {TEXT["title"], TEXT["body"]}


def test_a_file_that_is_too_large_leaves_the_text_before_it(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.office)
    fields = {
        "csrf_token": own_token(app, browser),
        "text": "# Vores strategi",
        "file": FileStorage(BytesIO(b"x" * 13_000_000), "stor.md"),
    }
    boundary, parts = encode_multipart(fields)
    answer = browser.post("/strategy/import", data=parts, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == 413
    assert given_back(answer.text) == {"# Vores strategi"}


def test_a_key_belongs_to_the_form_it_was_made_for(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    """All forms of a page share a key: another one is not answered with what became of the first."""
    fourth = make.make_class("4.A", 4)
    make.put_in_team(cast.class_teacher, fourth)
    browser = client_of(cast.class_teacher)
    csrf_token = own_token(app, browser)
    tokens = {"csrf_token": csrf_token, "idempotency_key": "k" * 32}
    first, second = (
        browser.post(f"/updates/classes/{school_class.id}/new", data={**TEXT, **tokens})
        for school_class in (cast.third, fourth)
    )
    assert first.status_code == second.status_code == 303
    assert second.location != first.location
    assert db.session.query(WellbeingUpdate).count() == 2


def test_two_children_of_one_home_are_answered_for_on_one_page(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    sibling = make.make_pupil(cast.third, "Bo")
    make.tie(cast.guardian, sibling)
    event = make.make_event(cast.third, cast.class_teacher)
    browser = client_of(cast.guardian)
    page = browser.get(f"/events/{event.id}").text
    forms = re.findall(r'<form class="answers".*?</form>', page, re.DOTALL)
    assert len(forms) == 2
    for form in forms:
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]+)"', form.split("<button")[0]))
        assert (
            browser.post(f"/events/{event.id}/answers/choose", data={**hidden, "answer": "ACCEPTED"}).status_code == 303
        )
    assert {answer.pupil_id for answer in db.session.query(Rsvp).filter_by(answer=Answer.ACCEPTED)} == {
        cast.alma.id,
        sibling.id,
    }
