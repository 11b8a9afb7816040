"""No text costs more than it is long: whatever a text is filled with, twice as much of it takes twice the time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import process_time

import pytest

from portal.errors import RuleViolation
from portal.name_guard.finder import PupilName, find_names
from portal.school.roster.sheets import folded, tidy
from portal.strategy.document import read_document
from portal.strategy.kinds import ClauseKind
from portal.strategy.matching import KeyedText, PlacedText, match_clauses
from portal.text import richtext
from portal.text.csvfile import read_table
from portal.text.letters import composed
from portal.text.prompts import check_no_prompts
from portal.text.redline import redline_html
from portal.updates.headings import without_headings, without_unfilled
from portal.web import forms

FILLINGS = {
    "newlines": "\n",
    "blank lines": " \n",
    "empty lines by threes": "\n\n\nord",
    "lines of Windows": "\r\n",
    "spaces": " ",
    "tabs": "\t",
    "hard spaces": "\u00a0",
    "one letter": "a",
    "names": "Alma ",
    "names with hyphens": "Alma-",
    "sentences": "Vi har det godt i klassen. ",
    "other words": " ".join(f"ord{number}" for number in range(500)) + " ",
    "dashes": "-",
    "dashes apart": "- ",
    "list": "- a\n",
    "nested list": "- a\n  ",
    "deep list": "".join("  " * depth + "- a\n" for depth in range(40)),
    "bullets": "• a\n",
    "letters before points": "a) b\n",
    "digits": "1",
    "ordinals": "1. ",
    "ones": "1. a\n",
    "dates": "15. oktober\n",
    "counting": "".join(f"{number}. a\n" for number in range(1, 400)),
    "dots": ".",
    "stars": "*",
    "words with stars": "*a ",
    "emphasis that never ends": "*a **b ",
    "emphasis that never begins": "a** b* ",
    "emphasis of all kinds": "*_**__",
    "words with lines below": "_a ",
    "stars inside words": "4*",
    "brackets": "[",
    "closing brackets": "]",
    "pairs of brackets": "[]",
    "links": "[a](b.dk) ",
    "links that never end": "[a](",
    "questions of a template": "[a]\n",
    "questions that never end": "[a\n",
    "questions among blanks": " [a] \n\n",
    "parentheses": "(",
    "hashes": "#",
    "headings": "# a\n",
    "underlined": "a\n=\n",
    "quotes": "> ",
    "lines of a quote": "> a\n",
    "angles": "<",
    "addresses": "https://a.dk/ ",
    "addresses of mail": "a@",
    "hosts": "www.a.",
    "ampersands": "&",
    "backslashes": "\\",
    "pipes": "|",
    "tables": "|a|b|\n|-|-|\n|c|d|\n\n",
    "quotation marks": '"',
    "values in quotation marks": '"a";',
    "semicolons": ";",
    "rows": "a;b\n",
    "columns": ";".join(f"c{number}" for number in range(4000)) + ";",
    "apostrophes": "'",
    "colons": ":",
    "slashes": "/",
    "percent": "%",
    "accents": "a\u0301",
    "marks in disorder": "\u0315\u0300\u0323",
    "marks in disguise": "\u0f73",
    "hidden signs": "a\u200b",
    "a bit of everything": "\n - * > 1. [ ] ( # | ",
}
PUPILS = [
    PupilName(number, first, last)
    for number, (first, last) in enumerate([("Alma", "Holm"), ("Anne-Sofie", "Berg"), ("Noah Elias", "Le"), ("a", "b")])
]


def _corrected(text: str) -> None:
    middle = len(text) // 2
    redline_html(text, f"{text[:middle]}ret{text[middle:]}", added="+", removed="-")


def _header(text: str) -> None:
    read_table(text.encode(), "pupils.csv")


def _rows(text: str) -> None:
    read_table(f"a;b\n{text}".encode(), "pupils.csv")


def _names(text: str) -> None:
    find_names(text, PUPILS)


def _document(text: str) -> None:
    read_document(f"# Titel\n\n## Afsnit\n\n{text}")


#: Each with a length of which four times as much takes the slowest filling some ten milliseconds; Markdown stays below
#: the 10,000 characters at which it is cut.
FUNCTIONS: dict[Callable[[str], object], int] = {
    richtext.render: 1_000,
    richtext.plain: 1_000,
    richtext.excerpt: 1_000,
    _document: 1_000,
    _corrected: 2_000,
    _names: 2_000,
    _header: 5_000,
    _rows: 5_000,
    check_no_prompts: 5_000,
    without_headings: 5_000,
    without_unfilled: 5_000,
    composed: 5_000,
    forms.tidy: 5_000,
    tidy: 5_000,
    folded: 5_000,
}
#: For each doubling. Two are measured at once: what is linear takes 4 times as long, what grows by the square 16 times.
MOST = 2.5
#: What takes less is not worth measuring, and at these lengths nothing that grows by the square takes less.
SHORTEST_SECONDS = 0.003
TRIES = 20


@pytest.fixture(autouse=True)
def _nothing_is_collected() -> Iterator[None]:
    """A collection in the middle takes as long as what is measured."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def seconds(function: Callable[[str], object], text: str) -> float:
    for remembered in (richtext._remembered, folded):
        remembered.cache_clear()
    started = process_time()
    with suppress(RuleViolation):
        function(text)
    return process_time() - started


def filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_twice_as_much_takes_twice_the_time(function: Callable[[str], object]) -> None:
    length = FUNCTIONS[function]
    too_steep = {}
    for name, unit in FILLINGS.items():
        short, long = filled(unit, length), filled(unit, 4 * length)
        longer = seconds(function, long)
        shorter = seconds(function, short) if longer > SHORTEST_SECONDS else longer
        for _ in range(TRIES):  # the quickest of several: a busy machine makes slower, and never quicker
            if longer < SHORTEST_SECONDS or longer < MOST**2 * shorter:
                break
            longer, shorter = min(longer, seconds(function, long)), min(shorter, seconds(function, short))
        else:
            too_steep[name] = longer / shorter
    assert too_steep == {}


@pytest.mark.parametrize("length", [2_000, 20_000])
def test_two_wordings_that_share_nothing_but_their_signs_are_compared_at_once(length: int) -> None:
    for unit in FILLINGS.values():
        text = filled(unit, length)
        assert seconds(lambda old: redline_html(old, old[::-1], added="+", removed="-"), text) < 3


def test_two_promises_of_one_word_said_again_and_again_are_compared_at_once() -> None:
    old = [KeyedText("A", ClauseKind.PARAGRAPH, "og " * 15_000 + "det", "k1")]
    new = [PlacedText("A", ClauseKind.PARAGRAPH, "og " * 14_000 + "dem")]
    started = process_time()
    assert match_clauses(old, new) == ["k1"]
    assert process_time() - started < 3
