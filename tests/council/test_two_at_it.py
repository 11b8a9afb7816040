"""Of two who choose at once, or one after the other from a page that stood open, the second is told what holds now."""

from __future__ import annotations

from functools import partial

import pytest

from portal.council.meetings.models import Attendance, CouncilMeeting, MeetingState
from portal.council.models import Council, CouncilMember
from portal.council.queries import list_class_seats
from portal.database import db
from portal.database.stamps import NONE
from portal.school.models import Pupil
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once
from tests.council.seen import seen_at

REST = {"second_member": 0, "substitute": 0, "second_substitute": 0}


def seat_of(pupil: Pupil) -> int:
    return db.session.query(CouncilMember).filter_by(pupil_id=pupil.id).one().id


def chosen(**which: bool) -> list[str]:
    db.session.expire_all()
    seats = db.session.query(CouncilMember).filter_by(**which).order_by(CouncilMember.id)
    return [seat.pupil.first_name for seat in seats]


@pytest.mark.both
def test_of_two_who_choose_a_chair_the_second_is_told_who_it_is(cast: Cast, client_of: ClientOf, database: str) -> None:
    path, lars, office = f"/council/{cast.council.id}/chair", client_of(cast.facilitator), client_of(cast.office)
    seen = seen_at(lars, path)
    assert office.send(path, {"member": seat_of(cast.ella), "seen": seen}).status_code == 303
    late = lars.send(path, {"member": 0, "seen": seen})
    assert late.status_code == 409
    assert "<li>Ella, 6.A</li>" in late.text
    assert f'name="seen" type="hidden" value="{seat_of(cast.ella)}"' in late.text
    assert 'checked value="0"' in late.text or 'value="0" checked' in late.text, "what was chosen stays chosen"
    assert chosen(is_chair=True) == ["Ella"]
    same = {"member": seat_of(cast.ella), "seen": seen}
    assert lars.send(path, same).status_code == 303, "the same choice is no other one"
    assert lars.send(path, {"member": 0, "seen": str(seat_of(cast.ella))}).status_code == 303
    assert chosen(is_chair=True) == []


