"""The parents of a year: who enters them, how long they stay, and what posting past the page does."""

from __future__ import annotations

from datetime import date

import pytest

from portal.database import db
from portal.database.stamps import NONE
from portal.people import load_people
from portal.school.models import SchoolClass
from portal.school.year_groups.models import YearGroupParent
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf
from tests.council.seen import send_as_seen


def path_of(school_class: SchoolClass) -> str:
    return f"/school/year-groups/{make.year_of(school_class)}/parents"


def parents() -> list[tuple[int, date]]:
    rows = db.session.query(YearGroupParent).order_by(YearGroupParent.id)
    return [(row.user_id, row.ends_on) for row in rows if row.ends_on >= clock.today()]


@pytest.mark.parametrize("name", ["class_teacher", "pedagogue", "substitute", "office"])
def test_a_team_of_the_year_and_the_office_enter_them(name: str, cast: Cast, client_of: ClientOf) -> None:
    other = make.make_class("3.B", 3, hue=9)
    make.tie(cast.newcomer, make.make_pupil(other, "Bjørn"))
    db.session.commit()
    browser = client_of(cast.users[name])
    assert "Bjørn" in browser.get(path_of(cast.third)).text
    last = date(clock.school_year(clock.today()) + 1, 10, 31)
    chosen = sorted([cast.guardian.id, cast.newcomer.id])
    assert send_as_seen(browser, path_of(cast.third), {"guardians": chosen}).status_code == 303
    assert parents() == [(user_id, last) for user_id in chosen]
    late = browser.send(path_of(cast.third), {"guardians": [cast.newcomer.id], "seen": NONE})
    assert late.status_code == 409
    assert "Det har en kollega gemt imens" in late.text
    assert send_as_seen(browser, path_of(cast.third), {"guardians": [cast.newcomer.id]}).status_code == 303
    assert parents() == [(cast.newcomer.id, last)]
    (person,) = load_people([cast.newcomer.id], today=clock.today())
    assert person.year_groups == {make.year_of(cast.third): {cast.third.id, other.id}}


@pytest.mark.parametrize(
    ("name", "status"),
    [("guardian", 403), ("leader", 403), ("teacher_elsewhere", 404), ("guardian_elsewhere", 404), ("helper", 404)],
)
def test_nobody_else_does(name: str, status: int, cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.users[name])
    assert browser.get(path_of(cast.third)).status_code == status
    assert browser.send(path_of(cast.third), {"guardians": [cast.guardian.id]}).status_code == status
    assert parents() == []


@pytest.mark.parametrize("chosen", ["helper", "guardian_elsewhere", "class_teacher", "former_guardian"])
def test_only_a_guardian_of_the_year_can_be_entered(chosen: str, cast: Cast, client_of: ClientOf) -> None:
    sent = client_of(cast.class_teacher).send(path_of(cast.third), {"guardians": [cast.users[chosen].id]})
    assert sent.status_code == 422
    assert parents() == []


def test_a_year_nobody_is_in_is_not_there(cast: Cast, client_of: ClientOf) -> None:
    office = client_of(cast.office)
    assert office.get("/school/year-groups/1999/parents").status_code == 404
    assert office.get(f"/school/year-groups/{clock.school_year(clock.today()) + 1}/parents").status_code == 404
    assert office.send(path_of(cast.third), {}).status_code == 422


def test_who_has_no_child_in_the_year_any_more_is_none(cast: Cast) -> None:
    make.make_year_parent(cast.guardian_elsewhere, cast.third)
    (person,) = load_people([cast.guardian_elsewhere.id], today=clock.today())
    assert person.year_groups == {}
