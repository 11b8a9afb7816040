"""What a text that is imported while a review is open becomes: one suggestion of the staff's for each difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal.strategy.changes import Change, Comparison, Text
from portal.strategy.kinds import AmendmentKind
from portal.strategy.matching import KeyedText, pair_sections


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference as an amendment says it; something new stands behind the clause `clause_key`."""

    kind: AmendmentKind
    clause_key: str
    new_text: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    """What suggestions can say of another text, in its order, and how many differences none can.

    Those are headings, the order of clauses, and whatever stands in a section that is new.
    """

    said: tuple[Difference, ...]
    left_out_count: int


def differences(old: Text, new: Text, comparison: Comparison) -> Differences:
    """What the newer text changes, one by one."""
    behind = _stands_behind(old, new)
    said = [found for change in comparison.changes if (found := _of_clause(change, behind))]
    silent = sum(_is_silent(change, behind) for change in comparison.changes)
    headings = len(comparison.new_headings) + len(comparison.gone_headings)
    is_retitled = comparison.titles[0] != comparison.titles[1]
    return Differences((*said, *_of_summaries(old, new)), silent + headings + is_retitled)


def _stands_behind(old: Text, new: Text) -> dict[str, str]:
    """For each clause that is new the last one before it that the old text has, or the first of its section."""
    known = {clause.key for clause in old.clauses}
    behind: dict[str, str] = {}
    for place, _ in enumerate(new.sections):
        stands: list[KeyedText] = [clause for clause in new.clauses if clause.place == place]
        last = next((clause.key for clause in stands if clause.key in known), "")
        for clause in stands:
            if clause.key in known:
                last = clause.key
            elif last:
                behind[clause.key] = last
    return behind


def _of_clause(change: Change, behind: dict[str, str]) -> Difference | None:
    key, before = change.placed.key, change.before
    if change.is_removed:
        return Difference(AmendmentKind.REMOVE, key)
    if before is None:
        return Difference(AmendmentKind.ADD, behind[key], change.placed.text) if key in behind else None
    is_other = before.text != change.placed.text
    return Difference(AmendmentKind.CHANGE, key, change.placed.text) if is_other else None


def _is_silent(change: Change, behind: dict[str, str]) -> bool:
    if change.is_removed:
        return False
    is_other_kind = change.before is not None and change.before.kind is not change.placed.kind
    return change.is_moved or is_other_kind or (change.is_added and change.placed.key not in behind)


def _of_summaries(old: Text, new: Text) -> Iterator[Difference]:
    """Other short words for a section that goes on; the first clause it had says which section that is."""
    first = {clause.place: clause.key for clause in reversed(old.clauses)}
    for section, earlier in pair_sections(old.contents, new.contents).items():
        words = new.sections[section[0]][1]
        if words and words != old.sections[earlier[0]][1] and earlier[0] in first:
            yield Difference(AmendmentKind.SUMMARY, first[earlier[0]], words)
