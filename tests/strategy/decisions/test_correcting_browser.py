"""The page that puts a decision right, in a real browser: a phone in the dark, a laptop in the light."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.strategy.decisions.models import Decision
from portal.strategy.kinds import AmendmentState, Phase
from tests import factories as make
from tests.browsing import PHONE
from tests.cast import Cast
from tests.strategy.test_way_up_browser import LAPTOP, is_in_its_frame
from tests.test_browser import problems

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (LAPTOP, "light")])
def test_what_was_typed_in_the_wrong_row_is_put_right(
    cast: Cast, as_user: Callable[..., Page], viewport: dict[str, int], scheme: str
) -> None:
    edition = make.make_edition({"Vores mål": ["Vi hilser på hinanden om morgenen.", "Vi leger."]})
    make.make_cycle(edition, Phase.BOARD)
    amendment = make.make_amendment(
        cast.council,
        cast.council_member,
        edition,
        state=AmendmentState.APPROVED,
        title="Alle hilser",
        new_text="Vi hilser på hinanden, når vi kommer, og når vi går hjem.",
    )
    decision = make.make_decision(amendment, cast.board_secretary, final_text=amendment.new_text)
    make.make_earlier_decision(decision)
    db.session.commit()

    birgit = as_user(cast.board_secretary, viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    birgit.goto(f"/strategy/amendments/{amendment.id}")
    birgit.get_by_role("link", name="Ret beslutningen").click()
    expect(birgit.get_by_role("heading", level=1)).to_have_text("Ret beslutningen")
    expect(birgit.get_by_role("main")).to_contain_text("Det stod i den forkerte række.")
    is_in_its_frame(birgit)
    assert problems(birgit) == []

    birgit.get_by_role("radio", name="Nej", exact=True).check()
    reply = birgit.get_by_label("Svaret til børnene")
    reply.fill("Bestyrelsesmedlemmerne besluttede enstemmigt ressourceprioriteringen.")
    expect(birgit.get_by_role("status").filter(has_text="Lix")).to_contain_text("ressourceprioriteringen")
    reply.fill("Nej, ikke i år. Tak for jeres gode idé.")
    birgit.get_by_role("button", name="Ret det").click()
    expect(birgit.get_by_role("alert")).to_be_focused()
    is_in_its_frame(birgit)
    assert problems(birgit) == []
    birgit.get_by_label("Hvad var forkert?").fill("Det var et nej.")
    birgit.get_by_role("button", name="Ret det").click()
    expect(birgit.get_by_role("heading", level=1)).to_have_text("Alle hilser")
    db.session.expire_all()
    assert db.session.query(Decision).one().outcome is AmendmentState.REJECTED
