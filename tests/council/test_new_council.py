"""Over the summer pupils and text change, and nothing without an end is lost: the new council takes over what lives."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from portal.accounts.models import User
from portal.council.meetings.openers import list_openers
from portal.council.models import CouncilMember
from portal.database import db
from portal.school.models import Enrolment
from portal.strategy.amendments import services as amendments
from portal.strategy.amendments.following import follow_amendment
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.services import Hands
from portal.strategy.decisions.models import Decision
from portal.strategy.kinds import AmendmentState, EditionState, Phase
from portal.strategy.models import Clause, Edition
from portal.strategy.replies.models import ReplySheet
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.council.seen import send_as_seen

State = AmendmentState
JUNE, AUGUST, ELECTED = (
    datetime(2027, 6, 14, 9, tzinfo=UTC),
    datetime(2027, 8, 16, 9, tzinfo=UTC),
    datetime(2027, 9, 13, 9, tzinfo=UTC),
)


@pytest.fixture
def living(cast: Cast, client_of: ClientOf, wall_clock: Move) -> dict[AmendmentState, Amendment]:
    """What lives when the review closes in June, all of it Ella's; a new edition holds from August on."""
    old = make.make_edition({"Vores mål": ["Vi hilser.", "Vi leger."]})
    cycle = make.make_cycle(old, Phase.BOARD)
    found = {
        state: make.make_amendment(cast.council, cast.council_member, old, state=state, title=f"Ide {number}")
        for number, state in enumerate((State.DRAFT, State.IN_COUNCIL, State.POSTPONED, State.ADOPTED, State.DEFERRED))
    }
    host = found[State.IN_COUNCIL]
    make.make_amendment(cast.council, cast.council_member, old, state=State.MERGED, merged_into_id=host.id, title="Del")
    make.make_decision(found[State.DEFERRED], cast.board_secretary, outcome=State.DEFERRED)
    db.session.commit()
    wall_clock(JUNE)
    leader = client_of(cast.leader)
    page = leader.get("/strategy/cycle/move").text
    hidden = dict(re.findall(r'name="(seen|to|rows)" type="hidden" value="([^"]*)"', page))
    closed = leader.send("/strategy/cycle/move", {**hidden, "to": "closed", "reason": "Året er gået."})
    assert closed.status_code == 303
    db.session.refresh(cycle)
    assert not cycle.is_open
    old.state = EditionState.SUPERSEDED
    make.make_edition({"Vores mål": ["Vi hilser på alle.", "Vi leger med alle."]}, number=2)
    db.session.commit()
    return found


@pytest.fixture
def successor(cast: Cast, living: dict[AmendmentState, Amendment], client_of: ClientOf, wall_clock: Move) -> User:
    """Whom the class of Ella and Viggo, by now a 7th grade, elects in their place in September."""
    wall_clock(AUGUST)
    assert client_of(cast.leader).send("/strategy/cycle/start").status_code == 303
    wall_clock(ELECTED)
    pupil = make.make_pupil(cast.sixth, "Selma")
    db.session.commit()
    page = f"/council/classes/{cast.sixth.id}/members"
    elected = send_as_seen(
        client_of(cast.teacher_elsewhere),
        page,
        {"member": pupil.id, "second_member": 0, "substitute": 0, "second_substitute": 0},
    )
    assert elected.status_code == 303
    db.session.refresh(pupil)
    assert pupil.user_id
    return db.session.get_one(User, pupil.user_id)


def test_what_lives_stands_before_the_new_council_based_on_the_text_that_holds(
    cast: Cast, living: dict[AmendmentState, Amendment], successor: User, client_of: ClientOf
) -> None:
    states = {state: db.session.get_one(Amendment, one.id).state for state, one in living.items()}
    assert states == {
        State.DRAFT: State.DRAFT,
        State.IN_COUNCIL: State.IN_COUNCIL,
        State.POSTPONED: State.POSTPONED,
        State.ADOPTED: State.ADOPTED,
        State.DEFERRED: State.IN_COUNCIL,
    }
    now = db.session.query(Edition).filter_by(state=EditionState.APPROVED).one()
    says = db.session.query(Clause).filter_by(edition_id=now.id, key="k2").one().text
    for amendment in living.values():
        db.session.refresh(amendment)
        assert (amendment.base_edition_id, amendment.base_text) == (now.id, says)
    selma, ella = client_of(successor), cast.council_member
    for page in (f"/council/{cast.council.id}", "/strategy/amendments/"):
        text = selma.get(page).text
        assert all(f"/strategy/amendments/{one.id}" in text for one in living.values()), page
    assert "Det har I overtaget" in selma.get(f"/council/{cast.council.id}").text
    for amendment in living.values():
        assert selma.get(f"/strategy/amendments/{amendment.id}").status_code == 200
    assert ella.deactivated_at is not None, "whoever has no seat any more signs in no longer"


def has_author_left(amendment: Amendment) -> bool | None:
    followed = follow_amendment(amendment.id)
    return followed.author_has_left if followed else None


