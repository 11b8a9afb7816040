"""What the docs promise about themselves: references lead somewhere, pages stay short, pictures are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from portal.settings import ROOT

pytestmark = pytest.mark.check

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
FOLDERS = ("portal", "templates", "tests", "docs", "bench", "translations")
MOST_LINES = {"README.md": 100, "docs/style.md": 150}
HERE = Path(__file__)


@cache
def texts() -> dict[str, str]:
    """Every text of the repository by its place; this file holds the words it looks for."""
    top = [file for file in ROOT.iterdir() if file.is_file()]
    below = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*") if file.is_file()]
    found = {}
    for file in sorted(top + below):
        if "__pycache__" in file.parts or file == HERE:
            continue
        try:
            found[file.relative_to(ROOT).as_posix()] = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
    return found


def cited(pattern: str) -> Iterator[tuple[str, str]]:
    """Every place whose text says this, and what it says, wherever the line breaks."""
    for place, text in texts().items():
        for found in re.finditer(pattern, text):
            yield place, found[1]


def test_every_rule_that_is_cited_stands_in_the_domain() -> None:
    rules = set(re.findall(r"^## (\d\.\d+) ", texts()["docs/domain.md"], re.MULTILINE))
    citations = list(cited(r"\(domain\s+([^\s:,;)]+)"))
    assert len(citations) > 30
    assert [f"{place}: {rule}" for place, rule in citations if rule not in rules] == []


def test_the_rules_are_numbered_as_they_stand() -> None:
    headings = re.findall(r"^## 3\.(\d+) ", texts()["docs/domain.md"], re.MULTILINE)
    assert headings == [str(number) for number in range(1, len(headings) + 1)]


def test_nothing_cites_what_is_not_in_the_repository() -> None:
    assert [place for place, _ in cited(r"(\((?:design|facts)\b)")] == []


def test_every_docs_page_that_is_named_exists() -> None:
    named = [(place, page) for place, page in cited(r"(?<![\w/])(docs/[\w-]+\.md)\b") if place != "CHANGELOG.md"]
    assert len(named) > 10
    assert [f"{place}: {page}" for place, page in named if not (ROOT / page).is_file()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_docs_page_is_led_to_from_readme() -> None:
    readme = texts()["README.md"]
    assert [page.name for page in DOCS.glob("*.md") if f"(docs/{page.name})" not in readme] == []


@pytest.mark.parametrize("page", MOST_LINES)
def test_what_everybody_reads_is_short(page: str) -> None:
    assert texts()[page].count("\n") <= MOST_LINES[page]


def test_the_pictures_that_are_kept_are_those_that_are_shown() -> None:
    kept = {file for file in (DOCS / "pictures").rglob("*") if file.is_file()}
    shown = {
        (page.parent / picture).resolve()
        for page in PAGES
        for picture in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    }
    assert kept - shown == set(), "nobody shows these; `make pictures` puts what is only to be looked at into build/"
    assert shown - kept == set(), "these are shown and not there"
