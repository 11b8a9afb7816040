"""What a student council's people are told, and what they are not. A mail about a council names no child."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.accounts.models import Role
from portal.acts.models import Act, ActKind
from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.database import db
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.strategy.amendments.models import Amendment
from portal.strategy.comments.models import Comment
from portal.strategy.kinds import AmendmentState
from portal.strategy.models import Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.council.seen import approve
from tests.notifications.post_office import Inbox, tell, told_of, unread_of, whole_text, work

NAMES = ("Ella", "Viggo", "Nils", "6.A", "3.A", "None")


@pytest.fixture
def council(addressed: Cast) -> Cast:
    """The cast with a second facilitator, a substitute, and another council with people of its own."""
    make.make_facilitator(addressed.council, addressed.teacher_elsewhere)
    nils = make.make_pupil(addressed.sixth, "Nils")
    nils.user_id = addressed.newcomer.id
    make.seat(addressed.council, nils, addressed.sixth, is_substitute=True)
    other = make.make_council("Det lille elevråd", (0, 3))
    make.make_facilitator(other, addressed.class_teacher)
    make.make_cycle(make.make_edition())
    db.session.commit()
    return addressed


EVERYBODY = {"council_member", "council_chair", "newcomer", "facilitator", "teacher_elsewhere"}


def draft(cast: Cast, **values: object) -> Amendment:
    edition = db.session.query(Edition).one()
    return make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.DRAFT, **values)


def names_nobody(inbox: Inbox, *more: str) -> None:
    assert inbox.mails
    for mail in inbox.mails:
        text = whole_text(mail)
        for secret in (*NAMES, *more):
            assert secret not in text


@pytest.mark.both
def test_a_suggestion_is_told_to_the_council_but_not_to_its_author(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    amendment = draft(council)
    page = f"/strategy/amendments/{amendment.id}"
    assert client_of(council.council_member).send(f"{page}/submit", {"version": 1}).status_code == 303
    work(worker)
    assert told_of(council, ActKind.AMENDMENT_SUBMITTED) == EVERYBODY - {"council_member"}
    names_nobody(inbox, amendment.new_text, amendment.reason)
    assert inbox.mails[0]["Subject"] == "Et nyt forslag i elevrådet"
    assert page in whole_text(inbox.mails[0])
    assert "Et nyt forslag i elevrådet" in client_of(council.council_chair).get("/notifications/").text


def test_a_facilitator_who_submits_for_the_author_is_not_told_and_neither_is_the_author(
    council: Cast, worker: Worker, client_of: ClientOf
) -> None:
    amendment = draft(council)
    client_of(council.facilitator).send(f"/strategy/amendments/{amendment.id}/submit", {"version": 1})
    work(worker)
    assert told_of(council, ActKind.AMENDMENT_SUBMITTED) == EVERYBODY - {"council_member", "facilitator"}


def test_a_suggestion_that_is_taken_back_is_not_mailed(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf
) -> None:
    amendment = draft(council)
    ella = client_of(council.council_member)
    ella.send(f"/strategy/amendments/{amendment.id}/submit", {"version": 1})
    tell(worker)
    ella.send(f"/strategy/amendments/{amendment.id}/withdraw", {"note": ""})
    work(worker)
    assert inbox.mails == []


def test_a_pupil_whose_seat_has_ended_is_told_nothing(council: Cast, worker: Worker, client_of: ClientOf) -> None:
    (enrolment,) = council.viggo.enrolments
    enrolment.class_id = council.third.id
    amendment = draft(council)
    client_of(council.council_member).send(f"/strategy/amendments/{amendment.id}/submit", {"version": 1})
    work(worker)
    assert "council_chair" not in told_of(council, ActKind.AMENDMENT_SUBMITTED)


def test_saying_something_about_it_counts_as_having_seen_it(council: Cast, worker: Worker, client_of: ClientOf) -> None:
    amendment = draft(council)
    page = f"/strategy/amendments/{amendment.id}"
    client_of(council.council_member).send(f"{page}/submit", {"version": 1})
    work(worker)
    viggo = client_of(council.council_chair)
    viggo.get(page)
    assert unread_of(council.council_chair) == 1
    viggo.send(f"{page}/comments/new", {"text": "God idé"})
    assert unread_of(council.council_chair) == 0
    assert unread_of(council.facilitator) == 1


def plan(browser: IsolatedClient, cast: Cast) -> CouncilMeeting:
    sent = {"day": "2026-12-09", "time": "10:00", "place": "Det hemmelige rum"}
    assert browser.send(f"/council/{cast.council.id}/meetings/new", sent).status_code == 303
    return db.session.query(CouncilMeeting).one()


@pytest.mark.both
def test_a_meeting_that_is_planned_is_told_to_the_whole_council(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    meeting = plan(client_of(council.facilitator), council)
    work(worker)
    assert told_of(council, ActKind.COUNCIL_MEETING_PLANNED) == EVERYBODY - {"facilitator"}
    names_nobody(inbox, "hemmelige")
    assert f"/council/meetings/{meeting.id}" in whole_text(inbox.mails[0])


@pytest.mark.both
def test_a_meeting_that_is_called_off_is_told_as_that_alone(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    lars = client_of(council.facilitator)
    meeting = plan(lars, council)
    tell(worker)
    assert lars.send(f"/council/meetings/{meeting.id}/cancel").status_code == 303
    work(worker)
    assert {mail["Subject"] for mail in inbox.mails} == {"Et elevrådsmøde er aflyst"}
    assert told_of(council, ActKind.COUNCIL_MEETING_PLANNED) == set()
    assert told_of(council, ActKind.COUNCIL_MEETING_CANCELLED) == EVERYBODY - {"facilitator"}
    assert unread_of(council.council_member) == 1
    assert client_of(council.council_member).get(f"/council/meetings/{meeting.id}").status_code == 200


def test_a_meeting_that_is_over_is_told_to_nobody(
    council: Cast, worker: Worker, client_of: ClientOf, wall_clock: Move
) -> None:
    plan(client_of(council.facilitator), council)
    wall_clock(timedelta(days=20))
    work(worker)
    assert told_of(council, ActKind.COUNCIL_MEETING_PLANNED) == set()


@pytest.mark.both
def test_approved_minutes_are_told_to_the_council_and_the_leadership(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    gone = make.make_user("Gunnar")
    make.grant(gone, Role.LEADERSHIP, ends_on=clock.today() - timedelta(days=1))
    meeting = make.make_meeting(council.council, MeetingState.MINUTES_DRAFT)
    assert approve(client_of(council.facilitator), f"/council/meetings/{meeting.id}").status_code == 303
    work(worker)
    assert told_of(council, ActKind.MINUTES_APPROVED) == (EVERYBODY | {"leader"}) - {"facilitator"}
    assert db.session.query(Delivery).filter_by(user_id=gone.id).count() == 0
    names_nobody(inbox)
    (line,) = db.session.query(Delivery).filter_by(user_id=council.leader.id, channel=Channel.PORTAL)
    leader = client_of(council.leader)
    opened = leader.send(f"/notifications/{line.id}/opened")
    assert opened.location == f"/council/meetings/{meeting.id}/minutes"
    assert leader.get(opened.location).status_code == 200


@pytest.mark.both
def test_approved_minutes_tell_each_class_team_of_the_council_that_its_sheet_is_ready(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    meeting = make.make_meeting(council.council, MeetingState.MINUTES_DRAFT)
    assert approve(client_of(council.facilitator), f"/council/meetings/{meeting.id}").status_code == 303
    work(worker)
    assert told_of(council, ActKind.CLASS_SHEET_READY) == {"teacher_elsewhere"}, (
        "who approves them knows; 3.A has not met"
    )
    names_nobody(inbox)
    teacher = client_of(council.teacher_elsewhere)
    lines = db.session.query(Delivery).join(Act).filter(Act.kind == ActKind.CLASS_SHEET_READY)
    (line,) = lines.filter(Delivery.channel == Channel.PORTAL)
    page = teacher.get(teacher.send(f"/notifications/{line.id}/opened").location)
    assert f"/council/meetings/{meeting.id}/classes/{council.sixth.id}" in page.text


def test_a_pupil_without_an_address_finds_it_in_the_list_alone(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf
) -> None:
    council.council_member.email = None
    plan(client_of(council.facilitator), council)
    work(worker)
    assert "council_member" in told_of(council, ActKind.COUNCIL_MEETING_PLANNED)
    assert "council_member" not in told_of(council, ActKind.COUNCIL_MEETING_PLANNED, Channel.MAIL)
    assert "Elevrådet skal mødes" in client_of(council.council_member).get("/notifications/").text


@pytest.fixture
def comment(council: Cast) -> Comment:
    comment = make.make_comment(council.council, council.council_member, draft(council), text="Viggo er dum")
    db.session.commit()
    return comment


@pytest.mark.both
def test_a_reported_comment_is_told_to_the_facilitators_at_once(
    council: Cast, comment: Comment, worker: Worker, inbox: Inbox, client_of: ClientOf, database: str
) -> None:
    viggo = client_of(council.council_chair)
    for _ in range(2):
        assert viggo.send(f"/strategy/comments/{comment.id}/report").status_code == 303
    worker.round()
    assert told_of(council, ActKind.COMMENT_REPORTED) == {"facilitator", "teacher_elsewhere"}
    assert sorted(inbox.addresses) == ["facilitator@hjem.example", "teacher-elsewhere@hjem.example"]
    names_nobody(inbox, "dum")
    assert "/strategy/comments/reported" in whole_text(inbox.mails[0])
    (line,) = db.session.query(Delivery).filter_by(user_id=council.facilitator.id, channel=Channel.PORTAL)
    lars = client_of(council.facilitator)
    assert lars.send(f"/notifications/{line.id}/opened").location == "/strategy/comments/reported"
    assert "Viggo er dum" in lars.get("/strategy/comments/reported").text


def test_hiding_it_counts_as_having_seen_the_report(
    council: Cast, comment: Comment, worker: Worker, client_of: ClientOf
) -> None:
    client_of(council.council_chair).send(f"/strategy/comments/{comment.id}/report")
    work(worker)
    assert unread_of(council.facilitator) == 1
    client_of(council.facilitator).send(f"/strategy/comments/{comment.id}/hide")
    assert unread_of(council.facilitator) == 0
    assert unread_of(council.teacher_elsewhere) == 1, "the colleague still learns of it"


def test_a_pupil_s_mail_does_not_greet_by_name(
    council: Cast, worker: Worker, inbox: Inbox, client_of: ClientOf
) -> None:
    plan(client_of(council.facilitator), council)
    work(worker)
    by_address = dict(zip(inbox.addresses, inbox.mails, strict=True))
    assert "Hej Tine" in whole_text(by_address["teacher-elsewhere@hjem.example"])
    assert "Hej\r\n" in whole_text(by_address["council-member@hjem.example"])
