"""What a class says to its council: written by whoever speaks for it, ended in one of four ways, heard on a sheet."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import User
from portal.council.class_inputs.models import ClassInput, Ending
from portal.council.meetings.models import AgendaItem, CouncilMeeting, MeetingState
from portal.council.models import Council, CouncilMember
from portal.database import db
from portal.school.models import TeamFunction
from portal.strategy.models import Edition
from portal.text import clock
from portal.text.lix import read_over
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once
from tests.council.seen import approve, note, send_as_seen
from tests.reading import read

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

DOING = {"ending": "doing", "reply": "Vi køber fem bolde.", "who": "Elevrådet", "when": "i maj"}


def write(browser: IsolatedClient, class_id: int, text: str = "Vi vil have bolde.", **data: Any) -> int:
    return browser.send(f"/council/classes/{class_id}/class-inputs/new", {"text": text, **data}).status_code


def only_input() -> ClassInput:
    db.session.expire_all()
    return db.session.query(ClassInput).one()


def end(browser: IsolatedClient, entry: ClassInput, **data: Any) -> int:
    answer = {"ending": "used", "reply": "Tak. Det er med.", "version": entry.version, "suggestion": 0} | data
    return browser.send(f"/council/class-inputs/{entry.id}/ending", answer).status_code


def main_of(answer: Any) -> str:
    return next(element.text for element in read(answer.text).walk() if element.tag == "main")


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("council_member", 303),
        ("teacher_elsewhere", 303),
        ("facilitator", 303),
        ("guardian", 404),
        ("class_teacher", 404),
        ("leader", 404),
        ("office", 404),
    ],
)
def test_whoever_speaks_for_the_class_writes_for_it(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, name: str, status: int
) -> None:
    assert write(client_of(cast.users[name]), cast.sixth.id) == status
    assert db.session.query(ClassInput).count() == (status == 303)


def test_a_member_speaks_for_their_own_class_alone_and_a_substitute_reads(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting
) -> None:
    other = make.make_class("5.A", 5)
    assert write(client_of(cast.council_member), other.id) == 403
    nils = make.make_pupil(cast.sixth, "Nils")
    make.seat(cast.council, nils, cast.sixth, is_substitute=True)
    assert write(client_of(db.session.get_one(User, nils.user_id)), cast.sixth.id) == 403
    assert write(client_of(cast.facilitator), cast.third.id) == 404, "no council has grade 3"


def test_it_is_about_an_item_a_clause_or_nothing(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    ella = client_of(cast.council_member)
    assert write(ella, cast.sixth.id, about=f"item {item.id}") == 303
    path = f"/council/classes/{cast.sixth.id}/class-inputs/new?clause=k1"
    assert ella.send(path, {"text": "Det er svært at læse.", "about": "clause k1"}).status_code == 303
    assert write(ella, cast.sixth.id, "Mere leg.") == 303
    found = [(entry.item_id, entry.clause_key, bool(entry.about)) for entry in db.session.query(ClassInput)]
    assert found == [(item.id, None, True), (None, "k1", True), (None, None, False)]
    for odd in ("item 999999", "clause k9", "item x", "x"):
        assert write(ella, cast.sixth.id, about=odd) == 422, odd


@pytest.mark.parametrize("text", ["", "   ", "x" * 601, "Alma driller os."])
def test_what_cannot_be_said_is_not_kept(cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, text: str) -> None:
    assert write(client_of(cast.council_member), cast.sixth.id, text) == 422
    assert db.session.query(ClassInput).count() == 0


def test_the_class_team_reads_no_agenda_before_the_minutes(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    teacher = client_of(cast.teacher_elsewhere)
    assert "Boldene" not in teacher.get(f"/council/classes/{cast.sixth.id}/class-inputs/new").text
    assert write(teacher, cast.sixth.id, about=f"item {item.id}") == 422
    assert teacher.get(f"/council/{cast.council.id}/class-inputs").status_code == 404


# Its end


@pytest.mark.parametrize("ending", list(Ending), ids=str)
def test_it_ends_in_one_of_four_ways_with_a_line_back(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, ending: Ending
) -> None:
    amendment = make.make_amendment(cast.council, cast.council_member, db.session.query(Edition).one())
    entry = make.make_class_input(cast.council, cast.sixth, cast.council_member)
    data = {"ending": ending.value, "who": "Elevrådet", "when": "i maj", "suggestion": amendment.id}
    assert end(lars, entry, **{**data, "reply": ""}) == 422
    assert end(lars, entry, **data) == 303
    ended = only_input()
    assert (ended.ending, ended.reply) == (ending, "Tak. Det er med.")
    assert (ended.who, ended.when) == (("Elevrådet", "i maj") if ending is Ending.DOING else ("", ""))
    assert ended.suggestion_id == (amendment.id if ending is Ending.IN_SUGGESTION else None)


@pytest.mark.parametrize(
    "data",
    [
        {"ending": "doing"},
        {"ending": "in_suggestion"},
        {"ending": "in_suggestion", "suggestion": 999_999},
        {"ending": ""},
        {"ending": "maybe"},
        {"reply": "x" * 401},
        {"ending": "doing", "who": "x" * 81},
    ],
    ids=str,
)
def test_an_end_without_what_belongs_to_it_is_none(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, data: dict[str, Any]
) -> None:
    entry = make.make_class_input(cast.council, cast.sixth, cast.council_member)
    assert end(lars, entry, **data) == 422
    assert only_input().ending is None


@pytest.mark.parametrize("name", ["council_member", "council_chair", "teacher_elsewhere", "leader", "guardian"])
def test_only_the_contact_teacher_ends_it(cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, name: str) -> None:
    entry = make.make_class_input(cast.council, cast.sixth, cast.council_member)
    assert end(client_of(cast.users[name]), entry) in {403, 404}
    assert only_input().ending is None


@pytest.mark.both
def test_two_who_end_it_at_once_end_it_once(
    cast: Cast, client_of: ClientOf, meeting: CouncilMeeting, database: str
) -> None:
    make.make_facilitator(cast.council, cast.class_teacher)
    entry = make.make_class_input(cast.council, cast.sixth, cast.council_member)
    path = f"/council/class-inputs/{entry.id}/ending"
    data = {"reply": "Tak.", "version": entry.version, "suggestion": 0}
    answers = at_once(
        partial(client_of(cast.facilitator).send, path, {"ending": "used", **data}),
        partial(client_of(cast.class_teacher).send, path, {"ending": "not_now", **data}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]


@pytest.mark.both
@pytest.mark.parametrize(
    "values",
    [
        {"ending": Ending.USED, "reply": "Tak."},
        {"ending": Ending.USED, "ended_at": clock.now()},
        {"ending": Ending.DOING, "reply": "Tak.", "ended_at": clock.now()},
    ],
    ids=["without a day", "without a line", "without somebody who does it"],
)
def test_the_database_holds_it_too(cast: Cast, meeting: CouncilMeeting, database: str, values: dict[str, Any]) -> None:
    entry = ClassInput(
        council_id=cast.council.id, class_id=cast.sixth.id, written_by_id=cast.facilitator.id, text="Nej."
    )
    entry.written_at = clock.now()
    for name, value in values.items():
        setattr(entry, name, value)
    db.session.add(entry)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_minutes_wait_until_each_class_has_its_line(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    later = make.make_item(meeting, title="Maden")
    for one in (item, later):
        make.make_class_input(cast.council, cast.sixth, cast.council_member, item_id=one.id, about=one.title)
    page = f"/council/meetings/{meeting.id}"
    lars.send(f"{page}/start")
    lars.send(f"{page}/close", {"reached": [item.id]})
    assert approve(lars, page).status_code == 409
    first, second = db.session.query(ClassInput).order_by(ClassInput.id)
    assert end(lars, first) == 303
    assert approve(lars, page).status_code == 303, "what was not reached waits with its item"
    following = make.make_meeting(cast.council, starts_at=clock.now() + timedelta(days=7))
    lars.send(f"/council/meetings/{following.id}/start")
    db.session.expire_all()
    copy = db.session.query(AgendaItem).filter_by(meeting_id=following.id).one()
    assert db.session.get_one(ClassInput, second.id).item_id == copy.id


def test_an_answer_stays_once_the_minutes_are_approved(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    entry = make.make_class_input(cast.council, cast.sixth, cast.council_member, item_id=item.id)
    page = f"/council/meetings/{meeting.id}"
    lars.send(f"{page}/start")
    assert end(lars, entry) == 303
    assert end(lars, only_input(), ending="not_now") == 303, "it was a slip"
    lars.send(f"{page}/close")
    approve(lars, page)
    assert end(lars, only_input(), ending="used") == 409
    assert only_input().ending == Ending.NOT_NOW


def test_what_was_written_is_taken_back_until_it_is_answered(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting
) -> None:
    ella = client_of(cast.council_member)
    write(ella, cast.sixth.id)
    path = f"/council/class-inputs/{only_input().id}/remove"
    assert client_of(cast.council_chair).send(path).status_code == 403
    assert ella.send(path).status_code == 303
    write(ella, cast.sixth.id)
    entry = only_input()
    end(lars, entry)
    assert ella.send(f"/council/class-inputs/{entry.id}/remove").status_code == 409


def test_an_item_that_is_taken_off_leaves_what_the_class_said(
    cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    make.make_class_input(cast.council, cast.sixth, cast.council_member, item_id=item.id, about="Boldene")
    assert lars.send(f"/council/items/{item.id}/remove").status_code == 303
    assert (only_input().item_id, only_input().about) == (None, "Boldene")


# The sheet, the year


def held(cast: Cast, lars: IsolatedClient, meeting: CouncilMeeting, item: AgendaItem) -> str:
    entry = make.make_class_input(cast.council, cast.sixth, cast.council_member, item_id=item.id, about="Boldene")
    page = f"/council/meetings/{meeting.id}"
    lars.send(f"{page}/start")
    end(lars, entry, **DOING)
    lars.send(f"/council/items/{item.id}/notes", {"notes": "Vi vil have fem.", "version": item.version})
    lars.send(f"{page}/close")
    return f"{page}/classes/{cast.sixth.id}"


def test_every_class_has_its_sheet_after_the_meeting(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    path = f"/council/meetings/{meeting.id}/classes/{cast.sixth.id}"
    assert lars.get(path).status_code == 404, "nothing has happened yet"
    held(cast, lars, meeting, item)
    teacher = client_of(cast.teacher_elsewhere)
    assert teacher.get(path).status_code == 404, "the minutes are not approved"
    approve(lars, f"/council/meetings/{meeting.id}")
    for browser in (teacher, client_of(cast.council_member), lars):
        text = main_of(browser.get(path))
        for words in ("You said this", "Vi vil gerne have flere bolde.", "Vi køber fem bolde.", "Elevrådet, i maj"):
            assert words in text
        for name in ("Ella", "Viggo", cast.facilitator.name):
            assert name not in text
    assert path in client_of(cast.council_member).get(f"/council/meetings/{meeting.id}/minutes").text
    assert path in teacher.get(f"/council/classes/{cast.sixth.id}/class-inputs/new").text
    for other in (cast.guardian, cast.class_teacher):
        assert client_of(other).get(path).status_code == 404
    assert lars.get(f"/council/meetings/{meeting.id}/classes/{cast.third.id}").status_code == 404


def test_what_we_do_stands_in_our_year(
    cast: Cast, lars: IsolatedClient, client_of: ClientOf, meeting: CouncilMeeting, item: AgendaItem
) -> None:
    held(cast, lars, meeting, item)
    year = main_of(client_of(cast.guardian).get(f"/council/{cast.council.id}/years/2026"))
    assert "Vi køber fem bolde." in year
    assert "Elevrådet, i maj" in year
    assert "6.A" not in year


@pytest.mark.parametrize("path", ["sheet", "inputs", "new_input", "meeting", "new_item", "minutes", "screen"])
def test_a_child_of_ten_can_read_it(
    cast: Cast, client_of: ClientOf, lars: IsolatedClient, meeting: CouncilMeeting, item: AgendaItem, path: str
) -> None:
    cast.council_member.language = "da"
    pages = {
        "sheet": held(cast, lars, meeting, item),
        "inputs": f"/council/{cast.council.id}/class-inputs",
        "new_input": f"/council/classes/{cast.sixth.id}/class-inputs/new",
        "meeting": f"/council/meetings/{make.make_meeting(cast.council).id}",
        "new_item": f"/council/meetings/{make.make_meeting(cast.council).id}/items/new",
        "minutes": f"/council/meetings/{meeting.id}/minutes",
        "screen": f"/council/meetings/{make.make_meeting(cast.council, MeetingState.IN_PROGRESS).id}/screen",
    }
    tree = read(client_of(cast.council_member).get(pages[path]).text)
    main = next(element for element in tree.walk() if element.tag == "main")
    lines = [e.text for e in main.walk() if e.tag in {"p", "h1", "h2", "h3", "label", "legend", "button"} and e.text]
    said = read_over(". ".join(line.rstrip(".:?!") for line in lines) + ".")
    assert said.lix <= 30, (said.lix, said.longest)


# A council whose pupils have no accounts


def test_in_a_small_council_nobody_gets_an_account_and_the_contact_teacher_writes_all(
    cast: Cast, client_of: ClientOf, lars: IsolatedClient
) -> None:
    office = client_of(cast.office)
    names = {"name": "Det lille elevråd", "lowest_grade": 0, "highest_grade": 3}
    assert office.send("/council/new", names).status_code == 303, "no tick: nobody signs in"
    small = db.session.query(Council).filter_by(name="Det lille elevråd").one()
    assert small.signs_in is False
    make.make_facilitator(small, cast.class_teacher)
    anton, asta = make.make_pupil(cast.third, "Anton"), make.make_pupil(cast.third, "Asta")
    elected = {"member": anton.id, "second_member": 0, "substitute": asta.id, "second_substitute": 0}
    teacher = client_of(cast.class_teacher)
    assert send_as_seen(teacher, f"/council/classes/{cast.third.id}/members", elected).status_code == 303
    db.session.expire_all()
    assert [anton.user_id, asta.user_id] == [None, None]
    assert "Anton" in teacher.get(f"/council/classes/{cast.third.id}/letters").text
    assert write(teacher, cast.third.id) == 303
    meeting = make.make_meeting(small)
    make.make_item(meeting)
    teacher.send(f"/council/meetings/{meeting.id}/start")
    seat = db.session.query(CouncilMember).filter_by(pupil_id=anton.id).one()
    page = f"/council/meetings/{meeting.id}"
    assert note(teacher, f"{page}/attendance", [seat.id]).status_code == 303
    assert teacher.send(f"{page}/close").status_code == 303


def test_turning_signing_in_off_and_on_closes_and_opens_the_accounts(cast: Cast, client_of: ClientOf) -> None:
    office = client_of(cast.office)
    path = f"/council/{cast.council.id}/edit"
    data = {"name": cast.council.name, "lowest_grade": 4, "highest_grade": 9}
    assert send_as_seen(office, path, data).status_code == 303
    db.session.expire_all()
    assert not db.session.get_one(User, cast.council_member.id).is_active
    assert send_as_seen(office, path, {**data, "signs_in": "y"}).status_code == 303
    db.session.expire_all()
    assert db.session.get_one(User, cast.council_member.id).is_active


def test_a_class_team_is_more_than_one(cast: Cast, client_of: ClientOf, meeting: CouncilMeeting) -> None:
    make.put_in_team(cast.pedagogue, cast.sixth, TeamFunction.PEDAGOGUE)
    write(client_of(cast.pedagogue), cast.sixth.id)
    path = f"/council/class-inputs/{only_input().id}/remove"
    assert client_of(cast.teacher_elsewhere).send(path).status_code == 403, "whoever wrote it takes it back"
    assert meeting.state is MeetingState.PLANNED
