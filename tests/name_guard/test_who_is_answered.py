"""Whom the name guard answers with a name: those who know it. Nobody else can try names out on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.accounts.users.queries import find_user
from portal.acts.models import Act, ActKind
from portal.agreements.models import AgreementKind, AgreementVersion
from portal.agreements.queries import list_keepers_of_names
from portal.database import db
from portal.name_guard.forms import AgreedForm
from portal.name_guard.guard import protected_names
from portal.notifications.models import Delivery
from portal.notifications.worker import Worker
from portal.school.models import TeamMember
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient, Move

ClientOf = Callable[[User], IsolatedClient]
KNOW = frozenset({"class_teacher", "pedagogue", "substitute"})
#: So often a representative changes the text within the hour.
MOST_WRITTEN = 6
REAL, ALIAS = "Freja", "Stjerne"
#: Forty-nine names that nobody in the class bears, and one that is protected.
NAMES = (
    *("Aage", "Agnes", "Aksel", "Anton", "Asta", "August", "Bertil", "Carla", "Clara", "Dagmar", "Ebba", "Elias"),
    *("Elvira", "Esben", "Esther", "Filippa", "Folmer", "Georg", "Gerda", "Gustav", "Hannah", "Harald", "Hedvig"),
    *("Ingolf", "Isak", "Johan", "Johanne", "Kasper", "Kirsten", "Konrad", "Laura", "Liv", "Ludvig", "Magne"),
    *("Malthe", "Mathilde", "Nikoline", "Oskar", "Otilie", "Pelle", "Ragnhild", "Rasmus", "Signe", "Sigurd"),
    *("Tobias", "Torvald", "Ulrikke", "Valdemar", "Yrsa", REAL),
)


@pytest.fixture(autouse=True)
def a_protected_child(cast: Cast) -> None:
    make.make_pupil(cast.third, REAL, "Hemming", alias=ALIAS, protection=Protection.NAME)
    for user in cast.users.values():
        user.language = "en"
    db.session.commit()


def answer_to(browser: IsolatedClient, path: str, name: str, **form: Any) -> tuple[int, str, str]:
    """Status, place and page of the answer, without what differs for every request and without the name typed."""
    answer = browser.send(path, {"body": f"- Vi ringer til {name} og de andre.", "agreed_on": "2026-11-23", **form})
    page = re.sub(r'(name="(csrf_token|idempotency_key)" value=")[^"]*', r"\1", answer.text)
    return answer.status_code, answer.location or "", page.replace(name, "…")


def with_name(form: dict[str, Any], name: str) -> dict[str, Any]:
    """A form's values with the name in the place that is left for it."""
    return {field: value.replace("{}", name) if isinstance(value, str) else value for field, value in form.items()}


def write(cast: Cast) -> str:
    return f"/agreements/classes/{cast.third.id}/parents/edit"


def test_there_are_fifty_names_and_every_form_with_a_guard_is_tried() -> None:
    assert len(set(NAMES)) == 50
    assert {form.__name__ for form in AgreedForm.__subclasses__()} == {
        *("AgreementForm", "SendForm", "CorrectForm", "MeetingForm", "WordsForm")
    }


