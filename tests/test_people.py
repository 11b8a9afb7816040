"""Who somebody is today: rights that begin and end by themselves, on the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from portal.accounts.models import Role, User
from portal.accounts.sign_in import services as sign_in
from portal.database import db
from portal.home.queries import classes_visible_to
from portal.people import BY_ITSELF, Person, load_people
from portal.policy import Action, can
from portal.school.at_a_glance import list_classes_at_a_glance
from portal.school.models import ClassYear, Enrolment, Guardianship, TeamFunction, TeamMember
from portal.school.names import moved_up
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf


def person_on(user: User, day: date) -> Person | None:
    return next(iter(load_people([user.id], today=day)), None)


def known(user: User, day: date) -> Person:
    person = person_on(user, day)
    assert person is not None
    return person


@pytest.mark.both
@pytest.mark.parametrize("day", [date(2027, 8, 1), date(2027, 8, 2), date(2029, 2, 28)])
def test_a_new_school_year_needs_nobody_to_enter_it(cast: Cast, database: str, day: date) -> None:
    moved_up = f"{3 + clock.school_year(day) - 2026}.A"
    assert [ref.label for ref in known(cast.class_teacher, day).teams.values()] == [moved_up]
    assert [ref.label for ref in known(cast.guardian, day).guardian_classes.values()] == [moved_up]
    assert can(known(cast.leader, day), Action.CLASS_VIEW, cast.third)
    assert moved_up in [glance.ref.label for glance in list_classes_at_a_glance(today=day)]


@pytest.mark.both
def test_on_the_second_of_august_every_page_of_a_class_still_opens(
    cast: Cast, client_of: ClientOf, wall_clock: Callable[[datetime], None], database: str
) -> None:
    make.make_update(cast.third, cast.class_teacher)
    wall_clock(datetime(2027, 8, 2, 8, 0, tzinfo=UTC))
    for user in (cast.class_teacher, cast.guardian, cast.leader):
        browser = client_of(user)
        for path in ("/", "/classes", f"/classes/{cast.third.id}", "/updates/", f"/updates/classes/{cast.third.id}"):
            page = browser.get(path)
            assert page.status_code == 200, path
            assert "4.A" in page.text, path
    assert client_of(cast.class_teacher).get(f"/updates/classes/{cast.third.id}/new").status_code == 200


def test_a_label_that_is_no_grade_stays_as_it_is(cast: Cast) -> None:
    blue = make.make_class("Blå stue", 0)
    make.put_in_team(cast.newcomer, blue)
    assert known(cast.newcomer, date(2027, 9, 1)).teams[blue.id].label == "Blå stue"


@pytest.mark.both
@pytest.mark.parametrize(
    ("label", "grades", "later"),  # what it is called in each of the next three school years
    [
        ("3.B", (3, 3), ["4.B", "5.B", "6.B"]),
        ("3.-4.", (3, 4), ["4.-5.", "5.-6.", "6.-7."]),
        ("3.-4. B", (3, 4), ["4.-5. B", "5.-6. B", "6.-7. B"]),
        ("3.-4.", (3, 5), ["3.-4.", "3.-4.", "3.-4."]),
        ("3-4", (3, 4), ["3-4", "3-4", "3-4"]),
        ("0.-2.", (0, 2), ["1.-3.", "2.-4.", "3.-5."]),
        ("7.A", (7, 7), ["8.A", "9.A", "9.A"]),
        ("9.A", (9, 9), ["9.A", "9.A", "9.A"]),
        ("10.A", (10, 10), ["10.A", "10.A", "10.A"]),
        ("7.-9.", (7, 9), ["7.-9.", "7.-9.", "7.-9."]),
        ("1.A", (10, 10), ["1.A", "1.A", "1.A"]),
        ("33 små", (3, 3), ["33 små", "33 små", "33 små"]),
    ],
)
def test_a_label_moves_up_by_the_numbers_it_begins_with(
    cast: Cast, database: str, label: str, grades: tuple[int, int], later: list[str]
) -> None:
    school_class = make.make_class(label, grades[0])
    year = db.session.get_one(ClassYear, (school_class.id, 2026))
    year.highest_grade = grades[1]
    make.put_in_team(cast.newcomer, school_class)
    called = [known(cast.newcomer, date(2027 + n, 9, 1)).teams[school_class.id].label for n in range(3)]
    assert called == later
    assert [moved_up(label, *grades, years) for years in (0, 1, 2, 3)] == [label, *later]


def test_a_class_is_listed_until_its_youngest_have_left(cast: Cast, wall_clock: Callable[[datetime], None]) -> None:
    for label, lowest, highest in (("9.A", 9, 9), ("10.A", 10, 10), ("7.-9.", 7, 9), ("8.A", 8, 8)):
        school_class = make.make_class(label, lowest)
        db.session.get_one(ClassYear, (school_class.id, 2026)).highest_grade = highest
    listed = [ref.label for ref in classes_visible_to(known(cast.leader, clock.today()), today=clock.today())]
    assert listed == ["3.A", "6.A", "7.-9.", "8.A", "9.A", "10.A"]
    august = date(2027, 8, 2)
    listed = [ref.label for ref in classes_visible_to(known(cast.leader, august), today=august)]
    assert listed == ["4.A", "7.A", "7.-9.", "9.A"]


def test_a_facilitator_who_no_longer_works_here_helps_no_council(cast: Cast) -> None:
    today = clock.today()
    assert known(cast.facilitator, today).facilitates == {cast.council.id}
    for place in db.session.query(TeamMember).filter_by(user_id=cast.facilitator.id):
        place.ends_on = date(2026, 11, 1)
    db.session.flush()
    assert known(cast.facilitator, today).facilitates == frozenset()


def test_a_facilitator_with_a_role_and_no_class_helps_on(cast: Cast) -> None:
    for place in db.session.query(TeamMember).filter_by(user_id=cast.facilitator.id):
        place.ends_on = date(2026, 11, 1)
    make.grant(cast.facilitator, Role.AKT)
    assert known(cast.facilitator, clock.today()).facilitates == {cast.council.id}


def test_a_pupils_account_is_open_only_while_sitting_in_a_council(
    cast: Cast, client_of: ClientOf, wall_clock: Callable[[datetime], None]
) -> None:
    assert known(cast.council_member, date(2027, 10, 31)).councils == {cast.council.id}
    assert person_on(cast.council_member, date(2027, 11, 1)) is None
    wall_clock(datetime(2027, 11, 1, 8, 0, tzinfo=UTC))
    assert client_of(cast.council_member).get("/accounts/me").status_code == 303


def test_a_pupil_who_leaves_the_class_leaves_the_council_and_the_account(cast: Cast) -> None:
    for enrolment in db.session.query(Enrolment).filter_by(pupil_id=cast.ella.id):
        enrolment.ends_on = date(2026, 11, 1)
    db.session.flush()
    assert person_on(cast.council_member, clock.today()) is None


def test_a_teacher_who_left_prints_no_letter(cast: Cast, client_of: ClientOf) -> None:
    teacher = known(cast.teacher_elsewhere, clock.today())
    sign_in.make_link(cast.council_member, actor=teacher, now=clock.now())
    letters = f"/council/classes/{cast.sixth.id}/letters"
    assert client_of(cast.teacher_elsewhere).get(letters).status_code == 200
    assert client_of(cast.teacher_elsewhere).get(f"/accounts/users/{cast.council_member.id}/letter").status_code == 404
    for place in db.session.query(TeamMember).filter_by(user_id=cast.teacher_elsewhere.id):
        place.ends_on = date(2026, 11, 1)
    assert client_of(cast.teacher_elsewhere).get(letters).status_code == 404


def test_the_helper_of_a_parent_who_lost_custody_is_ended_by_the_office(cast: Cast, client_of: ClientOf) -> None:
    tie = db.session.query(Guardianship).filter_by(guardian_id=cast.helper.id).one()
    sign_in.make_link(cast.helper, actor=BY_ITSELF, now=clock.now())
    letter = f"/school/helpers/{tie.id}/letter"
    assert client_of(cast.guardian).get(letter).status_code == 200
    custody = db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one()
    custody.ends_on = date(2026, 11, 1)
    assert client_of(cast.guardian).get(letter).status_code == 404
    assert client_of(cast.guardian).send(f"/school/helpers/{tie.id}/end").status_code == 404
    assert client_of(cast.other_home).send(f"/school/helpers/{tie.id}/end").status_code == 404
    office = client_of(cast.office)
    assert f"/school/helpers/{tie.id}/end" in office.get(f"/accounts/users/{cast.helper.id}").text
    assert office.send(f"/school/helpers/{tie.id}/end").status_code == 303
    assert person_on(cast.helper, clock.today()) is None, "an account with no other tie is closed"


@pytest.mark.both
def test_many_are_loaded_at_once_and_closed_accounts_left_out(cast: Cast, database: str) -> None:
    cast.helper.deactivated_at = clock.now()
    db.session.flush()
    people = load_people([user.id for user in cast.users.values()], today=clock.today())
    assert len(people) == len(cast.users) - 1
    assert {person.name for person in people} >= {"Mette Holm", "Karen Holm"}
    assert next(p for p in people if p.id == cast.class_teacher.id).teaches == {cast.third.id}


def test_next_years_team_has_no_right_yet(cast: Cast) -> None:
    make.put_in_team(cast.newcomer, cast.third, TeamFunction.TEACHER, starts_on=date(2027, 8, 1))
    assert known(cast.newcomer, clock.today()).teams == {}
    assert list(known(cast.newcomer, date(2027, 8, 1)).teams) == [cast.third.id]


def test_protected_people_go_by_their_alias(cast: Cast) -> None:
    cast.alma.protection, cast.alma.alias = "name", "Stjerne"
    cast.guardian.protection, cast.guardian.alias = "name", "M."
    db.session.flush()
    person = known(cast.guardian, clock.today())
    assert (person.name, person.first_name, person.children[0].name) == ("M.", "M.", "Stjerne")


def test_in_a_council_that_does_not_sign_in_a_seat_opens_nothing(cast: Cast) -> None:
    today = clock.today()
    assert cast.council.id in known(cast.council_member, today).councils
    cast.council.signs_in = False
    db.session.commit()
    person = person_on(cast.council_member, today)
    assert person is None, "an account that was opened again signs in to nothing"