@pytest.mark.both
def test_of_two_who_choose_for_the_school_board_the_second_is_told(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    path, office = f"/council/{cast.council.id}/board", client_of(cast.office)
    lars = client_of(cast.facilitator)
    ella, viggo = seat_of(cast.ella), seat_of(cast.viggo)
    answers = at_once(
        partial(lars.send, path, {"members": [ella], "seen": NONE}),
        partial(office.send, path, {"members": [viggo], "seen": NONE}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    first = "Ella" if answers[0].status_code == 303 else "Viggo"
    assert chosen(is_on_board=True) == [first]
    assert f"<li>{first}, 6.A</li>" in next(answer.text for answer in answers if answer.status_code == 409)


@pytest.mark.both
def test_of_two_who_enter_an_election_the_second_is_told_and_can_save_again(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    make.make_council("Det lille elevråd", (0, 3))
    path = f"/council/classes/{cast.third.id}/members"
    teacher, office = client_of(cast.class_teacher), client_of(cast.office)
    assert office.send(path, {"member": cast.alma.id, **REST, "seen": NONE}).status_code == 303
    late = teacher.send(path, {**REST, "member": cast.otto.id, "substitute": cast.alma.id, "seen": NONE})
    assert late.status_code == 409
    assert f"<li>{cast.alma.name}</li>" in late.text
    assert f'<option selected value="{cast.otto.id}">' in late.text
    assert [seat.pupil_id for seat in db.session.query(CouncilMember).filter_by(class_id=cast.third.id)] == [
        cast.alma.id
    ]
    again = {**REST, "member": cast.otto.id, "substitute": cast.alma.id, "seen": str(seat_of(cast.alma))}
    assert teacher.send(path, again).status_code == 303


@pytest.mark.both
def test_of_two_who_change_a_council_the_second_is_told(cast: Cast, client_of: ClientOf, database: str) -> None:
    path = f"/council/{cast.council.id}/edit"
    office = client_of(cast.office)
    seen = seen_at(office, path)
    form = {"name": "De store", "lowest_grade": 4, "highest_grade": 9, "signs_in": "y"}
    assert office.send(path, {**form, "seen": seen}).status_code == 303
    late = office.send(path, {**form, "name": "De ældste", "seen": seen})
    assert late.status_code == 409
    assert "<li>De store</li>" in late.text
    assert 'value="De ældste"' in late.text
    assert [one.name for one in db.session.query(Council)] == ["De store"]
    assert office.send(path, {**form, "name": "De ældste", "seen": seen_at(office, path)}).status_code == 303


def test_a_tick_a_colleague_changed_alone_is_told_and_the_same_choice_is_none(cast: Cast, client_of: ClientOf) -> None:
    path = f"/council/{cast.council.id}/edit"
    office = client_of(cast.office)
    seen = seen_at(office, path)
    form: Form = {"name": cast.council.name, "lowest_grade": 4, "highest_grade": 9, "seen": seen}
    assert office.send(path, form).status_code == 303
    late = office.send(path, {**form, "signs_in": "y"})
    assert late.status_code == 409
    assert "<li>Eleverne logger ikke selv ind</li>" in late.text
    db.session.expire_all()
    assert not cast.council.signs_in
    assert office.send(path, form).status_code == 303, "the same choice is no other one"
    assert office.send(path, {**form, "signs_in": "y", "seen": seen_at(office, path)}).status_code == 303
    late = office.send(path, {**form, "name": "De store", "seen": "x"})
    assert "<li>Eleverne logger selv ind</li>" in late.text


@pytest.mark.both
def test_whoever_chooses_a_chair_and_whoever_enters_an_election_take_the_council_before_its_seats(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    """The other way round the database would end one of them, and the election takes a word of the class along."""
    elsewhere = make.make_council("Det lille elevråd", (0, 3))
    lars, office = client_of(cast.facilitator), client_of(cast.office)
    chair, members = f"/council/{cast.council.id}/chair", f"/council/classes/{cast.sixth.id}/members"
    pupils = (cast.ella, cast.viggo)
    for turn in range(6):
        make.make_class_input(elsewhere, cast.sixth, cast.facilitator)
        db.session.commit()
        sitting = {seat.pupil_id: seat.id for seat in list_class_seats(cast.sixth.id, today=clock.today())}
        chairs = {"member": next(iter(sitting.values())) if turn % 2 else 0, "seen": seen_at(lars, chair)}
        elected = {"member": pupils[turn % 2].id, **REST, "seen": seen_at(office, members)}
        answers = at_once(partial(lars.send, chair, chairs), partial(office.send, members, elected))
        assert answers[1].status_code == 303
        assert answers[0].status_code in {303, 409, 422}
        db.session.rollback()


Form = dict[str, object]


@pytest.mark.parametrize("made_up", ["", "x", "-1", "1 2 3", "9" * 400])
@pytest.mark.parametrize("what", ["chair", "board", "members", "edit", "attendance", "approve"])
def test_a_form_that_does_not_say_what_was_seen_changes_nothing(
    cast: Cast, client_of: ClientOf, what: str, made_up: str
) -> None:
    """Whether it says nothing at all or what never stood there."""
    lars, office = client_of(cast.facilitator), client_of(cast.office)
    state = MeetingState.MINUTES_DRAFT if what == "approve" else MeetingState.IN_PROGRESS
    meeting = make.make_meeting(cast.council, state)
    council = f"/council/{cast.council.id}"
    posts: dict[str, tuple[IsolatedClient, str, Form]] = {
        "chair": (lars, f"{council}/chair", {"member": seat_of(cast.ella)}),
        "board": (lars, f"{council}/board", {"members": [seat_of(cast.ella)]}),
        "members": (office, f"/council/classes/{cast.sixth.id}/members", {**REST, "member": cast.ella.id}),
        "edit": (office, f"{council}/edit", {"name": "Andet", "lowest_grade": 4, "highest_grade": 9}),
        "attendance": (lars, f"/council/meetings/{meeting.id}/attendance", {"present": [seat_of(cast.ella)]}),
        "approve": (lars, f"/council/meetings/{meeting.id}/approve", {}),
    }
    browser, path, form = posts[what]
    before = _all_of_it(cast, meeting)
    answer = browser.send(path, {**form, **({"seen": made_up} if made_up else {})})
    assert answer.status_code == 409
    assert _all_of_it(cast, meeting) == before


def _all_of_it(cast: Cast, meeting: CouncilMeeting) -> list[object]:
    db.session.expire_all()
    seats = db.session.query(CouncilMember).order_by(CouncilMember.id)
    rows = [(seat.pupil_id, seat.ends_on, seat.is_chair, seat.is_on_board) for seat in seats]
    return [cast.council.stamp, meeting.state, db.session.query(Attendance).count(), rows]
