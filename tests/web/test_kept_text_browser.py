"""A session that ends in the middle of a sentence, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts.models import UserSession
from portal.accounts.sign_in.passwords import hash_password
from portal.database import db
from portal.text import clock
from portal.updates.models import WellbeingUpdate
from tests.cast import Cast

AsUser = Callable[..., Page]
BODY = "Sådan har klassen det"
LOOK = "Se, hvordan det bliver"
PASSWORD = "vinterhæk og kirsebær"
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["JavaScript", "without JavaScript"])


@pytest.fixture(autouse=True)
def people(cast: Cast) -> None:
    for user in (cast.class_teacher, cast.guardian):
        user.password_hash = hash_password(PASSWORD)
    db.session.commit()


def end_sessions() -> None:
    db.session.query(UserSession).update({"ended_at": clock.now() - timedelta(seconds=1)})
    db.session.commit()


def written_in_vain(cast: Cast, as_user: AsUser, *, javascript: bool) -> Page:
    """A page of the class teacher's, at the sign-in page that answered the text."""
    page = as_user(cast.class_teacher, javascript=javascript)
    page.goto(f"/updates/classes/{cast.third.id}/new")
    end_sessions()
    page.get_by_label("Overskrift").fill("Vi leger på tværs")
    page.get_by_label(BODY).fill("Alle har lært en ny leg.")
    page.get_by_role("button", name=LOOK).click()
    expect(page.get_by_role("heading", name="Du er blevet logget ud")).to_be_visible()
    expect(page.get_by_text("Din tekst er ikke væk")).to_be_visible()
    assert "Alle har lært" not in page.content()
    return page


def sign_in(page: Page, user_name: str) -> None:
    page.get_by_label("Brugernavn eller e-mail").fill(user_name)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()


@WITH_AND_WITHOUT
def test_the_text_is_back_after_signing_in(cast: Cast, as_user: AsUser, javascript: bool) -> None:
    page = written_in_vain(cast, as_user, javascript=javascript)
    sign_in(page, cast.class_teacher.user_name)
    if not javascript:
        page.get_by_role("button", name="Tilbage til formularen").click()
    expect(page.get_by_label("Overskrift")).to_have_value("Vi leger på tværs")
    expect(page.get_by_label(BODY)).to_have_value("Alle har lært en ny leg.")
    page.get_by_role("button", name=LOOK).click()
    expect(page.get_by_role("heading", name="Vi leger på tværs")).to_be_visible()
    assert "\n\nAlle har lært en ny leg.\n\n" in db.session.query(WellbeingUpdate).one().body, "in its box"


@WITH_AND_WITHOUT
def test_another_who_signs_in_finds_nothing_of_it(cast: Cast, as_user: AsUser, javascript: bool) -> None:
    page = written_in_vain(cast, as_user, javascript=javascript)
    sign_in(page, cast.guardian.user_name)
    expect(page.get_by_role("navigation", name="Hovedmenu")).to_be_visible()
    assert "Vi leger på tværs" not in page.content()
    page.goto("/updates/")
    assert "Vi leger på tværs" not in page.content()


def test_a_text_that_keeps_itself_stays_in_its_box_when_the_session_ends(cast: Cast, as_user: AsUser) -> None:
    page = as_user(cast.class_teacher)
    page.goto(f"/updates/classes/{cast.third.id}/new")
    page.get_by_label("Overskrift").press_sequentially("Nyt")
    expect(page.locator("#saved")).to_contain_text("Gemt kl.")
    end_sessions()
    page.get_by_label(BODY).press_sequentially("Vi leger. ")
    expect(page.locator("#saved")).to_contain_text("Ikke gemt: Du er logget ud.")
    expect(page.get_by_label(BODY)).to_have_value("Vi leger. ")
    assert "Din tekst er ikke væk" not in page.content(), "no foreign page in this one"
    page.get_by_role("button", name=LOOK).click()
    sign_in(page, cast.class_teacher.user_name)
    expect(page.get_by_label("Overskrift")).to_have_value("Nyt")
    expect(page.get_by_label(BODY)).to_have_value("Vi leger.")


def test_a_text_that_keeps_itself_takes_no_page_for_an_answer(app: Flask, cast: Cast, as_user: AsUser) -> None:
    """A server that rests, a proxy's own page, no network at all: the text is tried again with the next words."""
    page = as_user(cast.class_teacher)
    page.goto(f"/updates/classes/{cast.third.id}/new")
    answers = [
        lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>", content_type="text/html"),
        lambda route: route.fulfill(status=200, body="<h1>Log ind på Wi-Fi</h1>", content_type="text/html"),
        lambda route: route.abort(),
    ]
    for number, answer in enumerate(answers):
        page.route("**/save", answer)
        page.get_by_label(BODY).press_sequentially(f"{number} ")
        expect(page.locator("#saved")).to_contain_text("Ikke gemt. Din tekst står her endnu")
        expect(page.locator("h1")).to_have_count(1)
        page.unroute("**/save")
        page.evaluate("document.querySelector('#saved span').textContent = ''")
    page.get_by_label(BODY).press_sequentially("Nu ")
    expect(page.locator("#saved")).to_contain_text("Gemt kl.")
