"""A secretary types six decisions of one meeting on one page, with the clock beside her."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.database import db
from portal.strategy.decisions.models import Decision
from portal.strategy.kinds import AmendmentState, Phase
from tests import factories as make
from tests.acting import GROWN_UP, Voice
from tests.browsing import PHONE
from tests.cast import Cast
from tests.strategy.test_way_up_browser import LAPTOP, is_in_its_frame

pytestmark = pytest.mark.browser

IDEAS = ("Flere bolde", "Alle hilser", "Legepatrulje", "Fælles sang", "Ro i kantinen", "En bænk i gården")
MEETING = "Bestyrelsesmøde nr. 6"
REASON = "Det passer til skolens mål, og der er penge til det i næste års budget."
REPLY = "Ja, det gør vi fra efter jul. Tak, fordi I tænkte på det. Vi glæder os til at se, hvordan det går."
OTHER_WORDS = "Vi har bolde nok til alle, der vil være med."
#: One of them says yes in other words, and one says no.
SAYS = ("Ja", "Ja", "Ja, med andre ord", "Nej", "Ja", "Ja")
MINUTES = 10


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
    page = as_user(cast.board_secretary, viewport=viewport)
    page.goto("/")
    birgit = Voice(page, words_a_minute=GROWN_UP)
    birgit.opens(page.get_by_role("link", name="6 forslag venter på bestyrelsens beslutning"))
    birgit.writes(page.get_by_label("På hvilket møde?"), MEETING)
    for says, suggestion in zip(SAYS, page.locator("section[id^=suggestion]").all(), strict=True):
        birgit.presses_on(suggestion.get_by_text(says, exact=True))
        if says == "Ja, med andre ord":
            birgit.writes(suggestion.locator("[name^=final_text]"), OTHER_WORDS)
        birgit.writes(suggestion.locator("[name^=reason]"), REASON)
        birgit.writes(suggestion.locator("[name^=child_reply]"), REPLY)
    is_in_its_frame(page)
    birgit.opens(page.get_by_role("button", name="Skriv beslutningerne ned"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Den nye udgave")
    outcomes = {
        "Ja": AmendmentState.APPROVED,
        "Ja, med andre ord": AmendmentState.APPROVED_CHANGED,
        "Nej": AmendmentState.REJECTED,
    }
    decisions = db.session.query(Decision).order_by(Decision.amendment_id).all()
    assert [(one.outcome, one.reason, one.child_reply) for one in decisions] == [
        (outcomes[says], REASON, REPLY) for says in SAYS
    ]
    assert (birgit.presses, birgit.fields) == (22, 14)
    assert birgit.words <= 560
    assert birgit.seconds <= MINUTES * 60
