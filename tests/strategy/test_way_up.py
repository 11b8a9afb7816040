"""The way of suggestions from the council's yes to the next edition, step by step, past the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.errors import Conflict, RuleViolation
from portal.strategy.amendments.models import Amendment
from portal.strategy.cycle import services as cycle_services
from portal.strategy.cycle.models import PassedRow, PhaseMove
from portal.strategy.cycle.queries import get_cycle, list_open_rows, stamp_of
from portal.strategy.decisions.models import Decision, DecisionDraft
from portal.strategy.decisions.services import Answer, record_decision
from portal.strategy.forwarding.models import Forwarding, LeadershipWord
from portal.strategy.forwarding.queries import is_unanswered, list_open_questions
from portal.strategy.forwarding.services import forward_amendment, forward_packet, send_back, write_word
from portal.strategy.hearing.models import Body, Stance
from portal.strategy.hearing.services import Said, record_statement
from portal.strategy.kinds import AmendmentKind, AmendmentState, EditionState, Phase
from portal.strategy.models import Edition
from portal.strategy.publishing.models import EditionChange
from portal.strategy.publishing.queries import edition_of
from portal.strategy.publishing.services import plan_edition, publish_edition, settle_clash
from portal.strategy.services import approve_draft
from portal.text import clock
from tests import factories as make
from tests.cast import Cast

YES = Answer(AmendmentState.APPROVED, "Det er klogt.", "Ja tak. Fra august gør vi det, som I skrev.")
NO = Answer(AmendmentState.REJECTED, "Det er for dyrt.", "Nej, det kan vi ikke. Vi har ikke penge nok.")
LATER = Answer(AmendmentState.DEFERRED, "Vi mangler tid.", "Vi taler om det igen til næste år.")


@pytest.fixture
def edition(cast: Cast) -> Edition:
    return make.make_edition({"Vores mål": ["Vi hilser.", "Vi er gode ved hinanden."]})


def suggestion(cast: Cast, edition: Edition, state: AmendmentState, **values: object) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, edition, state=state, **values)


def decide(cast: Cast, amendment: Amendment, answer: Answer) -> Decision:
    return record_decision(
        amendment,
        answer,
        decided_on=clock.today(),
        meeting="Bestyrelsen",
        actor=cast.people["board_secretary"],
        now=clock.now(),
    )


def publish(cast: Cast, seen: str | None = None) -> Edition:
    cycle = get_cycle()
    assert cycle is not None
    stamp = plan_edition(cycle).stamp if seen is None else seen
    return publish_edition(approved_on=clock.today(), seen=stamp, actor=cast.people["board_secretary"], now=clock.now())


class TestSendingOn:
    def test_what_leaves_is_kept_as_it_was(self, cast: Cast, edition: Edition) -> None:
        make.make_cycle(edition)
        adopted = suggestion(cast, edition, AmendmentState.ADOPTED)
        forward_amendment(adopted, actor=cast.people["facilitator"], now=clock.now())
        kept = db.session.query(Forwarding).one()
        assert (kept.new_text, kept.base_text, kept.council_name) == (
            adopted.new_text,
            adopted.base_text,
            cast.council.name,
        )
        assert adopted.state is AmendmentState.FORWARDED

    def test_an_empty_packet_and_one_sent_twice_are_refused(self, cast: Cast, edition: Edition) -> None:
        make.make_cycle(edition)
        with pytest.raises(RuleViolation, match="at least one"):
            forward_packet([], actor=cast.people["facilitator"], now=clock.now())
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        with pytest.raises(Conflict):
            forward_packet([sent], actor=cast.people["facilitator"], now=clock.now())

    def test_a_question_brings_it_back_and_it_may_leave_again_in_the_hearing(
        self, cast: Cast, edition: Edition
    ) -> None:
        make.make_cycle(edition, Phase.HEARING)
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        with pytest.raises(RuleViolation, match="asked"):
            send_back(sent, question="", actor=cast.people["leader"], now=clock.now())
        send_back(sent, question="Gælder det også i SFO?", actor=cast.people["leader"], now=clock.now())
        assert sent.state is AmendmentState.IN_COUNCIL
        assert [row.question for row in list_open_questions(cast.council.id)] == ["Gælder det også i SFO?"]
        never = suggestion(cast, edition, AmendmentState.ADOPTED)
        sent.state = AmendmentState.ADOPTED
        forward_amendment(sent, actor=cast.people["facilitator"], now=clock.now())
        with pytest.raises(RuleViolation, match="sent back"):
            forward_amendment(never, actor=cast.people["facilitator"], now=clock.now())
        assert db.session.query(Forwarding).count() == 2

    def test_the_leadership_answers_until_it_has_and_not_what_came_back(self, cast: Cast, edition: Edition) -> None:
        make.make_cycle(edition, Phase.COUNCIL)
        sent = suggestion(cast, edition, AmendmentState.ADOPTED)
        forward_amendment(sent, actor=cast.people["facilitator"], now=clock.now())
        unanswered = select(Amendment.id).where(is_unanswered())
        assert db.session.scalars(unanswered).all() == [sent.id]
        leader = cast.people["leader"]
        write_word(sent, thinks="God idé.", happens="Vi prøver det i 2.B.", actor=leader, now=clock.now())
        assert db.session.scalars(unanswered).all() == []
        db.session.query(LeadershipWord).one().written_at -= timedelta(days=300)
        db.session.flush()
        assert db.session.scalars(unanswered).all() == [sent.id], "last year's word is no answer to this sending on"
        sent.state = AmendmentState.ADOPTED
        with pytest.raises(Conflict, match="gone back"):
            write_word(sent, thinks="God idé.", happens="Intet.", actor=leader, now=clock.now())


class TestHearing:
    def say(self, cast: Cast, amendment: Amendment, body: Body, *, version: int = 0, **values: object) -> None:
        said = Said(Stance.FOR, "Vi er for.", clock.today(), "MED-møde")
        record_statement(
            amendment, body, said, version=version, actor=cast.people["board_secretary"], now=clock.now(), **values
        )

    def test_it_is_heard_in_the_hearing_only_and_never_when_it_went_back(self, cast: Cast, edition: Edition) -> None:
        cycle = make.make_cycle(edition)
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        with pytest.raises(RuleViolation, match="hearing"):
            self.say(cast, sent, Body.MED)
        cycle.phase = Phase.HEARING
        self.say(cast, sent, Body.MED)
        with pytest.raises(Conflict):
            self.say(cast, sent, Body.MED)
        self.say(cast, sent, Body.MED, version=1)
        sent.state = AmendmentState.IN_COUNCIL
        with pytest.raises(Conflict, match="gone back"):
            self.say(cast, sent, Body.LEADERSHIP)

    def test_a_council_speaks_about_the_grown_ups_ideas_only(self, cast: Cast, edition: Edition) -> None:
        make.make_cycle(edition, Phase.HEARING)
        own = suggestion(cast, edition, AmendmentState.FORWARDED)
        staffs = make.make_amendment(None, cast.leader, edition, state=AmendmentState.FORWARDED)
        with pytest.raises(RuleViolation):
            self.say(cast, own, Body.COUNCIL, council_id=cast.council.id)
        self.say(cast, staffs, Body.COUNCIL, council_id=cast.council.id)


class TestDecisions:
    @pytest.fixture(autouse=True)
    def board(self, edition: Edition) -> None:
        make.make_cycle(edition, Phase.BOARD)

    @pytest.mark.parametrize(
        ("answer", "says"),
        [
            (Answer(AmendmentState.APPROVED, "", "Ja tak, det gør vi fra august."), "reason"),
            (Answer(AmendmentState.APPROVED, "Godt.", ""), "answer to the pupils"),
            (Answer(AmendmentState.APPROVED, "Godt.", "Ja, det er."), "whole sentence"),
            (Answer(AmendmentState.APPROVED_CHANGED, "Godt.", "Ja tak, det gør vi fra august."), "words the board"),
            (
                Answer(AmendmentState.APPROVED_CHANGED, "x", "Ja tak, det gør vi nu.", "Vi er gode ved hinanden."),
                "stand already",
            ),
            (
                Answer(AmendmentState.APPROVED_CHANGED, "x", "Ja tak, det gør vi nu.", "Vi er gode ved alle."),
                "very words",
            ),
        ],
    )
    def test_what_is_missing_is_said(self, cast: Cast, edition: Edition, answer: Answer, says: str) -> None:
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        with pytest.raises(RuleViolation, match=says):
            decide(cast, sent, answer)
        assert sent.state is AmendmentState.FORWARDED

    def test_a_yes_keeps_the_words_the_board_saw(self, cast: Cast, edition: Edition) -> None:
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        db.session.add(DecisionDraft(amendment_id=sent.id, reason="Halvt"))
        db.session.flush()
        decision = decide(cast, sent, YES)
        assert (decision.base_text, decision.new_text, decision.final_text) == (
            "Vi er gode ved hinanden.",
            "Vi er gode ved alle.",
            "Vi er gode ved alle.",
        )
        db.session.flush()
        assert db.session.query(DecisionDraft).count() == 0
        with pytest.raises(Conflict):
            decide(cast, sent, NO)

    def test_no_yes_to_what_is_no_longer_there(self, cast: Cast, edition: Edition) -> None:
        gone = suggestion(cast, edition, AmendmentState.FORWARDED, clause_key="k9")
        with pytest.raises(RuleViolation, match="no longer"):
            decide(cast, gone, YES)
        decide(cast, gone, NO)

    def test_a_day_to_come_and_one_before_the_review_are_refused(self, cast: Cast, edition: Edition) -> None:
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        for away in (1, -100):
            with pytest.raises(RuleViolation, match="day"):
                record_decision(
                    sent,
                    YES,
                    decided_on=clock.today() + timedelta(days=away),
                    meeting="",
                    actor=cast.people["board_secretary"],
                    now=clock.now(),
                )


class TestPublishing:
    @pytest.fixture(autouse=True)
    def board(self, edition: Edition) -> None:
        make.make_cycle(edition, Phase.BOARD)

    def test_unchanged_it_is_the_same_text_with_a_new_number(self, cast: Cast, edition: Edition) -> None:
        new = publish(cast)
        assert (new.number, new.state, edition.state) == (2, EditionState.APPROVED, EditionState.SUPERSEDED)
        assert [clause.text for section in new.sections for clause in section.clauses] == [
            "Vi hilser.",
            "Vi er gode ved hinanden.",
        ]
        assert get_cycle() is None

    def test_it_holds_what_was_decided_and_says_whose_it_was(self, cast: Cast, edition: Edition) -> None:
        changed = suggestion(cast, edition, AmendmentState.FORWARDED)
        added = suggestion(cast, edition, AmendmentState.FORWARDED, kind=AmendmentKind.ADD, new_text="Vi lytter.")
        staffs = make.make_amendment(
            None, cast.leader, edition, state=AmendmentState.FORWARDED, clause_key="k1", kind=AmendmentKind.REMOVE
        )
        put_off = suggestion(cast, edition, AmendmentState.FORWARDED)
        for amendment, answer in ((changed, YES), (added, YES), (staffs, YES), (put_off, LATER)):
            decide(cast, amendment, answer)
        new = publish(cast)
        assert [clause.text for section in new.sections for clause in section.clauses] == [
            "Vi er gode ved alle.",
            "Vi lytter.",
        ]
        changes = db.session.query(EditionChange).order_by(EditionChange.id).all()
        assert [change.proposed_by for change in changes] == [cast.council.name, cast.council.name, ""]
        found = edition_of(changed.id)
        assert found is not None
        assert found.number == 2
        assert (put_off.state, put_off.base_text) == (AmendmentState.IN_COUNCIL, "Vi er gode ved alle.")
        assert {changed.state, added.state, staffs.state} == {AmendmentState.IN_EDITION}

    def test_it_waits_for_every_decision_and_is_what_was_looked_at(self, cast: Cast, edition: Edition) -> None:
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        with pytest.raises(RuleViolation, match="still wait"):
            publish(cast)
        cycle = get_cycle()
        assert cycle is not None
        before = plan_edition(cycle).stamp
        decide(cast, sent, YES)
        with pytest.raises(Conflict):
            publish(cast, before)

    def test_two_texts_for_one_clause_hold_it_up_until_the_board_has_settled_them(
        self, cast: Cast, edition: Edition
    ) -> None:
        first = suggestion(cast, edition, AmendmentState.FORWARDED)
        second = suggestion(cast, edition, AmendmentState.FORWARDED, new_text="Vi er gode venner.")
        third = suggestion(cast, edition, AmendmentState.FORWARDED, new_text="Vi er søde.")
        decide(cast, first, YES)
        decide(cast, second, YES)
        decide(cast, third, NO)
        with pytest.raises(RuleViolation, match="two texts"):
            publish(cast)
        actor = cast.people["board_secretary"]
        with pytest.raises(Conflict):
            settle_clash(key="k1", words="x", actor=actor, now=clock.now())
        settle_clash(key="k2", words="Vi er gode ved alle venner.", actor=actor, now=clock.now())
        new = publish(cast)
        assert [clause.text for clause in new.sections[0].clauses] == ["Vi hilser.", "Vi er gode ved alle venner."]
        assert {first.state, second.state} == {AmendmentState.IN_EDITION}
        assert third.state is AmendmentState.REJECTED

    def test_nothing_goes_past_an_open_review(self, cast: Cast, edition: Edition) -> None:
        draft = make.make_edition({"Vores mål": ["Noget andet."]}, number=2, state=EditionState.DRAFT)
        with pytest.raises(RuleViolation, match="review is open"):
            approve_draft(draft, approved_on=clock.today(), actor=cast.people["office"], now=clock.now())


class TestPhases:
    def test_a_phase_is_left_only_when_its_open_rows_were_seen_and_a_reason_is_given(
        self, cast: Cast, edition: Edition
    ) -> None:
        cycle = make.make_cycle(edition, Phase.HEARING)
        sent = suggestion(cast, edition, AmendmentState.FORWARDED)
        rows = list_open_rows(cycle)
        assert [row.what.value for row in rows] == ["no_advice", "no_statement"]

        def move(seen_rows: str, reason: str) -> None:
            cycle_services.move_cycle(
                cycle,
                seen="hearing",
                to="board",
                seen_rows=seen_rows,
                reason=reason,
                actor=cast.people["leader"],
                now=clock.now(),
            )

        with pytest.raises(Conflict):
            move("", "Vi skal videre.")
        with pytest.raises(RuleViolation, match="why"):
            move(stamp_of(rows), "")
        move(stamp_of(rows), "MED holder møde i juni.")
        assert cycle.phase is Phase.BOARD
        passed = db.session.query(PassedRow).all()
        assert {row.amendment_id for row in passed} == {sent.id}
        assert db.session.query(PhaseMove).one().reason == "MED holder møde i juni."

    def test_a_draft_beside_the_text_holds_the_review_up(self, cast: Cast, edition: Edition) -> None:
        make.make_edition({"Vores mål": ["Noget andet."]}, number=2, state=EditionState.DRAFT)
        with pytest.raises(RuleViolation, match="draft"):
            cycle_services.open_cycle(edition, actor=cast.people["leader"], now=clock.now())


def test_each_step_is_an_act(cast: Cast, edition: Edition) -> None:
    cycle = make.make_cycle(edition)
    adopted = suggestion(cast, edition, AmendmentState.ADOPTED)
    forward_amendment(adopted, actor=cast.people["facilitator"], now=clock.now())
    write_word(adopted, thinks="Godt.", happens="Vi prøver.", actor=cast.people["leader"], now=clock.now())
    cycle.phase = Phase.BOARD
    decide(cast, adopted, YES)
    publish(cast)
    assert [act.kind for act in db.session.query(Act).order_by(Act.id)] == [
        ActKind.AMENDMENT_FORWARDED,
        ActKind.AMENDMENT_ANSWERED,
        ActKind.DECISION_RECORDED,
        ActKind.REPLY_SENT,
        ActKind.REPLY_SENT,
        ActKind.STRATEGY_APPROVED,
        ActKind.CYCLE_MOVED,
    ]