def test_what_is_ones_own_is_not_called_taken_over(cast: Cast, client_of: ClientOf) -> None:
    edition = make.make_edition()
    for author in (cast.council_member, cast.facilitator):
        one = make.make_amendment(cast.council, author, edition, state=State.DRAFT)
        assert has_author_left(one) is False
    db.session.commit()
    assert "Det har I overtaget" not in client_of(cast.council_chair).get(f"/council/{cast.council.id}").text


def test_whoever_leaves_the_class_leaves_their_draft_to_the_council(cast: Cast) -> None:
    edition = make.make_edition()
    draft = make.make_amendment(cast.council, cast.council_member, edition, state=State.DRAFT)
    db.session.query(Enrolment).filter_by(pupil_id=cast.ella.id).update({"ends_on": date(2026, 11, 22)})
    assert has_author_left(draft)
    assert db.session.query(CouncilMember).filter_by(pupil_id=cast.ella.id).one().ends_on > clock.today()


def test_a_draft_that_was_left_behind_is_moved_on_by_the_contact_teacher(
    cast: Cast, living: dict[AmendmentState, Amendment], successor: User, client_of: ClientOf
) -> None:
    draft = living[State.DRAFT]
    page = f"/strategy/amendments/{draft.id}"
    for user in (successor, cast.facilitator):
        words = client_of(user).get(page).text
        assert "Elevrådet har overtaget det" in words
        assert "Kontaktlæreren viser det for elevrådet." in words
        assert "Den, der skriver det" not in words
    form = {"version": draft.version}
    assert client_of(successor).send(f"{page}/submit", form).status_code == 403
    assert client_of(cast.facilitator).send(f"{page}/submit", form).status_code == 303
    db.session.refresh(draft)
    assert draft.state is State.IN_COUNCIL


def test_what_was_put_off_goes_the_whole_way_again_and_the_answer_finds_the_child_and_the_new_council(
    cast: Cast, living: dict[AmendmentState, Amendment], successor: User, client_of: ClientOf, wall_clock: Move
) -> None:
    later = living[State.DEFERRED]
    db.session.refresh(later)
    amendments.begin_deciding(later)
    amendments.decide_amendment(
        later,
        State.ADOPTED,
        Hands(yes=5, no=1, present=6),
        revision=later.revision,
        actor=cast.people["facilitator"],
        now=clock.now(),
    )
    db.session.commit()
    sent = client_of(cast.facilitator).send("/strategy/forwarding/new", {"amendments": [later.id]})
    assert sent.status_code == 303
    for month in (4, 5):
        wall_clock(datetime(2028, month, 20, 9, tzinfo=UTC))
        leader = client_of(cast.leader)
        page = leader.get("/strategy/cycle/move").text
        hidden = dict(re.findall(r'name="(seen|to|rows)" type="hidden" value="([^"]*)"', page))
        assert leader.send("/strategy/cycle/move", {**hidden, "reason": "Vi går videre."}).status_code == 303
    form = {
        "decided_on": "2028-05-20",
        f"outcome_{later.id}": "approved",
        f"reason_{later.id}": "Nu passer det.",
        f"child_reply_{later.id}": "Ja, nu gør vi det. Tak, fordi I ventede.",
    }
    assert client_of(cast.board_secretary).send("/strategy/decisions", form).status_code == 303
    decisions = db.session.query(Decision).filter_by(amendment_id=later.id).order_by(Decision.id).all()
    assert [one.outcome for one in decisions] == [State.DEFERRED, State.APPROVED]
    sheets = db.session.query(ReplySheet).filter_by(decision_id=decisions[-1].id).order_by(ReplySheet.id).all()
    assert [(one.pupil_id, one.class_id) for one in sheets] == [(cast.ella.id, cast.sixth.id), (None, None)]
    assert [one.reply for one in list_openers(cast.council.id, now=clock.now())] == [sheets[0].text]


def test_an_answer_to_a_class_that_has_left_the_school_is_heard_in_the_council(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    ninth = make.make_class("9.A", 9)
    make.put_in_team(cast.teacher_elsewhere, ninth)
    pupil = make.make_pupil(ninth, "Asta", user_id=make.make_user("Asta").id)
    edition = make.make_edition()
    asked = make.make_amendment(
        cast.council, db.session.get_one(User, pupil.user_id), edition, state=State.REJECTED, title="Længe siden"
    )
    decision = make.make_decision(asked, cast.board_secretary, outcome=State.REJECTED)
    sheet = make.make_reply(decision, cast.council, pupil, ninth)
    db.session.commit()
    lars = client_of(cast.facilitator)
    assert list_openers(cast.council.id, now=clock.now()) == []
    assert lars.send(f"/strategy/replies/{sheet.id}/read").status_code == 403, "while its class can hear it"
    db.session.query(Enrolment).filter_by(pupil_id=pupil.id).update({"ends_on": date(2027, 7, 31)})
    wall_clock(AUGUST)
    assert [one.amendment_id for one in list_openers(cast.council.id, now=clock.now())] == [asked.id]
    lars = client_of(cast.facilitator)
    assert "9.A er gået ud af skolen" in lars.get(f"/council/{cast.council.id}/answers").text
    assert lars.send(f"/strategy/replies/{sheet.id}/read", {"seen": sheet.stamp}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(ReplySheet, sheet.id).read_by_id == cast.facilitator.id
    assert list_openers(cast.council.id, now=clock.now()) == []
