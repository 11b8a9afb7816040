"""An answer goes back: to the class of the child whose idea it was, and to the council, until it was read aloud."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.council.meetings.models import AgendaItem, ItemKind, MeetingState
from portal.council.meetings.openers import list_openers
from portal.council.meetings.queries import items_of
from portal.council.meetings.services import start_meeting
from portal.database import db
from portal.school.models import Enrolment
from portal.strategy.amendments.models import Amendment
from portal.strategy.decisions.services import Answer, record_decision
from portal.strategy.forwarding.models import Forwarding
from portal.strategy.kinds import AmendmentState, Phase
from portal.strategy.replies import queries, services
from portal.strategy.replies.models import ReplySheet
from portal.text import clock
from tests import factories as make
from tests.council.seen import approve

REPLY = "Ja, det gør vi. Tak for en god idé."


@pytest.fixture
def edition(cast):
    edition = make.make_edition()
    make.make_cycle(edition, Phase.BOARD)
    return edition


@pytest.fixture
def amendment(cast, edition) -> Amendment:
    """Ella's idea, sent on; Viggo's became a part of it."""
    host = make.make_amendment(
        cast.council, cast.council_member, edition, state=AmendmentState.FORWARDED, title="Alle med i legen"
    )
    make.make_amendment(
        cast.council, cast.council_chair, edition, state=AmendmentState.MERGED, merged_into_id=host.id, title="Leg"
    )
    return host


def decide(cast, amendment, outcome=AmendmentState.APPROVED):
    decision = record_decision(
        amendment,
        Answer(outcome, "God idé.", REPLY),
        decided_on=clock.today(),
        meeting="",
        actor=cast.people["board_secretary"],
        now=clock.now(),
    )
    db.session.commit()
    return decision


def sheets() -> list[ReplySheet]:
    return db.session.query(ReplySheet).order_by(ReplySheet.id).all()


@pytest.mark.both
@pytest.mark.parametrize("outcome", [AmendmentState.APPROVED, AmendmentState.REJECTED, AmendmentState.DEFERRED])
def test_an_answer_goes_at_once_to_every_class_the_idea_came_from_and_to_the_council(cast, amendment, outcome):
    decide(cast, amendment, outcome)
    assert [(one.title, one.class_id, one.outcome) for one in sheets()] == [
        ("Alle med i legen", cast.sixth.id, outcome),
        ("Leg", cast.sixth.id, outcome),
        ("Alle med i legen", None, outcome),
    ]
    assert {one.text for one in sheets()} == {REPLY}


def test_what_the_staff_suggested_is_answered_to_no_class(cast, edition):
    decide(cast, make.make_amendment(None, cast.leader, edition, state=AmendmentState.FORWARDED))
    assert sheets() == []


def test_a_grown_ups_suggestion_in_the_council_is_answered_to_the_council(cast, edition):
    decide(cast, make.make_amendment(cast.council, cast.facilitator, edition, state=AmendmentState.FORWARDED))
    assert [(one.pupil_id, one.class_id) for one in sheets()] == [(None, None)]


@pytest.mark.both
def test_the_class_teacher_finds_two_answers_on_the_front_page_and_ticks_them(cast, amendment, client_of):
    decide(cast, amendment)
    teacher = client_of(cast.teacher_elsewhere)
    home = teacher.get("/").text
    for sheet in sheets()[:2]:
        assert f'href="/strategy/replies/{sheet.id}"' in home
        assert REPLY in teacher.get(f"/strategy/replies/{sheet.id}").text
        assert teacher.send(f"/strategy/replies/{sheet.id}/read", {"seen": sheet.stamp}).status_code == 303
    assert "/strategy/replies/" not in teacher.get("/").text
    db.session.expire_all()
    assert [one.read_by_id for one in sheets()] == [cast.teacher_elsewhere.id, cast.teacher_elsewhere.id, None]


def test_a_second_tick_changes_nothing(cast, amendment):
    decide(cast, amendment)
    first = queries.get_reply(sheets()[0].id)
    services.mark_read(first, seen=first.stamp, actor=cast.people["teacher_elsewhere"], now=clock.now())
    services.mark_read(first, seen=first.stamp, actor=cast.people["facilitator"], now=clock.now() + timedelta(days=1))
    assert (sheets()[0].read_by_id, sheets()[0].read_at) == (cast.teacher_elsewhere.id, clock.now())


def test_nobody_else_reads_a_sheet_or_ticks_it(cast, amendment, client_of):
    decide(cast, amendment)
    of_class, _, of_council = sheets()
    readers = {"teacher_elsewhere", "facilitator"}
    for name, user in cast.users.items():
        browser = client_of(user)
        seen = browser.get(f"/strategy/replies/{of_class.id}").status_code
        assert seen == (200 if name in readers else 404), name
        if name not in readers:
            assert browser.send(f"/strategy/replies/{of_class.id}/read", {}).status_code == 404, name
    assert client_of(cast.teacher_elsewhere).send(f"/strategy/replies/{of_council.id}/read", {}).status_code == 404
    seen = {"seen": of_council.stamp}
    assert client_of(cast.facilitator).send(f"/strategy/replies/{of_council.id}/read", seen).status_code == 303


def test_an_answer_follows_the_child_to_the_class_it_is_in_now(cast, amendment, client_of):
    decide(cast, amendment)
    sheet = sheets()[0]
    yesterday = clock.today() - timedelta(days=1)
    db.session.query(Enrolment).filter_by(pupil_id=cast.ella.id).update({"ends_on": yesterday})
    make.enrol(cast.ella, cast.third, starts_on=clock.today())
    db.session.commit()
    assert queries.get_reply(sheet.id).label == "3.A"
    assert f'href="/strategy/replies/{sheet.id}"' in client_of(cast.class_teacher).get("/").text
    assert client_of(cast.teacher_elsewhere).get(f"/strategy/replies/{sheet.id}").status_code == 404


def test_the_answer_to_a_child_that_left_the_school_goes_to_its_last_class(cast, amendment):
    yesterday = clock.today() - timedelta(days=1)
    db.session.query(Enrolment).filter_by(pupil_id=cast.ella.id).update({"ends_on": yesterday})
    decide(cast, amendment)
    assert [queries.get_reply(one.id).class_id for one in sheets()] == [cast.sixth.id, cast.sixth.id, None]


def test_the_sheet_names_no_child(cast, amendment, client_of):
    decide(cast, amendment)
    page = client_of(cast.teacher_elsewhere).get(f"/strategy/replies/{sheets()[0].id}").text
    article = page[page.index("<article") : page.index("</article>")]
    assert "Ella" not in article
    assert "Viggo" not in article


# --- on the agenda


def test_what_was_not_heard_opens_the_next_meeting_until_it_is_ticked(cast, amendment, client_of):
    decide(cast, amendment)
    meeting = make.make_meeting(cast.council)
    make.make_item(meeting)
    db.session.commit()
    facilitator = client_of(cast.facilitator)
    assert "Svaret på: Alle med i legen" in facilitator.get(f"/council/meetings/{meeting.id}").text
    facilitator.send(f"/council/meetings/{meeting.id}/start", {})
    db.session.expire_all()
    first, second = items_of(meeting.id)
    assert (first.amendment_id, first.told, second.title) == (amendment.id, REPLY, "Frikvarteret")
    [of_council] = [one for one in sheets() if one.class_id is None]
    assert f"/strategy/replies/{of_council.id}/read" in facilitator.get(f"/council/meetings/{meeting.id}").text
    assert list_openers(cast.council.id, now=clock.now()) != []
    facilitator.send(f"/strategy/replies/{of_council.id}/read", {"seen": of_council.stamp})
    db.session.expire_all()
    assert list_openers(cast.council.id, now=clock.now()) == []


def test_a_class_that_has_not_heard_for_two_weeks_is_the_councils_matter(cast, amendment):
    decide(cast, amendment)
    *of_classes, of_council = sheets()
    reply = queries.get_reply(of_council.id)
    services.mark_read(reply, seen=reply.stamp, actor=cast.people["facilitator"], now=clock.now())
    almost, late = timedelta(days=13, hours=23), timedelta(days=14)
    assert list_openers(cast.council.id, now=clock.now() + almost) == []
    found = list_openers(cast.council.id, now=clock.now() + late)
    assert [one.amendment_id for one in found] == [one.amendment_id for one in of_classes]


def test_a_question_from_the_leadership_opens_the_meeting_and_what_stood_there_moves_up(cast, edition):
    asked = make.make_amendment(cast.council, cast.council_member, edition)
    sent = {"base_text": "", "new_text": "", "reason": "", "revision": 1, "forwarded_by_id": cast.facilitator.id}
    times = {"forwarded_at": clock.now() - timedelta(days=9), "sent_back_at": clock.now()}
    db.session.add(Forwarding(amendment_id=asked.id, question="Hvem skal gøre det?", **sent, **times))
    meeting = make.make_meeting(cast.council)
    make.make_item(meeting)
    make.make_item(meeting, asked)
    start_meeting(meeting, now=clock.now())
    assert [(item.amendment_id, item.told, item.title) for item in items_of(meeting.id)] == [
        (asked.id, "Hvem skal gøre det?", ""),
        (None, "", "Frikvarteret"),
    ]
    assert asked.has_open_vote


def test_the_contact_teacher_sees_which_answers_are_left(cast, amendment, client_of):
    decide(cast, amendment)
    path = f"/council/{cast.council.id}/answers"
    assert client_of(cast.facilitator).get(path).text.count("Venter på klasselæreren i 6.A") == 2
    assert client_of(cast.council_member).get(path).status_code == 403
    assert client_of(cast.guardian).get(path).status_code == 404


# --- what a meeting saw is kept


@pytest.mark.both
def test_minutes_stay_word_for_word_when_the_suggestion_goes_on(cast, edition, client_of):
    amendment = make.make_amendment(cast.council, cast.council_member, edition, title="Alle med")
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    make.make_item(meeting, amendment, kind=ItemKind.DISCUSS)
    db.session.commit()
    facilitator = client_of(cast.facilitator)
    facilitator.send(f"/council/meetings/{meeting.id}/close", {})
    approve(facilitator, f"/council/meetings/{meeting.id}")
    path = f"/council/meetings/{meeting.id}/print"
    before = main_of(facilitator.get(path).text)
    db.session.expire_all()
    amendment = db.session.get_one(Amendment, amendment.id)
    amendment.title, amendment.new_text, amendment.base_text = "Andet", "Helt andre ord.", "Andre gamle ord."
    amendment.state = AmendmentState.WITHDRAWN
    db.session.commit()
    assert main_of(facilitator.get(path).text) == before
    assert db.session.query(AgendaItem).one().kept_title == "Alle med"


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]
