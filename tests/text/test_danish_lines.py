"""What was typed is what is read: a corpus of Danish letters to the homes, on the page, in short, as plain text."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from portal.strategy.document import Block, Document, Section, clause_text, read_document, typed_text, write_document
from portal.strategy.kinds import ClauseKind
from portal.strategy.presenters import plain_words
from portal.text import richtext
from portal.text.redline import redline_html

FILE = Path(__file__).with_name("danish_lines.txt")
LONGEST_EXCERPT = 220


class Case(NamedTuple):
    """One text and what it becomes."""

    typed: str
    page: str
    short: str
    plain: str


def cases() -> list[Case]:
    _, *entries = re.split(r"\n\n(?==== |> )", FILE.read_text(encoding="utf-8").strip("\n"))
    return [_case(entry) for entry in entries if not entry.startswith("===")]


def _case(entry: str) -> Case:
    lines: dict[str, list[str]] = {">": [], "page:": [], "short:": [], "plain:": []}
    for line in entry.split("\n"):
        sign = line.partition(" ")[0]
        lines[sign].append(line[len(sign) + 1 :])
    typed, page, short, plain = ("\n".join(found) for found in lines.values())
    return Case(typed, page, short, typed if plain == "as typed" else plain)


CASES = cases()


@pytest.fixture(params=CASES, ids=lambda case: case.typed.replace("\n", " / ")[:60])
def case(request: pytest.FixtureRequest) -> Case:
    return request.param  # type: ignore[no-any-return]


def test_there_are_enough_lines_to_say_something() -> None:
    assert len(CASES) >= 150
    assert len({case.typed for case in CASES}) == len(CASES)


def test_the_page_says_what_was_typed(case: Case) -> None:
    assert str(richtext.render(case.typed)).replace("\n", "") == case.page


def test_the_text_in_short_says_what_was_typed(case: Case) -> None:
    assert richtext.excerpt(case.typed, LONGEST_EXCERPT) == case.short


def test_mail_and_aula_say_what_was_typed(case: Case) -> None:
    assert richtext.plain(case.typed) == case.plain


def figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def test_no_figure_is_lost_or_changed_anywhere(case: Case) -> None:
    """A list counts by itself on the page, from 1: the rest of its figures stand there."""
    typed = figures(case.typed)
    address = re.compile(r" \((?:https?:|[^ ]+@)[^ ]*\)")  # told after a link's words
    assert figures(address.sub("", richtext.plain(case.typed))) == typed
    assert figures(richtext.excerpt(case.typed, 10_000)) == typed
    assert figures(read_page(str(richtext.render(case.typed)))) == typed


def read_page(html: str) -> str:
    """The words of a page as a browser shows them, with the numbers that it puts before the points of a list."""
    numbers: list[int | None] = []
    words = ""
    for tag, text in re.findall(r"<(/?\w+)[^>]*>|([^<]+)", html):
        if tag in ("ol", "ul"):
            numbers.append(0 if tag == "ol" else None)
        elif tag in ("/ol", "/ul"):
            numbers.pop()
        elif tag == "li" and numbers[-1] is not None:
            numbers[-1] += 1
            words += f"{numbers[-1]}. "
        words += f"{unescape(text)} "
    return words


def test_what_was_corrected_shows_both_wordings_as_they_were_typed(case: Case) -> None:
    html = redline_html(case.typed, f"{case.typed}\nRettet", added="", removed="")
    without_marks = re.sub(r"<ins>.*?</ins>", "", str(html), flags=re.DOTALL)
    assert unescape(without_marks.replace("<br>", "")) == case.typed


def test_a_clause_of_the_strategy_says_what_was_typed(case: Case) -> None:
    """Each line as a clause comes in, goes out and comes back with every figure, and is offered as it was typed."""
    for line in filter(None, map(str.strip, case.typed.split("\n"))):
        text = clause_text(line)
        if not text or not figures(line):
            continue
        block = Block(ClauseKind.PARAGRAPH, text)
        document = Document("Titel", (Section("Afsnit", (block, block, Block(ClauseKind.BULLET, text))),))
        assert read_document(write_document(document)) == document
        assert figures(plain_words(ClauseKind.PARAGRAPH, text)) == figures(line)
        assert clause_text(typed_text(text)) == text
