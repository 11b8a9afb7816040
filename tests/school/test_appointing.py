"""Who is who around a class: teams, representatives, helpers, foster parents, names of classes, and the help page.

Most of these post past the page: as somebody it is not for, with another class's ids, or twice.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from portal.accounts.models import SignInLink, User, UserSession
from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.people import load_people
from portal.policy import Action, can
from portal.school import queries, terms
from portal.school.at_a_glance import list_classes_at_a_glance
from portal.school.help_contacts import queries as help_contacts
from portal.school.help_contacts.models import HelpContact, HelpKind
from portal.school.models import (
    ClassYear,
    Enrolment,
    Guardianship,
    GuardianshipKind,
    Pupil,
    Representative,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.services import ClassName, name_for_next_year
from portal.text import clock
from tests import factories as make
from tests.cast import HOMES, SCHOOL_WIDE, STRANGERS, TEAM, Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.council.seen import seen_at, send_as_seen

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

TODAY, YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 22), date(2026, 11, 24)
UNTIL_SUCCESSORS = date(2027, 10, 31)

MAY_APPOINT = [*sorted(TEAM), "office"]
REFUSED = [(name, 403) for name in sorted(HOMES | SCHOOL_WIDE)] + [(name, 404) for name in sorted(STRANGERS)]


@pytest.fixture
def office(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.office)


@pytest.fixture
def teacher(cast: Cast, client_of: ClientOf) -> IsolatedClient:
    return client_of(cast.class_teacher)


def count(kind: ActKind) -> int:
    return db.session.query(Act).filter_by(kind=kind).count()


def representatives(school_class: SchoolClass) -> list[tuple[int, date, date]]:
    found = db.session.query(Representative).filter_by(class_id=school_class.id).order_by(Representative.id)
    return [(place.user_id, place.starts_on, place.ends_on) for place in found]


def represent(browser: IsolatedClient, school_class: SchoolClass, *users: User, **more: Any) -> Any:
    path = f"/school/classes/{school_class.id}/representatives"
    return send_as_seen(browser, path, {"guardians": [user.id for user in users]}, **more)


# Representatives


@pytest.mark.parametrize("name", MAY_APPOINT)
def test_the_class_team_and_the_office_enter_representatives(name: str, cast: Cast, client_of: ClientOf) -> None:
    assert represent(client_of(getattr(cast, name)), cast.third, cast.guardian).status_code == 303
    (person,) = load_people([cast.guardian.id], today=TODAY)
    assert person.represents == {cast.third.id}


@pytest.mark.parametrize(("name", "status"), REFUSED)
def test_nobody_else_enters_representatives(name: str, status: int, cast: Cast, client_of: ClientOf) -> None:
    before = representatives(cast.third)
    browser = client_of(getattr(cast, name))
    assert represent(browser, cast.third, cast.guardian).status_code == status
    assert browser.get(f"/school/classes/{cast.third.id}/representatives").status_code == status
    assert representatives(cast.third) == before


def test_a_substitute_whose_last_day_is_over_enters_nothing(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    browser = client_of(cast.substitute)
    assert represent(browser, cast.third, cast.guardian).status_code == 303
    wall_clock(timedelta(hours=11, minutes=59))
    browser = client_of(cast.substitute)
    assert represent(browser, cast.third, cast.other_home).status_code == 303
    wall_clock(timedelta(minutes=2))  # past midnight in Copenhagen, so it is the day after; it is still today in UTC
    browser = client_of(cast.substitute)
    assert represent(browser, cast.third, cast.guardian).status_code == 404


def test_successors_end_the_ones_before_them_and_stay_until_31_october(cast: Cast, teacher: IsolatedClient) -> None:
    represent(teacher, cast.third, cast.guardian, cast.other_home)
    assert representatives(cast.third) == [
        (cast.guardian_of_two.id, make.LONG_AGO, YESTERDAY),
        (cast.guardian.id, TODAY, UNTIL_SUCCESSORS),
        (cast.other_home.id, TODAY, UNTIL_SUCCESSORS),
    ]
    assert load_people([cast.guardian_of_two.id], today=TODAY)[0].represents == frozenset()


def test_somebody_entered_by_mistake_today_never_was_a_representative(cast: Cast, teacher: IsolatedClient) -> None:
    represent(teacher, cast.third, cast.guardian)
    represent(teacher, cast.third, cast.other_home)
    assert cast.guardian.id not in {user_id for user_id, _, _ in representatives(cast.third)}


def test_the_same_choice_again_changes_nothing(cast: Cast, teacher: IsolatedClient, wall_clock: Move) -> None:
    represent(teacher, cast.third, cast.guardian, cast.guardian_of_two)
    before = representatives(cast.third)
    wall_clock(timedelta(hours=1))
    assert represent(teacher, cast.third, cast.guardian_of_two, cast.guardian).status_code == 303
    assert representatives(cast.third) == before
    assert count(ActKind.REPRESENTATIVES_CHANGED) == 1


@pytest.mark.parametrize("seen", ["", "-", "7", None])
def test_whoever_has_not_seen_a_colleagues_choice_is_shown_it(
    cast: Cast, client_of: ClientOf, teacher: IsolatedClient, seen: str | None
) -> None:
    path = f"/school/classes/{cast.third.id}/representatives"
    assert represent(client_of(cast.office), cast.third, cast.guardian).status_code == 303
    form = {"guardians": [cast.other_home.id], **({} if seen is None else {"seen": seen})}
    late = teacher.send(path, form)
    assert late.status_code == 409
    told = late.text[late.text.index("What a colleague saved meanwhile") :]
    assert cast.guardian.name in told[: told.index("</section>")]
    assert f'value="{cast.other_home.id}" checked' in late.text, "what was chosen stays"
    live = [user_id for user_id, _, ends_on in representatives(cast.third) if ends_on >= TODAY]
    assert live == [cast.guardian.id]
    assert teacher.send(path, {**form, "guardians": [cast.guardian.id]}).status_code == 303, "the same is no conflict"
    assert teacher.send(path, {**form, "seen": seen_at(teacher, path)}).status_code == 303


def test_a_double_click_is_one_choice(cast: Cast, teacher: IsolatedClient) -> None:
    path = f"/school/classes/{cast.third.id}/representatives"
    form = {"guardians": [cast.guardian.id], "seen": seen_at(teacher, path)}
    first = teacher.send(path, form, key="k" * 20)
    again = teacher.send(path, form, key="k" * 20)
    assert (first.status_code, first.location) == (again.status_code, again.location)
    assert [user_id for user_id, _, ends_on in representatives(cast.third) if ends_on >= TODAY] == [cast.guardian.id]


def test_somebody_chosen_again_next_autumn_stays_another_year(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    represent(client_of(cast.office), cast.third, cast.guardian)
    wall_clock(datetime(2027, 9, 15, 10, tzinfo=UTC))
    db.session.add(ClassYear(class_id=cast.third.id, school_year=2027, label="4.A", lowest_grade=4, highest_grade=4))
    represent(client_of(cast.office), cast.third, cast.guardian)
    assert representatives(cast.third)[-1] == (cast.guardian.id, TODAY, date(2028, 10, 31))


def test_without_successors_a_representatives_right_ends_after_31_october(cast: Cast) -> None:
    def rights(day: date) -> frozenset[int]:
        return load_people([cast.guardian_of_two.id], today=day)[0].represents

    db.session.add(ClassYear(class_id=cast.third.id, school_year=2027, label="4.A", lowest_grade=4, highest_grade=4))
    assert rights(UNTIL_SUCCESSORS) == {cast.third.id}
    assert rights(UNTIL_SUCCESSORS + timedelta(days=1)) == frozenset()


@pytest.mark.parametrize(
    ("today", "last_day"),
    [
        (date(2026, 8, 1), date(2027, 10, 31)),
        (date(2026, 10, 31), date(2027, 10, 31)),
        (date(2027, 7, 31), date(2027, 10, 31)),
        (date(2027, 8, 1), date(2028, 10, 31)),
    ],
)
def test_the_last_day_is_the_31_october_after_the_school_year(today: date, last_day: date) -> None:
    assert terms.until_successors(today) == last_day


@pytest.mark.parametrize("name", ["helper", "former_guardian", "guardian_elsewhere", "class_teacher", "council_member"])
def test_only_custody_and_foster_guardians_of_the_class_are_chosen(
    name: str, cast: Cast, teacher: IsolatedClient
) -> None:
    before = representatives(cast.third)
    assert represent(teacher, cast.third, cast.guardian, getattr(cast, name)).status_code == 422
    assert f">{getattr(cast, name).name}<" not in teacher.get(f"/school/classes/{cast.third.id}/representatives").text
    assert representatives(cast.third) == before


def test_a_foster_parent_can_be_chosen(cast: Cast, teacher: IsolatedClient) -> None:
    assert represent(teacher, cast.third, cast.foster_parent).status_code == 303


def test_one_to_six_are_chosen_and_what_was_ticked_is_kept(cast: Cast, teacher: IsolatedClient) -> None:
    guardians = [make.make_guardian(cast.noah, f"Værge{number}") for number in range(7)]
    answer = represent(teacher, cast.third, *guardians)
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 7
    assert represent(teacher, cast.third, key="k" * 20).status_code == 422
    assert represent(teacher, cast.third, *guardians[:6]).status_code == 303


@pytest.mark.parametrize("value", ["x", "", "-1", "9" * 40, "1.5"])
def test_a_guardian_that_is_no_id_is_refused(value: str, cast: Cast, teacher: IsolatedClient) -> None:
    answer = teacher.send(f"/school/classes/{cast.third.id}/representatives", {"guardians": [value]})
    assert answer.status_code == 422


def test_representatives_are_chosen_by_their_child(cast: Cast, teacher: IsolatedClient) -> None:
    twin = make.make_pupil(cast.third, "Asger")
    for child in (twin, cast.noah):
        make.tie(cast.newcomer, child)
    page = teacher.get(f"/school/classes/{cast.third.id}/representatives").text
    groups = re.findall(r"<h2>(.*?)</h2>(.*?)</li>", page, re.S)
    found = {child: re.findall(r"<label[^>]*>(.*?)<", names) for child, names in groups}
    assert found == {
        "Alma": ["Jonas Holm", "Mette Holm"],
        "Noah": ["Ole Holm"],
        "Asger, Noah": ["Nadia Holm"],
        "Otto": ["Amina Holm"],
    }
    assert re.findall(r'id="guardians-(\d)"', page) == ["0", "1", "2", "3", "4"]


def test_a_protected_guardian_is_chosen_by_the_alias(cast: Cast, teacher: IsolatedClient) -> None:
    hidden = make.make_user("Rigtig", "Navnesen", alias="Sol Skov", protection=Protection.NAME)
    make.tie(hidden, cast.alma)
    page = teacher.get(f"/school/classes/{cast.third.id}/representatives").text
    assert "Sol Skov" in page
    assert "Rigtig" not in page


@pytest.mark.both
def test_two_elections_at_the_same_moment_leave_one_of_them(cast: Cast, client_of: ClientOf, database: str) -> None:
    one, other = client_of(cast.class_teacher), client_of(cast.pedagogue)
    third, path = cast.third, f"/school/classes/{cast.third.id}/representatives"
    choices, seen = {cast.guardian.id, cast.other_home.id}, seen_at(one, path)
    forms = [{"guardians": [chosen], "seen": seen} for chosen in choices]
    answers = at_once(*(partial(b.send, path, form) for b, form in zip((one, other), forms, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    live = [user_id for user_id, _, ends_on in representatives(third) if ends_on >= TODAY]
    assert len(live) == 1
    assert set(live) < choices


# Class teams


def add(browser: IsolatedClient, school_class: SchoolClass, user: User, **values: Any) -> Any:
    form = {"login": user.user_name, "function": "teacher", "starts_on": TODAY.isoformat(), **values}
    return browser.send(f"/school/classes/{school_class.id}/team/new", form)


def team_of(school_class: SchoolClass) -> set[int]:
    return {member.user_id for member in queries.list_team(school_class.id, today=TODAY)}


@pytest.mark.parametrize(("name", "status"), [*REFUSED, *((name, 403) for name in sorted(TEAM))])
def test_only_the_office_changes_a_team(name: str, status: int, cast: Cast, client_of: ClientOf) -> None:
    browser, before = client_of(getattr(cast, name)), team_of(cast.third)
    place = queries.list_team(cast.third.id, today=TODAY)[0]
    assert add(browser, cast.third, cast.newcomer).status_code == status
    assert browser.send(f"/school/team-members/{place.id}/end").status_code == status
    assert team_of(cast.third) == before


def test_a_place_in_a_team_is_a_right_at_the_next_request_and_gone_after_its_end(
    cast: Cast, office: IsolatedClient, client_of: ClientOf
) -> None:
    browser, page = client_of(cast.newcomer), f"/school/classes/{cast.third.id}/team"
    assert browser.get(page).status_code == 404
    assert add(office, cast.third, cast.newcomer).status_code == 303
    assert browser.get(page).status_code == 200
    (place,) = [m for m in queries.list_team(cast.third.id, today=TODAY) if m.user_id == cast.newcomer.id]
    office.send(f"/school/team-members/{place.id}/end")
    assert browser.get(page).status_code == 404
    assert count(ActKind.TEAM_CHANGED) == 2


def test_a_place_that_ends_keeps_its_days_and_ends_once(cast: Cast, office: IsolatedClient) -> None:
    place = db.session.query(TeamMember).filter_by(user_id=cast.pedagogue.id).one()
    assert office.send(f"/school/team-members/{place.id}/end").status_code == 303
    db.session.refresh(place)
    assert (place.starts_on, place.ends_on) == (make.LONG_AGO, YESTERDAY)
    assert office.send(f"/school/team-members/{place.id}/end").status_code == 422
    assert count(ActKind.TEAM_CHANGED) == 1


def test_a_place_is_found_by_e_mail_too_if_it_is_one_persons_alone(cast: Cast, office: IsolatedClient) -> None:
    cast.newcomer.email = "nadia@example.dk"
    assert add(office, cast.third, cast.newcomer, login="NADIA@example.dk").status_code == 303
    cast.helper.email = cast.former_guardian.email = "faelles@example.dk"
    assert add(office, cast.third, cast.helper, login="faelles@example.dk").status_code == 422


@pytest.mark.parametrize("login", ["", "nobody", "%", "a" * 300])
def test_an_account_that_is_not_there_is_refused_and_the_text_kept(
    login: str, cast: Cast, office: IsolatedClient
) -> None:
    answer = add(office, cast.third, cast.newcomer, login=login, function="pedagogue")
    assert answer.status_code == 422
    assert f'value="{login}"' in answer.text
    assert '<option selected value="pedagogue">' in answer.text


def test_neither_a_pupil_nor_a_closed_account_is_put_in_a_team(cast: Cast, office: IsolatedClient) -> None:
    cast.newcomer.deactivated_at = clock.now()
    for user in (cast.council_member, cast.newcomer):
        assert add(office, cast.third, user).status_code == 422


def test_a_substitute_has_a_last_day(cast: Cast, office: IsolatedClient) -> None:
    answer = add(office, cast.third, cast.newcomer, function="substitute")
    assert answer.status_code == 422
    assert "Choose the last day too" in answer.text
    last_day = TOMORROW.isoformat()
    assert add(office, cast.third, cast.newcomer, function="substitute", ends_on=last_day).status_code == 303


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        ("2026-11-23", "2026-11-22"),
        ("2026-08-01", "2026-11-22"),
        ("2026-07-31", ""),
        ("2027-08-01", ""),
        ("0001-01-01", ""),
        ("9999-12-31", ""),
        ("i morgen", ""),
        ("", ""),
        ("2026-11-23", "2026-02-30"),
    ],
)
def test_days_that_make_no_sense_are_refused(starts_on: str, ends_on: str, cast: Cast, office: IsolatedClient) -> None:
    assert add(office, cast.third, cast.newcomer, starts_on=starts_on, ends_on=ends_on).status_code == 422
    assert cast.newcomer.id not in team_of(cast.third)


def test_nobody_is_in_a_team_twice_in_the_same_time(cast: Cast, office: IsolatedClient) -> None:
    assert add(office, cast.third, cast.pedagogue).status_code == 422
    assert add(office, cast.third, cast.substitute).status_code == 422, "today is the substitute's last day"
    assert add(office, cast.third, cast.substitute, starts_on=TOMORROW.isoformat()).status_code == 303
    assert add(office, cast.sixth, cast.pedagogue).status_code == 303, "another class is another team"


def test_next_years_team_can_be_entered_from_may_and_holds_from_1_august(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    wall_clock(datetime(2027, 4, 30, 10, tzinfo=UTC))
    first_of_august = "2027-08-01"
    assert add(client_of(cast.office), cast.third, cast.newcomer, starts_on=first_of_august).status_code == 422
    wall_clock(datetime(2027, 5, 1, 10, tzinfo=UTC))
    assert add(client_of(cast.office), cast.third, cast.newcomer, starts_on=first_of_august).status_code == 303
    db.session.add(ClassYear(class_id=cast.third.id, school_year=2027, label="4.A", lowest_grade=4, highest_grade=4))
    assert load_people([cast.newcomer.id], today=date(2027, 7, 31))[0].teams == {}
    assert load_people([cast.newcomer.id], today=date(2027, 8, 1))[0].teams[cast.third.id].label == "4.A"
    page = client_of(cast.class_teacher).get(f"/school/classes/{cast.third.id}/team").text
    assert "Later" in page
    assert "Nadia Holm" in page.partition("Later")[2]


def test_somebody_who_comes_later_can_be_taken_out_again(cast: Cast, office: IsolatedClient) -> None:
    place = make.put_in_team(cast.newcomer, cast.third, starts_on=TOMORROW)
    office.send(f"/school/team-members/{place.id}/end")
    assert cast.newcomer.id not in team_of(cast.third)
    assert db.session.query(TeamMember).filter_by(user_id=cast.newcomer.id).count() == 0


# Classes


def test_an_office_without_files_makes_a_class(cast: Cast, office: IsolatedClient) -> None:
    form = {"label": "0.B", "school_year": 2026, "lowest_grade": 0, "highest_grade": 0, "external_id": ""}
    assert office.send("/school/classes/new", form).status_code == 303
    year = db.session.query(ClassYear).filter_by(label="0.B").one()
    hues = [hue for (hue,) in db.session.query(SchoolClass.hue)]
    assert len(set(hues)) == len(hues), "a class gets a hue that is free"
    assert office.get("/school/").text.count("0.B") >= 1
    assert office.get(f"/school/classes/{year.class_id}/team").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "3.A"},
        {"label": ""},
        {"label": "x" * 21},
        {"lowest_grade": 5},
        {"lowest_grade": 11},
        {"lowest_grade": "x"},
        {"school_year": 2027},
        {"external_id": "taken"},
    ],
)
def test_a_class_that_cannot_be_is_refused(wrong: dict[str, Any], cast: Cast, office: IsolatedClient) -> None:
    cast.sixth.external_id = "taken"
    form = {"label": "4.B", "school_year": 2026, "lowest_grade": 4, "highest_grade": 4, "external_id": "", **wrong}
    assert office.send("/school/classes/new", form).status_code == 422
    assert db.session.query(SchoolClass).count() == 2


def test_a_class_is_renamed_with_its_grades(cast: Cast, office: IsolatedClient) -> None:
    form = {"label": "2.-3.", "lowest_grade": 2, "highest_grade": 3}
    assert office.send(f"/school/classes/{cast.third.id}/edit", form).status_code == 303
    (year,) = queries.list_class_years(cast.third.id).values()
    assert (year.label, year.lowest_grade, year.highest_grade) == ("2.-3.", 2, 3)
    assert count(ActKind.CLASS_CHANGED) == 1


def test_two_classes_never_have_one_name_in_a_year(cast: Cast, office: IsolatedClient) -> None:
    answer = office.send(
        f"/school/classes/{cast.third.id}/edit", {"label": "6.A", "lowest_grade": 3, "highest_grade": 3}
    )
    assert answer.status_code == 422
    assert "Another class is called 6.A in 2026/27" in answer.text


def test_next_years_name_is_offered_from_may_on(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    path = f"/school/classes/{cast.third.id}/edit"
    this = {"label": "3.A", "lowest_grade": 3, "highest_grade": 3}
    following = {"next_label": "4.A", "next_lowest_grade": 4, "next_highest_grade": 4}
    assert "next_label" not in client_of(cast.office).get(path).text
    assert client_of(cast.office).send(path, {**this, **following}).status_code == 303
    assert list(queries.list_class_years(cast.third.id)) == [2026]
    wall_clock(datetime(2027, 5, 1, 10, tzinfo=UTC))
    assert 'value="4.A"' in client_of(cast.office).get(path).text
    client_of(cast.office).send(path, {**this, **following})
    assert queries.list_class_years(cast.third.id)[2027].label == "4.A"
    client_of(cast.office).send(path, {**this, **following, "next_label": ""})
    assert list(queries.list_class_years(cast.third.id)) == [2026]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (ClassName("3.A", 3, 3), ClassName("4.A", 4, 4)),
        (ClassName("0.-2.", 0, 2), ClassName("1.-3.", 1, 3)),
        (ClassName("Spurvene", 0, 0), ClassName("Spurvene", 1, 1)),
        (ClassName("9.B", 9, 9), None),
        (ClassName("10.A", 10, 10), None),
        (ClassName("3.A2", 3, 3), ClassName("4.A2", 4, 4)),
        (ClassName("Stue 3", 3, 3), ClassName("Stue 3", 4, 4)),
    ],
)
def test_a_class_moves_one_year_up(now: ClassName, then: ClassName | None) -> None:
    assert name_for_next_year(now) == then


@pytest.mark.parametrize("path", ["classes/new", "help-contacts", "help-contacts/new"])
@pytest.mark.parametrize("name", ["class_teacher", "leader", "akt", "guardian", "helper", "council_member", "newcomer"])
def test_only_the_office_manages_the_school(path: str, name: str, cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(getattr(cast, name))
    assert browser.get(f"/school/{path}").status_code == 403
    assert browser.send(f"/school/{path}", {"label": "4.B"}).status_code in {403, 405}


@pytest.mark.parametrize(("name", "status"), [*REFUSED, *((name, 403) for name in sorted(TEAM))])
@pytest.mark.parametrize("page", ["edit", "letters", "foster-parents", "foster-parents/end"])
def test_only_the_office_edits_a_class(page: str, name: str, status: int, cast: Cast, client_of: ClientOf) -> None:
    browser, before = client_of(getattr(cast, name)), db.session.query(Act).count()
    assert browser.send(f"/school/classes/{cast.third.id}/{page}", {"label": "4.B"}).status_code == status
    assert db.session.query(Act).count() == before


def test_the_overview_says_what_is_missing_and_only_the_office_can_do_something_about_it(
    cast: Cast, office: IsolatedClient, client_of: ClientOf
) -> None:
    make.make_pupil(make.make_class("1.B", 1), "Liva")
    for browser, acts in ((office, True), (client_of(cast.leader), False), (client_of(cast.akt), False)):
        page = browser.get("/school/").text
        assert "Karen Holm" in page
        assert "1.B" in page
        assert ("/letters" in page, "/edit" in page, "/accounts/users" in page) == (acts, acts, acts)


def test_a_class_that_has_pupils_and_no_name_this_year_is_not_forgotten(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    wall_clock(datetime(2027, 8, 2, 10, tzinfo=UTC))
    office = client_of(cast.office)
    page = office.get("/school/").text
    assert "moved up" in page
    assert "4.A" in page
    assert office.get(f"/school/classes/{cast.third.id}/edit").status_code == 200


def test_a_representative_whose_child_left_the_class_does_not_count(cast: Cast) -> None:
    def counted() -> int:
        rows = {row.ref.id: row for row in list_classes_at_a_glance(today=TODAY)}
        return rows[cast.third.id].representative_count

    assert counted() == 1
    db.session.query(Enrolment).filter_by(pupil_id=cast.otto.id).one().ends_on = YESTERDAY
    assert counted() == 0


# Letters


def test_every_guardian_of_the_class_without_a_password_gets_a_letter_of_their_own(
    cast: Cast, office: IsolatedClient
) -> None:
    cast.other_home.password_hash = "x"
    answer = office.send(f"/school/classes/{cast.third.id}/letters")
    linked = {link.user_id for link in db.session.query(SignInLink)}
    assert linked == {cast.guardian.id, cast.guardian_of_two.id, cast.foster_parent.id}
    page = office.get(answer.location).text
    assert page.count('<article class="letter">') == 3
    for user in (cast.guardian, cast.guardian_of_two, cast.foster_parent):
        assert f"Dear {user.name}" in page
        assert user.user_name in page
    for user in (cast.other_home, cast.helper, cast.former_guardian, cast.guardian_elsewhere):
        assert user.name not in page


def test_a_letter_that_is_still_open_is_printed_again_as_it_was(
    cast: Cast, office: IsolatedClient, wall_clock: Move
) -> None:
    path = f"/school/classes/{cast.third.id}/letters"
    office.send(path)
    before, links = office.get(path).text.split('class="letters"')[1], db.session.query(SignInLink).count()
    wall_clock(timedelta(hours=2))
    office.send(path)
    assert office.get(path).text.split('class="letters"')[1] == before
    assert db.session.query(SignInLink).count() == links == count(ActKind.LINK_MADE)


def test_letters_name_a_protected_guardian_and_child_by_their_aliases(cast: Cast, office: IsolatedClient) -> None:
    child = make.make_pupil(cast.third, "Hemmelig", "Barnesen", alias="Stjerne", protection=Protection.NAME)
    make.tie(make.make_user("Rigtig", "Navnesen", alias="Sol Skov", protection=Protection.NAME), child)
    office.send(f"/school/classes/{cast.third.id}/letters")
    page = office.get(f"/school/classes/{cast.third.id}/letters").text
    assert "Dear Sol Skov" in page
    assert "Stjerne, 3.A" in page
    assert not [name for name in ("Rigtig", "Navnesen", "Hemmelig", "Barnesen") if name in page]


# Helpers


def invite(browser: IsolatedClient, pupil: Pupil, name: str = "Birthe", **more: Any) -> Any:
    return browser.send(
        f"/school/pupils/{pupil.id}/helpers/new", {"first_name": name, "last_name": "Bedstemor", "email": ""}, **more
    )


def helper_tie(user: User) -> Guardianship:
    return db.session.query(Guardianship).filter_by(guardian_id=user.id).one()


def test_a_custody_holder_invites_a_helper_and_gets_the_letter(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.guardian)
    answer = invite(browser, cast.alma, key="k" * 20)
    assert invite(browser, cast.alma, key="k" * 20).location == answer.location
    user = db.session.query(User).filter_by(first_name="Birthe").one()
    tie = helper_tie(user)
    assert (tie.kind, tie.invited_by_id, tie.starts_on) == (GuardianshipKind.HELPER, cast.guardian.id, TODAY)
    letter = browser.get(answer.location)
    assert letter.status_code == 200
    assert "Dear Birthe Bedstemor" in letter.text
    assert "/accounts/users" not in letter.text, "the office's pages are not for guardians"
    assert client_of(cast.other_home).get(answer.location).status_code == 404
    assert count(ActKind.HELPER_INVITED) == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (n, 404)
        for n in ["helper", "former_guardian", "guardian_of_two", "class_teacher", "office", "leader", "newcomer"]
    ],
)
def test_nobody_without_custody_invites_helpers(name: str, status: int, cast: Cast, client_of: ClientOf) -> None:
    assert invite(client_of(getattr(cast, name)), cast.alma).status_code == status
    assert count(ActKind.HELPER_INVITED) == 0


def test_a_foster_parent_invites_no_helpers(cast: Cast, client_of: ClientOf) -> None:
    assert invite(client_of(cast.foster_parent), cast.noah).status_code == 403


def test_a_helper_sees_neither_class_nor_child_nor_council(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.helper)
    third = cast.third.id
    for path in (
        f"/classes/{third}",
        f"/children/{cast.alma.id}",
        f"/school/classes/{third}/team",
        f"/updates/classes/{third}",
        f"/council/{cast.council.id}",
        f"/council/classes/{third}/members",
    ):
        assert browser.get(path).status_code == 404, path


def test_one_home_never_learns_about_the_others_helpers(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.other_home)
    assert "Bodil" not in browser.get(f"/children/{cast.alma.id}").text
    assert browser.send(f"/school/helpers/{helper_tie(cast.helper).id}/end").status_code == 404
    for number in range(6):
        assert invite(client_of(cast.guardian), cast.alma, f"Hjælper{number}").status_code == (
            303 if number < 5 else 422
        )
    assert invite(browser, cast.alma, "Farmor").status_code == 303, "a full list in one home says nothing to the other"


@pytest.mark.both
def test_there_are_at_most_six_helpers_also_for_two_quick_thumbs(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    browser = client_of(cast.guardian)
    for number in range(4):
        invite(browser, cast.alma, f"Hjælper{number}")
    other_phone, path = client_of(cast.guardian), f"/school/pupils/{cast.alma.id}/helpers/new"
    form = {"last_name": "Holm", "email": ""}
    answers = at_once(
        lambda: browser.send(path, {**form, "first_name": "Morfar"}),
        lambda: other_phone.send(path, {**form, "first_name": "Farfar"}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert "Alma has 6 helpers" in max(answers, key=lambda answer: answer.status_code).text


def test_a_helper_who_is_ended_is_out_at_once_and_their_letter_dead(cast: Cast, client_of: ClientOf) -> None:
    browser, phone = client_of(cast.guardian), client_of(cast.helper)
    tie = helper_tie(cast.helper)
    assert phone.get("/accounts/me").status_code == 200
    assert browser.send(f"/school/helpers/{tie.id}/end").status_code == 303
    db.session.refresh(tie)
    assert tie.ends_on == YESTERDAY
    assert phone.get("/accounts/me").status_code == 303
    assert db.session.query(UserSession).filter_by(user_id=cast.helper.id, ended_at=None).count() == 0
    assert browser.send(f"/school/helpers/{tie.id}/end").status_code == 404, "it has ended"

    answer = invite(browser, cast.alma)
    user = db.session.query(User).filter_by(first_name="Birthe").one()
    browser.send(f"/school/helpers/{helper_tie(user).id}/end")
    assert db.session.query(Guardianship).filter_by(guardian_id=user.id).count() == 0
    assert browser.get(answer.location).status_code == 404


def test_a_helper_with_another_place_at_the_school_stays_signed_in(cast: Cast, client_of: ClientOf) -> None:
    make.put_in_team(cast.helper, cast.sixth)
    phone = client_of(cast.helper)
    client_of(cast.guardian).send(f"/school/helpers/{helper_tie(cast.helper).id}/end")
    assert phone.get("/accounts/me").status_code == 200
    assert "Alma" not in phone.get("/accounts/me").text


@pytest.mark.parametrize("name", ["helper", "other_home", "class_teacher", "guardian_elsewhere", "newcomer"])
def test_only_who_invited_a_helper_and_the_office_end_them(name: str, cast: Cast, client_of: ClientOf) -> None:
    tie = helper_tie(cast.helper)
    assert client_of(getattr(cast, name)).send(f"/school/helpers/{tie.id}/end").status_code == 404
    db.session.refresh(tie)
    assert tie.ends_on is None


def test_custody_is_never_ended_as_if_it_were_help(cast: Cast, client_of: ClientOf) -> None:
    custody = db.session.query(Guardianship).filter_by(guardian_id=cast.other_home.id).one()
    assert client_of(cast.guardian).send(f"/school/helpers/{custody.id}/end").status_code == 404


# Foster parents


def foster(browser: IsolatedClient, school_class: SchoolClass, pupil: Pupil, user: User) -> Any:
    form = {"pupil": pupil.id, "login": user.user_name}
    return browser.send(f"/school/classes/{school_class.id}/foster-parents", form)


def test_the_office_ties_a_foster_parent_to_a_child_and_ends_it(
    cast: Cast, office: IsolatedClient, client_of: ClientOf
) -> None:
    browser = client_of(cast.newcomer)
    assert foster(office, cast.third, cast.noah, cast.newcomer).status_code == 303
    assert browser.get(f"/children/{cast.noah.id}").status_code == 200
    assert foster(office, cast.third, cast.noah, cast.newcomer).status_code == 422, "once is enough"
    tie = helper_tie(cast.newcomer)
    office.send(f"/school/classes/{cast.third.id}/foster-parents/end", {"tie": tie.id})
    assert browser.get(f"/children/{cast.noah.id}").status_code == 404


def test_a_child_or_tie_of_another_class_is_refused(cast: Cast, office: IsolatedClient) -> None:
    assert foster(office, cast.third, cast.ella, cast.newcomer).status_code == 422
    ours = db.session.query(Guardianship).filter_by(kind=GuardianshipKind.FOSTER).one()
    custody = db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one()
    assert office.send(f"/school/classes/{cast.sixth.id}/foster-parents/end", {"tie": ours.id}).status_code == 422
    assert office.send(f"/school/classes/{cast.third.id}/foster-parents/end", {"tie": custody.id}).status_code == 422


# The help page's contacts

CONTACT = {"kind": "school", "title": "AKT-teamet", "detail": "Kom forbi", "phone": "98 11 22 33", "url": ""}


def titles() -> list[str]:
    return [contact.title for contact in help_contacts.list_help_contacts()]


def test_the_office_keeps_the_help_page_current(cast: Cast, office: IsolatedClient) -> None:
    for title in ("Klasselæreren", "AKT-teamet"):
        assert office.send("/school/help-contacts/new", {**CONTACT, "title": title}).status_code == 303
    line = {**CONTACT, "kind": "line", "title": "BørneTelefonen", "url": "https://bornetelefonen.dk/chat?a=1"}
    office.send("/school/help-contacts/new", line)
    assert titles() == ["Klasselæreren", "AKT-teamet", "BørneTelefonen"]
    first, second, _ = help_contacts.list_help_contacts()

    office.send(f"/school/help-contacts/{second.id}/move", {"direction": "up"})
    assert titles() == ["AKT-teamet", "Klasselæreren", "BørneTelefonen"]
    office.send(f"/school/help-contacts/{second.id}/move", {"direction": "up"})
    assert titles() == ["AKT-teamet", "Klasselæreren", "BørneTelefonen"]
    office.send(f"/school/help-contacts/{second.id}/move", {"direction": "down"})
    assert titles() == ["Klasselæreren", "AKT-teamet", "BørneTelefonen"]

    office.send(f"/school/help-contacts/{first.id}/confirm")
    assert db.session.get_one(HelpContact, first.id).checked_on == TODAY
    office.send(f"/school/help-contacts/{first.id}/edit", {**CONTACT, "title": "Klasselæreren"})
    assert db.session.get_one(HelpContact, first.id).checked_on == TODAY
    office.send(f"/school/help-contacts/{first.id}/edit", {**CONTACT, "title": "Klasselæreren", "phone": ""})
    assert db.session.get_one(HelpContact, first.id).checked_on is None, "other words have to be checked again"
    office.send(f"/school/help-contacts/{first.id}/edit", {**CONTACT, "kind": "line", "title": "Klasselæreren"})
    assert titles() == ["AKT-teamet", "BørneTelefonen", "Klasselæreren"]
    office.send(f"/school/help-contacts/{second.id}/delete")
    assert titles() == ["BørneTelefonen", "Klasselæreren"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "javascript:alert(1)"},
        {"url": "JavaScript://x%0aalert(1)"},
        {"url": "data:text/html,x"},
        {"url": "https://"},
        {"url": "https://a b"},
        {"url": 'https://a"onclick="x'},
        {"url": "//example.dk"},
        {"url": "https://example.dk/" + "x" * 300},
        {"phone": "ring bare"},
        {"phone": "1" * 31},
        {"title": ""},
        {"title": "x" * 121},
        {"detail": "x" * 501},
        {"kind": "friend"},
        {"kind": ""},
    ],
)
def test_what_could_not_be_called_or_opened_safely_is_refused(
    wrong: dict[str, str], cast: Cast, office: IsolatedClient
) -> None:
    assert office.send("/school/help-contacts/new", {**CONTACT, **wrong}).status_code == 422
    assert titles() == []


@pytest.mark.parametrize("url", ["https://sundhed.dk", "http://a.dk/ø?b=c#d", "HTTPS://A.DK", "tel:+45116111"])
def test_web_and_telephone_links_are_kept(url: str, cast: Cast, office: IsolatedClient) -> None:
    assert office.send("/school/help-contacts/new", {**CONTACT, "url": url}).status_code == 303


@pytest.mark.parametrize("act", ["edit", "delete", "move", "confirm"])
@pytest.mark.parametrize("name", ["class_teacher", "leader", "guardian", "helper", "council_member"])
def test_nobody_else_touches_the_help_page(act: str, name: str, cast: Cast, client_of: ClientOf) -> None:
    contact = HelpContact(kind=HelpKind.LINE, position=1, title="A", detail="", phone="", url="")
    db.session.add(contact)
    db.session.flush()
    answer = client_of(getattr(cast, name)).send(f"/school/help-contacts/{contact.id}/{act}", {"direction": "up"})
    assert answer.status_code == 404
    assert titles() == ["A"]


@pytest.mark.parametrize("direction", ["", "sideways"])
def test_a_contact_moves_up_or_down_and_nowhere_else(direction: str, cast: Cast, office: IsolatedClient) -> None:
    office.send("/school/help-contacts/new", CONTACT)
    (contact,) = help_contacts.list_help_contacts()
    answer = office.send(f"/school/help-contacts/{contact.id}/move", {"direction": direction})
    assert answer.status_code == 422


# What holds for all of these


def test_rights_follow_days(cast: Cast) -> None:
    place = make.put_in_team(cast.newcomer, cast.third, TeamFunction.SUBSTITUTE, starts_on=TODAY, ends_on=TOMORROW)
    for day, may in ((YESTERDAY, False), (TODAY, True), (TOMORROW, True), (TOMORROW + timedelta(days=1), False)):
        (person,) = load_people([place.user_id], today=day)
        assert can(person, Action.CLASS_APPOINT, cast.third) == may, day


@pytest.mark.parametrize(
    "path",
    [
        "classes/{0}/team",
        "classes/{0}/letters",
        "team-members/{0}/end",
        "help-contacts/{0}/edit",
        "helpers/{0}/end",
        "pupils/{0}/helpers/new",
    ],
)
@pytest.mark.parametrize("row_id", ["999999", "0", "99999999999999999999", "x", "-1"])
def test_what_is_not_there_is_not_found(path: str, row_id: str, cast: Cast, office: IsolatedClient) -> None:
    for answer in (office.get(f"/school/{path.format(row_id)}"), office.send(f"/school/{path.format(row_id)}")):
        assert answer.status_code in {404, 405}
