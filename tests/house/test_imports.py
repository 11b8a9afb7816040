"""Who imports whom: layers point down, areas to the left, and never in a circle."""

from __future__ import annotations

import ast

import pytest

from portal import ROOMS
from tests.house.source import (
    AREAS,
    FOR_ALL,
    HEIGHTS,
    MODELS,
    MODULES,
    POLICY,
    SERVICES,
    WEB,
    area_of,
    height,
    imported_modules,
    imports_of,
    tree_of,
)

pytestmark = pytest.mark.check

#: What reaches over to an area on its right, and why.
RIGHTWARDS: dict[tuple[str, str], str] = {
    ("portal.accounts.queries", "portal.school.models"): "whether an account is a child's own is the school's to know",
    ("portal.accounts.proof.queries", "portal.school.models"): "a helper's address was typed by the inviter",
    ("portal.accounts.sign_in.queries", "portal.school.models"): "a child signs in while it sits in a council",
    ("portal.accounts.users.queries", "portal.school.models"): "the office's page of an account names ties to children",
    ("portal.accounts.users.queries", "portal.school.ties"): "and whether they have ended is read in one place",
    ("portal.accounts.users.views", "portal.school.models"): "the office's page of an account names ties to children",
    ("portal.school.homes.services", "portal.notifications.services"): "a question that is answered leaves the lists",
    ("portal.school.access.services", "portal.notifications.services"): "an end that is put off leaves the lists",
    (
        "portal.strategy.forwarding.queries",
        "portal.council.models",
    ): "two pupils present it to the board",
    ("portal.strategy.amendments.queries", "portal.council.models"): "a council outlives the seats of its authors",
    ("portal.initiatives.queries", "portal.council.models"): "a council's initiatives stand under its name",
    ("portal.strategy.cycle.queries", "portal.council.models"): "a phase waits for councils, which are known by name",
}
#: Areas without pages or anything else that the application is given.
NO_ROOM = {
    "name_guard": "it answers those who ask it, within their own pages",
}


def test_imports_point_down_only() -> None:
    assert [
        f"{module}:{line} ({HEIGHTS[height(module)]}) imports {place} ({HEIGHTS[height(place)]})"
        for module in MODULES
        for place, line in imported_modules(module).items()
        if height(place) > height(module)
    ] == []


def test_areas_import_leftwards_only() -> None:
    assert [
        f"{module}:{line} imports {place}, which stands to its right in {' < '.join(AREAS)}"
        for module in MODULES
        for place, line in imported_modules(module).items()
        if (here := area_of(module)) and (there := area_of(place)) and AREAS.index(there) > AREAS.index(here)
        if (module, place) not in RIGHTWARDS
    ] == []


def test_every_exception_to_the_order_is_still_needed() -> None:
    assert [pair for pair in RIGHTWARDS if pair[1] not in imported_modules(pair[0])] == []


def test_every_area_has_its_place_in_the_order() -> None:
    assert {module.split(".")[1] for module in MODULES if module.count(".") > 1} - FOR_ALL == set(AREAS)


def test_the_application_opens_the_areas_in_their_order() -> None:
    assert [room.name for room in ROOMS] == [area for area in AREAS if area not in NO_ROOM] + ["acts", "demo"]


def test_no_import_goes_in_a_circle() -> None:
    circles: list[str] = []
    done: set[str] = set()

    def follow(module: str, above: tuple[str, ...]) -> None:
        if module in above:
            circles.append(" -> ".join([*above[above.index(module) :], module]))
        elif module not in done:
            for place in imported_modules(module):
                if place != "portal":
                    follow(place, (*above, module))
            done.add(module)

    for module in MODULES:
        follow(module, ())
    assert circles == []


def test_text_knows_neither_flask_nor_the_database() -> None:
    outside = {"flask", "flask_login", "flask_wtf", "sqlalchemy", "flask_sqlalchemy", "wtforms"}
    assert [
        f"{module}:{line} imports {name}"
        for module in MODULES
        if module.startswith("portal.text")
        for name, line, _ in imports_of(module)
        if name.split(".")[0] in outside
        or (
            name.startswith("portal.")
            and not name.startswith(("portal.text.", "portal.errors."))
            and name != "portal.text"
        )
    ] == []


def test_the_web_layer_knows_who_and_may_and_no_area() -> None:
    assert [
        f"{module}:{line} imports {place}"
        for module in MODULES
        if module.startswith("portal.web")
        for place, line in imported_modules(module).items()
        if height(place) != WEB and (height(place) > POLICY or area_of(place) not in {None, "accounts"})
    ] == []


def test_an_import_inside_a_function_says_why() -> None:
    silent = []
    for module, file in MODULES.items():
        lines = file.read_text(encoding="utf-8").splitlines()
        silent += [
            f"{module}:{found.line} imports {found.name} inside a function, and no comment says why"
            for found in imports_of(module)
            if found.is_inside_function and "#" not in lines[found.line - 1] and "#" not in lines[found.line - 2]
        ]
    assert silent == []


ASKS_THE_REQUEST = {"request", "current_user", "url_for", "flash", "gettext", "ngettext", "abort", "redirect"}
UNDER_THE_WEB = [module for module in MODULES if MODELS <= height(module) <= SERVICES]


def test_nothing_under_the_web_imports_it() -> None:
    assert [
        f"{module}:{line} imports {name}"
        for module in UNDER_THE_WEB
        for name, line, _ in imports_of(module)
        if name.split(".")[0] in {"flask", "flask_login", "flask_wtf", "wtforms"} or name.startswith("portal.web")
    ] == []


def test_nothing_under_the_web_asks_the_request() -> None:
    assert [
        f"{module}:{node.lineno} says {node.id}"
        for module in UNDER_THE_WEB
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Name) and node.id in ASKS_THE_REQUEST
    ] == []
