"""The page of the new edition: it shows what changes, is held up by a clash, and is published once."""

from __future__ import annotations

import re
from functools import partial

import pytest

from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.decisions.models import Decision
from portal.strategy.kinds import AmendmentState, EditionState, Phase
from portal.strategy.models import Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.fixture
def edition(cast: Cast) -> Edition:
    edition = make.make_edition({"Vores mål": ["Vi hilser.", "Vi er gode ved hinanden."]})
    make.make_cycle(edition, Phase.BOARD)
    return edition


def decided(cast: Cast, edition: Edition, text: str) -> Amendment:
    amendment = make.make_amendment(
        cast.council, cast.council_member, edition, state=AmendmentState.APPROVED, new_text=text
    )
    cycle = get_cycle()
    assert cycle is not None
    db.session.add(
        Decision(
            amendment_id=amendment.id,
            cycle_id=cycle.id,
            outcome=AmendmentState.APPROVED,
            reason="Det er godt.",
            child_reply="Ja tak, det gør vi.",
            base_text=amendment.base_text,
            new_text=text,
            final_text=text,
            decided_on=clock.today(),
            recorded_by_id=cast.board_secretary.id,
            recorded_at=clock.now(),
        )
    )
    db.session.flush()
    return amendment


def stamped(secretary: IsolatedClient) -> dict[str, str]:
    page = secretary.get("/strategy/publishing").text
    found = re.search(r'name="stamp" type="hidden" value="([^"]*)"', page)
    return {"stamp": found[1] if found else "", "approved_on": clock.today().isoformat()}


def test_it_shows_what_changes_and_whose_it_was_and_every_suggestion_says_where_it_stands(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    amendment = decided(cast, edition, "Vi er gode ved alle.")
    secretary = client_of(cast.board_secretary)
    page = secretary.get("/strategy/publishing").text
    assert "Publish edition 2" in page
    assert cast.council.name in page
    assert re.search(r"<del[^>]*>.*hinanden", page)
    assert secretary.send("/strategy/publishing", stamped(secretary)).location == "/strategy/editions/2"
    suggestion = client_of(cast.council_member).get(f"/strategy/amendments/{amendment.id}").text
    assert "It stands in the strategy" in suggestion
    assert 'href="/strategy/editions/2"' in suggestion
    public = client_of(cast.guardian).get("/strategy/editions/1/compare/2").text
    assert cast.council.name in public
    assert "Ella" not in public
    assert secretary.get("/strategy/publishing").status_code == 200


def test_approved_unchanged_is_one_press(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    secretary = client_of(cast.board_secretary)
    assert "Approved unchanged: publish edition 2" in secretary.get("/strategy/publishing").text
    assert secretary.send("/strategy/publishing", stamped(secretary)).status_code == 303


def test_a_clash_holds_it_up_until_the_words_are_settled(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    decided(cast, edition, "Vi er gode ved alle.")
    decided(cast, edition, "Vi er gode venner.")
    secretary = client_of(cast.board_secretary)
    page = secretary.get("/strategy/publishing").text
    assert "two texts for one clause" in page
    assert 'name="stamp"' not in page
    assert "Vi er gode venner." in secretary.get("/strategy/publishing/clauses/k2").text
    too_long = secretary.send("/strategy/publishing/clauses/k2", {"words": "Vi er " + "x" * 3000})
    assert too_long.status_code == 422
    assert "x" * 3000 in too_long.text
    settled = secretary.send("/strategy/publishing/clauses/k2", {"words": "Vi er gode venner med alle."})
    assert settled.status_code == 303
    assert secretary.send("/strategy/publishing/clauses/k2", {"words": "Noget tredje."}).status_code == 409
    assert secretary.send("/strategy/publishing", stamped(secretary)).status_code == 303
    assert "Vi er gode venner med alle." in client_of(cast.guardian).get("/strategy/").text


@pytest.mark.parametrize("data", [{"approved_on": "2031-01-01"}, {"approved_on": ""}, {"stamp": "another"}])
def test_a_day_to_come_and_another_edition_are_refused(
    cast: Cast, client_of: ClientOf, edition: Edition, data: dict[str, str]
) -> None:
    secretary = client_of(cast.board_secretary)
    answer = secretary.send("/strategy/publishing", stamped(secretary) | data)
    assert answer.status_code == (409 if "stamp" in data else 422)
    assert db.session.query(Edition).count() == 1


@pytest.mark.both
def test_twice_at_once_it_is_published_once(cast: Cast, client_of: ClientOf, edition: Edition, database: str) -> None:
    decided(cast, edition, "Vi er gode ved alle.")
    browsers = [client_of(cast.board_secretary) for _ in range(3)]
    data = stamped(browsers[0])
    answers = at_once(*(partial(browser.send, "/strategy/publishing", data) for browser in browsers))
    assert sorted(answer.status_code for answer in answers)[0] == 303
    assert [answer.status_code for answer in answers].count(303) == 1
    assert [each.state for each in db.session.query(Edition).order_by(Edition.number)] == [
        EditionState.SUPERSEDED,
        EditionState.APPROVED,
    ]
