"""On a phone: the first screen of an event, two who organise it, and a question with its answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.events.models import Audience
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.browser

AsUser = Callable[..., Page]


@pytest.mark.parametrize("audience", [Audience.CLASSES, Audience.SCHOOL])
def test_the_first_screen_holds_the_question_the_day_and_the_place(
    cast: Cast, as_user: AsUser, audience: Audience
) -> None:
    event = make.make_event(
        cast.third if audience == Audience.CLASSES else None,
        cast.guardian_of_two,
        "Fælles sommerafslutning med grill, rundbold og kagebord for os alle",
        place="Shelterpladsen ved Alslev Å, indgang fra parkeringspladsen",
        map_url="https://www.openstreetmap.org/",
        audience=audience,
        description="Vi mødes ved bålet. " * 40,
    )
    db.session.commit()
    mette = as_user(cast.guardian, viewport={"width": 390, "height": 844})
    mette.goto(f"/events/{event.id}")
    for what in (
        mette.get_by_role("heading", name="Kommer Alma?"),
        mette.get_by_role("button", name="Ja, vi kommer"),
        mette.get_by_role("button", name="Måske"),
        mette.get_by_text("17.30"),
        mette.get_by_text("Shelterpladsen"),
    ):
        box = what.first.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 844 - 72, what  # above the bar at the bottom of the screen


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_two_organise_it_and_a_question_is_answered(cast: Cast, as_user: AsUser, javascript: bool) -> None:
    event = make.make_event(cast.third, cast.guardian)
    db.session.commit()
    mette = as_user(cast.guardian, javascript=javascript)
    mette.goto(f"/events/{event.id}")
    mette.get_by_role("link", name="Arrangører og spørgsmål").click()
    mette.get_by_label("Hvem kunne være med?").select_option(label=cast.guardian_of_two.name)
    mette.get_by_role("button", name="Spørg", exact=True).click()
    expect(mette.get_by_role("status")).to_contain_text("Nu er det op til dem")

    amina = as_user(cast.guardian_of_two, javascript=javascript)
    amina.goto(f"/events/{event.id}")
    amina.get_by_role("button", name="Ja, det vil jeg").click()
    expect(amina.get_by_role("status")).to_contain_text("Nu står I for det sammen")

    jonas = as_user(cast.other_home, javascript=javascript)
    jonas.goto(f"/events/{event.id}")
    jonas.get_by_role("link", name="Spørg arrangørerne").click()
    jonas.get_by_label("Hvad vil du gerne vide?").fill("Er der mad uden nødder?")
    jonas.get_by_role("button", name="Spørg", exact=True).click()
    expect(jonas.get_by_role("status")).to_contain_text("Kun arrangørerne læser det")

    amina.goto(f"/events/questions/of/{event.id}")
    amina.get_by_role("link", name="Svar").click()
    amina.get_by_label("Dit svar").fill("Ja, alt er uden nødder.")
    amina.get_by_label("Sæt det på arrangementet").check()
    amina.get_by_label("Spørgsmålet, som alle læser det").fill("Er der nødder i maden?")
    amina.get_by_role("button", name="Send svaret").click()
    expect(amina.get_by_text("Står på arrangementet")).to_be_visible()

    team = as_user(cast.class_teacher, javascript=javascript)
    team.goto(f"/events/{event.id}")
    expect(team.get_by_text("Ja, alt er uden nødder.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_parent_of_the_year_plans_for_all_its_classes(cast: Cast, as_user: AsUser, javascript: bool) -> None:
    other = make.make_class("3.B", 3, hue=9)
    make.tie(cast.newcomer, make.make_pupil(other, "Bjørn"))
    db.session.commit()
    team = as_user(cast.class_teacher, javascript=javascript)
    team.goto(f"/school/classes/{cast.third.id}/representatives")
    team.get_by_role("link", name="Årgangsforældre for hele 3. årgang").click()
    team.get_by_label(cast.guardian.name).first.check()
    team.get_by_role("button", name="Gem").click()
    expect(team.get_by_role("status")).to_contain_text("Årgangsforældrene er gemt")

    mette = as_user(cast.guardian, javascript=javascript)
    mette.goto(f"/events/classes/{cast.third.id}/new")
    mette.get_by_role("link", name="Er det for hele 3. årgang").click()
    expect(mette.locator(".goes-to")).to_contain_text("Hele 3. årgang (3.A, 3.B) bliver inviteret")
    mette.get_by_label("Hvad skal I lave?").fill("Rundbold for årgangen")
    mette.get_by_label("Hvilken dag?").fill("2026-12-04")
    mette.get_by_label("Fra kl.").fill("15:00")
    mette.get_by_label("Til kl.").fill("17:00")
    mette.get_by_label("Hvor?").fill("Boldbanen")
    mette.locator("form.form button.main").click()
    expect(mette.get_by_role("heading", name="Rundbold for årgangen")).to_be_visible()
    expect(mette.get_by_text("for hele årgangen").last).to_be_visible()
