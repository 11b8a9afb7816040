"""The repository as the rules read it: its modules with what they import, define and call, and its files."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.settings import ROOT

PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"
TESTS = ROOT / "tests"

#: The areas, each on the right of everything that it may import.
AREAS = [
    "accounts",
    "school",
    "notifications",
    "name_guard",
    "strategy",
    "initiatives",
    "council",
    "updates",
    "agreements",
    "fixed_days",
    "events",
    "playdates",
    "playgroups",
    "parent_meetings",
    "play_patrol",
    "akt",
    "surveys",
    "themes",
    "year_wheel",
    "home",
    "operations",
]
#: What stands beside the areas, for all of them.
FOR_ALL = {"acts", "database", "demo", "policy", "text", "web"}

FOUNDATION, MODELS, PERSON, POLICY, ACTS, QUERIES, SERVICES, WEB, FORMS, VIEWS, TOP = range(11)
HEIGHTS = (
    "foundation",
    "models",
    "people",
    "policy",
    "acts",
    "queries",
    "services",
    "web",
    "forms",
    "views",
    "top",
)
#: A thing's own file of a layer, in an area or in a folder inside one, and how high it stands.
LAYERS = {
    "models": MODELS,
    "queries": QUERIES,
    "services": SERVICES,
    "forms": FORMS,
    "presenters": FORMS,
    "views": VIEWS,
    "notices": VIEWS,
    "chores": VIEWS,
    "commands": TOP,
    "room": TOP,
}
_PLACES = [  # the first pattern that fits decides
    (r"portal\.acts\.topics", FOUNDATION),  # two plain lists that tables and notices speak of
    (r"portal\.(settings|errors|extensions|database(\..+)?|text(\..+)?)", FOUNDATION),
    (r"portal\.people", PERSON),
    (r"portal\.policy(\..+)?", POLICY),
    (r"portal\.acts\.models", MODELS),
    (r"portal\.acts(\.(services|limits|notices|chores))?", ACTS),
    (r"portal\.web(\..+)?", WEB),
    (r"portal|portal\.demo(\..+)?|portal\.operations\..+", TOP),
    (r"portal\.room|portal\.notifications\.worker(\..+)?", VIEWS),
    *((rf"portal\.(\w+\.)+{name}", height) for name, height in LAYERS.items()),
]


class Import(NamedTuple):
    """One imported name by its whole place, such as `portal.school.queries` or `flask.request`."""

    name: str
    line: int
    is_inside_function: bool


def _module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    _module_name(file): file
    for file in sorted(PORTAL.rglob("*.py"))
    if "migrations" not in file.relative_to(ROOT).parts
}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports_of(module: str) -> list[Import]:
    inside = {
        id(statement)
        for function in ast.walk(tree_of(module))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for statement in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            found += [Import(alias.name, node.lineno, id(node) in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}:{node.lineno} imports relatively; write the whole name"
            found += [Import(f"{node.module}.{alias.name}", node.lineno, id(node) in inside) for alias in node.names]
    return found


@cache
def imported_modules(module: str) -> dict[str, int]:
    """The portal's own modules that a module imports, with the line of each."""
    found = {}
    for name, line, _ in imports_of(module):
        place = name if name in MODULES else name.rpartition(".")[0]
        if place in MODULES and place != module:
            found[place] = line
    return found


@cache
def height(module: str, above: tuple[str, ...] = ()) -> int:
    """How high a module stands. One that is named for what it is stands as high as the highest thing it imports."""
    assert module not in above, f"imports go in a circle: {' -> '.join([*above, module])}"
    for pattern, layer in _PLACES:
        if re.fullmatch(pattern, module):
            return layer
    return max((height(place, (*above, module)) for place in imported_modules(module)), default=FOUNDATION)


def area_of(module: str) -> str | None:
    """The area a module belongs to, however deep in it."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in AREAS else None


def functions_of(module: str) -> Iterator[tuple[str, ast.AST]]:
    """The module's functions and methods by name, and its own statements as ""."""
    inside = set()
    for function in ast.walk(tree_of(module)):
        if isinstance(function, ast.FunctionDef):
            inside.update(id(node) for node in ast.walk(function))
            yield function.name, function
    rest = [node for node in tree_of(module).body if id(node) not in inside]
    yield "", ast.Module(body=rest, type_ignores=[])


def calls(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Every call beneath, as dotted text such as `db.session.commit`, with its line."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            yield ast.unparse(call.func), call.lineno


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the project that is written by hand or kept: no caches, no environments, nobody's data.

    In a working tree beside another one, `.git` is a file that says where the other one is; it is not of the project.
    """
    top = [file for file in ROOT.iterdir() if file.is_file() and file.name != ".git"]
    folders = ("portal", "templates", "tests", "translations", "docs", "bench")
    below = [file for folder in folders for file in (ROOT / folder).rglob("*") if file.is_file()]
    for file in sorted(top + below):
        if "__pycache__" not in file.parts:
            try:
                yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # a picture or a font
