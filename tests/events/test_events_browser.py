"""The way of a whole-class event on a phone: one home invites, the other answers with one press, the team helps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.sign_in.passwords import hash_password
from portal.database import db
from portal.events.sending.services import MINUTES_TO_UNDO
from tests import factories as make
from tests.cast import Cast
from tests.conftest import Move

pytestmark = pytest.mark.browser

AsUser = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_invitation_to_the_answers(cast: Cast, as_user: AsUser, wall_clock: Move, javascript: bool) -> None:
    amina = as_user(cast.guardian_of_two, javascript=javascript)
    amina.goto(f"/classes/{cast.third.id}")
    amina.get_by_role("link", name="Planlæg noget for hele klassen").click()
    expect(amina.locator(".goes-to")).to_contain_text("Alle i 3.A bliver inviteret: 3 børn")
    expect(amina.get_by_text("Otto")).to_have_count(0)
    amina.get_by_label("Hvad skal I lave?").fill("Suppe for hele klassen")
    amina.get_by_label("Fællesspisning").check()
    amina.get_by_label("Hvilken dag?").fill("2026-12-04")
    amina.get_by_label("Fra kl.").fill("20:00")
    amina.get_by_label("Til kl.").fill("17:30")
    amina.get_by_label("Hvor?").fill("Skolekøkkenet")
    amina.get_by_label("Hvad skal hjemmene vide?").fill("Tag en **kniv** med.")
    amina.get_by_text("Svarfrist, pris").click()
    amina.get_by_label("Søskende er velkomne").check()
    amina.get_by_role("button", name="Se det, før det sendes").click()
    expect(amina.get_by_role("alert")).to_contain_text("slutter, før det begynder")
    expect(amina.get_by_label("Hvor?")).to_have_value("Skolekøkkenet")
    amina.get_by_label("Fra kl.").fill("17:30")
    amina.get_by_label("Til kl.").fill("20:00")
    amina.get_by_role("button", name="Se det, før det sendes").click()
    expect(amina.get_by_text("Det når ud til 3 børn i 4 hjem.")).to_be_visible()
    expect(amina.get_by_text("Fredag 4. december")).to_contain_text("17.30")
    send, undo = (amina.get_by_role("button", name=name) for name in ("Send det til hele klassen", "Fortryd"))
    send.click()
    expect(amina.get_by_role("status")).to_contain_text("Det bliver sendt ud om tre minutter")
    undo.click()
    expect(amina.get_by_role("status")).to_contain_text("Fortrudt. Ingen har set det.")
    send.click()
    expect(undo).to_be_visible()
    wall_clock(MINUTES_TO_UNDO)
    amina.reload()
    expect(undo).to_have_count(0)

    mette = as_user(cast.guardian, javascript=javascript)
    mette.goto("/")
    expect(mette.get_by_role("heading", level=1)).to_have_text("Hej Mette. Én ting venter på dig.")
    card = mette.locator(".card.ask")
    expect(card).to_contain_text("Kommer Alma?")
    expect(card).to_contain_text("0 af 3 børn har svaret")
    card.get_by_role("button", name="Ja, vi kommer").click()
    expect(mette.get_by_role("status")).to_contain_text("Alma kommer")
    mette.get_by_label("Voksne").select_option("2")
    mette.get_by_label("Søskende").select_option("1")
    mette.get_by_role("button", name="Gem antallet").click()
    expect(mette.locator(".stats")).to_contain_text("2 voksne")

    jonas = as_user(cast.other_home, javascript=javascript)
    jonas.goto("/")
    expect(jonas.locator(".card.ask")).to_have_count(0)
    jonas.get_by_role("link", name="Suppe for hele klassen").click()
    expect(jonas.get_by_text("Mette svarede for Alma")).to_be_visible()
    jonas.get_by_text("Ændr svaret").click()
    jonas.get_by_role("button", name="Måske").click()
    expect(jonas.get_by_role("heading", name="Alma kommer måske")).to_be_visible()

    team = as_user(cast.class_teacher, javascript=javascript)
    team.goto("/")
    team.get_by_role("link", name="Suppe for hele klassen").click()
    team.get_by_role("link", name="Hvem mangler at svare?").click()
    expect(team.get_by_text("1 af 3 børn har svaret")).to_be_visible()
    team.get_by_label("Hvilket barn?").select_option("Noah Holm")
    team.get_by_label("Ja", exact=True).check()
    team.get_by_role("button", name="Skriv svaret ind").click()
    expect(team.get_by_role("status")).to_contain_text("skrevet ind")

    amina.get_by_role("link", name="Ret, flyt eller aflys").click()
    amina.get_by_text("Aflys arrangementet").click()
    amina.get_by_role("button", name="Ja, aflys det").click()
    expect(amina.get_by_text("Arrangementet er aflyst.").last).to_be_visible()


def test_going_back_and_pressing_something_else_counts(cast: Cast, as_user: AsUser) -> None:
    """The page that is gone back to must not carry the first press's key, or the second would be taken for it."""
    event = make.make_event(cast.third, cast.guardian_of_two)
    db.session.commit()
    mette = as_user(cast.guardian)
    mette.goto(f"/events/{event.id}")
    mette.get_by_role("button", name="Ja, vi kommer").click()
    expect(mette.get_by_role("heading", name="Alma kommer", exact=True)).to_be_visible()
    mette.go_back()
    mette.get_by_text("Ændr svaret").click()
    mette.get_by_role("button", name="Nej").click()
    expect(mette.get_by_role("heading", name="Alma kommer ikke")).to_be_visible()


