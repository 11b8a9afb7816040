"""Whether a guardianship gives a right is asked in one place, so that no rule about it can be forgotten in another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import aliased

from portal.database import db
from portal.people import load_people
from portal.school.models import Guardianship, GuardianshipKind, TeamMember
from portal.school.ties import holds
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.house.source import MODULES, tree_of
from tests.pages import PAGES, PUBLIC, World
from tests.test_pages import ClientOf, path_of

#: Statements that read guardianships by their own days, or by none, and why that is right there.
BY_THE_REGISTER = {
    ("portal.school.queries", "_foster_ties"): "the office sees what is written down, and ends it",
    ("portal.school.queries", "list_open_ties"): "what stands in the way of a new row, whatever it allows",
    ("portal.school.queries", "is_tied"): "what stands in the way of a new row, whatever it allows",
    ("portal.school.queries", "has_a_place"): "an account stays open while anything may come back to it",
    ("portal.school.helpers.queries", "get_guardianship"): "a helper who has lost the source can still be ended",
    ("portal.school.helpers.queries", "_invited"): "a letter, of somebody who can still be ended",
    ("portal.school.helpers.queries", "is_helper_alone"): "whether an account is more than this, today or later",
    ("portal.school.access.queries", "_ties"): "the leadership decides about those whom the register names",
    ("portal.school.access.queries", "list_helper_ids"): "whom to sign out, whatever they may see by now",
    ("portal.school.roster.queries", "_guardianships"): "files are compared with rows",
    ("portal.accounts.users.queries", "_helper_ties"): "a helper who has lost the source can still be ended",
    ("portal.accounts.sign_in.queries", "_open_links"): "which days have passed since a letter was made",
    ("portal.accounts.proof.queries", "was_typed_by_inviter"): "how an account began, however long ago",
    ("portal.acts.queries", "_is_helper"): "how an account began, however long ago",
    ("portal.acts.queries", "_is_kept_from"): "whoever is an adult of the child, also while they are kept out",
    ("portal.notifications.queries", "_is_under_protection"): "protection is kept also while a right rests",
}
#: How such statements look: one's own helper's letter, whether an address is proved, what protection asks for.
GIVES_NO_RIGHT = re.compile(
    r"guardianship\.id = \?|proved_email|pupil(_1)?\.protection != \?|guardianship\.ends_on < \?"
)
THE_PLACE = {"portal.school.ties", "portal.school.models"}
#: A new choice is made for a new tie, so these compare the days of both.
OTHER_DAYS = {
    ("portal.school.contacts.queries", "_contacts"),
    ("portal.school.contacts.queries", "choice_in_force"),
    ("portal.school.homes.queries", "_share_a_child_since"),
}


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for module in MODULES:
        if module not in THE_PLACE:
            for node in ast.walk(tree_of(module)):
                if isinstance(node, ast.FunctionDef):
                    yield module, node


def names_of_tie(function: ast.FunctionDef) -> set[str]:
    """What the table is called in a function: its own name, and those of its aliases."""
    names = {"Guardianship"}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and "aliased(Guardianship)" in ast.unparse(node.value):
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            pairs = zip(targets, values, strict=True)
            names |= {ast.unparse(name) for name, value in pairs if "Guardianship" in ast.unparse(value)}
    return names


@pytest.mark.check
def test_no_module_compares_the_days_of_a_guardianship_by_hand() -> None:
    wrong = [
        f"{module}:{node.lineno} reads {ast.unparse(node)}"
        for module, function in functions()
        if (module, function.name) not in OTHER_DAYS
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute)
        and node.attr in {"starts_on", "ends_on"}
        and ast.unparse(node.value) in names_of_tie(function)
    ]
    assert not wrong, "ask portal/school/ties.py instead:\n" + "\n".join(wrong)


@pytest.mark.check
def test_whatever_looks_among_guardianships_asks_whether_they_hold() -> None:
    silent = set()
    for module, function in functions():
        code = ast.unparse(function)
        if re.search(r"\bGuardianship\.(guardian_id|pupil_id|id|invited_by_id)\b|\bselect\(Guardianship\b", code):
            named = "|".join(names_of_tie(function))
            if not re.search(rf"\bholds\(({named})\b", code):
                silent.add((module, function.name))
    assert silent - BY_THE_REGISTER.keys() == set(), "these read ties and do not ask whether they give a right"
    assert BY_THE_REGISTER.keys() - silent == set(), "an exception that nothing needs"


@pytest.mark.parametrize(
    "name", ["guardian", "other_home", "foster_parent", "helper", "class_teacher", "council_chair"]
)
def test_no_page_shows_a_home_or_a_team_a_guardianship_without_asking_what_closes_it(
    app: Flask, world: World, client_of: ClientOf, name: str
) -> None:
    """Whatever the code looks like: each statement that reaches the table asks for closures too."""
    cast, seen = world.cast, set[str]()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if re.search(r"\bguardianship\b", statement) and statement.lstrip().startswith(("SELECT", "WITH")):
            seen.add(statement)

    db.session.commit()
    browser = client_of(cast.users[name])
    paths = [path_of(app, page, world) for page in PAGES if page.readers == PUBLIC or name in page.readers]
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for path in paths:
            browser.get(path)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert seen
    careless = [statement for statement in seen if "access_closure" not in statement]
    assert [statement for statement in careless if not GIVES_NO_RIGHT.search(statement)] == []


@pytest.mark.both
def test_an_alias_of_the_table_is_held_to_the_same_rules(cast: Cast, database: str) -> None:
    today = clock.today()
    make.close_access(cast.guardian, cast.alma, cast.leader)
    for tie in (Guardianship, aliased(Guardianship)):
        found = set(db.session.scalars(select(tie.guardian_id).where(tie.pupil_id == cast.alma.id, holds(tie, today))))
        assert found == {cast.other_home.id}
    assert cast.class_teacher.id in set(db.session.scalars(select(TeamMember.user_id).where(holds(TeamMember, today))))


@pytest.mark.both
def test_an_inviter_who_is_closed_out_and_a_helper_who_is_are_both_without_right(cast: Cast, database: str) -> None:
    today = clock.today()
    make.tie(cast.newcomer, cast.alma, GuardianshipKind.HELPER, invited_by=cast.other_home)
    make.close_access(cast.guardian, cast.alma, cast.leader)
    make.close_access(cast.newcomer, cast.alma, cast.leader)
    people = {person.id: person for person in load_people([u.id for u in cast.users.values()], today=today)}
    assert [people[user.id].children for user in (cast.guardian, cast.helper, cast.newcomer)] == [(), (), ()]
    assert [child.name for child in people[cast.other_home.id].children] == ["Alma"]
