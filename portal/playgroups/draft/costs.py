"""What moving a child costs: how many pairs more or fewer will have been together, counted before it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from portal.playgroups.planner.planning import LEFT_OPEN
from portal.playgroups.planner.reach import Pair, pairs_in
from portal.playgroups.queries import Group, Round


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


def after_move(source: Group, target: Group, move: Any) -> tuple[frozenset[int], frozenset[int]]:
    """The two groups as they would be."""
    swapped = frozenset() if move.swaps_with is None else frozenset({move.swaps_with})
    moved = frozenset({move.pupil_id})
    return source.pupil_ids - moved | swapped, target.pupil_ids - swapped | moved


def pairs_after(rounds: Sequence[Round], changes: Mapping[int, tuple[int, int, Any]]) -> set[Pair]:
    """Everybody who will have been together, with the groups of some rounds changed: (from, to, what) by the round."""
    groups: list[Collection[int]] = []
    for each in rounds:
        by_number = {group.number: group for group in each.groups}
        if each.id in changes:
            source, target, move = changes[each.id]
            groups += after_move(by_number.pop(source), by_number.pop(target), move)
        groups += [group.pupil_ids for group in by_number.values() if group.took_place is not False]
    return pairs_in(groups)


def leaves_open(rounds: Sequence[Round], changes: Mapping[int, tuple[int, int, Any]], parted: frozenset[Pair]) -> bool:
    """Whether at least three pairs besides the parted ones stay unmet, so that one classmate not met says nothing."""
    children = {seat.pupil_id for each in rounds for group in each.groups for seat in group.seats}
    unmet = pairs_in([children]) - pairs_after(rounds, changes) - parted
    return len(unmet) >= LEFT_OPEN
