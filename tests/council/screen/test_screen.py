"""The room view: one screen for the whole council, by one who types and many who read."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from portal.council.meetings.models import AgendaItem, Attendance, CouncilMeeting, ItemKind, ItemState, MeetingState
from portal.council.queries import list_seats
from portal.council.screen.queries import get_pulse
from portal.database import db
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.kinds import AmendmentState
from portal.strategy.replies.models import ReplySheet
from portal.text import clock
from portal.web.headers import SMALLEST_COMPRESSED
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.council.meetings.test_as_they_are import put_right
from tests.reading import read
from tests.test_pages import statements

pytestmark = pytest.mark.usefixtures("everybody_reads_english")


@pytest.fixture
def amendment(cast: Cast) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, make.make_edition(), has_open_vote=True)


@pytest.fixture
def meeting(cast: Cast, amendment: Amendment) -> CouncilMeeting:
    """A meeting that goes on with both members: a suggestion to decide, then the breaks."""
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    make.make_item(meeting, amendment)
    make.make_item(meeting, title="Frikvarteret")
    for seat in list_seats(cast.council.id, today=clock.today()):
        db.session.add(Attendance(meeting_id=meeting.id, member_id=seat.id))
    db.session.flush()
    return meeting


@pytest.fixture
def ella(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.council_member)


def items(meeting: CouncilMeeting) -> list[AgendaItem]:
    db.session.expire_all()
    return db.session.query(AgendaItem).filter_by(meeting_id=meeting.id).order_by(AgendaItem.position).all()


def screen(meeting: CouncilMeeting) -> str:
    return f"/council/meetings/{meeting.id}/screen"


def pulse(browser: IsolatedClient, meeting: CouncilMeeting, seen: str, **args: str) -> Any:
    query = "&".join(f"{name}={value}" for name, value in {"seen": seen, **args}.items())
    return browser.get(f"{screen(meeting)}/pulse?{query}")


def start(lars: IsolatedClient, item: AgendaItem) -> None:
    assert lars.send(f"/council/screen/items/{item.id}/start").status_code == 303


def count(lars: IsolatedClient, item: AgendaItem, **hands: Any) -> int:
    return lars.send(f"/council/screen/items/{item.id}/hands", {"revision": 1, **hands}).status_code


def main_of(answer: Any) -> str:
    return next(element.text for element in read(answer.text).walk() if element.tag == "main")


def test_the_room_sees_one_thing_at_a_time_and_what_the_classes_say(
    cast: Cast, lars: IsolatedClient, ella: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    first, second = items(meeting)
    make.make_class_input(cast.council, cast.sixth, cast.council_member, item_id=first.id, text="Ja, men kort.")
    assert "Frikvarteret" in main_of(ella.get(screen(meeting))), "before the first one: the agenda"
    start(lars, first)
    for browser in (lars, ella):
        text = main_of(browser.get(screen(meeting)))
        for words in ("1 of 2", "2 are here", "Ja, men kort.", "6.A", "Next: Frikvarteret", "Raise your hands"):
            assert words in text
    assert "<ins>" in ella.get(screen(meeting)).text
    assert count(lars, first, yes=2, no=0, abstain=0) == 303
    assert "The council says yes" in main_of(ella.get(screen(meeting)))
    start(lars, second)
    states = [item.state for item in items(meeting)]
    assert states == [ItemState.DONE, ItemState.CURRENT]
    lars.send(
        f"/council/items/{second.id}/notes?back=screen", {"notes": "Fem bolde.", "version": items(meeting)[1].version}
    )
    text = main_of(ella.get(screen(meeting)))
    assert "Fem bolde." in text
    assert "That was all." in text
    lars.send(f"/council/screen/items/{second.id}/end")
    assert [item.state for item in items(meeting)] == [ItemState.DONE, ItemState.DONE]


@pytest.mark.parametrize(
    ("hands", "result"),
    [
        ({"yes": 2, "no": 0, "abstain": 0}, AmendmentState.ADOPTED),
        ({"yes": 2}, AmendmentState.ADOPTED),
        ({"yes": 1, "no": 1}, AmendmentState.NOT_ADOPTED),
        ({"yes": 0, "no": 2}, AmendmentState.NOT_ADOPTED),
        ({"abstain": 2}, AmendmentState.NOT_ADOPTED),
        ({"all_agree": "1"}, AmendmentState.ADOPTED),
        ({"waits": "1"}, AmendmentState.POSTPONED),
    ],
    ids=str,
)
def test_one_number_for_each_answer_says_what_was_decided(
    lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment, hands: dict[str, Any], result: AmendmentState
) -> None:
    item = items(meeting)[0]
    start(lars, item)
    assert count(lars, item, **hands) == 303
    db.session.expire_all()
    assert db.session.get_one(Amendment, amendment.id).state == result


@pytest.mark.parametrize(
    "hands",
    [
        {},
        {"yes": 3},
        {"yes": 1, "no": 1, "abstain": 1},
        {"yes": "-1"},
        {"yes": "to"},
        {"yes": "9" * 4_000},
        {"yes": 2, "revision": 7},
        {"yes": 1, "no": 1, "all_agree": "y"},
    ],
    ids=str,
)
def test_a_count_that_cannot_be_is_refused_in_front_of_all_and_kept(
    lars: IsolatedClient, meeting: CouncilMeeting, hands: dict[str, Any]
) -> None:
    item = items(meeting)[0]
    start(lars, item)
    answer = lars.send(f"/council/screen/items/{item.id}/hands", {"revision": 1, **hands})
    assert answer.status_code == 422
    assert db.session.query(Vote).count() == 0
    if "yes" in hands:
        assert f'value="{hands["yes"]}"' in answer.text


@pytest.mark.both
def test_two_who_type_write_one_result(cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, database: str) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    path = f"/council/screen/items/{items(meeting)[0].id}/hands"
    answers = at_once(
        partial(client_of(cast.facilitator).send, path, {"yes": 2, "revision": 1}),
        partial(client_of(cast.class_teacher).send, path, {"no": 2, "revision": 1}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert db.session.query(Vote).count() == 1


@pytest.mark.both
def test_two_who_go_on_at_once_leave_one_thing_on_the_screen(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, database: str
) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    first, second = items(meeting)
    at_once(
        partial(client_of(cast.facilitator).send, f"/council/screen/items/{first.id}/start"),
        partial(client_of(cast.class_teacher).send, f"/council/screen/items/{second.id}/start"),
    )
    assert [item.state for item in items(meeting)].count(ItemState.CURRENT) == 1


@pytest.mark.parametrize("name", ["council_member", "council_chair", "leader", "guardian", "class_teacher"])
def test_only_the_contact_teacher_types(cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, name: str) -> None:
    item, browser = items(meeting)[0], client_of(cast.users[name])
    for path in ("start", "end", "move", "hands", "notes", "heard"):
        assert browser.send(f"/council/screen/items/{item.id}/{path}", {"yes": 2, "revision": 1}).status_code in {
            403,
            404,
        }
    assert [one.state for one in items(meeting)] == [ItemState.WAITING] * 2
    assert browser.get(screen(meeting)).status_code == (200 if name.startswith("council") else 404)


@pytest.mark.parametrize("state", [MeetingState.PLANNED, MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_APPROVED])
def test_a_meeting_that_does_not_go_on_is_not_typed_in(cast: Cast, lars: IsolatedClient, state: MeetingState) -> None:
    make.make_edition()
    meeting = make.make_meeting(cast.council, state)
    item = make.make_item(meeting)
    page = lars.get(screen(meeting)).text
    assert "data-hx-get" not in page, "nothing is asked again and again"
    for path in ("start", "end", "move"):
        assert lars.send(f"/council/screen/items/{item.id}/{path}").status_code == 409


# It follows by itself


def test_the_screen_is_asked_in_two_statements_and_hardly_a_byte(
    ella: IsolatedClient, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    found = get_pulse(meeting.id)
    assert found is not None
    with statements() as queries:
        answer = pulse(ella, meeting, found.stamp)
    assert (answer.status_code, answer.data, len(queries)) == (204, b"", 2)
    start(lars, items(meeting)[0])
    db.session.refresh(meeting)  # the test's own look at it is none of the screen's
    with statements() as queries:
        answer = pulse(ella, meeting, found.stamp)
    assert (answer.status_code, answer.headers["HX-Refresh"], len(queries)) == (200, "true", 2), queries
    typist = pulse(lars, meeting, found.stamp, types="1")
    assert "HX-Refresh" not in typist.headers, "who types loses nothing"
    assert "Somebody has written something" in typist.text
    assert len(typist.data) < SMALLEST_COMPRESSED


def test_whatever_the_room_sees_changes_the_stamp(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    first, second = items(meeting)

    def stamp() -> str:
        db.session.expire_all()
        found = get_pulse(meeting.id)
        assert found is not None
        return found.stamp

    seen = [stamp()]
    seat = list_seats(cast.council.id, today=clock.today())[0]
    steps = [
        lambda: lars.send(f"/council/screen/items/{first.id}/start"),
        lambda: lars.send(f"/council/meetings/{meeting.id}/gone", {"member": seat.id}),
        lambda: lars.send(f"/council/meetings/{meeting.id}/back", {"member": seat.id}),
        lambda: make.make_class_input(cast.council, cast.sixth, cast.council_member, item_id=first.id),
        lambda: count(lars, first, yes=2),
        lambda: put_right(lars, first, {"yes": 1, "no": 1, "result": "not_adopted", "revision": 1}),
        lambda: lars.send(f"/council/items/{second.id}/notes", {"notes": "Ja.", "version": second.version}),
        lambda: lars.send(f"/council/meetings/{meeting.id}/items/new", {"title": "Maden", "kind": "discuss"}),
        lambda: lars.send(f"/council/meetings/{meeting.id}/close"),
    ]
    for step in steps:
        step()
        seen.append(stamp())
    assert all(before != after for before, after in pairwise(seen)), seen


def test_a_screen_that_asks_by_itself_keeps_nobody_signed_in(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, wall_clock: Move
) -> None:
    lars = client_of(cast.facilitator)
    lars.get(screen(meeting))
    for _ in range(3):
        wall_clock(timedelta(hours=3))
        lars.get(f"{screen(meeting)}/pulse?seen=x", headers={"Portal-By-Itself": "1"})
    assert lars.get(screen(meeting)).status_code == 303, "nobody was there for nine hours"


def test_without_a_script_readers_are_shown_anew_and_typists_are_left_alone(
    lars: IsolatedClient, ella: IsolatedClient, meeting: CouncilMeeting
) -> None:
    assert '<noscript><meta http-equiv="refresh"' in ella.get(screen(meeting)).text
    assert "http-equiv" not in lars.get(screen(meeting)).text


def test_an_item_taken_back_meanwhile_has_no_hands(
    lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    amendment.state, amendment.has_open_vote = AmendmentState.WITHDRAWN, False
    db.session.flush()
    item = items(meeting)[0]
    start(lars, item)
    assert "Raise your hands" not in main_of(lars.get(screen(meeting)))
    assert count(lars, item, yes=2) == 409


# Typed in front of everybody


def test_what_was_said_is_typed_in_place_and_a_count_typed_beside_it_stays(
    lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    item = items(meeting)[0]
    start(lars, item)
    version = items(meeting)[0].version
    answer = lars.send(f"/council/screen/items/{item.id}/notes", {"notes": "Vi talte.", "version": version, "yes": "2"})
    assert answer.status_code == 303
    page = lars.get(answer.location).text
    assert "Vi talte." in page
    assert 'name="yes" inputmode="numeric" autocomplete="off" value="2"' in page
    late = lars.send(f"/council/screen/items/{item.id}/notes", {"notes": "Andet.", "version": version, "yes": "1"})
    assert late.status_code == 409
    assert "Vi talte." in late.text
    assert "Andet." in late.text
    assert 'autocomplete="off" value="1"' in late.text


def test_a_count_takes_what_stands_in_the_field_for_the_minutes_along(
    lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    item = items(meeting)[0]
    start(lars, item)
    version = items(meeting)[0].version
    assert count(lars, item, yes=3, notes="Vi talte.", version=version) == 422
    assert items(meeting)[0].notes == ""
    assert count(lars, item, yes=2, notes="x" * 9_999, version=version) == 422
    assert count(lars, item, yes=2, notes="Vi talte.", version=version) == 303
    assert items(meeting)[0].notes == "Vi talte."


def test_a_count_leaves_a_colleagues_newer_words_in_the_minutes(lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    item = items(meeting)[0]
    start(lars, item)
    version = items(meeting)[0].version
    lars.send(f"/council/screen/items/{item.id}/notes", {"notes": "Vi talte.", "version": version})
    assert count(lars, item, yes=2, notes="Noget helt andet.", version=version) == 409
    assert count(lars, item, yes=2, notes="", version=version) == 303
    assert items(meeting)[0].notes == "Vi talte."


@pytest.mark.both
def test_an_answer_is_ticked_as_heard_where_it_is_read_aloud(cast: Cast, lars: IsolatedClient, database: str) -> None:
    edition = make.make_edition()
    decided = make.make_amendment(cast.council, cast.council_member, edition, state=AmendmentState.APPROVED)
    decision = make.make_decision(decided, cast.board_secretary)
    make.make_reply(decision, cast.council, None, None)
    meeting = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    item = make.make_item(meeting, decided, kind=ItemKind.INFORM)
    db.session.commit()
    start(lars, item)
    assert "We have heard the answer" in main_of(lars.get(screen(meeting)))
    sheet = db.session.query(ReplySheet).one()
    heard = f"/council/screen/items/{item.id}/heard"
    assert lars.send(heard, {"seen": "another answer"}).status_code == 409, "it was put right meanwhile"
    assert sheet.read_at is None
    for _ in range(2):
        assert lars.send(heard, {"seen": sheet.stamp}).status_code == 303
    assert "We have heard the answer" not in main_of(lars.get(screen(meeting)))
    assert db.session.query(ReplySheet).one().read_by_id == cast.facilitator.id
