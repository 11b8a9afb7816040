"""When the database is away, what was typed comes back on the page: all of it, escaped, and nothing that is secret."""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.database import db
from portal.extensions import login_manager
from portal.updates.models import WellbeingUpdate
from portal.web.typed_text import MOST_CHARACTERS
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient

Break = Callable[[], None]
FULL = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


@pytest.fixture
def disk_is_full(monkeypatch: pytest.MonkeyPatch) -> Break:
    """From now on nothing can be committed."""

    def no_room() -> None:
        raise FULL

    return lambda: monkeypatch.setattr(db.session, "commit", no_room)


@pytest.fixture
def database_is_away(monkeypatch: pytest.MonkeyPatch) -> Break:
    """From now on not even the person can be read, so no view ever sees the form."""

    def nobody(token: str) -> None:
        raise FULL

    return lambda: monkeypatch.setattr(login_manager, "_user_callback", nobody)


def sent(browser: IsolatedClient, path: str, data: dict[str, str], **kwargs: str) -> tuple[str, dict[str, str]]:
    """The page that answers, and what stands in its boxes by label."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.conftest.has_app_context", lambda: False)  # or the client would commit for the test
        answer = browser.post(path, data=data, headers=kwargs or None)
    assert answer.status_code == 503
    boxes = re.findall(
        r'<label for="(typed-\d+)">(.*?)</label>.*?<textarea id="\1" readonly[^>]*>(.*?)</textarea>',
        answer.text,
        re.DOTALL,
    )
    return answer.text, {html.unescape(label): html.unescape(words) for _, label, words in boxes}


UPDATE = {
    "title": "Vi leger sammen",
    "body": "Alle har leget\r\nmed en ny.",
    "csrf_token": "tok-1",
    "idempotency_key": "once-1",
}
BOXES = {"Overskrift": "Vi leger sammen", "Det, du vil fortælle hjemmene": "Alle har leget\nmed en ny."}


@pytest.mark.parametrize("fault", ["disk_is_full", "database_is_away"])
def test_what_was_typed_stands_on_the_page(
    request: pytest.FixtureRequest, cast: Cast, client_of: ClientOf, fault: str
) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    breaks: Break = request.getfixturevalue(fault)
    breaks()
    page, boxes = sent(browser, path, UPDATE)
    english, _ = sent(browser, path, UPDATE, **{"Accept-Language": "en"})
    assert boxes == BOXES
    assert "genindlæs siden" in page
    assert "tok-1" not in page
    assert "once-1" not in page
    assert "reload this page" in english


def test_what_was_typed_is_text_and_nothing_else(cast: Cast, client_of: ClientOf, database_is_away: Break) -> None:
    attack = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>\"'{{ 7 * 7 }}"
    browser = client_of(cast.class_teacher)
    database_is_away()
    page, boxes = sent(browser, "/updates/classes/1/new", {"title": attack, "body": attack})
    assert list(boxes.values()) == [attack, attack]
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</textarea>") == 2


@pytest.mark.parametrize(
    ("path", "data", "shown"),
    [
        ("/accounts/sign-in", {"login": "mette", "password": "hemmelig-1"}, {"Brugernavn eller e-mail": "mette"}),
        ("/accounts/password", {"current": "hemmelig-1", "password": "hemmelig-2"}, {}),
        ("/updates/1/publish", {"version": "4711"}, {}),
        ("/events/1/answers/choose", {"pupil_id": "4711", "answer": "hemmelig"}, {}),
        (
            "/updates/classes/1/new",
            {"title": " \x01 ", "body": "Alle", "unheard_of": "hemmelig"},
            {"Det, du vil fortælle hjemmene": "Alle"},
        ),
    ],
)
def test_secrets_hidden_fields_and_unknown_ones_are_never_shown(
    cast: Cast, client_of: ClientOf, database_is_away: Break, path: str, data: dict[str, str], shown: dict[str, str]
) -> None:
    browser = client_of(cast.class_teacher)
    database_is_away()
    page, boxes = sent(browser, path, {**data, "csrf_token": "hemmelig-3", "idempotency_key": "hemmelig-4"})
    assert boxes == shown
    assert "hemmelig" not in page
    assert "4711" not in page
    assert bool(shown) == ("genindlæs siden" in page)


def test_an_event_comes_back_with_its_days_and_its_place(
    cast: Cast, client_of: ClientOf, database_is_away: Break
) -> None:
    event = {
        "title": "Suppe",
        "kind": "dinner",
        "day": "2026-12-04",
        "begins": "17:30",
        "ends": "20:00",
        "place": "Skolekøkkenet",
        "description": "Vi laver mad.",
        "cost_per_child": "20",
    }
    browser = client_of(cast.guardian)
    database_is_away()
    _, boxes = sent(browser, "/events/classes/1/new", event)
    assert list(boxes.values()) == ["Suppe", "2026-12-04", "17:30", "20:00", "Skolekøkkenet", "Vi laver mad.", "20"]


def test_a_huge_text_is_given_back_in_part_and_the_page_says_so(
    cast: Cast, client_of: ClientOf, database_is_away: Break
) -> None:
    browser = client_of(cast.class_teacher)
    database_is_away()
    page, boxes = sent(browser, "/updates/classes/1/new", {"title": "Kort", "body": "&" * 500_000})
    assert boxes == {"Overskrift": "Kort", "Det, du vil fortælle hjemmene": "&" * (MOST_CHARACTERS - 4)}
    assert page.count("Det her er begyndelsen") == 1
    assert len(page) < 6 * MOST_CHARACTERS


def test_what_another_site_sends_is_not_given_back(
    app: Flask, cast: Cast, client_of: ClientOf, database_is_away: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = client_of(cast.class_teacher)
    database_is_away()
    answer = browser.post("/updates/classes/1/new", data={"title": "Falsk besked", "body": "Ring til os"})
    assert answer.status_code == 400
    assert "Falsk besked" not in answer.text


def test_reading_gives_nothing_back(cast: Cast, client_of: ClientOf, database_is_away: Break) -> None:
    browser = client_of(cast.class_teacher)
    database_is_away()
    answer = browser.get("/updates/?title=Falsk")
    assert answer.status_code == 503
    assert "Falsk" not in answer.text


def test_the_same_form_sent_again_is_stored_once(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit went through and only its answer was lost: reloading the page makes no second text."""
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    commit = db.session.commit

    def cut_off() -> None:
        commit()
        raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))

    with monkeypatch.context() as patch:
        patch.setattr(db.session, "commit", cut_off)
        sent(browser, path, UPDATE)
    answer = browser.send(path, UPDATE)
    assert answer.status_code == 303
    assert db.session.query(WellbeingUpdate).count() == 1
