"""Which clause of the last edition each text of a new one continues."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import partial
from heapq import nlargest
from typing import TypeVar

from portal.strategy.kinds import ClauseKind
from portal.text.letters import composed

# Below this two sentences share a subject, not a promise.
SAME_PROMISE = 0.6
LONG_TEXT = 80
# Comparing two texts in full takes time by the square of their length, so only these many are worth it for each.
SHORTLIST = 8
# Pairs of equal words or letters times their number, in one comparison; beyond it counting them has to be enough.
MOST_EFFORT = 1_000_000


SectionId = tuple[int, str]
_Placed = TypeVar("_Placed", bound="PlacedText")


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and where it stands: what two editions are compared by.

    Two sections may have one heading, so `place` counts the sections of the whole text from 0.
    """

    section: str
    kind: ClauseKind
    text: str
    place: int = field(default=0, kw_only=True)

    @property
    def section_id(self) -> SectionId:
        """Which section of its own text it stands in; in another text the same section may have another place."""
        return self.place, self.section


@dataclass(frozen=True, slots=True)
class KeyedText(PlacedText):
    """A clause of the edition before: the same, with the key of its promise."""

    key: str


def section_contents(
    headings: Iterable[str], texts: Iterable[_Placed], content: Callable[[_Placed], Hashable]
) -> dict[SectionId, list[Hashable]]:
    """The sections of a text in order, empty ones included, each with what makes out its clauses."""
    sections: dict[SectionId, list[Hashable]] = {section: [] for section in enumerate(headings)}
    for placed in texts:
        sections[placed.section_id].append(content(placed))
    return sections


def pair_sections(
    old: Mapping[SectionId, Iterable[Hashable]], new: Mapping[SectionId, Iterable[Hashable]]
) -> dict[SectionId, SectionId]:
    """For each new section the old one of the same heading that it continues; a heading that is new continues none.

    Where several have one heading, those go together that share most of what they hold, and then the first with the
    first. Each is continued once.
    """
    holding: defaultdict[tuple[str, Hashable], list[SectionId]] = defaultdict(list)
    for section, held in old.items():
        for content in held:
            holding[section[1], content].append(section)
    shared = Counter(
        (section, earlier)
        for section, held in new.items()
        for content in held
        for earlier in holding.get((section[1], content), ())
    )
    continued: dict[SectionId, SectionId] = {}
    free = dict.fromkeys(old)
    for section, earlier in sorted(shared, key=lambda pair: (-shared[pair], pair)):
        if section not in continued and earlier in free:
            continued[section] = earlier
            del free[earlier]
    waiting: defaultdict[str, deque[SectionId]] = defaultdict(deque)
    for earlier in free:
        waiting[earlier[1]].append(earlier)
    for section in new:
        if section not in continued and waiting[section[1]]:
            continued[section] = waiting[section[1]].popleft()
    return continued


def match_clauses(old: Sequence[KeyedText], new: Sequence[PlacedText]) -> list[str | None]:
    """The key each new text keeps, or None where it is a new promise; no key is given twice (domain 3.2).

    The same words keep their key wherever they moved, their own section and kind first. What is left keeps the key of
    the most similar text of its kind in its section, a section with a new heading being the one its other texts came
    from. Three hundred texts, none like another, take a few seconds.
    """
    matching = _Matching(old, new)
    matching.pair_equal(lambda placed, section: (section, placed.kind, _folded(placed.text)))
    matching.pair_equal(lambda placed, _: (placed.kind, _folded(placed.text)))
    matching.pair_equal(lambda placed, _: _folded(placed.text))
    matching.pair_similar()
    return [None if index is None else old[index].key for index in matching.chosen]


class _Matching:
    """Which old text each new one continues, while it is being found out."""

    def __init__(self, old: Sequence[KeyedText], new: Sequence[PlacedText]) -> None:
        self.old = old
        self.new = new
        self.chosen: list[int | None] = [None] * len(new)
        self.free = dict.fromkeys(range(len(old)))  # ordered, unlike a set
        self.continued = pair_sections(_sections(old), _sections(new))

    def pair_equal(self, identity: Callable[[PlacedText, SectionId | None], Hashable]) -> None:
        """Pair what has the same identity, first with first; a new text counts to the section its own continues."""
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for index in self.free:
            waiting[identity(self.old[index], _section(self.old[index]))].append(index)
        for position in self._open():
            placed = self.new[position]
            if candidates := waiting[identity(placed, self.continued.get(_section(placed)))]:
                self._choose(position, candidates.popleft())

    def pair_similar(self) -> None:
        """Pair what is left with the most similar of its section and kind, the best pair first."""
        came_from = self._sections_came_from()
        candidates: defaultdict[tuple[SectionId | None, ClauseKind], list[int]] = defaultdict(list)
        for index in self.free:
            candidates[_section(self.old[index]), self.old[index].kind].append(index)
        letters = {index: _letter_pairs(_folded(self.old[index].text)) for index in self.free}
        pairs = []
        for position in self._open():
            placed = self.new[position]
            text = _folded(placed.text)
            shared = partial(_share, _letter_pairs(text))
            within = candidates[came_from.get(_section(placed)), placed.kind]
            for index in nlargest(SHORTLIST, within, key=lambda each: shared(letters[each])):
                likeness = _likeness(_folded(self.old[index].text), text)
                if likeness >= SAME_PROMISE:
                    pairs.append((-likeness, position, index))
        for _, position, index in sorted(pairs):
            if self.chosen[position] is None and index in self.free:
                self._choose(position, index)

    def _open(self) -> list[int]:
        return [position for position, index in enumerate(self.chosen) if index is None]

    def _choose(self, position: int, index: int) -> None:
        self.chosen[position] = index
        del self.free[index]

    def _sections_came_from(self) -> dict[SectionId, SectionId]:
        """For each new section the old one it continues: of the same heading, else where most of its texts stood."""
        moves = Counter(
            (_section(self.new[position]), _section(self.old[index]))
            for position, index in enumerate(self.chosen)
            if index is not None
        )
        came_from = dict(self.continued)
        taken = set(self.continued.values())
        for (section, earlier), _ in moves.most_common():
            if section not in came_from and earlier not in taken:
                came_from[section] = earlier
        return came_from


def _section(placed: PlacedText) -> SectionId:
    return placed.place, _folded(placed.section)


def _sections(texts: Iterable[PlacedText]) -> dict[SectionId, list[str]]:
    sections: defaultdict[SectionId, list[str]] = defaultdict(list)
    for placed in texts:
        sections[_section(placed)].append(_folded(placed.text))
    return sections


def _letter_pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _share(one: set[str], other: set[str]) -> float:
    """How much of two texts' letter pairs is the same: a cheap guess at their likeness."""
    return len(one & other) / (len(one) + len(other) or 1)


def _likeness(one: str, other: str) -> float:
    """How much of two texts is the same, 0 to 1; long ones by words, which takes a fraction of the time."""
    by_word = max(len(one), len(other)) > LONG_TEXT
    units, others = (one.split(), other.split()) if by_word else (list(one), list(other))
    matcher: SequenceMatcher[str] = SequenceMatcher(None, units, others, autojunk=False)
    if matcher.real_quick_ratio() < SAME_PROMISE or (upper := matcher.quick_ratio()) < SAME_PROMISE:
        return 0.0
    many = Counter(others)
    is_too_much = sum(many[unit] for unit in units) * max(len(units), len(others)) > MOST_EFFORT
    return upper if is_too_much else matcher.ratio()


def _folded(text: str) -> str:
    return " ".join(composed(text).casefold().split())
