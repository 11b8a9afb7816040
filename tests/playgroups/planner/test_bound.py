"""The bound: what no plan can exceed, held against every plan of small classes and the tables in print."""

from __future__ import annotations

from itertools import combinations

import pytest

from portal.playgroups.planner.bound import divisions, fewest_rounds, most_pairs, pairs_of


def every_division(children: tuple[int, ...], smallest: int, largest: int) -> list[list[frozenset[int]]]:
    """Every way to divide these very children, by trying all of them."""
    if not children:
        return [[]]
    first, rest = children[0], children[1:]
    return [
        [frozenset((first, *others)), *later]
        for size in range(smallest, largest + 1)
        for others in combinations(rest, size - 1)
        for later in every_division(tuple(child for child in rest if child not in others), smallest, largest)
    ]


def best_by_trying(children: int, rounds: int, smallest: int, largest: int) -> int:
    """The most pairs that any plan at all lets meet."""
    pairs_by = {
        frozenset(frozenset(pair) for group in division for pair in combinations(sorted(group), 2))
        for division in every_division(tuple(range(children)), smallest, largest)
    }
    met = {frozenset[frozenset[int]]()}
    for _ in range(rounds):
        met = {so_far | now for so_far in met for now in pairs_by}
    return max(map(len, met), default=0)


@pytest.mark.parametrize(
    ("children", "rounds", "smallest", "largest"),
    [(4, 1, 2, 2), (4, 2, 2, 2), (4, 3, 2, 2), (5, 2, 2, 3), (6, 2, 2, 3), (6, 2, 3, 3), (7, 2, 3, 4), (6, 3, 3, 3)],
)
def test_no_plan_of_a_small_class_is_better_than_the_bound(
    children: int, rounds: int, smallest: int, largest: int
) -> None:
    best = best_by_trying(children, rounds, smallest, largest)
    assert 0 < best <= most_pairs(children, rounds, smallest, largest)


def test_the_bound_is_met_where_a_plan_is_known_that_meets_it() -> None:
    assert most_pairs(9, 4, 3, 3) == pairs_of(9)
    assert most_pairs(15, 7, 3, 3) == pairs_of(15)
    assert most_pairs(24, 7, 3, 4) == 252
    assert most_pairs(24, 6, 3, 4) == 216
    assert most_pairs(25, 6, 3, 5) == pairs_of(25)


@pytest.mark.parametrize(
    ("largest", "rounds"),
    [
        (4, {16: 5, 17: 7, 20: 7, 21: 8, 24: 8, 25: 10, 26: 10, 27: 9, 28: 9}),
        (5, {16: 5, 20: 5, 21: 6, 25: 6, 26: 8, 30: 8}),
        (6, {18: 4, 19: 5, 24: 5, 25: 6, 30: 6}),
    ],
)
def test_so_many_rounds_it_takes_at_least_until_all_have_met(largest: int, rounds: dict[int, int]) -> None:
    assert {children: fewest_rounds(children, 3, largest) for children in rounds} == rounds


def test_children_who_cannot_be_divided_have_no_plan() -> None:
    assert divisions(7, 4, 5) == ()
    assert most_pairs(7, 3, 4, 5) == 0
    assert fewest_rounds(7, 4, 5) is None


@pytest.mark.parametrize("children", range(6, 31))
def test_another_round_never_lowers_the_bound(children: int) -> None:
    bounds = [most_pairs(children, rounds, 3, 5) for rounds in range(1, 12)]
    assert bounds == sorted(bounds)
    assert bounds[-1] <= pairs_of(children)
