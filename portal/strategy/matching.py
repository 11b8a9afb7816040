"""Which clause of the last edition each text of a new one continues."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from heapq import nlargest

from portal.strategy.kinds import ClauseKind

# Below this two sentences share a subject, not a promise.
SAME_PROMISE = 0.6
LONG_TEXT = 80
# Comparing two texts in full takes time by the square of their length, so only these many are worth it for each.
SHORTLIST = 8


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text and where it stands: what two editions are compared by."""

    section: str
    kind: ClauseKind
    text: str


@dataclass(frozen=True, slots=True)
class KeyedText(PlacedText):
    """A clause of the edition before: the same, with the key of its promise."""

    key: str


def match_clauses(old: Sequence[KeyedText], new: Sequence[PlacedText]) -> list[str | None]:
    """The key each new text keeps, or None where it is a new promise; no key is given twice (domain 3.2).

    The same words keep their key wherever they moved, their own section and kind first. What is left keeps the key of
    the most similar text of its kind in its section, a section with a new heading being the one its other texts came
    from. Three hundred texts, none like another, take a few seconds.
    """
    matching = _Matching(old, new)
    matching.pair_equal(lambda placed: (_folded(placed.section), placed.kind, _folded(placed.text)))
    matching.pair_equal(lambda placed: (placed.kind, _folded(placed.text)))
    matching.pair_equal(lambda placed: _folded(placed.text))
    matching.pair_similar()
    return [None if index is None else old[index].key for index in matching.chosen]


class _Matching:
    """Which old text each new one continues, while it is being found out."""

    def __init__(self, old: Sequence[KeyedText], new: Sequence[PlacedText]) -> None:
        self.old = old
        self.new = new
        self.chosen: list[int | None] = [None] * len(new)
        self.free = dict.fromkeys(range(len(old)))  # ordered, unlike a set

    def pair_equal(self, identity: Callable[[PlacedText], Hashable]) -> None:
        """Pair what has the same identity, first with first."""
        waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for index in self.free:
            waiting[identity(self.old[index])].append(index)
        for position in self._open():
            if candidates := waiting[identity(self.new[position])]:
                self._choose(position, candidates.popleft())

    def pair_similar(self) -> None:
        """Pair what is left with the most similar of its section and kind, the best pair first."""
        came_from = self._sections_came_from()
        candidates: defaultdict[tuple[str | None, ClauseKind], list[int]] = defaultdict(list)
        for index in self.free:
            candidates[_folded(self.old[index].section), self.old[index].kind].append(index)
        letters = {index: _letter_pairs(_folded(self.old[index].text)) for index in self.free}
        pairs = []
        for position in self._open():
            placed = self.new[position]
            text = _folded(placed.text)
            shared = partial(_share, _letter_pairs(text))
            within = candidates[came_from[_folded(placed.section)], placed.kind]
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

    def _sections_came_from(self) -> dict[str, str | None]:
        """For each new section the old one it continues: of the same heading, else where most of its texts stood."""
        old_headings = {_folded(keyed.section) for keyed in self.old}
        new_headings = {_folded(placed.section) for placed in self.new}
        moves = Counter(
            (_folded(self.new[position].section), _folded(self.old[index].section))
            for position, index in enumerate(self.chosen)
            if index is not None
        )
        came_from: dict[str, str | None] = {
            heading: heading if heading in old_headings else None for heading in new_headings
        }
        for (heading, earlier), _ in moves.most_common():
            if came_from[heading] is None and earlier not in new_headings:
                came_from[heading] = earlier
        return came_from


def _letter_pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(len(text) - 1)}


def _share(one: set[str], other: set[str]) -> float:
    """How much of two texts' letter pairs is the same: a cheap guess at their likeness."""
    return len(one & other) / (len(one) + len(other) or 1)


def _likeness(one: str, other: str) -> float:
    """How much of two texts is the same, 0 to 1; long ones by words, which takes a fraction of the time."""
    by_word = max(len(one), len(other)) > LONG_TEXT
    matcher: SequenceMatcher[str] = SequenceMatcher(
        None, one.split() if by_word else one, other.split() if by_word else other, autojunk=False
    )
    if matcher.real_quick_ratio() < SAME_PROMISE or matcher.quick_ratio() < SAME_PROMISE:  # cheap upper bounds
        return 0.0
    return matcher.ratio()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
