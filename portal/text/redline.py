"""What changed from one wording to another, word by word, as people mark it with a red pencil."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from markupsafe import Markup, escape

# A word keeps its hyphens, apostrophes and dots inside ("klasse-team", "3.A"); a sign is a unit of its own. The blanks
# before a unit belong to it and are left out of the comparison.
_WORD = re.compile(r"\s*(?:\w+(?:[-'’./]\w+)*|[^\w\s])|\s+")
_PARAGRAPH = re.compile(r"\s*[^\n]+|\s+")

# difflib looks at every pair of equal units up to once for each unit. This much takes it seconds at worst: two
# thousand words of Danish (45,000 pairs), or a few hundred times the same word.
MOST_EFFORT = 100_000_000
# Two kept words between longer changes read worse than the whole phrase struck out and written anew.
MOST_WORDS_OF_AN_ISLAND = 2


class ChangeKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text that stayed, came or went."""

    kind: ChangeKind
    text: str


@dataclass(frozen=True, slots=True)
class _Hunk:
    """A stretch of the two wordings: the same in both, or one put in the place of the other."""

    old: str
    new: str

    @property
    def is_same(self) -> bool:
        return self.old == self.new

    @property
    def length(self) -> int:
        return max(len(self.old), len(self.new))

    def __add__(self, other: _Hunk) -> _Hunk:
        return _Hunk(self.old + other.old, self.new + other.new)


def redline(old: str, new: str) -> list[Change]:
    """The way from the old wording to the new: the old is all but what was inserted, the new all but what was deleted.

    Very long texts are compared paragraph by paragraph, and what is too long even so is shown as written anew.
    """
    changes = []
    for hunk in _without_islands(_hunks(old, new)):
        if hunk.is_same:
            changes.append(Change(ChangeKind.SAME, hunk.new))
            continue
        if hunk.old:
            changes.append(Change(ChangeKind.DELETED, hunk.old))
        if hunk.new:
            changes.append(Change(ChangeKind.INSERTED, hunk.new))
    return changes


def redline_html(old: str, new: str, *, added: str, removed: str) -> Markup:
    """The redline as HTML; `added` and `removed` are said by a screen reader before each change ("removed: ")."""
    marks = {ChangeKind.INSERTED: ("ins", added), ChangeKind.DELETED: ("del", removed)}
    html = Markup("")
    for change in redline(old, new):
        text = Markup("<br>\n").join(escape(line) for line in change.text.split("\n"))
        if change.kind is ChangeKind.SAME:
            html += text
        else:
            tag, label = marks[change.kind]
            html += Markup('<{0}><span class="hidden">{1}</span>{2}</{0}>').format(tag, label, text)
    return html


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
    in_new = Counter(new_keys)
    if sum(in_new[key] for key in old_keys) * max(len(old_keys), len(new_keys)) > most_effort:
        return None
    hunks = []
    matcher = SequenceMatcher(None, old_keys, new_keys, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        before, after = old_units[old_start:old_end], new_units[new_start:new_end]
        if operation == "equal":
            hunks += [part for pair in zip(before, after, strict=True) for part in _same_but_blanks(*pair)]
        else:
            hunks.append(_Hunk("".join(before), "".join(after)))
    return hunks


def _same_but_blanks(old_unit: str, new_unit: str) -> list[_Hunk]:
    key = new_unit.lstrip()
    if old_unit == new_unit:
        return [_Hunk(new_unit, new_unit)]
    blanks = _Hunk(old_unit.removesuffix(key), new_unit.removesuffix(key))
    return [blanks, _Hunk(key, key)] if key else [blanks]


def _without_islands(hunks: Iterable[_Hunk]) -> list[_Hunk]:
    """The hunks, with what stayed the same between two changes taken into them where it is too little to read by."""
    merged: list[_Hunk] = []
    for hunk in hunks:
        if merged and hunk.is_same == merged[-1].is_same:
            merged[-1] += hunk
        elif len(merged) > 1 and not hunk.is_same and _is_island(merged[-1], merged[-2], hunk):
            island = merged.pop()
            merged[-1] = merged[-1] + island + hunk
        else:
            merged.append(hunk)
    return merged


def _is_island(same: _Hunk, before: _Hunk, after: _Hunk) -> bool:
    words = re.findall(r"\w+", same.new)
    if not words:
        return "\n" not in same.new
    is_short = len(same.new.strip()) <= min(before.length, after.length)
    return is_short and len(words) <= MOST_WORDS_OF_AN_ISLAND
