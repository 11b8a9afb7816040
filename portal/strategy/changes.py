"""What became of every clause from one text of the strategy to another, matched by their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from portal.strategy.matching import KeyedText


@dataclass(frozen=True, slots=True)
class Change:
    """One promise in two texts; it may have been reworded and moved at once.

    `placed` is where it stands or, when it is gone, stood last.
    """

    placed: KeyedText
    before: KeyedText | None
    is_removed: bool = False
    is_moved: bool = False

    @property
    def after(self) -> KeyedText | None:
        """How the newer text has it."""
        return None if self.is_removed else self.placed

    @property
    def is_added(self) -> bool:
        """Whether only the newer text has it."""
        return self.before is None

    @property
    def is_reworded(self) -> bool:
        """Whether both texts have it, in other words or as another kind of clause."""
        return self.before is not None and (self.before.kind, self.before.text) != (self.placed.kind, self.placed.text)

    @property
    def is_unchanged(self) -> bool:
        """Whether it stands word for word where it stood."""
        return not (self.is_added or self.is_removed or self.is_reworded or self.is_moved)


@dataclass(frozen=True, slots=True)
class SectionChanges:
    """What is not as it was under one heading: its plain summary before and after, and clauses."""

    heading: str
    summaries: tuple[str, str]
    changes: tuple[Change, ...]

    @property
    def is_summary_changed(self) -> bool:
        """Whether "Kort fortalt" says something else now."""
        return self.summaries[0] != self.summaries[1]


@dataclass(frozen=True)
class Comparison:
    """Two texts side by side: every clause of the newer one in its order, then what is gone, by section."""

    changes: tuple[Change, ...]
    summaries: Mapping[str, tuple[str, str]]
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
    def by_section(self) -> Iterator[SectionChanges]:
        """What is not unchanged, under the headings it stands or stood under."""
        visible = _by_heading(change for change in self.changes if not change.is_unchanged)
        for heading, summaries in self.summaries.items():
            section = SectionChanges(heading, summaries, tuple(visible[heading]))
            if section.changes or section.is_summary_changed:
                yield section


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the strategy as two of them are compared: its sections, empty ones included, and its clauses."""

    title: str
    sections: tuple[tuple[str, str], ...]
    clauses: tuple[KeyedText, ...]

    @property
    def summaries(self) -> dict[str, str]:
        """Each heading, in order, with what its section says in short."""
        return dict(self.sections)


def compare(old: Text, new: Text) -> Comparison:
    """What changed from the old text to the new one."""
    before = {clause.key: clause for clause in old.clauses}
    old_summaries, new_summaries = old.summaries, new.summaries
    stayed = _in_the_same_order(old.clauses, new.clauses)
    kept = [
        Change(
            clause,
            before.get(clause.key),
            is_moved=clause.key in before
            and (clause.key not in stayed or _changed_section(before[clause.key], clause, new_summaries)),
        )
        for clause in new.clauses
    ]
    return Comparison(
        changes=tuple(_with_gone(kept, old, {**new_summaries, **old_summaries})),
        summaries={
            heading: (old_summaries.get(heading, ""), new_summaries.get(heading, ""))
            for heading in {**new_summaries, **old_summaries}
        },
        titles=(old.title, new.title),
        new_headings=tuple(heading for heading, _ in new.sections if heading not in old_summaries),
        gone_headings=tuple(heading for heading, _ in old.sections if heading not in new_summaries),
    )


def _in_the_same_order(old: Sequence[KeyedText], new: Sequence[KeyedText]) -> set[str]:
    """The keys that follow each other as before: a clause that is taken elsewhere does not make its neighbours move."""
    old_keys, new_keys = [clause.key for clause in old], [clause.key for clause in new]
    blocks = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in new_keys[block.b : block.b + block.size]}


def _changed_section(before: KeyedText, after: KeyedText, headings: Container[str]) -> bool:
    """Whether it left its section; a section that only got another heading took its clauses along."""
    return before.section != after.section and before.section in headings


def _with_gone(kept: list[Change], old: Text, headings: Iterable[str]) -> Iterator[Change]:
    """The clauses of the new text, with those that are gone at the end of their section or, if that is gone, last."""
    keys = {change.placed.key for change in kept}
    gone = [Change(clause, clause, is_removed=True) for clause in old.clauses if clause.key not in keys]
    standing = _by_heading([*kept, *gone])
    for heading in headings:
        yield from standing[heading]


def _by_heading(changes: Iterable[Change]) -> defaultdict[str, list[Change]]:
    found: defaultdict[str, list[Change]] = defaultdict(list)
    for change in changes:
        found[change.placed.section].append(change)
    return found
