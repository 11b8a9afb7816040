"""Meetings as they are: begun by mistake, on another day, typed the wrong way round, left early, not finished."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from portal.acts.models import Act, ActKind
from portal.council.meetings.models import AgendaItem, Attendance, CouncilMeeting, ItemKind, ItemState, MeetingState
from portal.council.models import CouncilMember
from portal.council.queries import list_seats
from portal.database import db
from portal.school.models import Enrolment
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.kinds import AmendmentState
from portal.strategy.models import Clause, Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.council.seen import approve, note
from tests.reading import read

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

YES = {"yes": 2, "no": 0, "abstain": 0, "result": "adopted", "revision": 1}
NO = {"yes": 0, "no": 2, "abstain": 0, "result": "not_adopted", "revision": 1}


@pytest.fixture
def planned(cast: Cast, amendment: Amendment) -> CouncilMeeting:
    """A meeting to come that will decide about the suggestion and talk about the breaks."""
    meeting = make.make_meeting(cast.council)
    make.make_item(meeting, amendment)
    make.make_item(meeting)
    return meeting


def page(meeting: CouncilMeeting) -> str:
    return f"/council/meetings/{meeting.id}"


def members(cast: Cast) -> list[int]:
    return [seat.id for seat in list_seats(cast.council.id, today=clock.today()) if not seat.is_substitute]


def begin(lars: IsolatedClient, cast: Cast, meeting: CouncilMeeting) -> None:
    assert lars.send(f"{page(meeting)}/start").status_code == 303
    assert note(lars, f"{page(meeting)}/attendance", members(cast)).status_code == 303


def items(meeting: CouncilMeeting) -> list[AgendaItem]:
    db.session.expire_all()
    rows = db.session.query(AgendaItem).filter_by(meeting_id=meeting.id)
    return rows.order_by(AgendaItem.position, AgendaItem.id).all()


def fresh(meeting: CouncilMeeting) -> CouncilMeeting:
    db.session.expire_all()
    return db.session.get_one(CouncilMeeting, meeting.id)


def fresh_item(item: AgendaItem) -> AgendaItem:
    db.session.expire_all()
    return db.session.get_one(AgendaItem, item.id)


def state_of(amendment: Amendment) -> AmendmentState:
    db.session.expire_all()
    return db.session.get_one(Amendment, amendment.id).state


def main_of(answer: Any) -> str:
    return next(element.text for element in read(answer.text).walk() if element.tag == "main")


# A start by mistake


def test_a_start_by_mistake_goes_back(lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment) -> None:
    lars.send(f"{page(planned)}/start")
    assert "It was started by mistake" in lars.get(page(planned)).text
    assert lars.send(f"{page(planned)}/cancel-start").status_code == 303
    db.session.refresh(amendment)
    meeting = fresh(planned)
    assert (meeting.state, meeting.held_on, amendment.has_open_vote) == (MeetingState.PLANNED, None, False)
    assert len(items(planned)) == 2
    assert lars.send(f"{page(planned)}/cancel-start").status_code == 409
    assert lars.send(f"{page(planned)}/start").status_code == 303, "and it begins when it is time"


def test_a_start_by_mistake_gives_back_what_stood_before(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment, edition: Edition
) -> None:
    """What waited for this meeting waits for it again, what was fresh is fresh, and the agenda has its order."""
    other = make.make_amendment(cast.council, cast.council_chair, edition, state=AmendmentState.IN_COUNCIL)
    make.make_item(planned, other)
    amendment.state = AmendmentState.POSTPONED
    db.session.commit()
    before = [(one.id, one.position, one.state) for one in items(planned)]
    for _ in range(2):
        assert lars.send(f"{page(planned)}/start").status_code == 303
        assert (state_of(amendment), state_of(other)) == (AmendmentState.IN_COUNCIL, AmendmentState.IN_COUNCIL)
        assert lars.send(f"{page(planned)}/cancel-start").status_code == 303
        assert (state_of(amendment), state_of(other)) == (AmendmentState.POSTPONED, AmendmentState.IN_COUNCIL)
        assert [amendment.has_open_vote, other.has_open_vote] == [False, False]
        assert [(one.id, one.position, one.state) for one in items(planned)] == before


def test_what_ended_without_a_decision_is_before_the_council(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment
) -> None:
    amendment.state = AmendmentState.POSTPONED
    db.session.commit()
    begin(lars, cast, planned)
    lars.send(f"{page(planned)}/close")
    assert state_of(amendment) == AmendmentState.IN_COUNCIL


@pytest.mark.parametrize("what", ["who is here", "notes", "an item put off"])
def test_once_something_is_written_it_has_begun(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, what: str
) -> None:
    lars.send(f"{page(planned)}/start")
    item = items(planned)[1]
    if what == "who is here":
        note(lars, f"{page(planned)}/attendance", members(cast))
    elif what == "notes":
        lars.send(f"/council/items/{item.id}/notes", {"notes": "Vi talte.", "version": item.version})
    else:
        item.state = ItemState.POSTPONED
    assert "It was started by mistake" not in lars.get(page(planned)).text
    assert lars.send(f"{page(planned)}/cancel-start").status_code == 422
    assert fresh(planned).state == MeetingState.IN_PROGRESS


@pytest.mark.both
def test_two_who_start_one_meeting_start_it_once(
    cast: Cast, client_of: ClientOf, planned: CouncilMeeting, database: str
) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    start = [partial(client_of(user).send, f"{page(planned)}/start") for user in (cast.facilitator, cast.class_teacher)]
    assert sorted(answer.status_code for answer in at_once(*start)) == [303, 409]
    assert len(items(planned)) == 2


def test_one_meeting_of_a_council_goes_on_at_a_time(cast: Cast, lars: IsolatedClient, planned: CouncilMeeting) -> None:
    make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    assert lars.send(f"{page(planned)}/start").status_code == 422
    assert fresh(planned).state == MeetingState.PLANNED


# The day it was held


def test_minutes_carry_the_day_it_was_held_and_not_the_day_it_was_planned_for(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, wall_clock: Move, client_of: ClientOf
) -> None:
    wall_clock(timedelta(days=3))
    lars = client_of(cast.facilitator)
    begin(lars, cast, planned)
    lars.send(f"{page(planned)}/close")
    assert fresh(planned).held_on == date(2026, 11, 26)
    assert "26 November 2026" in main_of(lars.get(f"{page(planned)}/minutes"))
    wall_clock(timedelta(days=6))
    lars = client_of(cast.facilitator)
    assert approve(lars, page(planned)).status_code == 303
    minutes = main_of(lars.get(f"{page(planned)}/minutes"))
    assert "Approved on 2 December 2026, after the meeting." in minutes
    assert "26 November 2026" in minutes


def test_the_day_is_put_right_until_the_minutes_are_approved(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting
) -> None:
    begin(lars, cast, planned)
    lars.send(f"{page(planned)}/close")
    for day in ("2026-11-24", "2020-01-01", "0001-01-01", "9999-12-31", "", "x"):
        assert lars.send(f"{page(planned)}/day", {"day": day}).status_code == 422, day
    assert lars.send(f"{page(planned)}/day", {"day": "2026-11-20"}).status_code == 303
    minutes = main_of(lars.get(f"{page(planned)}/minutes"))
    assert "20 November 2026" in minutes
    approve(lars, page(planned))
    assert lars.send(f"{page(planned)}/day", {"day": "2026-11-21"}).status_code == 409


@pytest.mark.parametrize(
    ("began", "ended", "words"),
    [
        ((2026, 12, 9, 22, 50), (2026, 12, 9, 23, 30), "9 December 2026 at 23:50–0:30"),
        ((2028, 2, 29, 9, 0), (2028, 2, 29, 9, 40), "29 February 2028 at 10:00–10:40"),
        ((2026, 10, 25, 0, 50), (2026, 10, 25, 1, 10), "25 October 2026 at 2:50–2:10"),
    ],
    ids=["over midnight", "on 29 February", "in the hour that exists twice"],
)
def test_odd_hours_are_one_meeting(
    cast: Cast, lars: IsolatedClient, began: tuple[int, ...], ended: tuple[int, ...], words: str
) -> None:
    start, end = datetime(*began, tzinfo=UTC), datetime(*ended, tzinfo=UTC)
    meeting = make.make_meeting(
        cast.council,
        MeetingState.MINUTES_DRAFT,
        starts_at=start,
        held_on=clock.day_of(start),
        began_at=start,
        ended_at=end,
    )
    assert words in main_of(lars.get(f"{page(meeting)}/minutes"))


# Put right


def decide(lars: IsolatedClient, meeting: CouncilMeeting, result: dict[str, Any]) -> AgendaItem:
    item = next(item for item in items(meeting) if item.amendment_id)
    assert lars.send(f"/council/items/{item.id}/result", result).status_code == 303
    return item


def put_right(browser: IsolatedClient, item: AgendaItem, result: dict[str, Any], seen: int | None = None) -> Any:
    """Send what a meeting really decided, in place of the result that stands there now."""
    if seen is None:
        seen = db.session.query(AgendaItem.vote_id).filter_by(id=item.id).scalar()
    return browser.send(f"/council/items/{item.id}/correct", {**result, "seen": seen})


def test_a_result_typed_the_wrong_way_round_is_put_right_and_the_suggestion_follows(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment, wall_clock: Move
) -> None:
    begin(lars, cast, planned)
    item = decide(lars, planned, NO)
    assert state_of(amendment) == AmendmentState.NOT_ADOPTED
    assert put_right(lars, item, NO).status_code == 422, "nothing is different"
    assert put_right(lars, item, {**YES, "yes": 3}).status_code == 422, "more hands than were there"
    assert put_right(lars, item, {**YES, "no": 2}).status_code == 422
    assert lars.send(f"{page(planned)}/close").status_code == 303
    assert put_right(lars, item, YES).status_code == 303
    assert state_of(amendment) == AmendmentState.ADOPTED
    minutes = main_of(lars.get(f"{page(planned)}/minutes"))
    assert "The council says yes 2 yes, 0 no" in minutes
    assert "First it said: the council says no. 0 yes, 2 no" in minutes
    assert db.session.query(Act).filter_by(kind=ActKind.RESULT_PUT_RIGHT, subject_id=amendment.id).count() == 1
    assert put_right(lars, item, {**YES, "yes": 1, "abstain": 1}).status_code == 303, "and once more"
    assert main_of(lars.get(f"{page(planned)}/minutes")).count("First it said") == 2
    approve(lars, page(planned))
    assert put_right(lars, item, NO).status_code == 409
    assert state_of(amendment) == AmendmentState.ADOPTED
    assert db.session.query(Vote).count() == 3


@pytest.mark.parametrize("name", ["council_chair", "council_member", "leader", "office", "guardian", "class_teacher"])
def test_only_the_contact_teacher_puts_right(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, planned: CouncilMeeting, amendment: Amendment, name: str
) -> None:
    begin(lars, cast, planned)
    item = decide(lars, planned, NO)
    browser = client_of(cast.users[name])
    for path in (f"/council/items/{item.id}/correct", f"{page(planned)}/cancel-start", f"{page(planned)}/day"):
        assert browser.send(path, {**YES, "day": "2026-11-22"}).status_code in {403, 404}
    assert state_of(amendment) == AmendmentState.NOT_ADOPTED


def test_a_suggestion_that_has_gone_on_keeps_its_result(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment
) -> None:
    begin(lars, cast, planned)
    item = decide(lars, planned, YES)
    db.session.refresh(amendment)
    amendment.state = AmendmentState.FORWARDED
    assert put_right(lars, item, NO).status_code == 409
    assert state_of(amendment) == AmendmentState.FORWARDED


@pytest.mark.both
@pytest.mark.parametrize("closed", [False, True])
def test_of_several_who_put_a_result_right_at_the_same_moment_one_does(
    cast: Cast, client_of: ClientOf, lars: IsolatedClient, planned: CouncilMeeting, database: str, closed: bool
) -> None:
    """The others see what stands there by now; suggestion, item, next agenda and acts say what the one vote says."""
    following = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    make.make_facilitator(cast.council, cast.class_teacher)
    begin(lars, cast, planned)
    item = decide(lars, planned, NO)
    if closed:
        lars.send(f"{page(planned)}/close", {"reached": [one.id for one in items(planned) if not one.vote_id]})
    item_id, amendment_id, first = item.id, item.amendment_id, fresh_item(item).vote_id
    wait = {**YES, "yes": 0, "result": "postponed"}
    people = [cast.facilitator, cast.class_teacher, cast.facilitator]
    browsers = [client_of(user) for user in people]
    answers = at_once(
        *(
            partial(browser.send, f"/council/items/{item_id}/correct", {**result, "seen": first})
            for browser, result in zip(browsers, (YES, wait, {**NO, "no": 1}), strict=True)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    db.session.expire_all()
    item = db.session.get_one(AgendaItem, item_id)
    votes = db.session.query(Vote).order_by(Vote.id).all()
    assert [vote.replaces_id for vote in votes] == [None, first]
    assert item.vote_id == votes[-1].id
    assert db.session.get_one(Amendment, amendment_id).state is votes[-1].result
    is_put_off = votes[-1].result is AmendmentState.POSTPONED
    assert (item.state is ItemState.POSTPONED) is is_put_off
    assert [one.amendment_id for one in items(following)] == ([amendment_id] if is_put_off and closed else [])
    assert db.session.query(Act).filter_by(kind=ActKind.RESULT_PUT_RIGHT).count() == 1
    lost = next(answer for answer in answers if answer.status_code == 409)
    assert "Somebody has changed this since you opened it" in lost.text


@pytest.mark.parametrize("seen", [None, 0, 999_999, "x"])
def test_who_saw_another_result_puts_nothing_right(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment, seen: object
) -> None:
    begin(lars, cast, planned)
    item = decide(lars, planned, NO)
    form = {**YES} if seen is None else {**YES, "seen": seen}
    refused = lars.send(f"/council/items/{item.id}/correct", form)
    assert refused.status_code == 409
    assert state_of(amendment) == AmendmentState.NOT_ADOPTED
    again = re.search(r'name="seen"[^>]* value="(\d+)"', refused.text)
    assert again is not None
    assert put_right(lars, item, YES, int(again[1])).status_code == 303, "and the next press goes on from there"


def test_parts_go_with_their_host_both_ways(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment, edition: Edition
) -> None:
    part = make.make_amendment(
        cast.council, cast.council_chair, edition, state=AmendmentState.MERGED, merged_into_id=amendment.id
    )
    begin(lars, cast, planned)
    item = decide(lars, planned, NO)
    assert state_of(part) == AmendmentState.IN_COUNCIL
    put_right(lars, item, YES)
    assert state_of(part) == AmendmentState.MERGED
    put_right(lars, item, NO)
    assert state_of(part) == AmendmentState.IN_COUNCIL
    part.council_id = make.make_council("Mellemrådet", (0, 3)).id
    db.session.commit()
    assert put_right(lars, item, YES).status_code == 303
    assert state_of(part) == AmendmentState.IN_COUNCIL, "it has gone to another council, and the host has not"


def test_what_was_postponed_by_a_slip_leaves_the_next_agenda_and_the_other_way_round(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment
) -> None:
    following = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    begin(lars, cast, planned)
    wait = {**YES, "yes": 0, "result": "postponed"}
    item = decide(lars, planned, wait)
    lars.send(f"{page(planned)}/close", {"reached": [items(planned)[1].id]})
    assert [one.amendment_id for one in items(following)] == [amendment.id]
    put_right(lars, item, YES)
    assert (items(following), state_of(amendment)) == ([], AmendmentState.ADOPTED)
    put_right(lars, item, wait)
    assert [one.amendment_id for one in items(following)] == [amendment.id]
    assert state_of(amendment) == AmendmentState.POSTPONED
    lars.send(f"{page(following)}/start")
    assert put_right(lars, item, YES).status_code == 409, "it is decided about right now"


# Seats


def test_no_more_sit_here_than_there_are_seats(cast: Cast, lars: IsolatedClient, planned: CouncilMeeting) -> None:
    """6.A has two members; a substitute sits for one of them, and 3.A's alone sits for nobody's place."""
    nils = make.seat(cast.council, make.make_pupil(cast.sixth, "Nils"), cast.sixth, is_substitute=True)
    alone = make.seat(cast.council, make.make_pupil(cast.third, "Asta"), cast.third, is_substitute=True)
    other = make.seat(cast.council, make.make_pupil(cast.third, "Bent"), cast.third, is_substitute=True)
    first, second = members(cast)
    lars.send(f"{page(planned)}/start")
    path = f"{page(planned)}/attendance"
    refused = note(lars, path, [first, second, nils.id])
    assert (refused.status_code, db.session.query(Attendance).count()) == (422, 0)
    assert "6.A" in refused.text
    assert note(lars, path, [first, nils.id, alone.id]).status_code == 303
    assert note(lars, path, [first, nils.id, alone.id, other.id]).status_code == 422
    assert note(lars, path, [first, second]).status_code == 303, "nothing is decided: it was a slip"


def test_who_goes_early_was_there_and_has_no_hand_from_then_on(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment
) -> None:
    nils = make.seat(cast.council, make.make_pupil(cast.sixth, "Nils"), cast.sixth, is_substitute=True)
    first, second = members(cast)
    begin(lars, cast, planned)
    assert lars.send(f"{page(planned)}/gone", {"member": nils.id}).status_code == 422, "who did not come cannot go"
    for _ in range(2):
        assert lars.send(f"{page(planned)}/gone", {"member": second}).status_code == 303
    item = next(one for one in items(planned) if one.amendment_id)
    assert lars.send(f"/council/items/{item.id}/result", YES).status_code == 422, "one is left, so there is one hand"
    path = f"{page(planned)}/attendance"
    assert note(lars, path, [first, second, nils.id]).status_code == 303, "a substitute sits down"
    assert lars.send(f"{page(planned)}/back", {"member": second}).status_code == 422, "the place is taken"
    assert lars.send(f"/council/items/{item.id}/result", YES).status_code == 303
    assert note(lars, path, [first, nils.id]).status_code == 422, "who was there, was there"
    lars.send(f"{page(planned)}/gone", {"member": nils.id})
    assert lars.send(f"{page(planned)}/back", {"member": second}).status_code == 303
    lars.send(f"{page(planned)}/close")
    minutes = main_of(lars.get(f"{page(planned)}/minutes"))
    assert "3 were there" in minutes
    assert "Nils, 6.A (went early)" in minutes


def test_a_member_who_left_the_class_leaves_a_place_for_the_substitute(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting
) -> None:
    """Two were elected: when one of them has moved away, a member and a substitute sit there."""
    nils = make.seat(cast.council, make.make_pupil(cast.sixth, "Nils"), cast.sixth, is_substitute=True)
    first, second = members(cast)
    gone = db.session.get_one(CouncilMember, second)
    place = db.session.query(Enrolment).filter_by(pupil_id=gone.pupil_id, class_id=cast.sixth.id).one()
    place.ends_on = clock.today() - timedelta(days=1)
    lars.send(f"{page(planned)}/start")
    assert note(lars, f"{page(planned)}/attendance", [first, nils.id]).status_code == 303


# What was not reached


def test_what_was_not_reached_is_carried_on_and_stands_first(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, amendment: Amendment
) -> None:
    balls = make.make_item(planned, title="Boldene")
    songs = make.make_item(planned, title="Sangene")
    following = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    make.make_item(following, title="Maden")
    begin(lars, cast, planned)
    lars.send(f"/council/items/{balls.id}/notes", {"notes": "Vi vil have fem.", "version": balls.version})
    assert lars.send(f"{page(planned)}/close", {"reached": [songs.id]}).status_code == 303
    titles = [(one.amendment_id, one.title) for one in items(following)]
    assert titles == [(amendment.id, ""), (None, "Frikvarteret"), (None, "Maden")]
    minutes = main_of(lars.get(f"{page(planned)}/minutes"))
    assert minutes.count("We did not reach it.") == 2
    lars.send(f"/council/items/{items(following)[1].id}/remove")
    lars.send(f"/council/{cast.council.id}/meetings/new", {"day": "2026-12-20", "time": "10:00"})
    later = db.session.query(CouncilMeeting).order_by(CouncilMeeting.id.desc()).first()
    assert later is not None
    assert items(later) == [], "what somebody took off stays off"


def test_what_was_not_reached_waits_until_a_meeting_is_planned_or_begins(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting
) -> None:
    forgotten = make.make_meeting(cast.council, starts_at=clock.now() - timedelta(days=9))
    begin(lars, cast, planned)
    lars.send(f"{page(planned)}/close")
    assert items(forgotten) == []
    assert lars.send(f"{page(forgotten)}/start").status_code == 303, "begun after all: it takes them"
    assert [one.title for one in items(forgotten)] == ["", "Frikvarteret"]


@pytest.mark.parametrize("reached", [["x"], [999_999], ["-1"]])
def test_what_is_not_on_the_agenda_was_not_reached(
    cast: Cast, lars: IsolatedClient, planned: CouncilMeeting, reached: list[Any]
) -> None:
    begin(lars, cast, planned)
    assert lars.send(f"{page(planned)}/close", {"reached": reached}).status_code == 422
    assert fresh(planned).state == MeetingState.IN_PROGRESS


def test_a_suggestion_taken_back_meanwhile_is_neither_decided_nor_carried_on(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, planned: CouncilMeeting, amendment: Amendment
) -> None:
    following = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    amendment.state = AmendmentState.WITHDRAWN
    begin(lars, cast, planned)
    assert "Taken back" in main_of(lars.get(page(planned))) or "taken back" in main_of(lars.get(page(planned)))
    item = next(one for one in items(planned) if one.amendment_id)
    assert lars.send(f"/council/items/{item.id}/result", YES).status_code == 409
    lars.send(f"{page(planned)}/close")
    assert [one.title for one in items(following)] == ["Frikvarteret"]


# Minutes hold what stood there


@pytest.mark.both
def test_approved_minutes_are_the_same_byte_for_byte_whatever_happens_afterwards(
    cast: Cast,
    lars: IsolatedClient,
    client_of: ClientOf,
    planned: CouncilMeeting,
    amendment: Amendment,
    edition: Edition,
) -> None:
    clause = edition.sections[0].clauses[0]
    make.make_item(planned, title="", heading=clause.text, clause_key=clause.key)
    make.make_item(planned, title="", heading=edition.sections[0].heading, kind=ItemKind.INFORM)
    talked = make.make_amendment(cast.council, cast.council_chair, edition, title="Gode ord")
    make.make_item(planned, talked, kind=ItemKind.DISCUSS)
    begin(lars, cast, planned)
    item = decide(lars, planned, NO)
    put_right(lars, item, YES)
    lars.send(f"{page(planned)}/close", {"reached": [one.id for one in items(planned) if not one.vote_id]})
    approve(lars, page(planned))
    readers = [(cast.facilitator, "minutes"), (cast.leader, "minutes"), (cast.council_member, "print")]
    before = [main_of(client_of(user).get(f"{page(planned)}/{path}")) for user, path in readers]
    assert any(clause.text in text for text in before)
    db.session.expire_all()
    for one in (amendment, talked):
        row = db.session.get_one(Amendment, one.id)
        row.title, row.new_text, row.base_text, row.reason = "Andet", "Helt andre ord.", "Andre gamle ord.", "Fordi."
        row.state = AmendmentState.WITHDRAWN
    for text in db.session.query(Clause):
        text.text = "Noget nyt."
    for section in db.session.get_one(Edition, edition.id).sections:
        section.heading = "Et nyt navn"
    cast.council.name, cast.council.lowest_grade = "De store", 5
    db.session.commit()
    after = [main_of(client_of(user).get(f"{page(planned)}/{path}")) for user, path in readers]
    assert after == before
