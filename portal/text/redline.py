"""What changed from one wording to another, word by word, as people mark it with a red pencil."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from markupsafe import Markup, escape

# A word keeps its hyphens, apostrophes and dots inside ("klasse-team", "3.A"); a sign is a unit of its own. The blanks
# before a unit belong to it and are left out of the comparison.
_WORD = re.compile(r"\s*(?:\w+(?:[-'’./]\w+)*|[^\w\s])|\s+")
_PARAGRAPH = re.compile(r"\s*[^\n]+|\s+")

# difflib looks at every pair of equal units up to once for each unit. This much takes it a tenth of a second at worst:
# a thousand words of Danish (11,000 pairs), or two hundred times the same word.
MOST_EFFORT = 10_000_000
# Two kept words between longer changes read worse than the whole phrase struck out and written anew.
MOST_WORDS_OF_AN_ISLAND = 2
# A paragraph changed in so many places, and of which less than half stays, is read as two: the old one, then the new.
FEWEST_SCATTERED_CHANGES = 3


class ChangeKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text that stayed, came or went; what `stands_below` is a paragraph written anew, under the old one."""

    kind: ChangeKind
    text: str
    stands_below: bool = False


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A stretch of the two wordings: the same in both, or one put in the place of the other; or a whole paragraph."""

    old: str
    new: str
    is_paragraph: bool = False

    @property
    def is_same(self) -> bool:
        return self.old == self.new


def redline(old: str, new: str) -> list[Change]:
    """A diff of two wordings: the old is all but what was inserted, the new all but what was deleted.

    Very long texts are compared paragraph by paragraph, and what is too long even so is shown as written anew. So is a
    paragraph of which little stays: single words of it between many changes would be harder to read than both.
    """
    changes: list[Change] = []
    for hunk in _without_confetti(_without_islands(_hunks(old, new))):
        if hunk.is_same:
            before = changes.pop().text if changes and changes[-1].kind is ChangeKind.SAME else ""
            changes.append(Change(ChangeKind.SAME, before + hunk.new))
            continue
        if hunk.old:
            changes.append(Change(ChangeKind.DELETED, hunk.old))
        if hunk.new:
            changes.append(Change(ChangeKind.INSERTED, hunk.new, stands_below=hunk.is_paragraph))
    return changes


@lru_cache(maxsize=256)
def redline_html(old: str, new: str, *, added: str, removed: str) -> Markup:
    """The redline as HTML; `added` and `removed` are said by a screen reader before each change ("removed: ").

    Remembered by the words themselves, which every reader of a suggestion sees.
    """
    marks = {ChangeKind.INSERTED: ("ins", added), ChangeKind.DELETED: ("del", removed)}
    html = []
    for change in redline(old, new):
        text = Markup("<br>\n").join(escape(line) for line in change.text.split("\n"))
        if change.kind is ChangeKind.SAME:
            html.append(text)
        else:
            tag, label = marks[change.kind]
            if change.stands_below:
                html.append(Markup("<br>\n"))
            html.append(Markup('<{0}><span class="hidden">{1}</span>{2}</{0}>').format(tag, label, text))
    return Markup("").join(html)


def _hunks(old: str, new: str) -> Iterator[_Hunk]:
    if (by_word := _compared(old, new, _WORD, MOST_EFFORT)) is not None:
        yield from by_word
    elif (by_paragraph := _compared(old, new, _PARAGRAPH, MOST_EFFORT)) is not None:
        effort = MOST_EFFORT // len(by_paragraph)
        for hunk in by_paragraph:
            yield from [hunk] if hunk.is_same else _compared(hunk.old, hunk.new, _WORD, effort) or [hunk]
    else:
        yield _Hunk(old, new)


def _compared(old: str, new: str, unit: re.Pattern[str], most_effort: int) -> list[_Hunk] | None:
    """What stayed and what changed, unit by unit; None when finding out would take too long."""
    old_units, new_units = unit.findall(old), unit.findall(new)
    old_keys, new_keys = [found.lstrip() for found in old_units], [found.lstrip() for found in new_units]
    before, after = _same_ends(old_keys, new_keys)
    changed_old, changed_new = (keys[before : len(keys) - after] for keys in (old_keys, new_keys))
    in_new = Counter(changed_new)
    if sum(in_new[key] for key in changed_old) * max(len(changed_old), len(changed_new)) > most_effort:
        return None
    matcher = SequenceMatcher(None, changed_old, changed_new, autojunk=False)
    hunks = list(_paired(old_units[:before], new_units[:before]))
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        was, now = old_units[before + old_start : before + old_end], new_units[before + new_start : before + new_end]
        hunks += _paired(was, now) if operation == "equal" else [_Hunk("".join(was), "".join(now))]
    hunks += _paired(old_units[len(old_units) - after :], new_units[len(new_units) - after :])
    return hunks


def _same_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many units are the same at the beginning and, after those, at the end."""
    shorter = min(len(old), len(new))
    before = next((place for place in range(shorter) if old[place] != new[place]), shorter)
    most = shorter - before
    after = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return before, after


