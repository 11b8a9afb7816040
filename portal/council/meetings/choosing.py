"""What an agenda item can be about: the council's suggestions, and the strategy looked through by section and words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import ClauseKind
from portal.strategy.presenters import heading_words, plain_words
from portal.strategy.queries import TextRow, section_titles
from portal.text.seeking import Sought, words_of

LONGEST_CHOICE = 90
#: More than these are no help: whoever looks writes another word.
MOST_FOUND = 30
#: A clause that says no more than this beside its links is a link, and nothing to talk about.
WORDS_BESIDE_A_LINK = 3
_LINKS = re.compile(r"\[[^\]]*\]\([^)]*\)|<?https?://\S+|\bwww\.\S+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an agenda item is about."""

    amendment_id: int = 0
    clause_key: str | None = None
    heading: str = ""


class Choice(NamedTuple):
    """Something that can be chosen: what is sent, its words, and its section by place (from 1) and name."""

    value: str
    words: str
    section: int
    where: str
    sought: Sought


class Find(NamedTuple):
    """Something that was found, with what was looked for marked."""

    value: str
    where: str
    words: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for, what was found, and how many more there are."""

    query: str
    section: int
    found: Sequence[Find]
    more: int

    @property
    def is_asked(self) -> bool:
        """Whether somebody has looked for anything."""
        return bool(self.query or self.section)


def is_link(text: str) -> bool:
    """Whether a clause only leads somewhere else."""
    rest, many = _LINKS.subn(" ", text)
    return many > 0 and len(re.findall(r"[^\W\d_]{2,}", rest)) <= WORDS_BESIDE_A_LINK


def strategy_choices(text: Sequence[TextRow]) -> tuple[Choice, ...]:
    """The sections and the points of the strategy, in its order; links are none."""
    return _choices(tuple(text))


@lru_cache(maxsize=8)
def _choices(text: tuple[TextRow, ...]) -> tuple[Choice, ...]:
    titles = {
        position: heading_words(title)
        for position, title in section_titles({row.section: row.heading for row in text if row.heading}).items()
    }
    choices: list[Choice] = []
    for row in text:
        where, place = titles.get(row.section, ""), row.section + 1  # 0 stands for all of them
        if where and not any(choice.value == f"section {place}" for choice in choices):
            choices.append(Choice(f"section {place}", where, place, where, Sought.made_of(where)))
        if row.key and row.kind is ClauseKind.BULLET and not is_link(row.text):
            words = " ".join(plain_words(row.kind, row.text).split())
            choices.append(Choice(f"clause {row.key}", words, place, where, Sought.made_of(words)))
    return tuple(choices)


def section_links(choices: Iterable[Choice]) -> list[tuple[int, str]]:
    """The sections, by place and name."""
    return [(choice.section, choice.words) for choice in choices if choice.value.startswith("section")]


def find(choices: Iterable[Choice], query: str, section: int) -> Search:
    """The choices that hold every word, in that section if one is given; nothing while nobody looks for anything."""
    words = words_of(query)
    if not words and not section:
        return Search(query, 0, [], 0)
    hits = [
        choice
        for choice in choices
        if (not section or choice.section == section) and (not words or choice.sought.holds(words))
    ]
    found = [Find(hit.value, hit.where, hit.words, hit.sought.marked(words)) for hit in hits[:MOST_FOUND]]
    return Search(query, section, found, len(hits) - len(found))


def waiting_choices(amendments: Sequence[Any], taken: Collection[int | None]) -> list[tuple[str, str]]:
    """The amendments that wait and do not stand on the agenda yet: what a press sends, and the words."""
    return [(f"amendment {row.id}", title_of(row)) for row in amendments if row.id not in taken]


def read_choice(value: str, choices: Iterable[Choice]) -> Chosen:
    """What a choice stands for; nothing for an empty one."""
    kind, _, rest = value.partition(" ")
    if kind == "amendment":
        return Chosen(amendment_id=int(rest))
    chosen = next((choice for choice in choices if choice.value == value), None)
    if chosen is None:
        return Chosen()
    return Chosen(clause_key=rest if kind == "clause" else None, heading=_cut(chosen.words))


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST_CHOICE else f"{words[:LONGEST_CHOICE].rstrip()} …"