@pytest.mark.both
def test_fifty_names_get_one_answer_from_a_representative(
    cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    browser = client_of(cast.guardian_of_two)
    refused = {answer_to(browser, write(cast), name, agreed_on="2020-01-01") for name in NAMES}
    assert [status for status, _, _ in refused] == [422], "a refusal for another reason asks about no name either"
    saved = set()
    for number, name in enumerate(NAMES):
        if number and number % MOST_WRITTEN == 0:
            wall_clock(timedelta(hours=1, minutes=1))
        saved.add(answer_to(browser, write(cast), name, version=number))
    assert [status for status, _, _ in saved] == [303]
    assert db.session.query(AgreementVersion).count() == 50


@pytest.mark.parametrize("name", sorted(set(Cast.__dataclass_fields__) - KNOW))
def test_fifty_names_get_one_answer_from_everybody_who_does_not_know(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    user = getattr(cast, name)
    if not isinstance(user, User):
        return
    draft = make.make_update(cast.third, cast.class_teacher, published_at=None)
    sent = make.make_update(cast.third, cast.class_teacher)
    meeting = make.make_parent_meeting(cast.third)
    answered = make.hold_survey(make.make_survey(None, cast.leader), cast.third)
    hall = {"day": "2026-12-09", "begins": "17:00", "ends": "19:00", "place": "I klassen"}
    browser = client_of(user)
    tried: tuple[tuple[str, dict[str, Any]], ...] = (
        (write(cast), {"version": 99}),
        (f"/agreements/classes/{cast.third.id}/rules/edit", {}),
        (f"/updates/{draft.id}/publish", {"version": 1}),
        (f"/updates/{sent.id}/correct", {"title": "Nyt", "version": 1}),
        (f"/parent-meetings/classes/{cast.third.id}/new", hall | {"items": "- {}"}),
        (f"/parent-meetings/{meeting.id}/edit", hall | {"items": "- {}", "version": 99}),
        (f"/surveys/hour/{answered.survey_id}/classes/{cast.third.id}/words", {"words": "{}"}),
    )
    for path, form in tried:
        assert len({answer_to(browser, path, typed, **with_name(form, typed)) for typed in NAMES}) == 1, path


def test_the_team_is_asked_about_the_real_name_and_a_representative_about_shown_ones(
    cast: Cast, client_of: ClientOf
) -> None:
    team, parent = client_of(cast.class_teacher), client_of(cast.guardian_of_two)
    for name, answered in (("Alma", (422, 422)), (ALIAS, (422, 422)), (REAL, (422, 303))):
        body = {"body": f"- Vi hilser på {name}.", "agreed_on": "2026-11-23"}
        for browser, status in zip((team, parent), answered, strict=True):
            answer = browser.send(write(cast), body)
            asks = f'value="{name}"' if browser is team else f"Here stands a child&#39;s name: {name}."
            assert (answer.status_code, asks in answer.text) == (status, status == 422), name


def test_a_real_name_that_another_child_openly_bears_is_asked_about_and_no_secret(
    cast: Cast, client_of: ClientOf
) -> None:
    make.make_pupil(cast.third, REAL, "Lund")
    answer = client_of(cast.guardian_of_two).send(write(cast), {"body": f"- {REAL} er med.", "agreed_on": "2026-11-23"})
    assert f"Here stands a child&#39;s name: {REAL}." in answer.text
    assert protected_names(f"- {REAL} er med.", cast.third.id, today=clock.today()) == ()


def test_a_teacher_who_is_a_parent_in_the_class_as_well_knows(cast: Cast, client_of: ClientOf) -> None:
    make.tie(cast.pedagogue, cast.otto)
    make.make_representative(cast.pedagogue, cast.third)
    assert answer_to(client_of(cast.pedagogue), write(cast), REAL)[0] == 422


def wrote_the_name(cast: Cast, client_of: ClientOf, name: str = REAL) -> None:
    client_of(cast.guardian_of_two).send(write(cast), {"body": f"- Vi hilser på {name}.", "agreed_on": "2026-11-23"})


def told_of_a_name(app: Flask) -> set[int]:
    worker = Worker(app)
    while worker.round():
        pass
    kind = db.session.query(Act.id).filter_by(kind=ActKind.PROTECTED_NAME_WRITTEN)
    return {row.user_id for row in db.session.query(Delivery).filter(Delivery.act_id.in_(kind))}


@pytest.mark.both
def test_the_class_teacher_is_told_and_the_team_sees_the_name_where_it_stands(
    app: Flask, cast: Cast, client_of: ClientOf, database: str
) -> None:
    wrote_the_name(cast, client_of)
    page = write(cast).removesuffix("/edit")
    mark = "a child who lives under an alias"
    for name in ("class_teacher", "pedagogue", "substitute", "leader"):
        assert mark in client_of(getattr(cast, name)).get(page).text, name
    for name in ("guardian", "other_home", "guardian_of_two", "foster_parent", "akt"):
        assert mark not in client_of(getattr(cast, name)).get(page).text, name
    assert told_of_a_name(app) == {cast.class_teacher.id}
    line = client_of(cast.class_teacher).get("/notifications/").text
    assert "Look at the parent agreements of 3.A" in line
    assert REAL not in line


def test_without_a_class_teacher_the_whole_team_is_told(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    wrote_the_name(cast, client_of)
    db.session.query(TeamMember).filter_by(user_id=cast.class_teacher.id).delete()
    db.session.commit()
    version = db.session.query(AgreementVersion).one()
    assert list_keepers_of_names(version, clock.today()) == {cast.pedagogue.id, cast.substitute.id}


def test_a_name_that_was_taken_out_before_anybody_was_told_is_no_news(
    app: Flask, cast: Cast, client_of: ClientOf
) -> None:
    wrote_the_name(cast, client_of)
    form = {"body": "- Vi hilser på alle.", "agreed_on": "2026-11-23", "version": 1}
    assert client_of(cast.pedagogue).send(write(cast), form).status_code == 303
    assert told_of_a_name(app) == set()


@pytest.mark.parametrize("name", ["Hannah", "Konrad"])
def test_an_unknown_name_tells_nobody(app: Flask, cast: Cast, client_of: ClientOf, name: str) -> None:
    wrote_the_name(cast, client_of, name)
    assert told_of_a_name(app) == set()
    assert db.session.query(Act).filter_by(kind=ActKind.PROTECTED_NAME_WRITTEN).count() == 0


def test_a_team_that_has_agreed_to_a_name_is_not_told_of_it(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    form = {"body": f"- Vi hilser på {REAL}.", "agreed_on": "2026-11-23", "agreed": [REAL]}
    assert client_of(cast.pedagogue).send(write(cast), form).status_code == 303
    assert told_of_a_name(app) == set()


def test_a_name_is_marked_from_the_day_it_is_protected_and_no_longer(cast: Cast, client_of: ClientOf) -> None:
    make.make_agreement(cast.third, cast.guardian_of_two, AgreementKind.PARENTS, bodies=("- Otto bager.",))
    team, page = client_of(cast.class_teacher), write(cast).removesuffix("/edit")
    mark = "lives under an alias: Otto"
    assert mark not in team.get(page).text
    cast.otto.protection, cast.otto.alias = Protection.NAME, "Bølge"
    db.session.commit()
    assert mark in team.get(page).text
    cast.otto.protection = Protection.NONE
    db.session.commit()
    assert mark not in team.get(page).text


# The same kind elsewhere


@pytest.mark.both
def test_the_user_name_of_a_helper_does_not_say_who_else_has_an_account(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    """ "freja.hemming2" would say that there is a Freja Hemming, in whatever class and under whatever alias."""
    make.make_user(REAL, "Hemming", user_name="freja.hemming", alias=ALIAS, protection=Protection.NAME)
    db.session.commit()
    browser, path = client_of(cast.guardian), f"/school/pupils/{cast.alma.id}/helpers/new"
    for last_name in ("Hemming", "Ukendt"):
        assert browser.send(path, {"first_name": REAL, "last_name": last_name, "email": ""}).status_code == 303
    made = [user.user_name for user in db.session.query(User).filter_by(first_name=REAL, external_id=None)]
    assert [bool(re.fullmatch(r"freja\.(hemming|ukendt)[0-9]{4}", name)) for name in made] == [True, True]
    assert all(find_user(name) is not None for name in made)


def test_an_address_that_somebody_else_has_is_taken_like_any_other(cast: Cast, client_of: ClientOf) -> None:
    cast.other_home.email = "jonas@example.org"
    db.session.commit()
    browser, path = client_of(cast.guardian), f"/school/pupils/{cast.alma.id}/helpers/new"
    form = {"first_name": "Bedste", "last_name": "Far"}
    answers = [browser.send(path, {**form, "email": email}) for email in ("jonas@example.org", "ingen@example.org")]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({re.sub(r"[0-9]+", "…", answer.location) for answer in answers}) == 1


@pytest.mark.parametrize("name", ["guardian", "helper", "class_teacher", "council_member", "akt"])
def test_people_are_looked_up_by_the_office_alone(cast: Cast, client_of: ClientOf, name: str) -> None:
    browser = client_of(getattr(cast, name))
    assert {browser.get(f"/accounts/users?q={typed}").status_code for typed in NAMES} == {403}
    form = {"login": cast.guardian.user_name, "function": "teacher", "starts_on": "2026-11-23"}
    answers = {
        browser.send(f"/school/classes/{cast.third.id}/team/new", {**form, "login": login}).status_code
        for login in (cast.guardian.user_name, "ingen.her")
    }
    assert len(answers) == 1
    assert answers <= {403, 404}
