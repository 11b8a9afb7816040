"""What became of every clause from one text of the strategy to another, matched by their keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby

from portal.strategy.matching import KeyedText


@dataclass(frozen=True, slots=True)
class Change:
    """One promise in two texts; it may have been reworded and moved at once."""

    before: KeyedText | None
    after: KeyedText | None
    is_moved: bool = False

    @property
    def placed(self) -> KeyedText:
        """Where it stands now, or stood last."""
        placed = self.after or self.before
        assert placed is not None  # noqa: S101 - one of the two is always there
        return placed

    @property
    def is_added(self) -> bool:
        """Whether only the newer text has it."""
        return self.before is None

    @property
    def is_removed(self) -> bool:
        """Whether only the older text has it."""
        return self.after is None

    @property
    def is_reworded(self) -> bool:
        """Whether both texts have it, in other words or as another kind of clause."""
        if self.before is None or self.after is None:
            return False
        return (self.before.kind, self.before.text) != (self.after.kind, self.after.text)

    @property
    def is_unchanged(self) -> bool:
        """Whether it stands word for word where it stood."""
        return not (self.is_added or self.is_removed or self.is_reworded or self.is_moved)


@dataclass(frozen=True)
class Comparison:
    """Two texts side by side: every clause of the newer one in its order, then what is gone, by section."""

    changes: tuple[Change, ...]
    titles: tuple[str, str]
    new_headings: tuple[str, ...]
    gone_headings: tuple[str, ...]

    @cached_property
    def added(self) -> int:
        """How many promises are new."""
        return sum(change.is_added for change in self.changes)

    @cached_property
    def removed(self) -> int:
        """How many promises are gone."""
        return sum(change.is_removed for change in self.changes)

    @cached_property
    def reworded(self) -> int:
        """How many keep their key and have other words."""
        return sum(change.is_reworded for change in self.changes)

    @cached_property
    def moved(self) -> int:
        """How many stand in another place."""
        return sum(change.is_moved for change in self.changes)

    @cached_property
    def unchanged(self) -> int:
        """How many stand as they stood."""
        return sum(change.is_unchanged for change in self.changes)

    @property
    def by_section(self) -> Iterator[tuple[str, list[Change]]]:
        """What is not unchanged, under the headings it stands or stood under."""
        visible = (change for change in self.changes if not change.is_unchanged)
        for heading, group in groupby(visible, key=lambda change: change.placed.section):
            yield heading, list(group)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the strategy as two of them are compared: its headings, empty sections included, and its clauses."""

    title: str
    headings: tuple[str, ...]
    clauses: tuple[KeyedText, ...]


def compare(old: Text, new: Text) -> Comparison:
    """What changed from the old text to the new one."""
    before = {clause.key: clause for clause in old.clauses}
    stayed = _in_the_same_order(old.clauses, new.clauses)
    kept = [
        Change(
            before.get(clause.key),
            clause,
            is_moved=clause.key in before
            and (clause.key not in stayed or _changed_section(before[clause.key], clause, new)),
        )
        for clause in new.clauses
    ]
    return Comparison(
        changes=tuple(_with_gone(kept, old, new)),
        titles=(old.title, new.title),
        new_headings=tuple(heading for heading in new.headings if heading not in old.headings),
        gone_headings=tuple(heading for heading in old.headings if heading not in new.headings),
    )


def _in_the_same_order(old: Sequence[KeyedText], new: Sequence[KeyedText]) -> set[str]:
    """The keys that follow each other as before: a clause that is taken elsewhere does not make its neighbours move."""
    old_keys, new_keys = [clause.key for clause in old], [clause.key for clause in new]
    blocks = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in new_keys[block.b : block.b + block.size]}


def _changed_section(before: KeyedText, after: KeyedText, new: Text) -> bool:
    """Whether it left its section; a section that only got another heading took its clauses along."""
    return before.section != after.section and before.section in new.headings


def _with_gone(kept: list[Change], old: Text, new: Text) -> Iterator[Change]:
    """The clauses of the new text, with those that are gone at the end of their section or, if that is gone, last."""
    keys = {change.placed.key for change in kept}
    gone = [Change(clause, None) for clause in old.clauses if clause.key not in keys]
    for heading in dict.fromkeys((*new.headings, *old.headings)):
        yield from (change for change in kept if change.placed.section == heading)
        yield from (change for change in gone if change.placed.section == heading)
