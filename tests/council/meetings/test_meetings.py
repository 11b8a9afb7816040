"""A council's meetings from plan to approved minutes, by the pages and past them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import User
from portal.acts.models import Act, ActKind
from portal.council.meetings.models import AgendaItem, Attendance, CouncilMeeting, ItemKind, MeetingState
from portal.council.meetings.queries import attendance_of
from portal.council.queries import list_seats
from portal.council.screen.queries import stamp_of
from portal.database import db
from portal.database.stamps import NONE
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.kinds import AmendmentState
from portal.strategy.models import Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.council.seen import approve, note

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

HANDS = {"yes": 2, "no": 0, "abstain": 0, "result": "adopted", "revision": 1}


@pytest.fixture
def meeting(cast: Cast, amendment: Amendment) -> CouncilMeeting:
    """A meeting that is about the amendment, going on, with both members there."""
    amendment.has_open_vote = True
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    make.make_item(meeting, amendment)
    for seat in list_seats(cast.council.id, today=clock.today()):
        db.session.add(Attendance(meeting_id=meeting.id, member_id=seat.id))
    db.session.flush()
    return meeting


def only_item() -> AgendaItem:
    db.session.expire_all()
    return db.session.query(AgendaItem).one()


def only_meeting() -> CouncilMeeting:
    db.session.expire_all()
    return db.session.query(CouncilMeeting).one()


def result_path(meeting: CouncilMeeting) -> str:
    item = db.session.query(AgendaItem).filter(AgendaItem.meeting_id == meeting.id).one()
    return f"/council/items/{item.id}/result"


def test_from_plan_to_approved_minutes(cast: Cast, lars: IsolatedClient, amendment: Amendment) -> None:
    council = f"/council/{cast.council.id}"
    planned = lars.send(f"{council}/meetings/new", {"day": "2026-12-09", "time": "10:00", "place": "Biblioteket"})
    meeting = only_meeting()
    page = f"/council/meetings/{meeting.id}"
    assert planned.location == page
    assert meeting.starts_at == datetime(2026, 12, 9, 9, 0, tzinfo=UTC), "typed on the school's clock"
    assert lars.send(f"{page}/start").status_code == 422, "an empty agenda"
    add = {"about": f"amendment {amendment.id}", "kind": "decide"}
    assert lars.send(f"{page}/items/new", add).status_code == 303
    assert lars.send(f"{page}/items/new", add).status_code == 422, "it stands there already"
    assert lars.send(f"{page}/start").location == f"{page}/attendance"
    db.session.refresh(amendment)
    assert amendment.has_open_vote
    seats = [seat.id for seat in list_seats(cast.council.id, today=clock.today())]
    assert note(lars, f"{page}/attendance", seats).status_code == 303
    item = only_item()
    lars.send(f"/council/items/{item.id}/notes", {"notes": "De små vil også med.", "version": item.version})
    assert lars.send(f"/council/items/{item.id}/result", HANDS).status_code == 303
    assert lars.send(f"{page}/close").location == f"{page}/minutes"
    assert approve(lars, page).status_code == 303
    assert only_meeting().state == MeetingState.MINUTES_APPROVED
    db.session.refresh(amendment)
    assert (amendment.state, amendment.has_open_vote) == (AmendmentState.ADOPTED, False)
    minutes = lars.get(f"{page}/minutes").text
    for words in ("De små vil også med.", "2 yes", "Ella, 6.A", "Viggo, 6.A", "The council says yes"):
        assert words in minutes, words
    assert "2 yes" not in lars.get(f"/strategy/amendments/{amendment.id}").text
    assert "What the council decided" in lars.get(f"/strategy/amendments/{amendment.id}").text


def test_names_stay_inside_the_council(cast: Cast, client_of: ClientOf, meeting: CouncilMeeting) -> None:
    page = f"/council/meetings/{meeting.id}"
    for name in ("office", "leader"):
        assert client_of(cast.users[name]).get(f"{page}/minutes").status_code == 404, "not before they are approved"
    meeting.state, meeting.approved_at = MeetingState.MINUTES_APPROVED, clock.now()
    for name in ("office", "leader"):
        browser = client_of(cast.users[name])
        for path in ("minutes", "print"):
            text = browser.get(f"{page}/{path}").text
            assert "2 were there" in text
            assert "Ella" not in text
            assert "Viggo" not in text
        assert browser.get(page).status_code == 403
    member = client_of(cast.council_member)
    assert "Viggo, 6.A" in member.get(f"{page}/minutes").text
    assert "Viggo" not in member.get(f"{page}/print").text
    assert "Holm" not in member.get(f"{page}/minutes").text


@pytest.mark.parametrize(
    "name", ["guardian", "class_teacher", "teacher_elsewhere", "leader", "office", "council_member", "council_chair"]
)
def test_only_the_facilitator_plans_and_runs(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, name: str
) -> None:
    browser, page, item = client_of(cast.users[name]), f"/council/meetings/{meeting.id}", only_item()
    sends: list[tuple[str, dict[str, Any]]] = [
        (f"/council/{cast.council.id}/meetings/new", {"day": "2026-12-09", "time": "10:00"}),
        *((f"{page}/{verb}", {}) for verb in ("start", "attendance", "close", "approve", "cancel")),
        (f"{page}/items/new", {"title": "x", "kind": "discuss"}),
        (f"/council/items/{item.id}/remove", {}),
        (f"/council/items/{item.id}/result", HANDS),
        (f"/council/items/{item.id}/notes", {"notes": "x", "version": 1}),
    ]
    for path, data in sends:
        assert browser.send(path, data).status_code in (403, 404), path
    assert only_meeting().state == MeetingState.IN_PROGRESS
    assert db.session.query(Vote).count() == 0


def test_a_substitute_follows_and_the_other_council_does_not(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting
) -> None:
    nils, anton = make.make_pupil(cast.sixth, "Nils"), make.make_pupil(cast.third, "Anton")
    make.seat(cast.council, nils, cast.sixth, is_substitute=True)
    make.seat(make.make_council("Det lille elevråd", (0, 3)), anton, cast.third)
    page = f"/council/meetings/{meeting.id}"
    substitute, other = (client_of(db.session.get_one(User, pupil.user_id)) for pupil in (nils, anton))
    assert substitute.get(page).status_code == 200
    assert substitute.send(f"{page}/close").status_code == 403
    assert other.get(page).status_code == other.get(f"{page}/minutes").status_code == 404


@pytest.mark.both
def test_two_who_write_the_result_at_the_same_moment_write_one(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, database: str
) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    path = result_path(meeting)
    answers = at_once(
        partial(client_of(cast.facilitator).send, path, HANDS),
        partial(client_of(cast.class_teacher).send, path, {**HANDS, "yes": 0, "no": 2, "result": "not_adopted"}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert db.session.query(Vote).count() == 1
    assert db.session.query(Act).filter(Act.kind == ActKind.AMENDMENT_DECIDED).count() == 1


def test_a_double_click_is_one_result(lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    path = result_path(meeting)
    assert [lars.send(path, HANDS, key="k" * 32).status_code for _ in range(2)] == [303, 303]
    assert db.session.query(Vote).count() == 1
    assert lars.send(path, HANDS).status_code == 409


@pytest.mark.parametrize(
    "hands",
    [
        {"yes": 3},
        {"yes": 1, "no": 1, "abstain": 1},
        {"yes": -1},
        {"no": -5, "yes": 2},
        {"yes": "9" * 30},
        {"yes": "9" * 5000},
        {"yes": "1.5"},
        {"yes": "to"},
        {"yes": 1, "no": 1},
        {"yes": 0, "no": 0},
        {"yes": 2, "result": "not_adopted"},
        {"yes": 2, "is_agreed": "y"},
        {"result": "approved"},
        {"result": ""},
        {"result": "x"},
        {"revision": 2},
        {"revision": ""},
        {"revision": "-1"},
    ],
    ids=str,
)
def test_hands_that_cannot_be_are_refused(lars: IsolatedClient, meeting: CouncilMeeting, hands: dict[str, Any]) -> None:
    answer = lars.send(result_path(meeting), {**HANDS, **hands})
    assert answer.status_code == 422
    assert db.session.query(Vote).count() == 0
    assert db.session.query(Amendment).one().state == AmendmentState.IN_COUNCIL


def test_nobody_there_decides_nothing(lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    db.session.query(Attendance).delete()
    for data in ({**HANDS, "yes": 0, "is_agreed": "y"}, HANDS):
        assert lars.send(result_path(meeting), data).status_code == 422
    assert lars.send(result_path(meeting), {**HANDS, "yes": 0, "result": "postponed"}).status_code == 303


def test_all_may_agree_without_counting(lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    assert lars.send(result_path(meeting), {"result": "adopted", "is_agreed": "y", "revision": 1}).status_code == 303
    vote = db.session.query(Vote).one()
    assert (vote.is_agreed, vote.yes_count, vote.present_count) == (True, 0, 2)


@pytest.mark.both
@pytest.mark.parametrize("counts", [(3, 0, 0), (-1, 0, 0), (1, 1, 1)])
def test_the_database_itself_refuses_more_hands_than_present(
    amendment: Amendment, database: str, counts: tuple[int, int, int]
) -> None:
    yes, no, abstain = counts
    db.session.add(
        Vote(
            amendment_id=amendment.id,
            revision=1,
            result=AmendmentState.ADOPTED,
            yes_count=yes,
            no_count=no,
            abstain_count=abstain,
            present_count=2,
            decided_at=clock.now(),
        )
    )
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def on_agenda(meeting: CouncilMeeting) -> list[int | None]:
    rows = db.session.query(AgendaItem).filter(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.position)
    return [item.amendment_id for item in rows]


def test_what_is_postponed_comes_up_at_the_next_meeting_that_is_to_come(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    forgotten = make.make_meeting(cast.council, starts_at=clock.now() - timedelta(days=7))
    planned = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    lars.send(result_path(meeting), {**HANDS, "yes": 0, "result": "postponed"})
    db.session.refresh(amendment)
    assert amendment.state == AmendmentState.POSTPONED
    assert lars.send(f"/council/meetings/{meeting.id}/close").status_code == 303
    lars.send(f"/council/{cast.council.id}/meetings/new", {"day": "2026-12-09", "time": "10:00"})
    later = db.session.query(CouncilMeeting).order_by(CouncilMeeting.id.desc()).first()
    assert later is not None
    assert [on_agenda(one) for one in (forgotten, planned, later)] == [[], [amendment.id], []]
    lars.send(f"/council/meetings/{planned.id}/cancel")
    assert on_agenda(later) == [amendment.id], "what a meeting that is called off should have done is carried on"
    lars.send(f"/council/meetings/{later.id}/start")
    db.session.refresh(amendment)
    assert (amendment.state, amendment.has_open_vote) == (AmendmentState.IN_COUNCIL, True)
    assert lars.send(f"/council/meetings/{later.id}/close").status_code == 303
    db.session.refresh(amendment)
    assert (amendment.state, amendment.has_open_vote) == (AmendmentState.IN_COUNCIL, False)


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("2026-11-22", "10:00"),
        ("2026-11-23", "08:00"),
        ("2027-03-28", "02:30"),
        ("0001-01-01", "00:10"),
        ("9999-12-31", "23:59"),
        ("2026-13-01", "10:00"),
        ("2026-12-09", "25:00"),
        ("", "10:00"),
        ("2026-12-09", ""),
    ],
    ids=[
        "yesterday",
        "this morning",
        "left out in spring",
        "long ago",
        "far off",
        "no month",
        "no hour",
        "no day",
        "no time",
    ],
)
def test_a_time_that_cannot_be_is_refused(cast: Cast, lars: IsolatedClient, day: str, time: str) -> None:
    answer = lars.send(f"/council/{cast.council.id}/meetings/new", {"day": day, "time": time, "place": "Hallen"})
    assert answer.status_code == 422
    assert "Hallen" in answer.text
    assert db.session.query(CouncilMeeting).count() == 0


def test_an_amendment_of_another_council_cannot_be_put_on_the_agenda(
    cast: Cast, lars: IsolatedClient, edition: Edition
) -> None:
    other = make.make_amendment(make.make_council("Det lille elevråd", (0, 3)), cast.council_chair, edition)
    draft = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.DRAFT)
    meeting = make.make_meeting(cast.council)
    for amendment_id in (other.id, draft.id, 999_999):
        for about in (f"amendment {amendment_id}", f"amendment-{amendment_id}", f"amendment {'9' * 40}"):
            answer = lars.send(f"/council/meetings/{meeting.id}/items/new", {"about": about, "kind": "decide"})
            assert answer.status_code == 422
    assert db.session.query(AgendaItem).count() == 0


def test_a_suggestion_that_waits_is_put_on_the_agenda_with_one_press(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, amendment: Amendment
) -> None:
    page = f"/council/meetings/{make.make_meeting(cast.council).id}"
    assert "Suggestions that wait" in lars.get(page).text
    nils = make.make_pupil(cast.sixth, "Nils")
    make.seat(cast.council, nils, cast.sixth, is_substitute=True)
    assert "Suggestions that wait" in client_of(cast.council_member).get(page).text
    assert "Suggestions that wait" not in client_of(db.session.get_one(User, nils.user_id)).get(page).text
    lars.send(f"{page}/items/new", {"about": f"amendment {amendment.id}", "kind": "decide"})
    assert "Suggestions that wait" not in lars.get(page).text
    assert only_item().amendment_id == amendment.id


def test_an_agenda_holds_clauses_sections_and_free_words(cast: Cast, lars: IsolatedClient, edition: Edition) -> None:
    meeting = make.make_meeting(cast.council)
    path = f"/council/meetings/{meeting.id}"
    clause = edition.sections[0].clauses[0]
    for data in (
        {"about": f"section {edition.sections[0].position + 1}", "kind": "inform"},
        {"about": f"clause {clause.key}", "kind": "discuss"},
        {"title": "<b>Bolde</b>", "kind": "discuss"},
    ):
        assert lars.send(f"{path}/items/new", data).status_code == 303, data
    for data in ({"kind": "discuss"}, {"title": "x" * 161, "kind": "discuss"}, {"title": "x", "kind": "sing"}):
        assert lars.send(f"{path}/items/new", data).status_code == 422
    page = lars.get(path).text
    assert f"/strategy/clauses/{clause.key}" in page
    assert "&lt;b&gt;Bolde" in page
    item = db.session.query(AgendaItem).filter(AgendaItem.kind == ItemKind.INFORM).one()
    assert lars.send(f"/council/items/{item.id}/remove").status_code == 303
    assert db.session.query(AgendaItem).count() == 2


def test_who_was_not_elected_was_not_there(cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    foreign = make.seat(make.make_council("Det lille elevråd", (0, 3)), cast.alma, cast.third)
    for present in ([foreign.id], [999_999], ["x"], ["-1"]):
        assert note(lars, f"/council/meetings/{meeting.id}/attendance", present).status_code == 422
    assert db.session.query(Attendance).count() == 2


def test_who_was_here_at_a_result_stays_on_the_list_and_late_ones_come(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, edition: Edition
) -> None:
    late = make.seat(cast.council, cast.noah, cast.third)
    present = sorted(db.session.scalars(select(Attendance.member_id)))
    path = f"/council/meetings/{meeting.id}/attendance"
    assert note(lars, path, present[:1]).status_code == 303, "nothing is decided yet"
    assert note(lars, path, present).status_code == 303
    amendment = make.make_amendment(cast.council, cast.council_member, edition, has_open_vote=True)
    item = make.make_item(meeting, amendment)
    result = {"yes": 2, "no": 0, "abstain": 0, "result": AmendmentState.ADOPTED.value, "revision": 1}
    assert lars.send(f"/council/items/{item.id}/result", result).status_code == 303
    assert note(lars, path, present[:1]).status_code == 422
    assert note(lars, path, [*present, late.id]).status_code == 303
    assert set(db.session.scalars(select(Attendance.member_id))) == {*present, late.id}


@pytest.mark.parametrize("state", list(MeetingState), ids=lambda state: state.value)
def test_every_step_of_a_meeting_leads_on_from_its_own_place(
    cast: Cast, lars: IsolatedClient, state: MeetingState
) -> None:
    allowed = {
        MeetingState.PLANNED: {"start", "cancel", "items/new"},
        MeetingState.IN_PROGRESS: {"close", "attendance", "items/new", "notes", "cancel-start", "day"},
        MeetingState.MINUTES_DRAFT: {"approve", "notes", "day"},
    }.get(state, set())
    for step in (
        "start",
        "cancel",
        "close",
        "approve",
        "attendance",
        "items/new",
        "notes",
        "remove",
        "cancel-start",
        "day",
    ):
        meeting = make.make_meeting(cast.council, state)
        item = make.make_item(meeting)
        page = f"/council/items/{item.id}" if step in {"notes", "remove"} else f"/council/meetings/{meeting.id}"
        data: dict[str, object] = {"notes": "x", "version": 1, "title": "y", "kind": "discuss", "day": "2026-11-20"}
        if step == "approve":
            data["seen"] = stamp_of(meeting.id)
        expected = 303 if step in allowed or (step == "remove" and state == MeetingState.PLANNED) else 409
        assert lars.send(f"{page}/{step}", data).status_code == expected, step
        db.session.refresh(meeting)  # one goes on at a time
        meeting.state, meeting.approved_at = MeetingState.CANCELLED, None


@pytest.mark.both
def test_the_second_who_writes_notes_gets_both_texts(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, database: str
) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    path = f"/council/items/{only_item().id}/notes"
    answers = at_once(
        *(
            partial(client_of(user).send, path, {"notes": notes, "version": 1})
            for user, notes in ((cast.facilitator, "Den ene skrev."), (cast.class_teacher, "Den anden skrev."))
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    refused = next(answer for answer in answers if answer.status_code == 409).text
    assert "Den ene skrev." in refused
    assert "Den anden skrev." in refused


def test_of_two_who_write_down_who_is_here_the_second_is_told_and_nothing_ticked_is_lost(
    cast: Cast, client_of: ClientOf
) -> None:
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    path, lars = f"/council/meetings/{meeting.id}/attendance", client_of(cast.facilitator)
    ella, viggo = (seat.id for seat in list_seats(cast.council.id, today=clock.today()))
    assert lars.send(path, {"present": [ella], "seen": NONE}).status_code == 303
    late = lars.send(path, {"present": [viggo], "seen": NONE})
    assert late.status_code == 409
    assert "Look below, and save again." in late.text
    assert f'value="{viggo}" checked' in late.text or f'checked value="{viggo}"' in late.text
    assert f'name="seen" type="hidden" value="{ella}"' in late.text
    assert {row.member_id for row in attendance_of(meeting.id)} == {ella}
    assert lars.send(path, {"present": [viggo, ella], "seen": str(ella)}).status_code == 303
    assert {row.member_id for row in attendance_of(meeting.id)} == {ella, viggo}
    assert lars.send(path, {"present": [viggo, ella], "seen": NONE}).status_code == 303, "the same list twice is once"


def test_home_and_the_council_say_what_comes_next(
    cast: Cast, client_of: ClientOf, amendment: Amendment, wall_clock: Move
) -> None:
    meeting = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=1))
    for user in (cast.council_member, cast.facilitator):
        browser = client_of(user)
        for path in ("/", f"/council/{cast.council.id}"):
            assert f"/council/meetings/{meeting.id}" in browser.get(path).text
    assert f"/council/meetings/{meeting.id}" not in client_of(cast.office).get(f"/council/{cast.council.id}").text
    wall_clock(timedelta(days=4))
    assert f"/council/meetings/{meeting.id}" not in client_of(cast.council_member).get("/").text
