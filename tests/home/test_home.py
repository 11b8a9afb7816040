"""The front page, a class's page and a child's page as each role sees them, help for everybody, and readiness."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.accounts.protection import Protection
from portal.database import db, schema
from portal.home.presenters import all_notices, unopened_in_words
from portal.school.models import Guardianship
from portal.text import clock
from portal.updates.models import WellbeingUpdate
from portal.web.language import catalogue_of
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move
from tests.pages import EVERYBODY

said = catalogue_of("da").gettext
THIRD, SIXTH, DRAFT = "Nyt fra tredje", "Nyt fra sjette", "Et udkast om tredje"


@dataclass(frozen=True)
class Told:
    """The cast, with news of both classes and a draft of 3.A."""

    cast: Cast
    third: WellbeingUpdate
    sixth: WellbeingUpdate
    draft: WellbeingUpdate

    def titles_on(self, page: str) -> set[str]:
        return {title for title in (THIRD, SIXTH, DRAFT) if title in page}


@pytest.fixture
def told(cast: Cast) -> Told:
    return Told(
        cast,
        make.make_update(cast.third, cast.class_teacher, THIRD),
        make.make_update(cast.sixth, cast.teacher_elsewhere, SIXTH),
        make.make_update(cast.third, cast.class_teacher, DRAFT, published_at=None),
    )


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("guardian", {THIRD}),
        ("other_home", {THIRD}),
        ("foster_parent", {THIRD}),
        ("guardian_elsewhere", {SIXTH}),
        ("guardian_of_two", {THIRD, SIXTH}),
        ("class_teacher", {THIRD, DRAFT}),
        ("substitute", {THIRD, DRAFT}),
        ("teacher_elsewhere", {SIXTH}),
        ("facilitator", {SIXTH}),
        ("leader", {THIRD, SIXTH}),
        ("akt", {THIRD, SIXTH}),
        ("office", set()),
        ("board_secretary", set()),
        ("council_member", set()),
        ("council_chair", set()),
        ("helper", set()),
        ("former_substitute", set()),
        ("former_guardian", set()),
        ("newcomer", set()),
    ],
)
def test_the_front_page_has_one_s_own_classes_news(
    told: Told, client_of: ClientOf, name: str, titles: set[str]
) -> None:
    page = client_of(told.cast.users[name]).get("/").text
    assert told.titles_on(page) == titles
    assert told.cast.users[name].first_name in page


def test_a_guardian_finds_each_child_and_what_is_new(told: Told, client_of: ClientOf) -> None:
    mother = client_of(told.cast.guardian_of_two)
    page = mother.get("/").text
    for child in (told.cast.otto, told.cast.ella):
        assert f'href="/children/{child.id}"' in page
    assert page.count('class="new"') == 2
    assert "/updates/classes/" not in page, "a guardian writes to nobody"
    mother.get(f"/updates/{told.third.id}")
    assert mother.get("/").text.count('class="new"') == 1


def test_the_team_finds_its_drafts_and_where_to_write(told: Told, client_of: ClientOf) -> None:
    page = client_of(told.cast.pedagogue).get("/").text
    assert f'href="/updates/{told.draft.id}/preview"' in page
    assert f'href="/updates/classes/{told.cast.third.id}/new"' in page
    assert f"/classes/{told.cast.sixth.id}" not in page


@pytest.mark.parametrize("name", ["leader", "akt"])
def test_who_sees_the_whole_school_writes_to_nobody(told: Told, client_of: ClientOf, name: str) -> None:
    page = client_of(told.cast.users[name]).get("/").text
    assert "/updates/classes/" not in page
    assert "/accounts/users" not in page


def test_the_office_finds_the_school_and_its_people(told: Told, client_of: ClientOf) -> None:
    page = client_of(told.cast.office).get("/").text
    assert 'href="/school/"' in page
    assert 'href="/accounts/users"' in page


@pytest.mark.parametrize("name", ["council_member", "council_chair", "facilitator"])
def test_the_council_finds_its_council(told: Told, client_of: ClientOf, name: str) -> None:
    page = client_of(told.cast.users[name]).get("/").text
    assert told.cast.council.name in page
    assert f'href="/council/{told.cast.council.id}"' in page


def test_a_helper_is_told_what_to_expect_and_opens_no_child(told: Told, client_of: ClientOf) -> None:
    page = client_of(told.cast.helper).get("/").text
    assert said("Nothing planned yet") in page
    assert "Alma" in page
    assert "/children/" not in page


@pytest.mark.parametrize("name", ["former_substitute", "former_guardian", "newcomer"])
def test_who_belongs_nowhere_is_told_whom_to_ask(told: Told, client_of: ClientOf, name: str) -> None:
    page = client_of(told.cast.users[name]).get("/").text
    assert said("You are in no class just now") in page
    assert said("Ask the office if you think that is wrong.") in page
    assert "3.A" not in page


def test_the_public_is_told_what_this_is(told: Told, client: IsolatedClient) -> None:
    page = client.get("/").text
    assert said("A school where everybody belongs") in page
    assert told.titles_on(page) == set()


def _menu(page: str) -> list[str]:
    """The addresses in the main menu."""
    return re.findall(r'<a href="([^"]+)"', page.split('<nav class="menu"')[1].split("</nav>")[0])


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_help_is_in_everybody_s_menu(cast: Cast, client_of: ClientOf, name: str) -> None:
    browser = client_of(cast.users[name])
    menu = _menu(browser.get("/").text)
    assert "/help" in menu
    assert len(menu) <= 5
    assert [browser.get(address).status_code for address in menu] == [200] * len(menu)


def test_help_is_in_the_public_s_menu(app: Flask, client: IsolatedClient) -> None:
    assert "/help" in _menu(client.get("/").text)
    page = client.get("/help")
    assert page.status_code == 200
    assert "112" in page.text
    assert "<form" not in page.text, "a person answers best in person"


@pytest.mark.parametrize(
    ("name", "reads", "writes", "appoints", "child"),
    [
        ("class_teacher", True, True, True, None),
        ("substitute", True, True, True, None),
        ("guardian", True, False, False, "alma"),
        ("guardian_of_two", True, False, False, "otto"),
        ("foster_parent", True, False, False, "noah"),
        ("leader", True, False, False, None),
        ("akt", True, False, False, None),
        ("office", False, False, True, None),
    ],
)
def test_a_class_s_page_has_what_each_role_needs(
    told: Told, client_of: ClientOf, name: str, reads: bool, writes: bool, appoints: bool, child: str | None
) -> None:
    class_id = told.cast.third.id
    page = client_of(told.cast.users[name]).get(f"/classes/{class_id}").text
    assert told.titles_on(page) == ({THIRD} if reads else set()) | ({DRAFT} if writes else set())
    assert (f'href="/updates/classes/{class_id}/new"' in page) == writes
    assert (f'href="/school/classes/{class_id}/representatives"' in page) == appoints
    own = getattr(told.cast, child) if child else None
    assert re.findall(r'href="/children/(\d+)"', page) == ([str(own.id)] if own else [])
    for colleague in ("Karen", "Peter", "Sara"):
        assert f"{colleague} Holm" in page
    assert "Frode Holm" not in page, "whose time is over is no longer in the team"
    assert "Amina Holm" in page, "who represents the parents"


@pytest.mark.parametrize("name", ["helper", "teacher_elsewhere", "guardian_elsewhere", "council_member", "newcomer"])
def test_a_class_s_page_is_no_stranger_s(told: Told, client_of: ClientOf, name: str) -> None:
    assert client_of(told.cast.users[name]).get(f"/classes/{told.cast.third.id}").status_code == 404


@pytest.mark.both
def test_who_left_or_was_closed_stands_no_longer_on_the_class_s_page(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    teacher, page = client_of(cast.class_teacher), f"/classes/{cast.third.id}"
    assert "Peter Holm" in teacher.get(page).text
    closure = make.close_access(cast.guardian_of_two, cast.otto, cast.leader)
    assert "Amina Holm" not in teacher.get(page).text, "closed for a time"
    closure.lifted_at = clock.now()
    assert "Amina Holm" in teacher.get(page).text
    cast.pedagogue.deactivated_at = clock.now()
    tie = db.session.query(Guardianship).filter_by(guardian_id=cast.guardian_of_two.id, pupil_id=cast.otto.id).one()
    tie.ends_on = clock.today() - timedelta(days=1)
    text = teacher.get(page).text
    assert "Amina Holm" not in text, "whose child has left"
    assert "Peter Holm" not in text, "whose account is closed"


def test_a_protected_name_is_an_alias_on_the_class_s_page(told: Told, client_of: ClientOf) -> None:
    told.cast.guardian_of_two.protection = Protection.NAME
    told.cast.guardian_of_two.alias = "Anna Berg"
    page = client_of(told.cast.guardian).get(f"/classes/{told.cast.third.id}").text
    assert "Anna Berg" in page
    assert "Amina" not in page


def test_a_child_s_page_has_its_class_s_news(told: Told, client_of: ClientOf) -> None:
    page = client_of(told.cast.guardian).get(f"/children/{told.cast.alma.id}").text
    assert told.titles_on(page) == {THIRD}
    assert "Alma" in page
    assert f'href="/classes/{told.cast.third.id}"' in page
    assert "Jonas" not in page, "one home never sees the other's people"


def test_each_home_sees_the_helpers_it_invited_and_not_the_other_s(told: Told, client_of: ClientOf) -> None:
    address = f"/children/{told.cast.alma.id}"
    first, second = client_of(told.cast.guardian).get(address).text, client_of(told.cast.other_home).get(address).text
    assert "Bodil Holm" in first
    assert "Bodil" not in second
    assert f'href="/school/pupils/{told.cast.alma.id}/helpers/new"' in first
    assert f'href="/school/pupils/{told.cast.alma.id}/helpers/new"' in second


def test_a_child_without_a_class_still_has_a_page(cast: Cast, client_of: ClientOf) -> None:
    newly = make.make_pupil(None, "Silje")
    make.tie(cast.newcomer, newly)
    page = client_of(cast.newcomer).get(f"/children/{newly.id}")
    assert page.status_code == 200
    assert said("No news yet") in page.text


@pytest.mark.both
def test_the_portal_is_ready_when_its_database_is(app: Flask, client: IsolatedClient, database: str) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


@pytest.fixture
def old_database(app: Flask) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = 'long ago'"))
    db.session.commit()


def test_the_portal_is_not_ready_on_an_old_database(old_database: None, client: IsolatedClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "database not ready"})
    assert client.get("/healthz").json == {"status": "ok"}


def test_the_portal_is_not_ready_when_the_database_is_silent(
    app: Flask, client: IsolatedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> str:
        raise OperationalError("SELECT 1", None, ConnectionError("refused"))

    monkeypatch.setattr(schema, "stored_revision", refuse)
    assert client.get("/readyz").status_code == 503


def test_every_kind_of_message_is_counted_in_words_once(app: Flask) -> None:
    """Whatever a room tells of has a place in the sentence, and no place is named twice."""
    with app.test_request_context(headers={"Accept-Language": "en"}):
        words = [line.split(" ", 1)[1] for line in unopened_in_words(dict.fromkeys(all_notices(), 1))]
    assert len(words) == len(set(words))
    assert words.count("about something else") == 1
    assert "about accounts and roles" in words


def test_from_may_to_august_the_office_has_the_steps_to_a_new_school_year(
    cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    heading = said("A new school year")
    for moment, is_there in (
        (datetime(2027, 4, 30, 10, tzinfo=UTC), False),
        (datetime(2027, 5, 1, 10, tzinfo=UTC), True),
        (datetime(2027, 8, 31, 10, tzinfo=UTC), True),
        (datetime(2027, 9, 1, 10, tzinfo=UTC), False),
    ):
        wall_clock(moment)
        assert (heading in client_of(cast.office).get("/").text) == is_there
        assert heading not in client_of(cast.leader).get("/").text
    wall_clock(datetime(2027, 6, 1, 10, tzinfo=UTC))
    office = client_of(cast.office)
    card = office.get("/").text.split(heading)[1].split("</section>")[0]
    steps = re.findall(r'href="([^"]+)"', card)
    assert len(steps) == 7
    assert {office.get(step).status_code for step in steps} == {200}, "each leads to a page that the office can open"


@pytest.mark.parametrize(("year", "month", "day"), [(2027, 5, 10), (2027, 7, 31), (2027, 8, 2), (2027, 8, 31)])
def test_the_step_of_the_fixed_days_leads_to_what_can_come_again(
    cast: Cast, client_of: ClientOf, wall_clock: Move, year: int, month: int, day: int
) -> None:
    fixed = make.make_fixed_day("Morgensang", datetime(2026, 11, 20, tzinfo=UTC).date())
    db.session.commit()
    wall_clock(datetime(year, month, day, 11, tzinfo=UTC))
    office = client_of(cast.office)
    step = re.search(r'href="(/fixed-days/[^"]*)"', office.get("/").text)
    assert step
    press = re.search(rf'href="(/fixed-days/new\?again={fixed.id})"', office.get(step[1]).text)
    assert press
    assert 'value="2027-11-26"' in office.get(press[1]).text
