"""A suggestion's way through the council in a real browser at phone size, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_a_clause_to_the_minutes(cast: Cast, as_user: Callable[..., Page], javascript: bool) -> None:
    make.make_cycle(make.make_edition())
    db.session.commit()

    ella = as_user(cast.council_member, javascript=javascript)
    ella.goto("/strategy/clauses/k1")
    ella.get_by_role("link", name="Skriv noget").click()
    ella.locator("textarea").fill("Min klasse siger ja.")
    ella.get_by_role("button", name="Sig det").click()
    expect(ella.locator(".talk")).to_contain_text("Min klasse siger ja.")
    expect(ella.locator(".talk")).to_contain_text("Ella, 6.A")

    ella.get_by_role("link", name="Foreslå en ændring").click()
    expect(ella.locator("textarea")).to_have_value("Vi er gode ved hinanden.")
    ella.locator("textarea").fill("Vi er gode ved alle på skolen.")
    ella.get_by_role("button", name="Videre").click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Hvorfor er det bedre?")
    ella.locator("textarea").fill("Så ingen bliver glemt.")
    ella.get_by_role("button", name="Gem").click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Hvad skal det hedde?")
    ella.get_by_label("Giv det et kort navn").fill("Gode ved alle")
    ella.get_by_role("button", name="Gem").click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Gode ved alle")
    expect(ella.locator("ins")).to_contain_text("alle på skolen")
    ella.get_by_role("button", name="Vis det for elevrådet").click()
    expect(ella.get_by_text("hos elevrådet")).to_be_visible()

    lars = as_user(cast.facilitator, javascript=javascript)
    lars.goto("/")
    lars.get_by_role("link", name="Til elevrådet").click()
    lars.get_by_role("link", name="Planlæg et møde").click()
    lars.get_by_label("Hvilken dag?").fill("2026-12-09")
    lars.get_by_label("Hvad klokken?").fill("10:00")
    lars.get_by_label("Hvor?").fill("Biblioteket")
    lars.get_by_role("button", name="Planlæg mødet").click()
    lars.get_by_role("link", name="Sæt noget på dagsordenen").click()
    lars.get_by_role("button", name="Sæt på dagsordenen Gode ved alle").click()
    lars.get_by_role("button", name="Start mødet").click()
    for name in ("Ella", "Viggo"):
        lars.get_by_label(name).check()
    lars.get_by_role("button", name="Gem").click()
    lars.get_by_role("link", name="Tæl hænder").click()
    lars.get_by_label("Hvor mange siger ja?").fill("5")
    lars.get_by_text("Ja, det vil vi").click()
    lars.get_by_role("button", name="Skriv det ned").click()
    expect(lars.get_by_role("alert")).to_contain_text("5 hænder")
    lars.get_by_label("Hvor mange siger ja?").fill("2")
    lars.get_by_role("button", name="Skriv det ned").click()
    expect(lars.get_by_role("main")).to_contain_text("2 for, 0 imod")
    lars.get_by_role("link", name="Skriv, hvad der blev sagt").click()
    lars.locator("textarea").fill("De små skal også spørges.")
    lars.get_by_role("button", name="Gem").click()
    lars.get_by_role("button", name="Slut mødet").click()
    expect(lars.get_by_role("main")).to_contain_text("De små skal også spørges.")
    lars.get_by_role("button", name="Godkend referatet").click()
    lars.get_by_role("link", name="Til papir").click()
    expect(lars.get_by_role("main")).to_contain_text("2 var med")
    expect(lars.get_by_role("main")).not_to_contain_text("Ella")

    ella.goto("/")
    ella.get_by_role("link", name="Til elevrådet").click()
    ella.get_by_role("link", name="Møde").first.click()
    expect(ella.get_by_role("main")).to_contain_text("Viggo, 6.A")
    expect(ella.get_by_role("main")).to_contain_text("Elevrådet siger ja")
    assert ella.evaluate("document.documentElement.scrollWidth") <= 390 if javascript else True
