"""What moving a child costs: how many pairs more or fewer will have been together, counted before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.playgroups.planner.planning import LEFT_OPEN
from portal.playgroups.planner.reach import Pair, coming_pairs, met_pairs, pairs_in
from portal.playgroups.queries import Group, Round

#: The groups that would be others, by their number, in each round that changes.
Changes = Mapping[int, Mapping[int, frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Known:
    """The rounds of a plan, and the published ones of the class: those of its earlier plans count too."""

    rounds: Sequence[Round]
    published: Sequence[Round]
    today: date


def rounds_of_move(rounds: Sequence[Round], shown: Round) -> list[Round]:
    """The rounds that change with one: it, and the drafts of the same grouping."""
    return [
        each
        for each in rounds
        if each is shown or (each.grouping == shown.grouping and not each.is_published and not shown.is_published)
    ]


def seated_in(shown: Round) -> frozenset[int]:
    """Everybody in a group of a round."""
    return frozenset().union(*(group.pupil_ids for group in shown.groups))


def has_met(group: Group, now: datetime) -> bool:
    """Whether a group has been together, as its home says or by its hours: who was in it is not changed any more."""
    return group.took_place is not None or (group.ends_at is not None and group.ends_at <= now)


def changes_of(rounds: Sequence[Round], shown: Round, source: Group | None, target: Group, move: Any) -> Changes:
    """The groups as they would be, in every round that changes; without a `source` the child is new in them."""
    found: dict[int, dict[int, frozenset[int]]] = {}
    moved = frozenset({move.pupil_id})
    swapped = frozenset() if move.swaps_with is None else frozenset({move.swaps_with})
    for each in rounds_of_move(rounds, shown):
        sits = {group.number: group.pupil_ids for group in each.groups}
        found[each.id] = {target.number: sits[target.number] - swapped | moved}
        if source is not None:
            found[each.id][source.number] = sits[source.number] - moved | swapped
    return found


def pairs_after(known: Known, changes: Changes) -> set[Pair]:
    """Everybody who will have been together, with some groups changed; what has really been counts, as in planning."""
    own = {each.id for each in known.rounds}
    standing = [each for each in known.rounds if each.id not in changes]
    standing += [each for each in known.published if each.id not in own]
    changed = [each for each in known.rounds if each.id in changes]
    return (
        met_pairs(standing, known.today)
        | coming_pairs(standing, known.today)
        | pairs_in(
            changes[each.id].get(group.number, group.pupil_ids)
            for each in changed
            for group in each.groups
            if group.took_place is not False
        )
    )


def leaves_open(known: Known, changes: Changes, parted: frozenset[Pair]) -> bool:
    """Whether at least three pairs besides the parted ones stay unmet, so that one classmate not met says nothing."""
    children = frozenset().union(*(seated_in(each) for each in known.rounds))
    children = children.union(*(group for of_round in changes.values() for group in of_round.values()))
    unmet = pairs_in([children]) - pairs_after(known, changes) - parted
    return len(unmet) >= LEFT_OPEN
