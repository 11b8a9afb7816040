"""Where things are: one thing a folder, one layer a file, none too long, the same folders in templates and tests."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.house.source import AREAS, LAYERS, MODULES, PORTAL, ROOT, TEMPLATES, TESTS, texts

pytestmark = pytest.mark.check

MOST_LINES = 400
#: Files that may be longer, and why.
LONG_FILES = {"portal/static/portal.css": "one style sheet, one request"}
MOST_FILES = 14
#: Folders that may hold more files of their own, and why.
FULL_FOLDERS = {"portal/web": "whatever every page needs, each in a file that is named for it"}
#: What lies at the door; what else turns up there was left behind by somebody (a file called "-" once was).
AT_THE_DOOR = {
    ".git",  # a file in a working tree beside another one
    ".gitignore",
    "app.py",
    "CHANGELOG.md",
    "Makefile",
    "pyproject.toml",
    "README.md",
    "requirements-dev.txt",
    "requirements.txt",
}
#: Names that say nothing of what is in a file.
EMPTY_NAMES = {"base", "common", "core", "misc", "shared", "tools", "util", "utils"}
#: Folders beside the portal's own, and why.
OTHER_TEMPLATES = {
    "components": "what pages of all areas are made of",
    "errors": "what is shown instead of a page",
    "mail": "one for each kind of notice; areas name them",
}
OTHER_TESTS = {
    "acted": "what people come for, counted in presses and seconds",
    "attack": "what tries to do more than it may",
    "faults": "what breaks the whole portal",
    "house": "the code itself",
    "leaks": "what everybody reads, held against the domain",
}


def folders_of(top: Path) -> set[str]:
    """Every folder beneath that holds a file, by its place there."""
    return {
        file.parent.relative_to(top).as_posix()
        for file in top.rglob("*.*")
        if "__pycache__" not in file.parts and file.parent != top
    }


def words_of(name: str) -> set[str]:
    """The words of a name, each as one and as many."""
    return {form for word in name.strip("_").split("_") for form in (word, word + "s", re.sub("y$", "ies", word))}


def test_a_name_holds_a_thing_or_a_layer_never_both() -> None:
    assert [
        f"{module}: a folder for the thing, and in it a file for the layer"
        for module in MODULES
        if (name := module.rpartition(".")[2]) not in LAYERS and words_of(name) & LAYERS.keys()
    ] == []


def test_nothing_is_left_behind_at_the_door() -> None:
    assert {file.name for file in ROOT.iterdir() if file.is_file()} - AT_THE_DOOR == set()


def test_a_layer_is_a_file_and_never_a_folder() -> None:
    assert [
        module for module, file in MODULES.items() if file.name == "__init__.py" and file.parent.name in LAYERS
    ] == []


def test_a_file_does_not_repeat_the_name_of_its_folder() -> None:
    assert [
        module
        for module, file in MODULES.items()
        if "_" in file.stem.strip("_") and words_of(file.stem) & words_of(file.parent.name)
    ] == []


def test_every_name_says_what_is_in_it() -> None:
    assert [module for module in MODULES if EMPTY_NAMES.intersection(module.split("."))] == []


def test_pages_stand_in_an_area() -> None:
    """What has an address belongs to somebody; acts are every area's, and the made-up school has a page to sign in."""
    places = {module.split(".")[1] for module in MODULES if module.endswith(".views")}
    assert places - set(AREAS) == {"acts", "demo"}


def test_no_folder_is_too_full_to_be_read_in_one_go() -> None:
    held = Counter(file.parent.relative_to(PORTAL.parent).as_posix() for file in MODULES.values())
    full = {folder: files for folder, files in held.items() if files > MOST_FILES}
    assert {folder: files for folder, files in full.items() if folder not in FULL_FOLDERS} == {}
    assert [folder for folder in FULL_FOLDERS if folder not in full] == [], "exceptions that nothing needs"


def test_no_file_is_too_long_to_be_read_in_one_go() -> None:
    code = re.compile(r"(portal|templates|bench|docs)/.+\.(py|html|css)|app\.py")
    lengths = {name: text.count("\n") for name, text in texts() if code.fullmatch(name) and "migrations/" not in name}
    long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES}
    assert {name: lines for name, lines in long.items() if name not in LONG_FILES} == {}
    assert [name for name in LONG_FILES if name not in long] == [], "exceptions that nothing needs"


def test_templates_stand_in_the_folders_of_the_portal() -> None:
    assert folders_of(TEMPLATES) - folders_of(PORTAL) == OTHER_TEMPLATES.keys()


def test_tests_stand_in_the_folders_of_the_portal() -> None:
    assert folders_of(TESTS) - folders_of(PORTAL) == OTHER_TESTS.keys()


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    """The words are put together here, so that this file does not hold them."""
    registry = [
        r"(?i:\bpy" + r"pi\b)",
        r"(?i:python" + "hosted)",
        r"(?i:registry\." + "npm)",
        "--(extra-)?index" + "-url",
    ]
    machine = [r"(?<![\w.\-/])/" + rf"({'|'.join(['ro' + 'ot', 'wo' + 'rk', 't' + 'mp', 'Us' + 'ers'])})/\w"]
    pattern = re.compile("|".join(registry + machine))
    allowed = {"--no-emit-index" + "-url"}  # the option that keeps the address out of the locks
    found = [f"{name}: {match[0]}" for name, text in texts() for match in pattern.finditer(text)]
    assert [line for line in found if line.split(": ")[1] not in allowed] == []
