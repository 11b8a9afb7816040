"""Student councils: who sits in them, who enters that, and what a child sees there.

Most of these post past the page: as somebody it is not for, with another class's pupils, or twice.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import SignInLink, User
from portal.accounts.protection import Protection
from portal.accounts.sign_in import tokens
from portal.acts.models import Act, ActKind
from portal.council import queries
from portal.council.meetings.models import AgendaItem, MeetingState
from portal.council.models import Council, CouncilMember, Facilitator
from portal.database import db
from portal.database.stamps import NONE
from portal.people import load_people
from portal.policy import Action, can
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from tests import factories as make
from tests.cast import HOMES, SCHOOL_WIDE, STRANGERS, Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.council.seen import seen_at, send_as_seen

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)
UNTIL_SUCCESSORS = date(2027, 10, 31)

REFUSED = [(name, 403) for name in sorted(HOMES | SCHOOL_WIDE)] + [(name, 404) for name in sorted(STRANGERS)]
OUTSIDE = ["class_teacher", "leader", "akt", "guardian", "helper", "former_substitute", "newcomer"]


@pytest.fixture
def small(cast: Cast) -> Council:
    """The council that 3.A belongs to."""
    council = make.make_council("Det lille elevråd", (0, 3))
    db.session.commit()
    return council


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.office)


@pytest.fixture
def teacher(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.class_teacher)


def elect(browser: IsolatedClient, school_class: SchoolClass, *pupils: Pupil, key: str = "", **values: Any) -> Any:
    """Elect a member, one more, a substitute, one more: in that order."""
    places = ("member", "second_member", "substitute", "second_substitute")
    chosen = {place: pupils[i].id if i < len(pupils) else 0 for i, place in enumerate(places)}
    return send_as_seen(browser, f"/council/classes/{school_class.id}/members", {**chosen, **values}, key=key)


def seats(school_class: SchoolClass) -> list[tuple[str, bool, date, date]]:
    found = db.session.query(CouncilMember).filter_by(class_id=school_class.id).order_by(CouncilMember.id)
    return [(seat.pupil.first_name, seat.is_substitute, seat.starts_on, seat.ends_on) for seat in found]


def live(school_class: SchoolClass) -> set[tuple[str, bool]]:
    return {(name, is_substitute) for name, is_substitute, _, ends_on in seats(school_class) if ends_on >= TODAY}


def count(kind: ActKind) -> int:
    return db.session.query(Act).filter_by(kind=kind).count()


# The election of a class


@pytest.mark.parametrize("name", ["class_teacher", "pedagogue", "substitute", "office"])
def test_the_class_team_and_the_office_enter_the_election(
    name: str, cast: Cast, small: Council, client_of: ClientOf
) -> None:
    assert elect(client_of(getattr(cast, name)), cast.third, cast.alma).status_code == 303
    assert seats(cast.third) == [("Alma", False, TODAY, UNTIL_SUCCESSORS)]


@pytest.mark.parametrize(("name", "status"), REFUSED)
def test_nobody_else_enters_an_election_or_prints_its_letters(
    name: str, status: int, cast: Cast, small: Council, client_of: ClientOf
) -> None:
    browser = client_of(getattr(cast, name))
    make.seat(small, cast.alma, cast.third)
    assert elect(browser, cast.third, cast.otto).status_code == status
    path = f"/council/classes/{cast.third.id}/letters"
    assert browser.get(path).status_code == browser.send(path, {"pupil": cast.alma.id}).status_code == status
    assert live(cast.third) == {("Alma", False)}
    assert db.session.query(SignInLink).count() == 0


def test_a_substitute_teacher_whose_time_is_over_enters_no_election(
    cast: Cast, small: Council, client_of: ClientOf, wall_clock: Move
) -> None:
    browser = client_of(cast.substitute)
    wall_clock(timedelta(hours=11, minutes=59))
    assert elect(browser, cast.third, cast.alma).status_code == 303
    wall_clock(timedelta(minutes=2))
    browser = client_of(cast.substitute)
    assert elect(browser, cast.third, cast.otto).status_code == 404


def test_successors_end_the_seats_before_them(cast: Cast, small: Council, office: IsolatedClient) -> None:
    elect(office, cast.sixth, cast.viggo)
    assert seats(cast.sixth) == [
        ("Ella", False, make.LONG_AGO, YESTERDAY),
        ("Viggo", False, make.LONG_AGO, UNTIL_SUCCESSORS),
    ]
    assert load_people([cast.council_chair.id], today=TODAY)[0].chairs == {cast.council.id}, "who stays, stays chair"


def test_who_has_no_seat_any_more_cannot_sign_in_and_can_after_the_next_election(
    cast: Cast, office: IsolatedClient, client_of: ClientOf
) -> None:
    tablet = client_of(cast.council_member)
    assert tablet.get(f"/council/{cast.council.id}").status_code == 200
    elect(office, cast.sixth, cast.viggo)
    assert tablet.get(f"/council/{cast.council.id}").status_code == 303
    assert not db.session.get_one(User, cast.council_member.id).is_active
    elect(office, cast.sixth, cast.ella, cast.viggo)
    assert db.session.get_one(User, cast.council_member.id).is_active
    assert tablet.get(f"/council/{cast.council.id}").status_code == 303, "the old meeting stays ended"
    assert client_of(cast.council_member).get(f"/council/{cast.council.id}").status_code == 200


def test_the_same_election_again_changes_nothing(cast: Cast, small: Council, teacher: IsolatedClient) -> None:
    elect(teacher, cast.third, cast.alma, cast.otto, cast.noah)
    before = seats(cast.third)
    assert elect(teacher, cast.third, cast.otto, cast.alma, cast.noah).status_code == 303
    assert seats(cast.third) == before
    assert (count(ActKind.COUNCIL_CHANGED), db.session.query(SignInLink).count()) == (1, 3)


def test_a_double_click_is_one_election(cast: Cast, small: Council, teacher: IsolatedClient) -> None:
    path = f"/council/classes/{cast.third.id}/members"
    nobody = {"second_member": 0, "substitute": 0, "second_substitute": 0}
    form = {"member": cast.alma.id, "seen": seen_at(teacher, path), **nobody}
    first = teacher.send(path, form, key="k" * 20)
    again = teacher.send(path, form, key="k" * 20)
    assert first.location == again.location
    assert live(cast.third) == {("Alma", False)}
    assert count(ActKind.ACCOUNT_OPENED) == 1


def test_member_and_substitute_can_change_places(cast: Cast, small: Council, teacher: IsolatedClient) -> None:
    elect(teacher, cast.third, cast.alma, substitute=cast.otto.id)
    elect(teacher, cast.third, cast.otto, substitute=cast.alma.id)
    assert live(cast.third) == {("Otto", False), ("Alma", True)}
    assert count(ActKind.ACCOUNT_CLOSED) == 0


def test_an_election_next_autumn_gives_another_year(
    cast: Cast, small: Council, client_of: ClientOf, wall_clock: Move
) -> None:
    elect(client_of(cast.office), cast.third, cast.alma)
    wall_clock(datetime(2027, 9, 15, 10, tzinfo=UTC))
    db.session.add(ClassYear(class_id=cast.third.id, school_year=2027, label="4.A", lowest_grade=4, highest_grade=4))
    elect(client_of(cast.office), cast.third, cast.alma)
    assert seats(cast.third) == [
        ("Alma", False, TODAY, date(2027, 9, 14)),
        ("Alma", False, date(2027, 9, 15), date(2028, 10, 31)),
    ], "a fourth grade sends her to the other council"
    assert load_people([cast.alma.user_id or 0], today=date(2027, 9, 15))[0].councils == {cast.council.id}


def test_without_successors_a_seat_ends_after_31_october(cast: Cast) -> None:
    db.session.add(ClassYear(class_id=cast.sixth.id, school_year=2027, label="7.A", lowest_grade=7, highest_grade=7))
    for day, may in ((UNTIL_SUCCESSORS, True), (UNTIL_SUCCESSORS + timedelta(days=1), False)):
        people = load_people([cast.council_member.id], today=day)
        assert [can(person, Action.COUNCIL_VIEW, cast.council) for person in people] == [True] * may, day


@pytest.mark.parametrize("field", ["member", "second_member", "substitute", "second_substitute"])
def test_a_pupil_of_another_class_is_refused(field: str, cast: Cast, small: Council, teacher: IsolatedClient) -> None:
    left = make.make_pupil(None, "Tidligere")
    make.enrol(left, cast.third, ends_on=YESTERDAY)
    for foreign in (cast.ella.id, left.id, 999999, "x", "", -1):
        assert elect(teacher, cast.third, cast.alma, **{field: foreign}).status_code == 422, foreign
    assert seats(cast.third) == []


def test_a_class_elects_a_member_and_nobody_twice(cast: Cast, small: Council, teacher: IsolatedClient) -> None:
    answer = elect(teacher, cast.third, substitute=cast.alma.id)
    assert answer.status_code == 422
    assert f'<option selected value="{cast.alma.id}">' in answer.text
    assert elect(teacher, cast.third, cast.alma, cast.alma).status_code == 422
    assert elect(teacher, cast.third, cast.alma, substitute=cast.alma.id).status_code == 422
    assert seats(cast.third) == []


def test_a_pupil_sits_in_one_council_at_most(cast: Cast, small: Council, teacher: IsolatedClient) -> None:
    enrolment = db.session.query(Enrolment).filter_by(pupil_id=cast.ella.id).one()
    enrolment.ends_on = YESTERDAY
    make.enrol(cast.ella, cast.third, starts_on=TODAY)
    assert elect(teacher, cast.third, cast.ella).status_code == 303
    assert live(cast.sixth) == {("Viggo", False)}
    (person,) = load_people([cast.council_member.id], today=TODAY)
    assert person.councils == {small.id}


def test_who_left_the_class_that_elected_them_has_no_seat(cast: Cast, client_of: ClientOf) -> None:
    tablet = client_of(cast.council_member)
    db.session.query(Enrolment).filter_by(pupil_id=cast.ella.id).one().ends_on = YESTERDAY
    assert tablet.get(f"/council/{cast.council.id}").status_code == 303, "the account closes with the seat"
    assert [seat.name for seat in queries.list_seats(cast.council.id, today=TODAY)] == ["Viggo"]


def test_a_class_whose_grade_no_council_has_is_told_so_kindly(
    cast: Cast, teacher: IsolatedClient, office: IsolatedClient
) -> None:
    for answer in (teacher.get(f"/council/classes/{cast.third.id}/members"), elect(teacher, cast.third, cast.alma)):
        assert answer.status_code == 200
        assert "No council for this class yet" in answer.text
        assert "/council/new" not in answer.text
    assert "/council/new" in office.get(f"/council/classes/{cast.third.id}/members").text
    assert seats(cast.third) == []


def test_a_mixed_class_belongs_where_its_oldest_pupils_do(cast: Cast, small: Council) -> None:
    for grades, council in (((2, 3), small), ((3, 4), cast.council), ((9, 10), None)):
        year = db.session.query(ClassYear).filter_by(class_id=cast.third.id).one()
        year.lowest_grade, year.highest_grade = grades
        db.session.flush()
        assert queries.get_council_of_class(cast.third.id, today=TODAY) == council


@pytest.mark.both
def test_two_elections_at_the_same_moment_leave_one_of_them(
    cast: Cast, small: Council, client_of: ClientOf, database: str
) -> None:
    path, third = f"/council/classes/{cast.third.id}/members", cast.third
    browsers, pupils = (client_of(cast.class_teacher), client_of(cast.pedagogue)), (cast.alma.id, cast.otto.id)
    rest = {"second_member": 0, "substitute": 0, "second_substitute": 0, "seen": NONE}
    answers = at_once(
        *(lambda b=b, p=p: b.send(path, {"member": p, **rest}) for b, p in zip(browsers, pupils, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(live(third)) == 1


# The account and the letter of a pupil


def test_a_pupil_gets_an_account_by_first_name_and_a_letter(
    cast: Cast, small: Council, app: Flask, teacher: IsolatedClient, client: IsolatedClient
) -> None:
    answer = elect(teacher, cast.third, cast.alma)
    db.session.refresh(cast.alma)
    user = cast.alma.user
    assert user is not None
    assert (user.first_name, user.last_name, user.user_name, user.email) == ("Alma", "", "alma", None)
    link = db.session.query(SignInLink).filter_by(user_id=user.id).one()
    assert link.made_by_id == cast.class_teacher.id
    address = "/accounts/links/" + tokens.link_token(link.id, link.nonce, app.config["SECRET_KEY"])
    page = teacher.get(answer.location).text
    assert "Hi Alma" in page
    assert address in page
    client.send(address, {"password": "tre ord der ikke rimer"})
    client.send("/accounts/sign-in", {"login": "alma", "password": "tre ord der ikke rimer"})
    assert client.get(f"/council/{small.id}").status_code == 200
    page = teacher.get(answer.location).text
    assert "Hi Alma" not in page
    assert "has chosen a password" in page


def test_a_protected_pupil_is_the_alias_in_account_user_name_letter_and_council(
    cast: Cast, small: Council, teacher: IsolatedClient, office: IsolatedClient
) -> None:
    hidden = make.make_pupil(cast.third, "Hemmelig", "Barnesen", alias="Stjerne", protection=Protection.NAME)
    answer = elect(teacher, cast.third, hidden)
    db.session.refresh(hidden)
    assert hidden.user is not None
    assert (hidden.user.name, hidden.user.user_name) == ("Stjerne", "stjerne")
    for browser, path in (
        (teacher, answer.location),
        (teacher, f"/council/classes/{cast.third.id}/members"),
        (office, f"/council/{small.id}"),
        (office, f"/accounts/users/{hidden.user_id}"),
    ):
        page = browser.get(path).text
        assert "Stjerne" in page, path
        assert not [name for name in ("Hemmelig", "Barnesen") if name in page], path


def test_a_forgotten_password_means_a_new_letter_from_the_class_team(
    cast: Cast, client_of: ClientOf, office: IsolatedClient
) -> None:
    cast.council_member.password_hash = "x"
    browser, path = client_of(cast.teacher_elsewhere), f"/council/classes/{cast.sixth.id}/letters"
    assert "Hi Ella" not in browser.get(path).text
    assert browser.send(path, {"pupil": cast.ella.id}).status_code == 303
    assert "Hi Ella" in browser.get(path).text


def test_a_letter_is_made_for_the_classs_own_council_pupils_only(
    cast: Cast, small: Council, teacher: IsolatedClient
) -> None:
    make.seat(small, cast.alma, cast.third)
    for foreign in (cast.ella.id, cast.otto.id, 999999, "x", ""):
        assert teacher.send(f"/council/classes/{cast.third.id}/letters", {"pupil": foreign}).status_code == 422
    assert db.session.query(SignInLink).count() == 0


def test_another_classs_team_cannot_print_a_pupils_letter(
    cast: Cast, office: IsolatedClient, teacher: IsolatedClient
) -> None:
    office.send(f"/council/classes/{cast.sixth.id}/letters", {"pupil": cast.ella.id})
    assert teacher.get(f"/council/classes/{cast.sixth.id}/letters").status_code == 404
    assert teacher.get(f"/accounts/users/{cast.council_member.id}/letter").status_code == 404


# The council's own page


def test_members_see_first_names_and_classes_and_nothing_more(
    cast: Cast, small: Council, teacher: IsolatedClient, client_of: ClientOf
) -> None:
    page = client_of(cast.council_member).get(f"/council/{cast.council.id}").text
    for words in ("Ella", "Viggo", "6.A · chair", "Lars Holm", "What is the council for?", "/help", "/strategy/"):
        assert words in page, words
    assert "Ella Holm" not in page
    assert "For those who help" not in page
    elect(teacher, cast.third, cast.alma)
    assert client_of(cast.council_member).get(f"/council/{small.id}").status_code == 404


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_council_is_for_those_who_sit_there_or_help(name: str, cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(getattr(cast, name))
    assert browser.get(f"/council/{cast.council.id}").status_code == 404
    page = browser.get("/council/")
    assert page.status_code == 200
    assert ("Det store elevråd" in page.text) == (name == "leader"), "leadership knows which there are, and no more"


def test_leadership_finds_the_councils_and_their_approved_minutes_and_no_child(cast: Cast, client_of: ClientOf) -> None:
    planned = make.make_meeting(cast.council)
    approved = make.make_meeting(cast.council, MeetingState.MINUTES_APPROVED)
    page = client_of(cast.leader).get("/council/").text
    assert 'aria-current="page"' in page[page.index('class="menu"') :]
    assert f'href="/council/meetings/{approved.id}/minutes"' in page
    assert f"/council/meetings/{planned.id}" not in page
    assert f'href="/council/{cast.council.id}"' not in page
    for name in ("Ella", "Viggo"):
        assert name not in page
    for name in ("akt", "class_teacher", "guardian", "board_secretary"):
        assert f"/council/meetings/{approved.id}" not in client_of(cast.users[name]).get("/council/").text


def test_the_chair_sets_the_agenda_until_the_meeting_begins(cast: Cast, client_of: ClientOf) -> None:
    meeting = make.make_meeting(cast.council)
    chair, page = client_of(cast.council_chair), f"/council/meetings/{meeting.id}"
    assert f'href="{page}/items/new"' in chair.get(page).text
    other = client_of(cast.council_member)
    assert f'href="{page}/items/new"' in other.get(page).text
    assert chair.send(f"{page}/items/new", {"title": "Frikvarteret", "kind": "discuss"}).status_code == 303
    item = db.session.query(AgendaItem).one()
    assert f"/council/items/{item.id}/remove" in chair.get(page).text
    assert f"/council/items/{item.id}/remove" not in other.get(page).text
    for verb in ("start", "cancel", "attendance"):
        assert chair.send(f"{page}/{verb}").status_code == 403, verb
    meeting.state = MeetingState.IN_PROGRESS
    assert chair.send(f"{page}/items/new", {"title": "x", "kind": "discuss"}).status_code == 403
    assert chair.send(f"/council/items/{item.id}/remove").status_code == 403
    meeting.state = MeetingState.PLANNED
    assert chair.send(f"/council/items/{item.id}/remove").status_code == 303
    assert db.session.query(AgendaItem).count() == 0


def test_one_who_is_chair_no_more_sets_no_agenda(cast: Cast, client_of: ClientOf) -> None:
    page = f"/council/meetings/{make.make_meeting(cast.council).id}/items/new"
    seat_of(cast.viggo).is_substitute = True
    assert client_of(cast.council_chair).get(page).status_code == 403


def test_the_list_of_councils_agrees_with_the_rule(cast: Cast, small: Council) -> None:
    for name, person in cast.people.items():
        listed = {row.council.id for row in queries.list_councils(person, today=TODAY)}
        assert listed == {c.id for c in (cast.council, small) if can(person, Action.COUNCIL_VIEW, c)}, name


def test_who_helps_is_told_which_classes_are_missing(cast: Cast, client_of: ClientOf, office: IsolatedClient) -> None:
    make.make_pupil(make.make_class("8.B", 8), "Sofie")
    empty, left = make.make_class("8.C", 8), make.make_class("8.D", 8)
    make.enrol(make.make_pupil(None, "Ida"), left, ends_on=TODAY - timedelta(days=1))
    for browser in (client_of(cast.facilitator), office):
        page = browser.get(f"/council/{cast.council.id}").text
        assert "8.B" in page
        assert "8.C" not in page, f"nobody is in class {empty.id}, so nobody can be chosen"
        assert "8.D" not in page
    assert "8.B" not in client_of(cast.council_member).get(f"/council/{cast.council.id}").text


# Councils, facilitators, chair


def council_form(**values: Any) -> dict[str, Any]:
    return {"name": "Det lille elevråd", "lowest_grade": 0, "highest_grade": 3, **values}


def test_the_office_makes_a_council_and_says_who_helps(cast: Cast, office: IsolatedClient) -> None:
    answer = office.send("/council/new", council_form())
    council = db.session.query(Council).filter_by(lowest_grade=0).one()
    assert answer.location == f"/council/{council.id}/facilitators"
    assert office.send(answer.location, {"user": cast.pedagogue.id}).status_code == 303
    assert load_people([cast.pedagogue.id], today=TODAY)[0].facilitates == {council.id}
    assert office.send(answer.location, {"user": cast.pedagogue.id}).status_code == 422, "once is enough"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Det store elevråd"},
        {"name": ""},
        {"name": "x" * 61},
        {"highest_grade": 4},
        {"lowest_grade": 3, "highest_grade": 2},
        {"lowest_grade": 11},
        {"highest_grade": "x"},
    ],
)
def test_a_council_that_cannot_be_is_refused_and_the_text_kept(
    wrong: dict[str, Any], cast: Cast, office: IsolatedClient
) -> None:
    form = council_form(**wrong)
    answer = office.send("/council/new", form)
    assert answer.status_code == 422
    assert f'value="{form["name"]}"' in answer.text
    assert db.session.query(Council).count() == 1


def test_a_councils_name_and_grades_can_change(cast: Cast, small: Council, office: IsolatedClient) -> None:
    path = f"/council/{small.id}/edit"
    assert send_as_seen(office, path, council_form(name="Minirådet", highest_grade=2)).status_code == 303
    db.session.refresh(small)
    assert (small.name, small.highest_grade) == ("Minirådet", 2)
    assert send_as_seen(office, path, council_form(highest_grade=4)).status_code == 422


@pytest.mark.parametrize("name", [*OUTSIDE, "facilitator", "council_member"])
def test_only_the_office_makes_and_changes_councils(name: str, cast: Cast, client_of: ClientOf) -> None:
    browser, acts = client_of(getattr(cast, name)), db.session.query(Act).count()
    seen = 403 if name in {"facilitator", "council_member"} else 404
    assert browser.send("/council/new", council_form()).status_code == 403
    assert browser.send(f"/council/{cast.council.id}/edit", council_form()).status_code == seen
    assert browser.send(f"/council/{cast.council.id}/facilitators", {"user": cast.facilitator.id}).status_code == seen
    helps = db.session.query(Facilitator).one()
    assert browser.send(f"/council/facilitators/{helps.id}/end").status_code == seen
    assert db.session.query(Act).count() == acts


def test_only_staff_helps_a_council(cast: Cast, office: IsolatedClient) -> None:
    path = f"/council/{cast.council.id}/facilitators"
    for name in ("guardian", "helper", "former_substitute", "council_member", "newcomer"):
        assert office.send(path, {"user": getattr(cast, name).id}).status_code == 422, name
    assert office.send(path, {"user": "x"}).status_code == 422
    assert db.session.query(Facilitator).count() == 1


def test_a_facilitator_who_is_ended_is_out_at_once(cast: Cast, office: IsolatedClient, client_of: ClientOf) -> None:
    browser, helps = client_of(cast.facilitator), db.session.query(Facilitator).one()
    assert browser.get(f"/council/{cast.council.id}").status_code == 200
    assert office.send(f"/council/facilitators/{helps.id}/end").status_code == 303
    assert browser.get(f"/council/{cast.council.id}").status_code == 404
    assert office.send(f"/council/facilitators/{helps.id}/end").status_code == 404
    db.session.refresh(helps)
    assert helps.ends_on == YESTERDAY


def seat_of(pupil: Pupil) -> CouncilMember:
    return db.session.query(CouncilMember).filter_by(pupil_id=pupil.id).one()


@pytest.mark.parametrize("name", ["facilitator", "office"])
def test_the_facilitator_and_the_office_write_down_the_chair(name: str, cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(getattr(cast, name)), f"/council/{cast.council.id}/chair"
    assert send_as_seen(browser, path, {"member": seat_of(cast.ella).id}).status_code == 303
    assert [seat.name for seat in queries.list_seats(cast.council.id, today=TODAY) if seat.is_chair] == ["Ella"]
    assert send_as_seen(browser, path, {"member": 0}).status_code == 303
    assert not [seat for seat in queries.list_seats(cast.council.id, today=TODAY) if seat.is_chair]


@pytest.mark.parametrize(
    ("name", "status"), [*((n, 404) for n in OUTSIDE), ("council_member", 403), ("council_chair", 403)]
)
def test_nobody_else_writes_down_the_chair(name: str, status: int, cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(getattr(cast, name))
    answer = browser.send(f"/council/{cast.council.id}/chair", {"member": seat_of(cast.ella).id})
    assert answer.status_code == status
    assert seat_of(cast.viggo).is_chair


def test_the_chair_is_a_member_of_this_council(
    cast: Cast, small: Council, office: IsolatedClient, client_of: ClientOf
) -> None:
    elsewhere = make.seat(small, cast.alma, cast.third)
    substitute = make.seat(cast.council, make.make_pupil(cast.sixth, "Bo"), cast.sixth, is_substitute=True)
    browser = client_of(cast.facilitator)
    for value in (elsewhere.id, substitute.id, 999999, "x", ""):
        assert browser.send(f"/council/{cast.council.id}/chair", {"member": value}).status_code == 422, value
    assert seat_of(cast.viggo).is_chair


@pytest.mark.parametrize("path", ["{0}", "{0}/edit", "{0}/chair", "classes/{0}/members", "facilitators/{0}/end"])
@pytest.mark.parametrize("row_id", ["999999", "0", "99999999999999999999", "x", "-1"])
def test_what_is_not_there_is_not_found(path: str, row_id: str, cast: Cast, office: IsolatedClient) -> None:
    for answer in (office.get(f"/council/{path.format(row_id)}"), office.send(f"/council/{path.format(row_id)}")):
        assert answer.status_code in {404, 405}
