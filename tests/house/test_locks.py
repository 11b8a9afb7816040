"""What the locks hold, what is imported from elsewhere, and that README lists the settings."""

from __future__ import annotations

import re
import sys
import tomllib

import pytest

from portal.settings import ROOT, settings_table
from tests.house.source import MODULES, imports_of

pytestmark = pytest.mark.check


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lock(file: str) -> dict[str, set[str]]:
    """The versions a lock pins for each package (several where markers choose); a line without hashes is a failure."""
    pinned: dict[str, set[str]] = {}
    entries = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    for entry in (entry for entry in entries if entry.strip() and not entry.startswith("#")):
        requirement, *hashes = entry.split("--hash=")
        found = re.fullmatch(r"([\w.\-]+)(\[[\w,\-]+\])?==([\w.!+]+)\s*(;.*)?", requirement.strip())
        assert found, f"{file}: {requirement.strip()} is not pinned to one version"
        assert hashes, f"{file}: {requirement.strip()} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h.strip()) for h in hashes), requirement
        pinned.setdefault(normal(found[1]), set()).add(found[3])
    return pinned


def names_in(requirements: list[str]) -> set[str]:
    return {normal(re.split(r"[\[<>=;~! ]", requirement)[0]) for requirement in requirements}


def test_the_locks_hold_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    solver = names_in(groups.pop("solver"))
    asked = names_in([line for group in groups.values() for line in group if isinstance(line, str)])
    assert names_in(project["project"]["dependencies"]) - lock("requirements.txt").keys() == set()
    assert asked - lock("requirements-dev.txt").keys() == set()
    assert solver - lock("bench/requirements.txt").keys() == set()


def test_what_runs_is_what_was_tested() -> None:
    runtime, development = lock("requirements.txt"), lock("requirements-dev.txt")
    assert {name: versions for name, versions in runtime.items() if development.get(name) != versions} == {}


def test_nothing_is_imported_that_is_not_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    comes_with = {  # what a dependency brings and stands for
        "flask": {"click", "itsdangerous", "jinja2", "markupsafe", "werkzeug"},
        "flask-wtf": {"wtforms"},
        "flask-migrate": {"alembic"},
        "markdown-it-py": {"markdown-it", "mdurl"},
    }
    asked = names_in(project["dependencies"])
    known = asked | {name for giver, given in comes_with.items() if giver in asked for name in given}
    outside = {name.split(".")[0] for module in MODULES for name, _, _ in imports_of(module)} - sys.stdlib_module_names
    assert {normal(name) for name in outside} - known - {"portal"} == set()


def test_readme_lists_exactly_the_settings_there_are() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    written = readme.split("<!-- settings -->")[1].split("<!-- /settings -->")[0].strip()
    assert written == settings_table(), "paste what portal.settings.settings_table() gives"
