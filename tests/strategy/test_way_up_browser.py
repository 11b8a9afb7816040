"""From the council's yes to the new edition in a real browser: a phone for the teacher, a laptop for the secretary."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.kinds import AmendmentState, Phase
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1280, "height": 800}


def is_in_its_frame(page: Page) -> None:
    """Nothing stands outside the width of the window; with PICTURES the page is kept to be looked at."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if folder := os.environ.get("PICTURES"):
        name = page.url.partition("/strategy")[2].strip("/").replace("/", "-").partition("#")[0] or "home"
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def test_sent_on_decided_and_published(cast: Cast, as_user: Callable[..., Page]) -> None:
    edition = make.make_edition({"Vores mål": ["Vi hilser på hinanden.", "Vi er gode ved hinanden."]})
    make.make_cycle(edition)
    for text in ("Vi er gode ved alle på skolen.", "Vi er gode venner."):
        make.make_amendment(
            cast.council,
            cast.council_member,
            edition,
            state=AmendmentState.ADOPTED,
            new_text=text,
            title=text.removesuffix("."),
        )
    db.session.commit()

    lars = as_user(cast.facilitator)
    lars.goto("/")
    lars.get_by_role("link", name="2 forslag er vedtaget").click()
    is_in_its_frame(lars)
    lars.get_by_label("Vi er gode venner").uncheck()
    lars.get_by_role("button", name="Send videre").click()
    expect(lars.get_by_role("main")).to_contain_text("Elevrådenes forslag 2026/27")
    is_in_its_frame(lars)

    cycle = get_cycle()
    assert cycle is not None
    cycle.phase = Phase.BOARD
    db.session.commit()
    birgit = as_user(cast.board_secretary, viewport=LAPTOP)
    birgit.goto("/")
    is_in_its_frame(birgit)
    birgit.get_by_role("link", name="1 forslag venter på bestyrelsens beslutning").click()
    birgit.get_by_text("Ja", exact=True).click()
    birgit.get_by_label("Hvorfor? Bestyrelsens begrundelse").fill("Det passer til vores værdier.")
    reply = birgit.get_by_label("Svaret til børnene")
    reply.fill("Bestyrelsesmedlemmerne besluttede enstemmigt ressourceprioriteringen.")
    expect(birgit.get_by_role("status").filter(has_text="Lix")).to_contain_text("ressourceprioriteringen")
    is_in_its_frame(birgit)
    reply.fill("Ja tak. Nu står der, at vi er gode ved alle.")
    birgit.get_by_role("button", name="Skriv beslutningerne ned").click()
    expect(birgit.get_by_role("heading", level=1)).to_have_text("Den nye udgave")
    is_in_its_frame(birgit)
    birgit.get_by_role("button", name="Udgiv udgave 2").click()
    expect(birgit.get_by_role("main")).to_contain_text("Vi er gode ved alle på skolen.")

    ella = as_user(cast.council_member)
    ella.goto("/strategy/")
    expect(ella.get_by_role("main")).to_contain_text("Vi er gode ved alle på skolen.")
