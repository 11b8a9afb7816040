"""The hearing: two bodies side by side, seen by those who are heard until the board has decided, then by everybody."""

from __future__ import annotations

import re

import pytest

from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.hearing.models import Body, Statement
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.models import Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi er gode ved hinanden."]})


@pytest.fixture
def sent(cast: Cast, edition: Edition) -> Amendment:
    make.make_cycle(edition, Phase.HEARING)
    return make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)


def said(text: str = "Det er en god idé.", version: int = 0, **values: str) -> dict[str, object]:
    return {"stance": "for", "text": text, "said_on": clock.today().isoformat(), "version": version} | values


def test_both_are_seen_by_those_who_are_heard_and_by_everybody_when_the_board_has_decided(
    cast: Cast, client_of: ClientOf, sent: Amendment
) -> None:
    page = f"/strategy/hearing/{sent.id}"
    assert client_of(cast.akt).send(f"{page}/advice", said("Vi er for.")).status_code == 303
    assert client_of(cast.leader).send(f"{page}/statement", said("MED er for.", meeting="12. maj")).status_code == 303
    for name in ("leader", "akt", "board_secretary"):
        seen = client_of(cast.users[name]).get(page).text
        assert "Vi er for." in seen
        assert "MED er for." in seen
    for name in ("council_member", "facilitator", "guardian", "office"):
        seen = client_of(cast.users[name]).get(page).text
        assert "er for." not in seen, name
    sent.state = AmendmentState.REJECTED
    pupil = client_of(cast.council_member).get(page).text
    assert "MED er for." in pupil
    assert "The committee of those who work here" in pupil
    assert "The MED committee" not in pupil


@pytest.mark.parametrize(
    ("name", "advice", "statement"),
    [
        ("akt", 303, 403),
        ("leader", 303, 303),
        ("board_secretary", 303, 303),
        ("office", 403, 403),
        ("guardian", 403, 403),
    ],
)
def test_who_writes_for_which_body(
    cast: Cast, client_of: ClientOf, sent: Amendment, name: str, advice: int, statement: int
) -> None:
    browser, page = client_of(cast.users[name]), f"/strategy/hearing/{sent.id}"
    assert browser.send(f"{page}/advice", said()).status_code == advice
    assert browser.send(f"{page}/statement", said()).status_code == statement


def test_the_second_of_two_who_record_it_gets_both_texts(cast: Cast, client_of: ClientOf, sent: Amendment) -> None:
    page = f"/strategy/hearing/{sent.id}/statement"
    client_of(cast.leader).send(page, said("MED er for."))
    answer = client_of(cast.board_secretary).send(page, said("MED er imod."))
    assert answer.status_code == 409
    assert "MED er for." in answer.text
    assert "MED er imod." in answer.text
    assert client_of(cast.board_secretary).send(page, said("MED er imod.", version=1)).status_code == 303
    assert db.session.query(Statement).one().text == "MED er imod."


@pytest.mark.parametrize("data", [{}, {"said_on": ""}, {"said_on": "2031-01-01"}, {"stance": "maybe"}])
def test_half_a_statement_is_refused_and_kept(
    cast: Cast, client_of: ClientOf, sent: Amendment, data: dict[str, str]
) -> None:
    whole = {"text": "MED mener noget.", **({"stance": "for"} if "said_on" in data else {}), **data}
    answer = client_of(cast.leader).send(f"/strategy/hearing/{sent.id}/statement", whole)
    assert answer.status_code == 422
    assert "MED mener noget." in answer.text
    assert db.session.query(Statement).count() == 0


def test_a_council_says_what_it_thinks_of_the_grown_ups_idea_and_no_other_sees_it(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    make.make_cycle(edition, Phase.HEARING)
    staffs = make.make_amendment(None, cast.leader, edition, state=AmendmentState.FORWARDED)
    other = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(other, cast.teacher_elsewhere)
    lars, page = client_of(cast.facilitator), f"/strategy/hearing/{staffs.id}"
    assert "The grown-ups ask what the council thinks of 1 suggestion" in lars.get("/").text
    assert lars.send(f"{page}/council?council={other.id}", said()).status_code == 404
    assert lars.send(f"{page}/council", said("Elevrådet er for.")).status_code == 303
    assert "The grown-ups ask" not in lars.get("/").text
    assert db.session.query(Statement).one().body is Body.COUNCIL
    assert "Elevrådet er for." in client_of(cast.council_member).get(page).text
    assert "Elevrådet er for." in client_of(cast.leader).get(page).text
    assert "Elevrådet er for." not in client_of(cast.teacher_elsewhere).get(page).text
    assert client_of(cast.council_member).send(f"{page}/council", said()).status_code == 403


def test_a_late_body_shows_as_no_answer_and_is_passed_with_the_reason(
    cast: Cast, client_of: ClientOf, sent: Amendment
) -> None:
    leader = client_of(cast.leader)
    page = leader.get("/strategy/cycle/move").text
    assert "has not said anything yet" in page
    hidden = dict(re.findall(r'name="(seen|to|rows)" type="hidden" value="([^"]*)"', page))
    without = leader.send("/strategy/cycle/move", hidden)
    assert without.status_code == 422
    assert leader.send("/strategy/cycle/move", {**hidden, "reason": "MED mødes i juni."}).status_code == 303
    seen = client_of(cast.board_secretary).get(f"/strategy/hearing/{sent.id}").text
    assert "No answer yet" in seen
    assert "MED mødes i juni." in seen
    assert client_of(cast.leader).send(f"/strategy/hearing/{sent.id}/statement", said()).status_code == 303, "late"
