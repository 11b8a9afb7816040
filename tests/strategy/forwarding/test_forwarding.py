"""Sending on, the packet, the leadership's word and its questions, by the pages and past them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial

import pytest

from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.forwarding.models import Forwarding, LeadershipWord
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.models import Edition
from tests import factories as make
from tests.cast import COUNCIL, EVERYBODY, Cast
from tests.conftest import ClientOf, Move, at_once
from tests.council.seen import seen_at
from tests.pdfs import headings, holds_up, lacks, words_of

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi er gode ved hinanden."]})


@pytest.fixture
def adopted(cast: Cast, edition: Edition) -> Amendment:
    make.make_cycle(edition)
    return make.make_amendment(
        cast.council, cast.council_member, edition, state=AmendmentState.ADOPTED, title="Vi er gode ved alle"
    )


@pytest.fixture
def sent(cast: Cast, edition: Edition) -> Amendment:
    make.make_cycle(edition, Phase.HEARING)
    return make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)


def state_of(amendment: Amendment) -> AmendmentState:
    db.session.refresh(amendment)
    return amendment.state


def test_what_is_adopted_waits_on_home_and_on_the_council_s_page_until_it_is_sent(
    cast: Cast, client_of: ClientOf, adopted: Amendment
) -> None:
    lars = client_of(cast.facilitator)
    for page in ("/", f"/council/{cast.council.id}"):
        assert "1 suggestion is adopted and waits to be sent on" in lars.get(page).text
        assert "waits to be sent on" not in client_of(cast.council_member).get(page).text, "children do not send on"
    assert "Vi er gode ved alle" in lars.get("/strategy/forwarding/new").text
    assert lars.send("/strategy/forwarding/new", {"amendments": [adopted.id]}).status_code == 303
    assert state_of(adopted) is AmendmentState.FORWARDED
    assert "waits to be sent on" not in lars.get("/").text
    assert "Nothing waits to be sent on" in lars.get("/strategy/forwarding/new").text


@pytest.mark.parametrize("name", ["council_member", "council_chair", "leader", "office", "class_teacher", "guardian"])
def test_nobody_else_sends_it_on(cast: Cast, client_of: ClientOf, adopted: Amendment, name: str) -> None:
    browser = client_of(cast.users[name])
    assert browser.send("/strategy/forwarding/new", {"amendments": [adopted.id]}).status_code == 422
    answer = browser.send(f"/strategy/forwarding/amendments/{adopted.id}/forward")
    assert answer.status_code in (403, 404)
    assert state_of(adopted) is AmendmentState.ADOPTED


def test_an_empty_packet_and_another_council_s_suggestion_are_refused(
    cast: Cast, client_of: ClientOf, adopted: Amendment, edition: Edition
) -> None:
    other = make.make_council("Det lille elevråd", (0, 3))
    foreign = make.make_amendment(other, cast.council_member, edition, state=AmendmentState.ADOPTED)
    lars = client_of(cast.facilitator)
    empty = lars.send("/strategy/forwarding/new", key="k" * 32)
    assert empty.status_code == 422
    assert "An empty packet is not sent" in empty.text
    assert lars.send("/strategy/forwarding/new", {"amendments": [adopted.id, foreign.id]}).status_code == 422
    assert {state_of(adopted), state_of(foreign)} == {AmendmentState.ADOPTED}


def test_a_form_begun_in_the_council_s_time_and_sent_in_the_hearing_is_refused(
    cast: Cast, client_of: ClientOf, adopted: Amendment
) -> None:
    lars = client_of(cast.facilitator)
    page = f"/strategy/forwarding/amendments/{adopted.id}/forward"
    assert "Send on" in lars.get(page).text
    client_of(cast.leader).send("/strategy/cycle/move", {"seen": "council", "to": "hearing"})
    rows = client_of(cast.leader).get("/strategy/cycle/move").text
    hidden = dict(re.findall(r'name="(seen|to|rows)" type="hidden" value="([^"]*)"', rows))
    client_of(cast.leader).send("/strategy/cycle/move", {**hidden, "reason": "Det er april."})
    late = lars.send(page)
    assert late.status_code == 422
    assert "sent back" in late.text
    assert state_of(adopted) is AmendmentState.ADOPTED


@pytest.mark.both
def test_two_who_send_it_on_at_once_send_it_once(
    cast: Cast, client_of: ClientOf, adopted: Amendment, database: str
) -> None:
    path = f"/strategy/forwarding/amendments/{adopted.id}/forward"
    browsers = [client_of(cast.facilitator) for _ in range(3)]
    answers = at_once(*(partial(browser.send, path) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    assert db.session.query(Forwarding).count() == 1


def test_the_packet_names_no_child_and_says_by_role_who_presents_it(
    cast: Cast, client_of: ClientOf, sent: Amendment
) -> None:
    seats = client_of(cast.facilitator).get(f"/council/{cast.council.id}/board").text
    members = re.findall(r'name="members" id="[^"]*" value="(\d+)"', seats)
    assert len(members) == 2
    board, lars = f"/council/{cast.council.id}/board", client_of(cast.facilitator)
    saved = lars.send(board, {"members": members, "seen": seen_at(lars, board)})
    assert saved.status_code == 303
    for name in ("leader", "board_secretary", "guardian", "facilitator"):
        page = client_of(cast.users[name]).get("/strategy/forwarding/packet").text
        body = page.split("<main")[1].split("</main>")[0]
        assert "2 pupils on the school board present them" in body
        assert cast.council.name in body
        for secret in ("Ella", "Viggo", "6.A", "Holm"):
            assert secret not in body, f"{secret} for {name}"


def test_the_packet_as_a_file_has_its_words_and_no_child_in_it_or_about_it(
    cast: Cast, client_of: ClientOf, sent: Amendment
) -> None:
    sent.reason = "Vi vil have det.\n\nFordi det er godt, og #nogen *glemmer* det."
    for name in ("leader", "board_secretary", "guardian", "facilitator", "council_member"):
        browser = client_of(cast.users[name])
        answer = browser.get("/strategy/forwarding/packet/pdf")
        assert answer.headers["Content-Disposition"] == "attachment; filename=the-councils-suggestions-2026-27.pdf"
        assert lacks(answer.data, browser.get("/strategy/forwarding/packet").text) == []
        holds_up(answer.data, "The councils' suggestions 2026/27", "en")
        for secret in ("Ella", "Viggo", "6.A", "Holm"):
            assert secret not in words_of(answer.data), f"{secret} for {name}"
    assert [level for level, _ in headings(answer.data)] == [1, 2, 3]


def test_an_empty_packet_is_a_file_that_says_so(cast: Cast, client_of: ClientOf, edition: Edition) -> None:
    pdf = client_of(cast.leader).get("/strategy/forwarding/packet/pdf").data
    assert "Nothing is with the grown-ups now" in words_of(pdf)
    holds_up(pdf, "The councils' suggestions 2026/27", "en")


def test_the_pupils_have_two_seats_on_the_board_in_the_whole_school(cast: Cast, client_of: ClientOf) -> None:
    other = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(other, cast.facilitator)
    pupil = make.make_pupil(cast.third, "Anton")
    seat = make.seat(other, pupil, cast.third, is_on_board=True)
    lars, board = client_of(cast.facilitator), f"/council/{cast.council.id}/board"
    members = re.findall(r'name="members" id="[^"]*" value="(\d+)"', lars.get(board).text)
    too_many = lars.send(board, {"members": members, "seen": seen_at(lars, board)})
    assert too_many.status_code == 422
    assert "two seats" in too_many.text
    assert lars.send(board, {"members": members[:1], "seen": seen_at(lars, board)}).status_code == 303
    assert lars.send(board, {"members": [seat.id], "seen": seen_at(lars, board)}).status_code == 422
    assert "on the school board" in lars.get(f"/council/{cast.council.id}").text
    assert client_of(cast.council_member).get(f"/council/{cast.council.id}/board").status_code == 403


def test_the_word_waits_on_the_leader_s_desk_from_the_tenth_school_day(
    cast: Cast, client_of: ClientOf, adopted: Amendment, wall_clock: Move
) -> None:
    client_of(cast.facilitator).send(f"/strategy/forwarding/amendments/{adopted.id}/forward")
    for day, says in [
        (datetime(2026, 12, 4, 9, tzinfo=UTC), ""),
        (datetime(2026, 12, 7, 9, tzinfo=UTC), "Answer the pupils by"),
        (datetime(2027, 1, 8, 9, tzinfo=UTC), "have waited for your answer"),
    ]:
        wall_clock(day)
        page = client_of(cast.leader).get("/").text
        assert (says or "Vi er gode ved alle") in page if says else "Vi er gode ved alle" not in page, day
    assert "Vi er gode ved alle" not in client_of(cast.akt).get("/").text
    word = {"thinks": "God idé.", "happens": "Vi prøver det i 2.B."}
    assert client_of(cast.akt).send(f"/strategy/forwarding/amendments/{adopted.id}/word", word).status_code == 403
    assert client_of(cast.leader).send(f"/strategy/forwarding/amendments/{adopted.id}/word", word).status_code == 303
    assert "Vi er gode ved alle" not in client_of(cast.leader).get("/").text


@pytest.mark.parametrize(("data", "missing"), [({}, 2), ({"thinks": "God idé."}, 1), ({"thinks": "x" * 2000}, 2)])
def test_half_a_word_is_none_and_stays_in_the_form(
    cast: Cast, client_of: ClientOf, sent: Amendment, data: dict[str, str], missing: int
) -> None:
    answer = client_of(cast.leader).send(f"/strategy/forwarding/amendments/{sent.id}/word", data)
    assert answer.status_code == 422
    assert data.get("thinks", "") in answer.text
    assert db.session.query(LeadershipWord).count() == 0


def test_a_question_brings_it_back_to_its_council_and_a_late_word_keeps_its_text(
    cast: Cast, client_of: ClientOf, sent: Amendment
) -> None:
    leader, page = client_of(cast.leader), f"/strategy/forwarding/amendments/{sent.id}"
    assert client_of(cast.board_secretary).send(f"{page}/ask", {"question": "Hvad?"}).status_code == 403
    assert leader.send(f"{page}/ask", {"question": ""}).status_code == 422
    assert leader.send(f"{page}/ask", {"question": "Gælder det også i SFO?"}).status_code == 303
    assert state_of(sent) is AmendmentState.IN_COUNCIL
    word = leader.send(f"{page}/word", {"thinks": "En god idé.", "happens": "Vi prøver det."})
    assert word.status_code == 409
    assert "gone back to the council" in word.text
    assert "En god idé." in word.text
    said = {"stance": "for", "text": "MED er meget for.", "said_on": "2026-11-20", "version": 0}
    late = client_of(cast.board_secretary).send(f"/strategy/hearing/{sent.id}/statement", said)
    assert late.status_code == 409
    assert "MED er meget for." in late.text
    assert "gone back to the council" in late.text


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"leader"}))
def test_that_it_has_gone_back_is_said_to_nobody_who_might_not_have_written(
    cast: Cast, client_of: ClientOf, sent: Amendment, name: str
) -> None:
    leader = client_of(cast.leader)
    leader.send(f"/strategy/forwarding/amendments/{sent.id}/ask", {"question": "Hvem skal hilse?"})
    assert state_of(sent) is AmendmentState.IN_COUNCIL
    browser = client_of(cast.users[name])
    in_council = name in COUNCIL | {"facilitator"}
    for page, writers in (
        (f"/strategy/forwarding/amendments/{sent.id}/word", set()),
        (f"/strategy/forwarding/amendments/{sent.id}/ask", set()),
        (f"/strategy/hearing/{sent.id}/advice", {"akt", "board_secretary"}),
        (f"/strategy/hearing/{sent.id}/statement", {"board_secretary"}),
    ):
        for answer in (browser.get(page), browser.send(page)):
            expected = {409} if name in writers else {403, 404, 409} if in_council else {404}
            assert answer.status_code in expected, (page, answer.status_code)
            assert answer.status_code != 409 or name in writers
