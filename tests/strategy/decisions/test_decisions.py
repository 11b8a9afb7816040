"""The board's page: many decisions at once, two secretaries at once, and a remark on words that children find hard."""

from __future__ import annotations

import re
from functools import partial

import pytest

from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.decisions.models import Decision, DecisionDraft
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.models import Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

REPLY = "Tak for jeres idé. Nu gør vi det."


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi er gode ved hinanden."]})


@pytest.fixture
def waiting(cast: Cast, edition: Edition) -> list[Amendment]:
    make.make_cycle(edition, Phase.BOARD)
    return [
        make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)
        for _ in range(3)
    ]


def page_of(secretary: IsolatedClient) -> dict[str, str]:
    """What stands hidden on the page, so that it is known what its reader saw."""
    return hidden_in(secretary.get("/strategy/decisions").text)


def hidden_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(seen_\d+)" type="hidden" value="([^"]*)"', page))


def row(amendment: Amendment, outcome: str = "rejected", **words: str) -> dict[str, str]:
    filled = {"reason": "Det er for dyrt.", "child_reply": REPLY, "final_text": ""} | words
    return {f"outcome_{amendment.id}": outcome} | {f"{name}_{amendment.id}": text for name, text in filled.items()}


def form(*parts: dict[str, str]) -> dict[str, str]:
    whole = {"decided_on": clock.today().isoformat(), "meeting": "Møde nr. 6"}
    for part in parts:
        whole |= part
    return whole


def test_all_of_one_meeting_are_recorded_with_one_press(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    secretary = client_of(cast.board_secretary)
    answer = secretary.send("/strategy/decisions", form(page_of(secretary), *map(row, waiting)))
    assert answer.location == "/strategy/publishing"
    assert db.session.query(Decision).count() == 3
    assert {decision.meeting for decision in db.session.query(Decision)} == {"Møde nr. 6"}


@pytest.mark.parametrize("name", ["leader", "akt", "office", "facilitator", "council_member", "guardian"])
def test_only_the_board_s_secretary_writes_down_what_it_decided(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment], name: str
) -> None:
    browser = client_of(cast.users[name])
    assert browser.get("/strategy/decisions").status_code == 403
    assert browser.send("/strategy/decisions", form(*map(row, waiting))).status_code == 403
    assert browser.send("/strategy/publishing", {"approved_on": "2026-11-20", "stamp": "x"}).status_code == 403
    assert db.session.query(Decision).count() == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ({"reason": ""}, "Write the board&#39;s reason"),
        ({"child_reply": ""}, "Write the answer to the pupils"),
        ({"child_reply": "Nej, desværre ikke."}, "a whole sentence"),
    ],
)
def test_what_is_missing_is_said_at_its_row_and_nothing_is_recorded(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment], words: dict[str, str], says: str
) -> None:
    secretary = client_of(cast.board_secretary)
    answer = secretary.send("/strategy/decisions", form(row(waiting[0]), row(waiting[1], **words)))
    assert answer.status_code == 422
    assert says in answer.text
    assert REPLY in answer.text
    assert db.session.query(Decision).count() == 0