def test_the_buttons_fit_a_thumb_on_the_narrowest_phone(cast: Cast, as_user: AsUser) -> None:
    event = make.make_event(cast.third, cast.guardian_of_two)
    db.session.commit()
    mette = as_user(cast.guardian, viewport={"width": 320, "height": 640})
    for path in ("/", f"/events/{event.id}"):
        mette.goto(path)
        boxes = [button.bounding_box() for button in mette.locator(".answers button").all()]
        assert len(boxes) == 3
        assert all(box and box["height"] >= 44 and box["width"] >= 44 for box in boxes)
        assert mette.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_last_year_s_event_is_copied_in_few_presses_and_the_other_home_says_yes(
    cast: Cast, as_user: AsUser, wall_clock: Move, javascript: bool
) -> None:
    """A representative's minute: from the class's page to "sent" it is five presses, and nothing is typed."""
    lanterns = make.make_event(
        cast.third, cast.guardian, "Lygter", starts_at=datetime(2025, 12, 5, 15, 30, tzinfo=UTC), rsvp_deadline=None
    )
    make.answer(lanterns, cast.alma, cast.guardian)
    db.session.commit()
    amina = as_user(cast.guardian_of_two, javascript=javascript)
    amina.goto(f"/classes/{cast.third.id}")
    amina.get_by_role("link", name="Året i 3.A").click()
    december = amina.locator("section", has=amina.get_by_role("heading", name="December"))
    expect(december).to_contain_text("1 barn havde sagt ja")
    december.get_by_role("link", name="Lav det igen").click()
    expect(amina.get_by_label("Hvilken dag?")).to_have_value("2026-12-04")
    expect(amina.get_by_label("Hvor?")).to_have_value("Skolekøkkenet")
    amina.get_by_role("button", name="Se det, før det sendes").click()
    amina.get_by_role("button", name="Send det til hele klassen").click()
    expect(amina.get_by_role("status")).to_contain_text("Det bliver sendt ud om tre minutter.")
    jonas = as_user(cast.other_home, javascript=javascript)
    jonas.goto("/events/")
    expect(jonas.get_by_text("Lygter")).to_have_count(0)
    wall_clock(MINUTES_TO_UNDO)
    jonas.goto("/")
    jonas.get_by_role("button", name="Ja, vi kommer").click()
    expect(jonas.get_by_role("status")).to_contain_text("Alma kommer")
    assert amina.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_link_of_a_mail_leads_through_one_sign_in_to_the_answer(
    cast: Cast, visit: Callable[..., Page], javascript: bool
) -> None:
    """An answer's twenty seconds: on a device that is known the link and one press, else a sign-in between them."""
    event = make.make_event(cast.third, cast.guardian_of_two)
    cast.other_home.password_hash = hash_password("tre ord der ikke rimer")
    db.session.commit()
    jonas = visit(javascript=javascript)
    jonas.goto(f"/events/{event.id}")
    jonas.get_by_label("Brugernavn eller e-mail").fill(cast.other_home.user_name)
    jonas.get_by_label("Adgangskode").fill("tre ord der ikke rimer")
    jonas.get_by_role("button", name="Log ind").click()
    jonas.get_by_role("button", name="Ja, vi kommer").click()
    expect(jonas.get_by_role("status")).to_contain_text("Alma kommer")
    expect(jonas).to_have_url(re.compile(f"/events/{event.id}$"))
