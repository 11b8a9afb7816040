"""Where the answer to a class is heard, when it is locked, and where what a class said goes with the agenda."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from portal.acts.models import Act, ActKind, WaitingAct
from portal.council.class_inputs.models import ClassInput
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemState, MeetingState
from portal.council.queries import list_seats
from portal.council.screen.queries import stamp_of
from portal.database import db
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import AmendmentState
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.council.meetings.test_as_they_are import put_right
from tests.council.seen import approve, note
from tests.reading import read

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

DOING = {"ending": "doing", "reply": "Vi køber fem bolde.", "who": "Elevrådet", "when": "i maj"}


@pytest.fixture
def meeting(cast: Cast) -> CouncilMeeting:
    meeting = make.make_meeting(cast.council)
    make.make_item(meeting, title="Boldene")
    return meeting


@pytest.fixture
def amendment(cast: Cast) -> Amendment:
    return make.make_amendment(cast.council, cast.council_member, make.make_edition(), title="Hemmelige bolde")


def page(meeting: CouncilMeeting) -> str:
    return f"/council/meetings/{meeting.id}"


def said(cast: Cast, **values: Any) -> ClassInput:
    return make.make_class_input(cast.council, cast.sixth, cast.council_member, **values)


def only_input() -> ClassInput:
    db.session.expire_all()
    return db.session.query(ClassInput).one()


def items(meeting: CouncilMeeting) -> list[AgendaItem]:
    db.session.expire_all()
    return db.session.query(AgendaItem).filter_by(meeting_id=meeting.id).order_by(AgendaItem.position).all()


def end(browser: IsolatedClient, **data: Any) -> Any:
    entry = only_input()
    answer = {"ending": "used", "reply": "Tak. Det er med.", "version": entry.version, "suggestion": 0} | data
    return browser.send(f"/council/class-inputs/{entry.id}/ending", answer, follow_redirects=True)


def main_of(answer: Any) -> str:
    return next(element.text for element in read(answer.text).walk() if element.tag == "main")


# Which sheet brings it, and which minutes lock it


def test_an_answer_written_after_the_meeting_is_on_its_sheet_and_locked_with_its_minutes(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    said(cast)
    lars.send(f"{page(meeting)}/start")
    lars.send(f"{page(meeting)}/close")
    assert "The class gets the line on its sheet." in end(lars).text
    assert only_input().meeting_id == meeting.id
    assert "Tak. Det er med." in main_of(lars.get(f"{page(meeting)}/classes/{cast.sixth.id}"))
    change = f"/council/class-inputs/{only_input().id}/ending"
    inputs = f"/council/{cast.council.id}/class-inputs"
    assert change in lars.get(inputs).text
    assert approve(lars, page(meeting)).status_code == 303
    assert end(lars, reply="Nej.").status_code == 409
    assert only_input().reply == "Tak. Det er med."
    assert change not in lars.get(inputs).text, "the page offers nothing that is refused"


def test_of_several_drafts_it_is_the_one_that_talked_about_it(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    newer = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT, starts_at=clock.now() + timedelta(days=1))
    older = make.make_meeting(cast.council, MeetingState.MINUTES_DRAFT)
    said(cast, item_id=make.make_item(older, state=ItemState.DONE).id)
    end(lars)
    assert only_input().meeting_id == older.id
    db.session.delete(only_input())
    db.session.commit()
    said(cast)
    end(lars)
    assert only_input().meeting_id == newer.id


def test_without_a_meeting_it_says_where_the_class_reads_it_and_it_can_be_changed(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf
) -> None:
    said(cast)
    make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    text = end(lars).text
    assert "The class reads the answer where it writes to the council." in text
    assert "on its sheet" not in text
    assert only_input().meeting_id is None
    own_page = client_of(cast.teacher_elsewhere).get(f"/council/classes/{cast.sixth.id}/class-inputs/new")
    assert "Tak. Det er med." in main_of(own_page)
    assert end(lars, reply="Også godt.").status_code == 200
    assert only_input().reply == "Også godt."


def test_an_answer_from_before_the_meeting_is_locked_with_it(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    said(cast, item_id=items(meeting)[0].id)
    assert "on its sheet" in end(lars).text
    assert only_input().meeting_id is None, "the meeting can be called off still"
    lars.send(f"{page(meeting)}/start")
    lars.send(f"{page(meeting)}/close", {"reached": [items(meeting)[0].id]})
    assert only_input().meeting_id == meeting.id
    approve(lars, page(meeting))
    assert end(lars, reply="Nej.").status_code == 409


def test_an_answer_follows_its_item_when_the_meeting_is_called_off(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    said(cast, item_id=items(meeting)[0].id)
    end(lars)
    later = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    assert lars.send(f"{page(meeting)}/cancel").status_code == 303
    assert only_input().item_id == items(later)[0].id


def test_a_beginning_is_not_taken_back_once_a_class_is_answered(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting
) -> None:
    said(cast)
    lars.send(f"{page(meeting)}/start")
    end(lars)
    assert lars.send(f"{page(meeting)}/cancel-start").status_code == 422
    assert only_input().meeting_id == meeting.id


@pytest.mark.both
def test_an_answer_and_the_approval_of_its_minutes_at_once_leave_no_answer_that_changes_later(
    cast: Cast, client_of: ClientOf, lars: IsolatedClient, meeting: CouncilMeeting, database: str
) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    entry = said(cast)
    lars.send(f"{page(meeting)}/start")
    lars.send(f"{page(meeting)}/close")
    data = {"ending": "used", "reply": "Tak.", "version": entry.version, "suggestion": 0}
    answered, approved = at_once(
        partial(client_of(cast.facilitator).send, f"/council/class-inputs/{entry.id}/ending", data),
        partial(client_of(cast.class_teacher).send, f"{page(meeting)}/approve", {"seen": stamp_of(meeting.id)}),
    )
    assert approved.status_code in {303, 409}, "what they said may have changed since they were looked at"
    assert answered.status_code in {303, 409}
    if approved.status_code == 409:
        assert approve(lars, page(meeting)).status_code == 303
    if answered.status_code == 303 and only_input().meeting_id:
        assert end(lars, reply="Nej.").status_code == 409


def test_nobody_is_told_of_it_so_no_worker_is_woken(cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    lars.send(f"/council/classes/{cast.sixth.id}/class-inputs/new", {"text": "Vi vil have bolde."})
    end(lars)
    kinds = {ActKind.CLASS_INPUT_WRITTEN, ActKind.CLASS_INPUT_ENDED}
    assert {act.kind for act in db.session.query(Act)} >= kinds
    assert db.session.query(WaitingAct).join(Act).filter(Act.kind.in_(kinds)).count() == 0


# What it is about is not said outside the council


def test_our_year_names_no_suggestion_that_has_not_left_the_council(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    said(cast, amendment_id=amendment.id, about="Ny tekst: Hemmelige bolde")
    lars.send(f"{page(meeting)}/start")
    end(lars, **DOING)
    path = f"/council/{cast.council.id}/years/2026"
    for state in set(AmendmentState) - {AmendmentState.MERGED}:  # what is merged is hidden in its host
        amendment = db.session.get_one(Amendment, amendment.id)
        amendment.state = state
        db.session.commit()
        year = main_of(client_of(cast.guardian).get(path))
        assert "Vi køber fem bolde." in year
        is_outside = state in {
            AmendmentState.FORWARDED,
            AmendmentState.APPROVED,
            AmendmentState.APPROVED_CHANGED,
            AmendmentState.REJECTED,
            AmendmentState.DEFERRED,
            AmendmentState.IN_EDITION,
        }
        assert ("Hemmelige bolde" in year) == is_outside, state


def test_the_class_team_reads_what_its_class_said_and_no_agenda(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    said(cast, item_id=items(meeting)[0].id, about="Boldene")
    said(cast, amendment_id=amendment.id, clause_key="k1", about="Hemmelige bolde")
    said(cast, clause_key="k1", about="Vi hilser på hinanden.")
    path = f"/council/classes/{cast.sixth.id}/class-inputs/new"
    teacher, member = (main_of(client_of(user).get(path)) for user in (cast.teacher_elsewhere, cast.council_member))
    assert "Vi vil gerne have flere bolde." in teacher
    assert "Vi hilser på hinanden." in teacher
    for words in ("Boldene", "Hemmelige bolde"):
        assert words in member
        assert words not in teacher


# With the agenda


WAIT = {"yes": 0, "no": 0, "abstain": 0, "result": "postponed", "revision": 1}
YES = {**WAIT, "yes": 2, "result": "adopted"}


def postpone(cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment) -> AgendaItem:
    item = make.make_item(meeting, amendment)
    lars.send(f"{page(meeting)}/start")
    seats = [seat.id for seat in list_seats(cast.council.id, today=clock.today()) if not seat.is_substitute]
    note(lars, f"{page(meeting)}/attendance", seats)
    said(cast, item_id=item.id, amendment_id=amendment.id)
    assert lars.send(f"/council/items/{item.id}/result", WAIT).status_code == 303
    others = [one.id for one in items(meeting) if one.id != item.id]
    assert lars.send(f"{page(meeting)}/close", {"reached": others}).status_code == 303
    return item


def test_what_a_class_said_goes_to_the_item_that_stands_there_already(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    following = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    standing = make.make_item(following, amendment)
    postpone(cast, lars, meeting, amendment)
    assert [one.id for one in items(following)] == [standing.id]
    assert only_input().item_id == standing.id


def test_a_result_put_right_takes_the_class_s_words_back_to_its_item(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    following = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    item = postpone(cast, lars, meeting, amendment)
    (copy,) = items(following)
    assert only_input().item_id == copy.id
    assert put_right(lars, item, YES).status_code == 303
    assert items(following) == []
    assert only_input().item_id == item.id
    assert approve(lars, page(meeting)).status_code == 409, "the class waits for its answer here"


def test_a_copy_of_a_copy_leaves_the_agenda_too(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, amendment: Amendment
) -> None:
    following, last = (make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7 * n)) for n in (1, 2))
    item = postpone(cast, lars, meeting, amendment)
    assert lars.send(f"{page(following)}/cancel").status_code == 303
    (copy,) = items(last)
    assert only_input().item_id == copy.id
    assert put_right(lars, item, YES).status_code == 303
    assert items(last) == []
    assert only_input().item_id == item.id


def test_a_late_done_ends_nobody_else_s_item(cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting) -> None:
    second = make.make_item(meeting, title="Maden")
    lars.send(f"{page(meeting)}/start")
    first = items(meeting)[0]
    for one in (first, second):
        lars.send(f"/council/screen/items/{one.id}/start")
    assert lars.send(f"/council/screen/items/{first.id}/end").status_code == 303
    assert [one.state for one in items(meeting)] == [ItemState.DONE, ItemState.CURRENT]
    for _ in range(2):
        assert lars.send(f"/council/screen/items/{second.id}/end").status_code == 303
    assert [one.state for one in items(meeting)] == [ItemState.DONE, ItemState.DONE]


# The links to the sheets


def test_every_sheet_the_minutes_lead_to_opens_years_later(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting, wall_clock: Move
) -> None:
    lars.send(f"{page(meeting)}/start")
    lars.send(f"{page(meeting)}/close")
    third = f"{page(meeting)}/classes/{cast.third.id}"
    assert third not in lars.get(f"{page(meeting)}/minutes").text
    wall_clock(timedelta(days=365))  # 3.A is 4.A now, and of the council
    browser = client_of(cast.facilitator)
    tree = read(browser.get(f"{page(meeting)}/minutes").text)
    sheets = [
        str(one.attributes["href"])
        for one in tree.walk()
        if one.tag == "a" and "/classes/" in str(one.attributes.get("href"))
    ]
    assert f"{page(meeting)}/classes/{cast.sixth.id}" in sheets
    assert third not in sheets
    assert [browser.get(path).status_code for path in sheets] == [200] * len(sheets)


def test_a_meeting_that_was_called_off_has_no_sheets(cast: Cast, lars: IsolatedClient) -> None:
    off = make.make_meeting(cast.council, MeetingState.CANCELLED)
    assert f"{page(off)}/classes/" not in lars.get(f"{page(off)}/minutes").text
