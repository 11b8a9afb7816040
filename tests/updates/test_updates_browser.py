"""A class team's news on a phone: written together, held for a name, sent, opened, thanked for, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.accounts.protection import Protection
from portal.database import db
from portal.text import clock
from portal.updates.models import UpdateState, WellbeingUpdate
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.browser

AsUser = Callable[..., Page]
BODY, BOX = "Det, du vil fortælle hjemmene", "Sådan har klassen det"
LOOK = "Se, hvordan det bliver"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_draft_to_the_homes(cast: Cast, as_user: AsUser, javascript: bool) -> None:
    cast.noah.protection, cast.noah.alias = Protection.NAME, "Elev 7"
    make.make_edition({"Vores mål": ["Vi hilser på alle.", "Vi leger med alle."]})
    db.session.commit()
    karen = as_user(cast.class_teacher, javascript=javascript)
    karen.goto(f"/classes/{cast.third.id}")
    karen.get_by_role("link", name="Skriv til hjemmene").click()
    expect(karen.locator(".goes-to")).to_contain_text("4 forældre til 3 børn i 3.A")
    karen.get_by_label("Overskrift").fill("Vi leger på tværs")
    karen.get_by_label(BOX, exact=True).fill("Noah har lært alle en leg.")
    karen.get_by_role("button", name=LOOK).click()
    expect(karen.get_by_role("heading", name="Sådan har klassen det")).to_be_visible()
    expect(karen.get_by_role("heading", name="Det næste")).to_have_count(0)
    karen.get_by_role("button", name="Send til hjemmene").click()
    expect(karen.get_by_role("alert")).to_contain_text("nævner Noah")
    karen.get_by_label("Noah").check()
    karen.get_by_role("button", name="Send til hjemmene").click()
    expect(karen.get_by_role("status").first).to_contain_text("4 forældre til 3 børn")
    karen.get_by_role("link", name="Peg på strategien").click()
    karen.get_by_label("Vi leger med alle.").check()
    karen.get_by_role("button", name="Gem").click()

    mette = as_user(cast.guardian, javascript=javascript)
    mette.goto("/")
    expect(mette.locator(".new")).to_have_count(1)
    mette.get_by_role("link", name="Vi leger på tværs").click()
    expect(mette.get_by_text("har lært alle en leg")).to_be_visible()
    expect(mette.get_by_text("Vi leger med alle.")).to_be_visible()
    mette.get_by_role("button", name="Tak").click()
    expect(mette.get_by_text("Du har sagt tak.")).to_be_visible()
    mette.goto(f"/updates/children/{cast.alma.id}")
    expect(mette.get_by_role("link", name="Vi leger på tværs")).to_be_visible()
    expect(mette.locator(".new")).to_have_count(0)

    nina = make.make_pupil(None, "Nina")
    make.enrol(nina, cast.third, starts_on=clock.today())
    make.tie(cast.newcomer, nina)
    db.session.commit()
    for home in (cast.other_home, cast.newcomer):
        page = as_user(home, javascript=javascript)
        page.goto("/")
        expect(page.get_by_role("link", name="Vi leger på tværs")).to_be_visible()

    for stranger in (cast.helper, cast.former_guardian, cast.former_substitute):
        page = as_user(stranger, javascript=javascript)
        page.goto("/")
        expect(page.get_by_text("Vi leger på tværs")).to_have_count(0)

    karen.reload()
    expect(karen.get_by_text("Åbnet hjemme hos 1 af 4 børn")).to_be_visible()
    expect(karen.get_by_text("1 har sagt tak.")).to_be_visible()
    karen.get_by_role("link", name="Ret teksten").click()
    karen.get_by_label(BOX, exact=True).fill("Alle har lært en ny leg.")
    karen.get_by_role("button", name="Vis hjemmene de nye ord").click()
    mette.goto("/updates/")
    mette.get_by_role("link", name="Vi leger på tværs").click()
    expect(mette.get_by_text("Rettet i dag")).to_be_visible()
    expect(mette.get_by_text("Noah")).to_have_count(0)

    karen.get_by_text("Træk teksten tilbage").first.click()
    karen.get_by_role("button", name="Træk teksten tilbage fra hjemmene").click()
    mette.goto("/")
    expect(mette.get_by_text("Vi leger på tværs")).to_have_count(0)


def test_a_text_keeps_itself_while_it_is_written(cast: Cast, as_user: AsUser) -> None:
    problems: list[str] = []
    page = as_user(cast.class_teacher)
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: problems.append(str(fault)))
    page.goto(f"/updates/classes/{cast.third.id}/new")
    page.get_by_label(BOX, exact=True).press_sequentially("Vi ")
    expect(page.locator("#saved")).to_contain_text("Gemt kl.")
    draft_id = db.session.query(WellbeingUpdate).one().id
    db.session.rollback()  # so that the test holds no lock while the page writes
    expect(page).to_have_url(f"{page.url.split('/updates')[0]}/updates/{draft_id}/edit")
    page.get_by_label("Overskrift").press_sequentially("Nyt")
    expect(page.locator("#saved input")).to_have_value("2")
    assert db.session.query(WellbeingUpdate).one().title == "Nyt", "one draft, kept again"
    db.session.rollback()
    page.reload()
    expect(page.get_by_label("Overskrift")).to_have_value("Nyt")
    page.get_by_label(BOX, exact=True).fill("Vi leger.")
    page.get_by_role("button", name=LOOK).click()
    expect(page.get_by_role("heading", name="Nyt")).to_be_visible()
    assert db.session.query(WellbeingUpdate).count() == 1
    assert problems == []


def test_two_who_write_at_once_lose_nothing(cast: Cast, as_user: AsUser) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, "Fælles", body="Begynd her.", published_at=None)
    db.session.commit()
    karen, peter = as_user(cast.class_teacher), as_user(cast.pedagogue)
    for page in (karen, peter):
        page.goto(f"/updates/{draft.id}/edit")
    karen.get_by_label(BODY).press_sequentially("Karens ord. ")
    expect(karen.locator("#saved")).to_contain_text("Gemt kl.")
    peter.get_by_label(BODY).press_sequentially("Peters ord. ")
    expect(peter.locator("#saved")).to_contain_text("En kollega har gemt imens")
    peter.get_by_role("button", name=LOOK).click()
    expect(peter.locator(".typed")).to_contain_text("Karens ord.")
    expect(peter.get_by_label(BODY)).to_have_value("Peters ord. Begynd her.")
    peter.get_by_label(BODY).fill("Karens ord. Peters ord. Begynd her.")
    peter.get_by_role("button", name=LOOK).click()
    expect(peter.get_by_text("Karens ord. Peters ord. Begynd her.")).to_be_visible()


def test_it_waits_for_its_hour_without_scripts_too(cast: Cast, as_user: AsUser) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, "Senere", published_at=None)
    db.session.commit()
    page = as_user(cast.class_teacher, javascript=False)
    page.goto(f"/updates/{draft.id}/preview")
    page.get_by_text("Send den senere").click()
    page.get_by_label("Dag").fill("2026-11-24")
    page.get_by_label("Tidspunkt").fill("14:30")
    page.get_by_role("button", name="Send på det tidspunkt").click()
    expect(page.get_by_text("Sendes automatisk i morgen kl. 14.30.")).to_be_visible()
    page.goto(f"/classes/{cast.third.id}")
    expect(page.get_by_text("Sendes i morgen kl. 14.30")).to_be_visible()
    page.goto(f"/updates/{draft.id}/preview")
    page.get_by_role("button", name="Fjern tidspunktet").click()
    expect(page.locator(".goes-to")).to_be_visible()
    db.session.expire_all()
    assert db.session.query(WellbeingUpdate).one().state == UpdateState.DRAFT


def test_the_text_for_aula_is_copied_with_one_press(cast: Cast, as_user: AsUser) -> None:
    update = make.make_update(cast.third, cast.class_teacher, "Til Aula", body="**Godt** gået.")
    db.session.commit()
    page = as_user(cast.class_teacher, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"/updates/{update.id}/aula-text")
    page.get_by_role("button", name="Kopiér").click()
    expect(page.locator("#copied")).to_have_text("Kopieret.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Til Aula\n\nGodt gået.\n\nhttp")
