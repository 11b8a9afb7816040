"""Where words stand in the strategy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from portal.strategy.presenters import Part, Reading
from portal.text.seeking import Sought, words_of


class Passage(NamedTuple):
    """A clause, a heading or short words, by place: `key` is empty for what is no clause."""

    part: Part
    key: str
    number: str
    words: Sought


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage in which every word was found, with those marked; `anchor` is its place on the strategy's page."""

    where: str
    key: str
    anchor: str
    html: Markup


def find(reading: Reading, query: str) -> list[Hit]:
    """Where all words of a query stand together, in the order of the text; nothing for a query without words.

    Takes time in proportion to the text.
    """
    words = words_of(query)
    if not words:
        return []
    return [_hit(passage, words) for passage in _passages(reading) if passage.words.holds(words)]


@lru_cache(maxsize=8)
def _passages(reading: Reading) -> tuple[Passage, ...]:
    """Everything that can be found, made ready once for each text."""
    found: list[Passage] = []
    for part in reading.parts:
        besides = [words for words in (part.heading, part.summary_words) if words]
        found += [Passage(part, "", "", Sought.made_of(words)) for words in besides]
        for run in part.runs:
            found += [Passage(part, each.key, each.number, Sought.made_of(each.plain)) for each in run.paragraphs]
    return tuple(found)


def _hit(passage: Passage, words: list[str]) -> Hit:
    where = f"{passage.number} · {passage.part.label}" if passage.number else passage.part.label
    return Hit(where, passage.key, passage.key or passage.part.anchor, passage.words.marked(words))
