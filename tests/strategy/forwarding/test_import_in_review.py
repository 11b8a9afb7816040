"""A text imported while a review is open goes the way of every other change: one suggestion of the staff's each."""

from __future__ import annotations

import re

import pytest

from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, Phase
from portal.strategy.models import Edition
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

TEXT = """# Trivselsstrategi

## Vores mål

> Vi er søde.

- Vi hilser på alle hver morgen.
- Vi spørger dem, der står alene.
- Vi rydder op efter os.

## Et nyt afsnit

- Helt nyt.
"""


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition(
        {"Vores mål": ["Vi hilser på alle.", "Vi rydder op efter os.", "Vi synger sammen hver fredag."]}
    )


def send(office: IsolatedClient, reason: str = "Loven er ny.", text: str = TEXT) -> str:
    """Look at the text first, and then press what the page offers."""
    page = office.send("/strategy/import", {"text": text, "preview": "1"}).text
    hidden = dict(re.findall(r'name="(stamp|digest)" type="hidden" value="([^"]*)"', page))
    answer = office.send("/strategy/import", {"text": text, "reason": reason, **hidden})
    return str(answer.status_code) + page + answer.text


def test_each_difference_becomes_a_suggestion_that_the_councils_see(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    make.make_cycle(edition, Phase.HEARING)
    answer = send(client_of(cast.office))
    assert answer.startswith("303")
    assert "becomes 4 suggestions" in answer
    assert "new sections cannot be suggested" in answer
    made = db.session.query(Amendment).order_by(Amendment.id).all()
    assert [(one.kind, one.clause_key or one.after_key, one.new_text) for one in made] == [
        (AmendmentKind.CHANGE, "k1", "Vi hilser på alle hver morgen."),
        (AmendmentKind.ADD, "k1", "Vi spørger dem, der står alene."),
        (AmendmentKind.REMOVE, "k3", ""),
        (AmendmentKind.SUMMARY, "k1", "Vi er søde."),
    ]
    assert {(one.source, one.state, one.reason) for one in made} == {
        (AmendmentSource.STAFF, AmendmentState.FORWARDED, "Loven er ny.")
    }
    assert db.session.query(Edition).count() == 1, "nothing goes past the review"
    page = client_of(cast.council_member).get(f"/strategy/amendments/{made[0].id}").text
    assert "The grown-ups at the school" in page


def test_the_same_text_again_suggests_nothing_twice(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    make.make_cycle(edition)
    office = client_of(cast.office)
    send(office)
    again = send(office)
    assert again.startswith("422")
    assert "suggested already" in again
    assert db.session.query(Amendment).count() == 4


@pytest.mark.parametrize(("phase", "reason"), [(Phase.BOARD, "Loven er ny."), (Phase.HEARING, "")])
def test_a_refusal_keeps_the_text(cast: Cast, client_of: ClientOf, edition: Edition, phase: Phase, reason: str) -> None:
    make.make_cycle(edition, phase)
    answer = send(client_of(cast.office), reason)
    assert answer.startswith("422")
    assert "Vi spørger dem, der står alene." in answer
    assert db.session.query(Amendment).count() == 0


def test_without_a_review_it_is_a_draft_as_before(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    assert send(client_of(cast.office)).startswith("303")
    assert db.session.query(Edition).count() == 2
    assert db.session.query(Amendment).count() == 0
