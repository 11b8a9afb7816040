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
    amina = as_user(cast.guardian_of_two, javascript=javascript)
    amina.goto(f"/classes/{cast.third.id}")
    amina.get_by_role("link", name="Sig ”kom og leg” til klassen").click()
    amina.get_by_label("Hvad og hvor?").fill("Vi er i skoven ved den røde bom")
    amina.get_by_label("Hvilken dag?").select_option("2026-11-26")
    amina.get_by_role("button", name="Vis det til klassen").click()
    expect(amina.get_by_role("status")).to_contain_text("Hele klassen kan se det")

    mette = as_user(cast.guardian, javascript=javascript)
    mette.goto("/")
    mette.get_by_role("button", name="Vi kommer").click()
    expect(mette.get_by_role("heading", name="I kommer")).to_be_visible()
    expect(mette.get_by_text("1 barn kommer")).to_be_visible()
    mette.get_by_role("button", name="Vi kan alligevel ikke komme").click()
    expect(mette.get_by_role("button", name="Vi kommer")).to_be_visible()
