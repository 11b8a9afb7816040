"""What became of every clause from one text of the strategy to another, matched by their keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from operator import attrgetter

from portal.strategy.matching import KeyedText, SectionId, pair_sections, section_contents


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
    """What is not as it was in one section: its plain summary before and after, and clauses."""

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
    sections: tuple[SectionChanges, ...]
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
        """What is not unchanged, by the sections it stands or stood in."""
        return (section for section in self.sections if section.changes or section.is_summary_changed)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the strategy as two of them are compared: its sections, empty ones included, and its clauses."""

    title: str
    sections: tuple[tuple[str, str], ...]
    clauses: tuple[KeyedText, ...]

    @property
    def contents(self) -> dict[SectionId, list[Hashable]]:
        """The keys that each section holds."""
        return section_contents((heading for heading, _ in self.sections), self.clauses, attrgetter("key"))


def compare(old: Text, new: Text) -> Comparison:
    """What changed from the old text to the new one. Sections go together as `pair_sections` finds, by their keys."""
    before = {clause.key: clause for clause in old.clauses}
    keys = {clause.key for clause in new.clauses}
    stayed = _in_the_same_order(old.clauses, new.clauses)
    pairs = _Pairs(old, new)
    kept = [
        Change(
            clause,
            before.get(clause.key),
            is_moved=clause.key in before
            and (clause.key not in stayed or pairs.is_elsewhere(before[clause.key], clause)),
        )
        for clause in new.clauses
    ]
    gone = [Change(clause, clause, is_removed=True) for clause in old.clauses if clause.key not in keys]
    changes = sorted([*kept, *gone], key=pairs.place_of)
    return Comparison(
        changes=tuple(changes),
        sections=tuple(pairs.changes_by_section(changes)),
        titles=(old.title, new.title),
        new_headings=tuple(section[1] for section in new.contents if section not in pairs.continued),
        gone_headings=tuple(section[1] for section in pairs.gone),
    )


class _Pairs:
    """The sections of two texts side by side: those of the newer one in its order, then those that are gone."""

    def __init__(self, old: Text, new: Text) -> None:
        self.old, self.new = old, new
        self.continued = pair_sections(old.contents, new.contents)
        self.went_on = {earlier: section for section, earlier in self.continued.items()}
        self.gone = [section for section in old.contents if section not in self.went_on]

    def is_elsewhere(self, before: KeyedText, after: KeyedText) -> bool:
        """Whether it left its section; a section that only got another heading took its clauses along."""
        earlier = before.section_id
        return self.continued.get(after.section_id) != earlier and earlier in self.went_on

    def place_of(self, change: Change) -> int:
        """Which section a change is listed in: what is gone where it would stand now."""
        section = change.placed.section_id
        if not change.is_removed:
            return section[0]
        if section in self.went_on:
            return self.went_on[section][0]
        return len(self.new.sections) + self.gone.index(section)

    def changes_by_section(self, changes: Sequence[Change]) -> Iterator[SectionChanges]:
        """Every section with what is not unchanged in it."""
        visible: defaultdict[int, list[Change]] = defaultdict(list)
        for change in changes:
            if not change.is_unchanged:
                visible[self.place_of(change)].append(change)
        for place, summaries in enumerate(self._summaries()):
            yield SectionChanges(*summaries, tuple(visible[place]))

    def _summaries(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Each heading with what its section said in short, and says now."""
        for section, (heading, summary) in zip(self.new.contents, self.new.sections, strict=True):
            earlier = self.continued.get(section)
            yield heading, (self.old.sections[earlier[0]][1] if earlier else "", summary)
        for place, heading in self.gone:
            yield heading, (self.old.sections[place][1], "")


def _in_the_same_order(old: Sequence[KeyedText], new: Sequence[KeyedText]) -> set[str]:
    """The keys that follow each other as before: a clause that is taken elsewhere does not make its neighbours move."""
    old_keys, new_keys = [clause.key for clause in old], [clause.key for clause in new]
    blocks = SequenceMatcher(None, old_keys, new_keys, autojunk=False).get_matching_blocks()
    return {key for block in blocks for key in new_keys[block.b : block.b + block.size]}
