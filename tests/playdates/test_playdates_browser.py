"""From the offer to "we come", on a phone, with JavaScript and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Cast

pytestmark = pytest.mark.browser

AsUser = Callable[..., Page]


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_offer_to_who_comes(cast: Cast, as_user: AsUser, javascript: bool) -> None:
    """A mother's forty seconds: from the front page it is three presses, a line and a day; and one press to come."""
    mother = as_user(cast.foster_parent, javascript=javascript, viewport={"width": 390, "height": 844})
    mother.goto("/")
    mother.get_by_role("navigation").get_by_role("link", name="Klassen").click()
    mother.get_by_role("link", name="Sig ”kom og leg” til klassen").click()
    mother.get_by_label("Hvad og hvor?").fill("Vi er i skoven ved den røde bom")
    mother.get_by_label("Hvilken dag?").select_option("2026-11-26")
    mother.get_by_role("button", name="Vis det til klassen").click()
    expect(mother.get_by_role("status")).to_contain_text("Hele klassen kan se det")

    mette = as_user(cast.guardian, javascript=javascript, viewport={"width": 390, "height": 844})
    mette.goto("/")
    mette.get_by_role("button", name="Vi kommer").click()
    expect(mette.get_by_role("heading", name="I kommer")).to_be_visible()
    expect(mette.get_by_text("1 barn kommer")).to_be_visible()
    mette.get_by_role("button", name="Vi kan alligevel ikke komme").click()
    expect(mette.get_by_role("button", name="Vi kommer")).to_be_visible()
