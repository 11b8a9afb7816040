"""What the page says about a suggestion's way is true in every state and phase, in words a child reads."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from portal.acts.models import ActKind
from portal.database import db
from portal.strategy.amendments.steps import Mover
from portal.strategy.amendments.tracker import is_open, place_of
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.replies.queries import GrownUpAnswer, is_answered
from portal.text import clock
from portal.text.lix import read_over
from portal.web.dates import long_date
from portal.web.language import gettext
from tests import factories as make

#: The review is open in one of these, or there is none.
OPEN = (None, Phase.COUNCIL, Phase.HEARING, Phase.BOARD)
EVERYWHERE = list(product(AmendmentState, OPEN))
#: Who moves an amendment of a council by a press; publishing and closing come with what others press.
PRESSES = (Mover.AUTHOR, Mover.FACILITATOR, Mover.SESSION, Mover.LEADERSHIP, Mover.SECRETARY)


@pytest.mark.parametrize(("state", "phase"), EVERYWHERE)
def test_a_promised_press_is_open_to_somebody_and_an_open_one_is_promised(state, phase):
    promised = place_of(state, phase).movers
    assert {mover for mover in promised if not is_open(state, phase, mover)} == set()
    if promised == set():
        assert {mover for mover in PRESSES if is_open(state, phase, mover)} - _UNTOLD.get(state, set()) == set()


#: In the hearing a contact teacher sends on only what was sent back, and then the page says so; parting leads back.
_UNTOLD = {AmendmentState.ADOPTED: {Mover.FACILITATOR}, AmendmentState.MERGED: {Mover.FACILITATOR}}


@pytest.mark.parametrize("phase", OPEN)
def test_a_draft_that_was_left_behind_promises_no_author(phase):
    promised = place_of(AmendmentState.DRAFT, phase, author_has_left=True).movers
    assert promised == ({Mover.FACILITATOR} if phase is Phase.COUNCIL else set())
    assert {mover for mover in promised if not is_open(AmendmentState.DRAFT, phase, mover)} == set()


def test_what_was_sent_back_is_sent_on_in_the_hearing():
    assert place_of(AmendmentState.ADOPTED, Phase.HEARING, was_sent_back=True).movers == {Mover.FACILITATOR}


@pytest.mark.parametrize("phase", [None, Phase.COUNCIL])
def test_what_the_leadership_has_answered_promises_no_second_letter(phase):
    answered = place_of(AmendmentState.FORWARDED, phase, is_answered=True)
    assert "writes to you" in place_of(AmendmentState.FORWARDED, phase).next
    assert "writes to you" not in answered.next
    assert answered.movers == set()


@pytest.mark.parametrize("phase", [Phase.HEARING, Phase.BOARD])
def test_an_answer_of_the_leadership_changes_nothing_about_what_comes_later(phase):
    assert place_of(AmendmentState.FORWARDED, phase, is_answered=True) == place_of(AmendmentState.FORWARDED, phase)


def test_no_sentence_needs_a_grown_up_to_explain_it(app):
    with app.test_request_context(headers={"Accept-Language": "da"}):
        places = dict.fromkeys(
            place_of(state, phase, author_has_left=has_left, is_answered=has_left)
            for state, phase in EVERYWHERE
            for has_left in (False, True)
        )
        said = [gettext(words) for place in places for words in (place.heading, place.next) if words]
    for words in ("version", "udgave", "MED", "høring"):
        assert words not in " ".join(said)
    assert max(len(words.split()) for words in said) <= 14
    assert read_over(". ".join(said)).lix <= 30


@pytest.mark.parametrize("state", [AmendmentState.IN_COUNCIL, AmendmentState.FORWARDED, AmendmentState.REJECTED])
def test_the_page_says_where_it_is_since_when_and_what_comes_next(client_of, cast, state):
    edition = make.make_edition()
    make.make_cycle(edition, Phase.BOARD)
    amendment = make.make_amendment(cast.council, cast.council_member, edition, state=state, title="Alle med")
    decision = make.make_decision(amendment, cast.board_secretary) if state is AmendmentState.REJECTED else None
    db.session.commit()
    page = client_of(cast.council_member).get(f"/strategy/amendments/{amendment.id}").text
    place = place_of(state, Phase.BOARD)
    with client_of(cast.council_member).application.test_request_context(headers={"Accept-Language": "da"}):
        assert f"<h2>{gettext(place.heading)}</h2>" in page
        assert gettext(place.next) in page
    assert "Siden" in page
    assert (decision is None) or decision.child_reply in page
    main = page[page.index("<main") : page.index("</main>")]
    for words in ("version", "udgave", "MED-udvalg"):
        assert words not in main


def test_what_is_behind_is_told_as_done_and_since_the_day_of_the_answer(client_of, cast, wall_clock):
    amendment = make.make_amendment(
        cast.council, cast.council_member, make.make_edition(), state=AmendmentState.REJECTED, title="Alle med"
    )
    make.make_decision(amendment, cast.board_secretary, outcome=AmendmentState.REJECTED)
    amendment.created_at -= timedelta(days=60)
    db.session.commit()
    page = client_of(cast.council_member).get(f"/strategy/amendments/{amendment.id}").text
    for words in ("Elevrådet sagde ja", "Skolens leder fik det", "Skolebestyrelsen besluttede", "Klassen hører svaret"):
        assert words in page
    assert "Elevrådet beslutter" not in page
    since = page[page.index("Siden") :]
    assert long_date(clock.today()) in since[: since.index("</dd>")]


def test_a_decision_that_is_put_right_is_no_younger_for_it(client_of, cast, wall_clock):
    amendment = make.make_amendment(
        cast.council, cast.council_member, make.make_edition(), state=AmendmentState.REJECTED, title="Alle med"
    )
    decision = make.make_decision(amendment, cast.board_secretary, outcome=AmendmentState.REJECTED)
    amendment.created_at -= timedelta(days=60)
    decision.recorded_at = clock.now() + timedelta(days=9)
    db.session.commit()
    page = client_of(cast.council_member).get(f"/strategy/amendments/{amendment.id}").text
    since = page[page.index("Siden") :]
    assert long_date(decision.decided_on) in since[: since.index("</dd>")]


def test_last_years_letter_is_no_answer_to_what_was_sent_on_anew():
    sent, word = clock.now(), GrownUpAnswer(False, "God idé.", clock.now() - timedelta(days=300))
    assert is_answered({}, [word])
    assert not is_answered({ActKind.AMENDMENT_FORWARDED: sent}, [word])
    assert is_answered({ActKind.AMENDMENT_FORWARDED: sent}, [word._replace(at=sent)])
    assert not is_answered({}, [word._replace(is_decision=True)])
