"""The office makes two councils of one, and a living suggestion follows its child into the one its class elects to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from portal.acts.models import Act, ActKind, WaitingAct
from portal.council.class_inputs.models import Ending
from portal.council.handing_over import TOLD
from portal.council.meetings.models import AgendaItem, ItemKind, ItemState, MeetingState
from portal.council.models import Council, CouncilMember
from portal.council.notices import NOTICES
from portal.database import db
from portal.notifications.worker import Worker
from portal.school.models import ClassYear, Pupil, SchoolClass
from portal.strategy.amendments.models import Amendment
from portal.strategy.kinds import AmendmentState
from portal.strategy.models import Edition
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.council.seen import send_as_seen
from tests.council.test_councils import elect
from tests.notifications.post_office import tell

State = AmendmentState


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.office)


@pytest.fixture
def ida(cast: Cast) -> Pupil:
    """She sits for 5.A in the one council there is, beside Ella of 6.A."""
    school_class = make.make_class("5.A", 5, hue=4)
    ida = make.make_pupil(school_class, "Ida")
    make.seat(cast.council, ida, school_class)
    db.session.commit()
    return ida


@pytest.fixture
def five_a(ida: Pupil) -> SchoolClass:
    return db.session.query(SchoolClass).order_by(SchoolClass.id.desc()).limit(1).one()


@pytest.fixture
def fifth(cast: Cast, edition: Edition, ida: Pupil) -> dict[State, Amendment]:
    """What Ida of 5.A has in hand."""
    author = ida.user
    states = (State.DRAFT, State.IN_COUNCIL, State.POSTPONED, State.ADOPTED, State.WITHDRAWN)
    found = {state: make.make_amendment(cast.council, author, edition, state=state, title=state) for state in states}
    db.session.commit()
    return found


def form(name: str, lowest_grade: int, highest_grade: int) -> dict[str, str]:
    return {"name": name, "lowest_grade": str(lowest_grade), "highest_grade": str(highest_grade), "signs_in": "y"}


def divide(cast: Cast, office: IsolatedClient) -> int:
    """The office narrows the council to the oldest, and makes another for the fifth grade and below: its id."""
    assert send_as_seen(office, f"/council/{cast.council.id}/edit", form(cast.council.name, 6, 9)).status_code == 303
    assert office.send("/council/new", form("Mellemrådet", 4, 5)).status_code == 303
    db.session.expire_all()
    return db.session.query(Council).filter_by(name="Mellemrådet").one().id


def split(cast: Cast, office: IsolatedClient, ida: Pupil, five_a: SchoolClass) -> int:
    """The same, and 5.A has elected Ida to the new one."""
    new = divide(cast, office)
    assert elect(office, five_a, ida).status_code == 303
    db.session.expire_all()
    return new


#: What goes where its child is; what a council has said yes or no to stays with it.
UNDECIDED = (State.DRAFT, State.IN_COUNCIL, State.POSTPONED)


def in_council(suggestions: dict[State, Amendment], council_id: int) -> set[State]:
    return {state for state, one in suggestions.items() if one.council_id == council_id}


@pytest.mark.both
def test_what_is_not_decided_goes_where_its_child_is_and_the_rest_stays(
    cast: Cast,
    amendment: Amendment,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
    client_of: ClientOf,
) -> None:
    new = split(cast, office, ida, five_a)
    assert in_council(fifth, new) == set(UNDECIDED)
    assert amendment.council_id == cast.council.id, "Ella's class is still in its grades"
    assert fifth[State.POSTPONED].state is State.IN_COUNCIL, "the new council has put nothing off"
    told = db.session.query(Act).filter_by(kind=ActKind.AMENDMENT_HANDED_OVER).order_by(Act.subject_id)
    assert [act.subject_id for act in told] == [fifth[state].id for state in UNDECIDED if state is not State.DRAFT]

    make.make_facilitator(db.session.get_one(Council, new), cast.pedagogue)
    db.session.commit()
    helper, elsewhere = client_of(cast.pedagogue), client_of(cast.facilitator)
    page = f"/strategy/amendments/{fifth[State.IN_COUNCIL].id}"
    assert helper.get(page).status_code == 200
    assert elsewhere.get(page).status_code == 404


def test_its_author_reads_it_all_along_and_the_new_council_is_told(
    app: Flask,
    cast: Cast,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
    client_of: ClientOf,
) -> None:
    author = client_of(ida.user)
    pages = [f"/strategy/amendments/{fifth[state].id}" for state in (State.DRAFT, State.IN_COUNCIL)]
    new = divide(cast, office)
    assert [author.get(page).status_code for page in pages] == [200, 200], "she still sits in the old one"
    make.make_facilitator(db.session.get_one(Council, new), cast.pedagogue)
    assert elect(office, five_a, ida).status_code == 303
    tell(Worker(app))
    author = client_of(ida.user)
    assert [author.get(page).status_code for page in pages] == [200, 200]
    for browser in (author, client_of(cast.pedagogue)):
        assert "/opened" in browser.get("/notifications/").text


def test_what_the_old_council_was_told_of_it_leads_nobody_there_to_a_page_that_is_gone(
    app: Flask,
    cast: Cast,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
    client_of: ClientOf,
) -> None:
    act = Act(kind=ActKind.AMENDMENT_SUBMITTED, subject_id=fifth[State.IN_COUNCIL].id, at=clock.now())
    db.session.add(WaitingAct(act=act, try_at=clock.now()))
    tell(Worker(app))
    assert "/opened" in client_of(cast.council_member).get("/notifications/").text
    split(cast, office, ida, five_a)
    assert "/opened" not in client_of(cast.council_member).get("/notifications/").text


def test_all_that_leads_to_a_suggestion_goes_along_with_it() -> None:
    assert {one.kind for one in NOTICES if one.page == "strategy.amendments.show_amendment"} == TOLD


@pytest.mark.parametrize("highest", [9, 10])
def test_a_class_that_moved_up_out_of_a_council_leaves_there_what_it_wrote(
    cast: Cast,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    client_of: ClientOf,
    wall_clock: Move,
    highest: int,
) -> None:
    """Also when the office gives the other council a grade that has nothing to do with it."""
    cast.council.lowest_grade, cast.council.highest_grade = 4, 5
    oldest = make.make_council("De store", (6, 9))
    db.session.commit()
    wall_clock(clock.now() + timedelta(days=(datetime(2027, 9, 1) - datetime(2026, 11, 27)).days))
    office = client_of(cast.office)
    assert send_as_seen(office, f"/council/{oldest.id}/edit", form("De store", 6, highest)).status_code == 303
    assert elect(office, five_a, ida).status_code == 303
    db.session.expire_all()
    assert {one.council_id for one in fifth.values()} == {cast.council.id}


def test_what_became_a_part_of_it_goes_along_whoever_wrote_it(
    cast: Cast,
    edition: Edition,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
) -> None:
    host = fifth[State.IN_COUNCIL]
    part, inner = (
        make.make_amendment(cast.council, cast.council_member, edition, state=State.MERGED, merged_into_id=host.id)
        for _ in range(2)
    )
    inner.merged_into_id = part.id
    db.session.commit()
    new = split(cast, office, ida, five_a)
    assert {part.council_id, inner.council_id} == {new}


def test_it_is_taken_off_the_agenda_to_come_and_stays_in_the_minutes(
    cast: Cast,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
    client_of: ClientOf,
) -> None:
    put_off = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    kept = make.make_item(put_off, fifth[State.POSTPONED], state=ItemState.POSTPONED)
    to_come = make.make_meeting(cast.council)
    make.make_item(to_come)
    make.make_item(to_come, fifth[State.IN_COUNCIL])
    db.session.commit()
    split(cast, office, ida, five_a)
    assert [item.title for item in db.session.query(AgendaItem).filter_by(meeting_id=to_come.id)] == ["Frikvarteret"]
    assert client_of(cast.facilitator).send(f"/council/meetings/{to_come.id}/start").status_code == 303
    assert db.session.query(AgendaItem).filter_by(amendment_id=fifth[State.POSTPONED].id).one().id == kept.id


def test_while_a_meeting_decides_about_it_the_councils_stay_as_they_are(
    cast: Cast, fifth: dict[State, Amendment], ida: Pupil, five_a: SchoolClass, office: IsolatedClient
) -> None:
    fifth[State.IN_COUNCIL].has_open_vote = True
    db.session.commit()
    new = divide(cast, office)
    answer = elect(office, five_a, ida)
    assert answer.status_code == 409
    assert "Vent, til det er slut" in answer.text
    assert "Det har en kollega gemt" not in answer.text, "nobody has saved anything"
    db.session.expire_all()
    assert fifth[State.DRAFT].council_id == cast.council.id
    assert db.session.query(CouncilMember).filter_by(council_id=new).count() == 0


def test_a_meeting_that_only_talked_of_it_leaves_it_to_the_one_that_decides(
    cast: Cast,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
    client_of: ClientOf,
) -> None:
    one = fifth[State.IN_COUNCIL]
    going_on = make.make_meeting(cast.council, MeetingState.IN_PROGRESS)
    make.make_item(going_on, one, kind=ItemKind.DISCUSS)
    new = split(cast, office, ida, five_a)
    decides = make.make_meeting(db.session.get_one(Council, new))
    make.make_item(decides, one)
    make.make_facilitator(db.session.get_one(Council, new), cast.pedagogue)
    db.session.commit()
    assert client_of(cast.pedagogue).send(f"/council/meetings/{decides.id}/start").status_code == 303
    assert client_of(cast.facilitator).send(f"/council/meetings/{going_on.id}/close").status_code == 303
    db.session.refresh(one)
    assert one.has_open_vote


def test_another_name_alone_moves_nothing(cast: Cast, amendment: Amendment, office: IsolatedClient) -> None:
    oldest = make.make_council("De store", (6, 9))
    cast.council.highest_grade = 5  # Ella's class moved up in August, and what was before the council stays there
    db.session.commit()
    assert send_as_seen(office, f"/council/{oldest.id}/edit", form("De ældste", 6, 9)).status_code == 303
    db.session.refresh(amendment)
    assert amendment.council_id == cast.council.id


# A class that elects anew after its seats have run out, and what it has said itself


@pytest.mark.both
def test_what_lives_follows_also_when_the_seats_ran_out_before_the_class_elected_anew(
    cast: Cast,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
    database: str,
) -> None:
    seat = db.session.query(CouncilMember).filter_by(class_id=five_a.id).one()
    seat.starts_on, seat.ends_on = date(2025, 9, 1), date(2026, 10, 31)
    before = {"label": "4.A", "lowest_grade": 4, "highest_grade": 4}
    db.session.add(ClassYear(class_id=five_a.id, school_year=2025, **before))
    db.session.commit()
    new = split(cast, office, ida, five_a)
    assert in_council(fifth, new) == set(UNDECIDED)


@pytest.mark.both
def test_what_a_class_has_said_goes_along_unless_it_is_about_what_stays(
    cast: Cast,
    amendment: Amendment,
    fifth: dict[State, Amendment],
    ida: Pupil,
    five_a: SchoolClass,
    office: IsolatedClient,
    client_of: ClientOf,
    database: str,
) -> None:
    planned = make.make_meeting(cast.council)
    item = make.make_item(planned)
    lines: dict[str, dict[str, object]] = {
        "Flere bolde.": {},
        "Om dens eget.": {"amendment_id": fifth[State.IN_COUNCIL].id, "about": "Hemmeligt"},
        "Om et andet.": {"amendment_id": amendment.id},
        "På dagsordenen.": {"item_id": item.id},
        "Stod der før.": {"about": "Rådets eget punkt"},
        "Om et afsnit.": {"clause_key": "legen", "about": "Vi leger"},
        "Er besvaret.": {"ending": Ending.USED, "reply": "Tak.", "ended_at": clock.now()},
    }
    words = {
        text: make.make_class_input(cast.council, five_a, cast.facilitator, text=text, **values)
        for text, values in lines.items()
    }
    other = make.make_class_input(cast.council, cast.sixth, cast.facilitator, text="6.A")
    db.session.commit()
    new = split(cast, office, ida, five_a)
    assert [text for text, entry in words.items() if entry.council_id == new] == [
        *("Flere bolde.", "Om dens eget.", "Stod der før.", "Om et afsnit.")
    ]
    abouts = [words[text].about for text in ("Om dens eget.", "Stod der før.", "Om et afsnit.")]
    assert abouts == ["Hemmeligt", "", "Vi leger"], "an agenda's free words are its council's own"
    assert other.council_id == cast.council.id
    make.make_facilitator(db.session.get_one(Council, new), cast.pedagogue)
    db.session.commit()
    helper = client_of(cast.pedagogue)
    assert "Flere bolde." in helper.get(f"/council/{new}/class-inputs").text
    answer = {"ending": "used", "reply": "Ja tak.", "version": words["Flere bolde."].version, "suggestion": 0}
    assert helper.send(f"/council/class-inputs/{words['Flere bolde.'].id}/ending", answer).status_code == 303
    page = client_of(ida.user).get(f"/council/classes/{five_a.id}/class-inputs/new").text
    assert [text for text in lines if text not in page] == [], "the class reads all it said, and each answer"


def test_a_class_that_moved_up_takes_along_what_nobody_has_answered(
    cast: Cast, ida: Pupil, five_a: SchoolClass, client_of: ClientOf, wall_clock: Move
) -> None:
    cast.council.lowest_grade, cast.council.highest_grade = 4, 5
    oldest = make.make_council("De store", (6, 9))
    said = make.make_class_input(cast.council, five_a, cast.facilitator)
    db.session.commit()
    wall_clock(clock.now() + timedelta(days=(datetime(2027, 9, 1) - datetime(2026, 11, 27)).days))
    assert elect(client_of(cast.office), five_a, ida).status_code == 303
    db.session.refresh(said)
    assert said.council_id == oldest.id
    page = client_of(ida.user).get(f"/council/classes/{five_a.id}/class-inputs/new").text
    assert said.text in page, "it waits, whichever year it was said in"


def test_who_puts_a_word_right_while_it_changes_councils_is_told(
    cast: Cast, ida: Pupil, five_a: SchoolClass, office: IsolatedClient, client_of: ClientOf
) -> None:
    said = make.make_class_input(cast.council, five_a, ida.user)
    db.session.commit()
    version = said.version
    split(cast, office, ida, five_a)
    late = client_of(ida.user).send(
        f"/council/class-inputs/{said.id}/edit", {"text": "Vi vil have mål.", "version": version}
    )
    assert late.status_code == 409
    assert "Vi vil have mål." in late.text
