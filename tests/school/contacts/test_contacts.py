"""The class list: default nothing, at once gone, and never a word about who lives under protection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from portal.accounts.protection import Protection
from portal.database import db
from portal.school.contacts.models import ContactChoice, GuardianPhone
from portal.school.contacts.queries import Contact, list_contacts
from portal.school.models import Guardianship, GuardianshipKind, SchoolClass
from portal.text import clock
from tests import factories as make
from tests.cast import HOMES, TEAM, Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once

NUMBER = "12 34 56 78"
SHOW_PHONE: dict[str, Any] = {"shown": ["phone"], "phone": NUMBER}
YESTERDAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def everybody_has_an_address(cast: Cast) -> None:
    for name in HOMES:
        cast.users[name].email = f"{name.replace('_', '-')}@hjem.example"
        cast.users[name].last_name = "Holm" if name in ("guardian", "other_home") else "Dahl"


def path(school_class: SchoolClass, page: str = "") -> str:
    return f"/school/classes/{school_class.id}/contacts{page}"


def listed(cast: Cast) -> dict[str, list[Contact]]:
    db.session.commit()
    return {child.name: list(child.guardians) for child in list_contacts(cast.third.id, today=clock.today())}


def choose(cast: Cast, browser: IsolatedClient, **data: Any) -> int:
    return browser.send(path(cast.third, "/edit"), data).status_code


@pytest.mark.both
def test_nothing_is_shown_before_it_is_ticked_and_a_foster_home_is_not_even_named(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    db.session.add(GuardianPhone(user_id=cast.guardian.id, number=NUMBER))
    assert listed(cast) == {
        "Alma Holm": [Contact("Jonas Holm", "", ""), Contact("Mette Holm", "", "")],
        "Noah Holm": [],
        "Otto Holm": [Contact("Amina Dahl", "", "")],
    }
    page = client_of(cast.other_home).get(path(cast.third)).text
    assert NUMBER not in page
    assert "@hjem.example" not in page
    for name in ("Bodil", "Torben", "Ole", "Viktor"):
        assert name not in page, "no helper, no former guardian, no foster home, nobody of another class"


@pytest.mark.both
def test_each_shows_exactly_what_they_tick_and_unticking_takes_it_away_at_once(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    home, reader = client_of(cast.guardian), client_of(cast.guardian_of_two)
    assert choose(cast, home, shown=["phone", "email"], phone=NUMBER) == 303
    page = reader.get(path(cast.third)).text
    assert 'href="tel:12345678"' in page
    assert 'href="mailto:guardian@hjem.example"' in page
    assert choose(cast, home, shown=["email"], phone=NUMBER) == 303
    assert NUMBER not in reader.get(path(cast.third)).text
    assert db.session.query(GuardianPhone).count() == 0, "what nobody may see is not kept"
    assert choose(cast, home, phone=NUMBER) == 303
    page = reader.get(path(cast.third)).text
    assert "@hjem.example" not in page
    assert "Mette Holm" in page
    assert db.session.query(ContactChoice).count() == 0


def test_a_choice_holds_for_one_class_and_the_number_is_the_same_in_all(cast: Cast, client_of: ClientOf) -> None:
    parent = client_of(cast.guardian_of_two)
    assert choose(cast, parent, **SHOW_PHONE) == 303
    elsewhere = client_of(cast.guardian_elsewhere)
    assert NUMBER not in elsewhere.get(path(cast.sixth)).text
    assert parent.send(path(cast.sixth, "/edit"), {"shown": ["phone"], "phone": "87 65 43 21"}).status_code == 303
    assert "87 65 43 21" in elsewhere.get(path(cast.sixth)).text
    assert "87 65 43 21" in client_of(cast.guardian).get(path(cast.third)).text
    assert choose(cast, parent) == 303
    assert "87 65 43 21" in elsewhere.get(path(cast.sixth)).text, "the other class may still see it"


def test_both_homes_stand_at_the_child_and_see_no_more_of_each_other_than_the_class_does(
    cast: Cast, client_of: ClientOf
) -> None:
    choose(cast, client_of(cast.guardian), shown=["email"], phone="")
    main = [
        client_of(cast.users[name]).get(path(cast.third)).text.split('<ul class="contacts')[1].split("</ul>")[0]
        for name in ("other_home", "guardian_of_two", "foster_parent", "class_teacher")
    ]
    assert len(set(main)) == 1
    assert "Jonas Holm" in main[0]
    assert "guardian@hjem.example" in main[0]
    other = client_of(cast.other_home).get(path(cast.third, "/edit")).text
    assert "guardian@hjem.example" not in other


def test_a_foster_parent_is_named_once_they_show_something(cast: Cast, client_of: ClientOf) -> None:
    assert choose(cast, client_of(cast.foster_parent), **SHOW_PHONE) == 303
    assert listed(cast)["Noah Holm"] == [Contact("Ole Dahl", NUMBER, "")]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("leader", 403),
        ("akt", 403),
        ("office", 403),
        ("board_secretary", 404),
        ("helper", 404),
        ("former_guardian", 404),
        ("former_substitute", 404),
        ("teacher_elsewhere", 404),
        ("facilitator", 404),
        ("guardian_elsewhere", 404),
        ("council_member", 404),
        ("newcomer", 404),
    ],
)
def test_it_is_nobody_elses(cast: Cast, client_of: ClientOf, name: str, status: int) -> None:
    make.show_contacts(cast.guardian, cast.third)
    browser = client_of(cast.users[name])
    for page in ("", "/edit"):
        answer = browser.get(path(cast.third, page))
        assert answer.status_code == status
        assert NUMBER not in answer.text
    assert choose(cast, browser, **SHOW_PHONE) == status
    assert db.session.query(ContactChoice).count() == 1


def test_a_pupil_does_not_see_it_in_their_own_class(cast: Cast, client_of: ClientOf) -> None:
    for page in ("", "/edit"):
        assert client_of(cast.council_member).get(path(cast.sixth, page)).status_code == 403


@pytest.mark.parametrize("name", sorted(TEAM))
def test_the_team_reads_and_has_nothing_to_choose(cast: Cast, client_of: ClientOf, name: str) -> None:
    make.show_contacts(cast.guardian, cast.third)
    browser = client_of(cast.users[name])
    page = browser.get(path(cast.third))
    assert NUMBER in page.text
    assert "/contacts/edit" not in page.text
    assert browser.get(path(cast.third, "/edit")).status_code == 403
    assert choose(cast, browser, **SHOW_PHONE) == 403


def protect_oneself(cast: Cast) -> None:
    cast.guardian.protection = Protection.ADDRESS


def protect_oneself_by_name(cast: Cast) -> None:
    cast.guardian.protection, cast.guardian.alias = Protection.NAME, "Forælder 7"


def protect_the_child(cast: Cast) -> None:
    cast.alma.protection = Protection.ADDRESS


def protect_the_childs_name(cast: Cast) -> None:
    cast.alma.protection, cast.alma.alias = Protection.NAME, "Elev 7"


def protect_a_sibling(cast: Cast) -> None:
    sibling = make.make_pupil(cast.sixth, "Lillebror", protection=Protection.ADDRESS)
    make.tie(cast.guardian, sibling)


PROTECT = pytest.mark.parametrize(
    "protect",
    [protect_oneself, protect_oneself_by_name, protect_the_child, protect_the_childs_name, protect_a_sibling],
    ids=lambda f: f.__name__,
)


@pytest.mark.both
@PROTECT
def test_a_protected_home_cannot_tick(
    cast: Cast, client_of: ClientOf, database: str, protect: Callable[[Cast], None]
) -> None:
    protect(cast)
    home = client_of(cast.guardian)
    page = home.get(path(cast.third, "/edit"))
    assert page.status_code == 200
    assert 'name="shown"' not in page.text
    assert "beskytte" not in page.text.lower(), "the page does not say why"
    for shown in (["phone"], ["email"], ["phone", "email"]):
        assert choose(cast, home, shown=shown, phone=NUMBER) == 422
    assert db.session.query(ContactChoice).count() == 0
    assert db.session.query(GuardianPhone).count() == 0


@pytest.mark.both
@PROTECT
def test_protection_that_comes_later_hides_what_was_ticked(
    cast: Cast, client_of: ClientOf, database: str, protect: Callable[[Cast], None]
) -> None:
    choose(cast, client_of(cast.guardian), shown=["phone", "email"], phone=NUMBER)
    protect(cast)
    for reader in ("guardian_of_two", "class_teacher", "other_home", "guardian"):
        page = client_of(cast.users[reader]).get(path(cast.third)).text
        for secret in (NUMBER, "guardian@hjem.example", "Mette", "Forælder 7"):
            assert secret not in page, (reader, secret)


def test_of_a_protected_child_the_alias_alone_is_shown_and_no_home(cast: Cast, client_of: ClientOf) -> None:
    for name in ("guardian", "other_home"):
        choose(cast, client_of(cast.users[name]), **SHOW_PHONE)
    protect_the_childs_name(cast)
    assert listed(cast)["Elev 7"] == []
    page = client_of(cast.guardian_of_two).get(path(cast.third)).text
    assert "Elev 7" in page
    assert "Alma" not in page


def test_a_protected_guardian_does_not_hide_the_other_home(cast: Cast, client_of: ClientOf) -> None:
    choose(cast, client_of(cast.other_home), **SHOW_PHONE)
    protect_oneself(cast)
    assert listed(cast)["Alma Holm"] == [Contact("Jonas Holm", NUMBER, "")]


def test_a_protected_home_can_still_take_away_what_it_showed(cast: Cast, client_of: ClientOf) -> None:
    choose(cast, client_of(cast.guardian), **SHOW_PHONE)
    protect_oneself(cast)
    assert choose(cast, client_of(cast.guardian)) == 303
    assert db.session.query(ContactChoice).count() == 0
    assert db.session.query(GuardianPhone).count() == 0


@pytest.mark.both
@pytest.mark.parametrize("what", ["the child leaves", "the tie ends", "the account closes"])
def test_who_leaves_is_gone_at_once(cast: Cast, client_of: ClientOf, database: str, what: str) -> None:
    choose(cast, client_of(cast.guardian_of_two), **SHOW_PHONE)
    if what == "the child leaves":
        cast.otto.enrolments[0].ends_on = YESTERDAY
    elif what == "the tie ends":
        for tie in db.session.query(Guardianship).filter_by(guardian_id=cast.guardian_of_two.id, pupil_id=cast.otto.id):
            tie.ends_on = YESTERDAY
    else:
        cast.guardian_of_two.deactivated_at = clock.now()
    page = client_of(cast.guardian).get(path(cast.third)).text
    assert NUMBER not in page
    assert "Amina" not in page


def test_who_comes_back_chooses_anew(cast: Cast, client_of: ClientOf, wall_clock: Move) -> None:
    choose(cast, client_of(cast.guardian_of_two), **SHOW_PHONE)
    cast.otto.enrolments[0].ends_on = clock.today()
    wall_clock(timedelta(days=30))
    make.enrol(cast.otto, cast.third, starts_on=clock.today())
    assert listed(cast)["Otto Holm"] == [Contact("Amina Dahl", "", "")]
    assert "checked" not in client_of(cast.guardian_of_two).get(path(cast.third, "/edit")).text
    assert choose(cast, client_of(cast.guardian_of_two), **SHOW_PHONE) == 303
    assert listed(cast)["Otto Holm"] == [Contact("Amina Dahl", NUMBER, "")]


@pytest.mark.both
def test_a_newcomer_of_the_same_day_reads_and_shows(cast: Cast, client_of: ClientOf, database: str) -> None:
    child = make.make_pupil(None, "Nina", "Lund")
    make.enrol(child, cast.third, starts_on=clock.today())
    tie = make.tie(cast.newcomer, child, GuardianshipKind.CUSTODY)
    tie.starts_on = clock.today()
    assert choose(cast, client_of(cast.newcomer), **SHOW_PHONE) == 303
    assert listed(cast)["Nina Lund"] == [Contact("Nadia Holm", NUMBER, "")]


def test_who_becomes_a_helper_only_is_gone(cast: Cast, client_of: ClientOf) -> None:
    choose(cast, client_of(cast.guardian_of_two), **SHOW_PHONE)
    for tie in db.session.query(Guardianship).filter_by(guardian_id=cast.guardian_of_two.id):
        tie.kind = GuardianshipKind.HELPER
    assert listed(cast)["Otto Holm"] == []
    assert client_of(cast.guardian_of_two).get(path(cast.third)).status_code == 404


@pytest.mark.both
@pytest.mark.parametrize(
    "data",
    [
        {"shown": ["phone"], "phone": ""},
        {"shown": ["phone"], "phone": "   "},
        {"shown": ["phone"], "phone": "1234567"},
        {"shown": ["phone"], "phone": "ring til mig"},
        {"shown": ["phone"], "phone": "12 34 56 78 <b>"},
        {"shown": ["phone"], "phone": "12345678\n12345678"},
        {"shown": ["phone"], "phone": "١٢٣٤٥٦٧٨"},
        {"shown": ["phone"], "phone": "1" * 400},
        {"shown": ["phone"], "phone": "-12345678"},
        {"shown": ["address"], "phone": NUMBER},
        {"shown": ["PHONE"], "phone": NUMBER},
        {"shown": ["", "phone"], "phone": NUMBER},
        {"shown": ["phone\x00"], "phone": NUMBER},
    ],
    ids=str,
)
def test_bad_input_shows_nothing(cast: Cast, client_of: ClientOf, database: str, data: dict[str, Any]) -> None:
    assert choose(cast, client_of(cast.guardian), **data) in (400, 422)
    assert db.session.query(ContactChoice).count() == 0
    assert db.session.query(GuardianPhone).count() == 0


@pytest.mark.parametrize("number", ["12345678", "+45 12 34 56 78", "12-34-56-78", "+49 151 12345678"])
def test_numbers_as_people_write_them(cast: Cast, client_of: ClientOf, number: str) -> None:
    assert choose(cast, client_of(cast.guardian), shown=["phone"], phone=number) == 303
    assert db.session.query(GuardianPhone).one().number == number


def test_without_an_address_there_is_none_to_tick(cast: Cast, client_of: ClientOf) -> None:
    cast.guardian.email = None
    home = client_of(cast.guardian)
    assert 'value="email"' not in home.get(path(cast.third, "/edit")).text
    assert choose(cast, home, shown=["email"], phone="") == 422


@pytest.mark.both
def test_ten_choices_at_the_same_moment_leave_one(cast: Cast, client_of: ClientOf, database: str) -> None:
    browsers = [client_of(cast.guardian) for _ in range(10)]
    answers = at_once(
        *(
            partial(browser.send, path(cast.third, "/edit"), {"shown": ["phone"], "phone": f"1234567{number}"})
            for number, browser in enumerate(browsers)
        )
    )
    assert {answer.status_code for answer in answers} == {303}
    assert db.session.query(ContactChoice).count() == 1
    assert db.session.query(GuardianPhone).one().number.startswith("1234567")


@pytest.mark.both
def test_ticking_and_unticking_at_the_same_moment_ends_in_one_of_the_two(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    choose(cast, client_of(cast.guardian), **SHOW_PHONE)
    tick, untick = client_of(cast.guardian), client_of(cast.guardian)
    answers = at_once(
        *[
            partial(tick.send, path(cast.third, "/edit"), SHOW_PHONE),
            partial(untick.send, path(cast.third, "/edit"), {}),
        ]
    )
    assert {answer.status_code for answer in answers} == {303}
    shown = listed(cast)["Alma Holm"]
    assert Contact("Mette Holm", NUMBER, "") in shown or Contact("Mette Holm", "", "") in shown
    assert db.session.query(GuardianPhone).count() == db.session.query(ContactChoice).count()


def test_the_list_is_not_for_paper_and_not_for_a_file(cast: Cast, client_of: ClientOf) -> None:
    make.show_contacts(cast.guardian, cast.third)
    page = client_of(cast.guardian_of_two).get(path(cast.third))
    assert page.text.index('<div class="no-print') < page.text.index(NUMBER)
    assert page.headers["Cache-Control"].startswith("no-store") or "private" in page.headers["Cache-Control"]
    for ending in (".csv", ".json", "/export", "/download", "/print"):
        assert client_of(cast.guardian_of_two).get(path(cast.third) + ending).status_code == 404
