"""Who is told of a suggestion's way up: those who now have something to do, whoever waits for an answer, everybody."""

from __future__ import annotations

import pytest

from portal.acts.models import ActKind
from portal.database import db
from portal.notifications.worker import Worker
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.models import Edition
from portal.strategy.publishing.services import plan_edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf
from tests.notifications.post_office import Inbox, told_of, whole_text, work

COUNCIL = {"council_member", "council_chair", "facilitator"}
HEARS = {"leader", "akt", "board_secretary"}


@pytest.fixture
def edition(addressed: Cast) -> Edition:
    return make.make_edition()


def test_each_step_is_told_to_those_whom_it_asks_or_answers(
    addressed: Cast, edition: Edition, client_of: ClientOf, worker: Worker
) -> None:
    cast = addressed
    leader, secretary = client_of(cast.leader), client_of(cast.board_secretary)
    leader.send("/strategy/cycle/start")
    adopted = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.ADOPTED)
    page = f"/strategy/forwarding/amendments/{adopted.id}"
    client_of(cast.facilitator).send(f"{page}/forward")
    leader.send(f"{page}/word", {"thinks": "God idé.", "happens": "Vi prøver det i 2.B."})
    leader.send("/strategy/cycle/move", {"seen": "council", "to": "hearing"})
    work(worker)
    assert told_of(cast, ActKind.REVIEW_OPENED) == set(), "the councils' time is over before anybody was told"
    assert told_of(cast, ActKind.AMENDMENT_FORWARDED) == HEARS
    assert told_of(cast, ActKind.AMENDMENT_ANSWERED) == COUNCIL
    assert told_of(cast, ActKind.HEARING_OPENED) == {"akt", "board_secretary", "facilitator"}, "not who opened it"
    cycle = get_cycle()
    assert cycle is not None
    cycle.phase = Phase.BOARD
    answer = {
        f"outcome_{adopted.id}": "rejected",
        f"reason_{adopted.id}": "Det er for dyrt.",
        f"child_reply_{adopted.id}": "Nej, for vi har ikke penge nok.",
        "decided_on": clock.today().isoformat(),
    }
    assert secretary.send("/strategy/decisions", answer).status_code == 303
    work(worker)
    assert told_of(cast, ActKind.DECISION_RECORDED) == COUNCIL


def test_a_question_is_told_to_its_council(
    addressed: Cast, edition: Edition, client_of: ClientOf, worker: Worker
) -> None:
    make.make_cycle(edition, Phase.HEARING)
    sent = make.make_amendment(addressed.council, addressed.council_member, edition, state=AmendmentState.FORWARDED)
    client_of(addressed.leader).send(f"/strategy/forwarding/amendments/{sent.id}/ask", {"question": "Også i SFO?"})
    work(worker)
    assert told_of(addressed, ActKind.AMENDMENT_SENT_BACK) == COUNCIL


def test_a_new_edition_is_told_to_everybody_and_the_mail_names_nobody(
    addressed: Cast, edition: Edition, client_of: ClientOf, worker: Worker, inbox: Inbox
) -> None:
    make.make_cycle(edition, Phase.BOARD)
    cycle = get_cycle()
    assert cycle is not None
    stamp, today = plan_edition(cycle).stamp, clock.today().isoformat()
    secretary = client_of(addressed.board_secretary)
    assert secretary.send("/strategy/publishing", {"stamp": stamp, "approved_on": today}).status_code == 303
    worker.round()
    told = told_of(addressed, ActKind.STRATEGY_APPROVED)
    assert {"guardian", "class_teacher", "council_member", "office", "helper"} <= told
    assert "board_secretary" not in told
    assert "/strategy/" in client_of(addressed.guardian).get("/notifications/").text
    assert "om strategien" in client_of(addressed.guardian).get("/").text
    for mail in inbox.mails:
        assert "Ella" not in whole_text(mail)
    assert db.session.query(Edition).count() == 2
