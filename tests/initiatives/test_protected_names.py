"""A protected name in an initiative, from those who do not know it: saved like any word, and told to its keepers."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.protection import Protection
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.initiatives.models import Initiative
from portal.school.models import TeamMember
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.initiatives.test_initiatives import closing, start_of, tell, the_only_one, told, typed

REAL, ALIAS = "Freja", "Stjerne"
NAMED = ActKind.INITIATIVE_NAMES_PROTECTED
MARK = "må ikke kende navnet"


@pytest.fixture(autouse=True)
def a_protected_child(cast: Cast) -> None:
    make.make_pupil(cast.third, REAL, "Hemming", alias=ALIAS, protection=Protection.NAME)
    db.session.commit()


def with_akt(cast: Cast) -> Initiative:
    initiative = make.make_initiative(cast.class_teacher, cast.third, with_akt=True)
    db.session.commit()
    return initiative


@pytest.mark.both
def test_the_class_teacher_is_told_of_a_name_that_akt_closes_with(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    path = f"/initiatives/{with_akt(cast).id}"
    answer = client_of(cast.akt).send(path + "/close", closing(outcome=f"{REAL} er glad."))
    assert answer.status_code == 303, "the answer of a name that nobody bears"
    tell(app, wall_clock)
    assert told(NAMED) == {cast.class_teacher.id}
    line = client_of(cast.class_teacher).get("/notifications/").text
    assert "Se på et trivselstiltag i 3.A" in line
    assert REAL not in line


def test_the_team_sees_it_marked_and_nobody_else(cast: Cast, client_of: ClientOf) -> None:
    initiative = with_akt(cast)
    initiative.details = f"{REAL} er med."
    db.session.commit()
    for name in ("class_teacher", "pedagogue", "leader"):
        assert MARK in client_of(cast.users[name]).get(f"/initiatives/{initiative.id}").text, name
    for name in ("akt", "guardian", "foster_parent"):
        assert MARK not in client_of(cast.users[name]).get(f"/initiatives/{initiative.id}").text, name


def test_without_a_class_teacher_the_team_is_told(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    path = f"/initiatives/{with_akt(cast).id}"
    db.session.query(TeamMember).filter_by(user_id=cast.class_teacher.id).delete()
    db.session.commit()
    client_of(cast.akt).send(path + "/close", closing(outcome=f"{REAL} er glad."))
    tell(app, wall_clock)
    assert told(NAMED) == {cast.pedagogue.id, cast.substitute.id}


def test_the_leadership_is_told_of_a_councils_and_of_a_child_of_another_class(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    council = f"/initiatives/councils/{cast.council.id}/new"
    assert client_of(cast.facilitator).send(council, typed(details=f"{REAL} er med.")).status_code == 303
    tell(app, wall_clock)
    assert told(NAMED) == {cast.leader.id}
    path = f"/initiatives/{the_only_one().id}"
    assert MARK in client_of(cast.leader).get(path).text
    assert MARK not in client_of(cast.facilitator).get(path).text


def test_the_team_of_another_class_is_not_told_who_lives_under_protection(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    elsewhere = f"/initiatives/classes/{cast.sixth.id}/new"
    assert client_of(cast.teacher_elsewhere).send(elsewhere, typed(details=f"{REAL} er med.")).status_code == 303
    tell(app, wall_clock)
    assert told(NAMED) == {cast.leader.id}
    assert MARK not in client_of(cast.teacher_elsewhere).get(f"/initiatives/{the_only_one().id}").text


def test_an_edit_tells_of_a_new_name_once_and_taking_it_out_takes_the_line_back(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move
) -> None:
    initiative = with_akt(cast)
    path, first = f"/initiatives/{initiative.id}", initiative.starts_on.isoformat()
    for version in (1, 2):
        values = typed(starts_on=first, details=f"{REAL} er med.", with_akt="y", version=version)
        assert client_of(cast.akt).send(path + "/edit", values).status_code == 303
    tell(app, wall_clock)
    assert told(NAMED) == {cast.class_teacher.id}
    assert len(db.session.scalars(select(Act).where(Act.kind == NAMED)).all()) == 1
    client_of(cast.pedagogue).send(path + "/edit", typed(starts_on=first, version=3))
    assert REAL not in the_only_one().details
    assert told(NAMED) == set()


def test_whoever_knows_the_name_is_asked_and_nobody_told(cast: Cast, client_of: ClientOf) -> None:
    refused = client_of(cast.class_teacher).send(start_of(cast), typed(details=f"{REAL} er med."))
    assert refused.status_code == 422
    assert "uden børns navne" in refused.text


@pytest.mark.parametrize("name", ["Hannah", "Konrad"])
def test_a_name_that_nobody_bears_tells_nobody(
    app: Flask, cast: Cast, client_of: ClientOf, wall_clock: Move, name: str
) -> None:
    client_of(cast.akt).send(f"/initiatives/{with_akt(cast).id}/close", closing(outcome=f"{name} er glad."))
    tell(app, wall_clock)
    assert told(NAMED) == set()
