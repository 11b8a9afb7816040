"""A secretary types six decisions of one meeting on one page, by keyboard, with the presses and keys counted."""

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

pytestmark = pytest.mark.browser

IDEAS = ("Flere bolde", "Alle hilser", "Legepatrulje", "Fælles sang", "Ro i kantinen", "En bænk i gården")
REASON = "Det passer til skolens mål, og der er penge til det."
REPLY = "Ja, det gør vi fra efter jul. Tak, fordi I tænkte på det."
#: What somebody types who looks at the keys, and how long the meeting's minutes may take.
SIGNS_A_MINUTE, MINUTES = 120, 10


@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_six_decisions_are_typed_in_ten_minutes(
    cast: Cast, as_user: Callable[..., Page], viewport: dict[str, int]
) -> None:
    edition = make.make_edition({"Vores mål": [f"Vi har {number} mål." for number in range(len(IDEAS))]})
    make.make_cycle(edition, Phase.BOARD)
    for clause, title in zip(edition.sections[-1].clauses, IDEAS, strict=True):
        values = {"clause_key": clause.key, "base_text": clause.text, "new_text": f"{title}.", "title": title}
        make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED, **values)
    db.session.commit()
    birgit = as_user(cast.board_secretary, viewport=viewport)
    birgit.goto("/")
    presses, keys = 1, 0
    birgit.get_by_role("link", name="6 forslag venter på bestyrelsens beslutning").click()
    for row in range(len(IDEAS)):
        birgit.get_by_role("radio", name="Ja", exact=True).nth(row).check()
        presses += 1
        for words in ("", REASON, REPLY):  # past the board's own words, which a yes does not need
            birgit.keyboard.press("Tab")
            birgit.keyboard.insert_text(words)
            keys += 1 + len(words)
    is_in_its_frame(birgit)
    birgit.get_by_role("button", name="Skriv beslutningerne ned").click()
    presses += 1
    expect(birgit.get_by_role("heading", level=1)).to_have_text("Den nye udgave")
    decisions = db.session.query(Decision).all()
    assert [(one.outcome, one.reason, one.child_reply) for one in decisions] == [
        (AmendmentState.APPROVED, REASON, REPLY)
    ] * len(IDEAS)
    assert presses == len(IDEAS) + 2
    assert keys + presses <= SIGNS_A_MINUTE * MINUTES