def _paired(old_units: list[str], new_units: list[str]) -> Iterator[_Hunk]:
    for pair in zip(old_units, new_units, strict=True):
        yield from _same_but_blanks(*pair)


def _same_but_blanks(old_unit: str, new_unit: str) -> list[_Hunk]:
    key = new_unit.lstrip()
    if old_unit == new_unit:
        return [_Hunk(new_unit, new_unit)]
    blanks = _Hunk(old_unit.removesuffix(key), new_unit.removesuffix(key))
    return [blanks, _Hunk(key, key)] if key else [blanks]


class _Stretch:
    """Hunks that follow each other, joined in the end: joining at every step takes time by the square."""

    def __init__(self, hunk: _Hunk) -> None:
        self.is_same = hunk.is_same
        self.hunks = [hunk]
        self.old_length, self.new_length = len(hunk.old), len(hunk.new)

    def take(self, other: _Stretch) -> None:
        """Go on with another one."""
        self.hunks += other.hunks
        self.old_length += other.old_length
        self.new_length += other.new_length

    @property
    def length(self) -> int:
        return max(self.old_length, self.new_length)

    def joined(self) -> _Hunk:
        return _Hunk("".join(hunk.old for hunk in self.hunks), "".join(hunk.new for hunk in self.hunks))


def _without_islands(hunks: Iterable[_Hunk]) -> list[_Hunk]:
    """The hunks, with what stayed the same between two changes taken into them where it is too little to read by."""
    merged: list[_Stretch] = []
    for stretch in map(_Stretch, hunks):
        if merged and stretch.is_same == merged[-1].is_same:
            merged[-1].take(stretch)
        elif len(merged) > 1 and not stretch.is_same and _is_island(merged[-1], merged[-2], stretch):
            island = merged.pop()
            merged[-1].take(island)
            merged[-1].take(stretch)
        else:
            merged.append(stretch)
    return [stretch.joined() for stretch in merged]


def _without_confetti(hunks: Iterable[_Hunk]) -> Iterator[_Hunk]:
    """The hunks, with each paragraph that was changed all over as one: the old wording whole, and the new."""
    paragraph: list[_Hunk] = []
    for hunk in chain.from_iterable(map(_after_its_line_break, hunks)):
        if not hunk.is_same or "\n" not in hunk.new:
            paragraph.append(hunk)
            continue
        first, last = hunk.new.index("\n"), hunk.new.rindex("\n") + 1
        ends, between, begins = hunk.new[:first], hunk.new[first:last], hunk.new[last:]
        yield from _whole_or_as_it_was([*paragraph, _Hunk(ends, ends)] if ends else paragraph)
        yield _Hunk(between, between)
        paragraph = [_Hunk(begins, begins)] if begins else []
    yield from _whole_or_as_it_was(paragraph)


def _after_its_line_break(hunk: _Hunk) -> list[_Hunk]:
    """A change without the line break before it: that belongs to its first word, and is the same in both."""
    blanks = hunk.new[: len(hunk.new) - len(hunk.new.lstrip())]
    rest = _Hunk(hunk.old.removeprefix(blanks), hunk.new.removeprefix(blanks))
    if hunk.is_same or "\n" not in blanks or blanks + rest.old != hunk.old or rest.old != rest.old.lstrip():
        return [hunk]
    return [_Hunk(blanks, blanks), rest]


def _whole_or_as_it_was(paragraph: list[_Hunk]) -> list[_Hunk]:
    old, new = "".join(hunk.old for hunk in paragraph), "".join(hunk.new for hunk in paragraph)
    stays = sum(len(hunk.new) for hunk in paragraph if hunk.is_same)
    is_scattered = sum(not hunk.is_same for hunk in paragraph) >= FEWEST_SCATTERED_CHANGES
    if is_scattered and 2 * stays < max(len(old), len(new)):
        return [_Hunk(old, new, is_paragraph=bool(old))]
    return paragraph


def _is_island(between: _Stretch, before: _Stretch, after: _Stretch) -> bool:
    same = between.joined().new
    words = re.findall(r"\w+", same)
    if not words:
        return "\n" not in same
    is_short = len(same.strip()) <= min(before.length, after.length)
    return is_short and len(words) <= MOST_WORDS_OF_AN_ISLAND