def test_an_outcome_that_there_is_not_is_refused_and_the_words_stay(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    secretary = client_of(cast.board_secretary)
    answer = secretary.send("/strategy/decisions", form(page_of(secretary), row(waiting[0], "[Hvem?]")))
    assert answer.status_code == 422
    assert REPLY in answer.text
    assert db.session.query(Decision).count() == 0


def test_words_equal_to_those_that_stand_are_no_change(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    same = row(waiting[0], "approved_changed", final_text="Vi er gode ved hinanden.")
    answer = client_of(cast.board_secretary).send("/strategy/decisions", form(same))
    assert answer.status_code == 422
    assert "stand already" in answer.text


def test_two_secretaries_who_write_in_other_rows_both_keep_their_words(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    first, second = client_of(cast.board_secretary), client_of(cast.board_secretary)
    seen = page_of(first)
    empty = [row(each, "", reason="", child_reply="") for each in waiting]
    keep = {"keep": "1"}
    assert first.send("/strategy/decisions", form(seen, *empty, row(waiting[0]), keep)).status_code == 303
    assert second.send("/strategy/decisions", form(seen, *empty, row(waiting[1]), keep)).status_code == 303
    assert {draft.amendment_id for draft in db.session.query(DecisionDraft)} == {waiting[0].id, waiting[1].id}
    later = form(page_of(first), row(waiting[0]), row(waiting[1]), row(waiting[2], "", reason="", child_reply=""))
    assert first.send("/strategy/decisions", later).status_code == 303
    assert db.session.query(Decision).count() == 2


def test_the_second_who_writes_in_one_row_gets_both_texts(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    first, second = client_of(cast.board_secretary), client_of(cast.board_secretary)
    seen = page_of(first)
    first.send("/strategy/decisions", form(seen, row(waiting[0], reason="Vi har ikke penge."), {"keep": "1"}))
    answer = second.send("/strategy/decisions", form(seen, row(waiting[0], reason="Vi har ikke tid.")))
    assert answer.status_code == 409
    assert "Vi har ikke penge." in answer.text
    assert "Vi har ikke tid." in answer.text
    assert db.session.query(Decision).count() == 0
    together = row(waiting[0], reason="Vi har hverken tid eller penge.")
    assert second.send("/strategy/decisions", form(hidden_in(answer.text), together)).status_code == 303
    assert db.session.query(Decision).one().reason == "Vi har hverken tid eller penge."


def test_a_row_that_only_the_colleague_wrote_in_stays_the_colleagues_after_a_conflict(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    first, second = client_of(cast.board_secretary), client_of(cast.board_secretary)
    seen, keep = page_of(first), {"keep": "1"}
    empty = row(waiting[1], "", reason="", child_reply="")
    both = (row(waiting[0], reason="Vi har ikke penge."), row(waiting[1], reason="Vi har ikke plads."))
    first.send("/strategy/decisions", form(seen, *both, keep))
    mine = row(waiting[0], reason="Vi har ikke tid.")
    answer = second.send("/strategy/decisions", form(seen, mine, empty, keep))
    assert answer.status_code == 409
    assert "Vi har ikke plads." in answer.text
    assert second.send("/strategy/decisions", form(hidden_in(answer.text), mine, empty, keep)).status_code == 303
    kept = {draft.amendment_id: draft.reason for draft in db.session.query(DecisionDraft)}
    assert kept == {waiting[0].id: "Vi har ikke tid.", waiting[1].id: "Vi har ikke plads."}


def test_what_was_written_about_one_that_is_decided_meanwhile_is_given_back(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    first, second = client_of(cast.board_secretary), client_of(cast.board_secretary)
    seen = page_of(first)
    first.send("/strategy/decisions", form(seen, row(waiting[0])))
    answer = second.send("/strategy/decisions", form(seen, row(waiting[0], reason="Helt andre ord."), row(waiting[1])))
    assert answer.status_code == 409
    assert "Helt andre ord." in answer.text
    assert db.session.query(Decision).count() == 1


@pytest.mark.both
def test_at_the_same_moment_one_of_them_decides(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment], database: str
) -> None:
    browsers = [client_of(cast.board_secretary) for _ in range(2)]
    data = form(page_of(browsers[0]), *map(row, waiting))
    answers = at_once(*(partial(browser.send, "/strategy/decisions", data) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert db.session.query(Decision).count() == 3


def test_before_the_board_s_time_it_is_prepared_and_not_recorded(
    cast: Cast, client_of: ClientOf, edition: Edition
) -> None:
    make.make_cycle(edition, Phase.HEARING)
    sent = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED)
    secretary = client_of(cast.board_secretary)
    seen = page_of(secretary)
    assert secretary.send("/strategy/decisions", form(seen, row(sent), {"keep": "1"})).status_code == 303
    early = secretary.send("/strategy/decisions", form(page_of(secretary), row(sent)))
    assert early.status_code == 422
    assert "another time of the year" in early.text
    assert REPLY in early.text
    assert db.session.query(Decision).count() == 0


def test_a_hard_reply_is_remarked_on_with_its_longest_words_while_it_is_written(
    cast: Cast, client_of: ClientOf, waiting: list[Amendment]
) -> None:
    secretary = client_of(cast.board_secretary)
    hard = "Bestyrelsesmedlemmerne besluttede efterfølgende ressourceprioriteringen."
    name = f"child_reply_{waiting[0].id}"
    remark = secretary.send("/strategy/decisions/read", {name: hard}).text
    assert "hard for children" in remark
    assert "ressourceprioriteringen" in remark
    assert secretary.send("/strategy/decisions/read", {name: REPLY}).text.strip() == ""
    kept = form(page_of(secretary), row(waiting[0], child_reply=hard), {"keep": "1"})
    secretary.send("/strategy/decisions", kept)
    assert "hard for children" in secretary.get("/strategy/decisions").text, "also without scripts"
    assert client_of(cast.leader).send("/strategy/decisions/read", {name: hard}).status_code == 403
