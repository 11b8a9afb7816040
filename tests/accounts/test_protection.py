"""The name that others see: decided in one place, and the same in Python and in a statement."""

from __future__ import annotations

import ast

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.accounts.protection import Protection, shown_last_name_of, shown_name, shown_name_of, shown_names
from portal.database import db
from portal.home.queries import get_class_people
from portal.people import load_people
from portal.school.models import Pupil
from portal.settings import ROOT
from portal.text import clock
from tests import factories as make

NAMES = [  # first, last, alias and what is protected; the first and the last name that others see
    (("Alma", "Holm", "", Protection.NONE), ("Alma", "Holm")),
    (("Alma", "Holm", "Mille", Protection.NONE), ("Alma", "Holm")),
    (("Alma", "Holm", "Mille", Protection.ADDRESS), ("Alma", "Holm")),
    (("Alma", "Holm", "Mille", Protection.NAME), ("Mille", "")),
    (("Alma", "", "", Protection.NONE), ("Alma", "")),
    (("Alma", "", "Sol Skov", Protection.NAME), ("Sol Skov", "")),
    (("Anne Marie", "Bruun Ørsted", "", Protection.NONE), ("Anne Marie", "Bruun Ørsted")),
]


@pytest.mark.both
@pytest.mark.parametrize(("given", "shown"), NAMES)
def test_python_and_a_statement_show_the_same_name(
    app: Flask, given: tuple[str, str, str, Protection], shown: tuple[str, str]
) -> None:
    first, last, alias, protection = given
    whole = " ".join(shown).strip()
    user = make.make_user(first, last, alias=alias, protection=protection)
    pupil = make.make_pupil(None, first, last, alias=alias, protection=protection)
    for entity, row in ((User, user), (Pupil, pupil)):
        assert (shown_names(row), shown_name(row), row.name) == (shown, whole, whole)
        said = select(shown_name_of(entity, entity.first_name), shown_last_name_of(entity), shown_name_of(entity))
        assert tuple(db.session.execute(said.where(entity.id == row.id)).one()) == (*shown, whole)
    assert pupil.short_name == shown[0]
    person = load_people([user.id], today=clock.today())[0]
    assert (person.name, person.first_name) == (whole, shown[0])


@pytest.mark.both
def test_somebody_without_a_last_name_has_no_space_behind_the_first(app: Flask) -> None:
    third = make.make_class()
    make.put_in_team(make.make_user("Karen", ""), third)
    team = get_class_people(third.id, today=clock.today()).team
    assert [adult.name for adult in team] == ["Karen"]


@pytest.mark.check
def test_whether_a_name_is_protected_is_asked_in_one_place_only() -> None:
    asked = []
    for file in sorted((ROOT / "portal").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            compared = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
            words = [ast.unparse(one) for one in compared]
            is_about_it = any("protection" in word for word in words) and any(word in {"'name'"} for word in words)
            if is_about_it or any("Protection.NAME" in word for word in words):
                asked.append(file.relative_to(ROOT).as_posix())
    assert set(asked) == {"portal/accounts/protection.py"}
