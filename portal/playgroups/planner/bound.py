"""What no plan can do better: how many pairs can have met after so many rounds.

"Everybody plays with everybody that is possible" is said only of a plan that reaches this (domain 3.7). The proofs are
short, so they stand here; the last bound is the one that the tables of the Dagstuhl problem list call "g", for sizes
that need not be equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache


def pairs_of(children: int) -> int:
    """How many pairs there are among so many children."""
    return children * (children - 1) // 2


@cache
def divisions(children: int, smallest: int, largest: int) -> tuple[tuple[int, ...], ...]:
    """Every way to divide children into groups of these sizes, by the sizes alone, the largest first; perhaps none."""

    def rest(left: int, most: int) -> Iterator[tuple[int, ...]]:
        if left == 0:
            yield ()
        for size in range(min(most, left), smallest - 1, -1):
            for sizes in rest(left - size, size):
                yield (size, *sizes)

    return tuple(rest(children, largest)) if children else ((),)


def most_in_a_round(children: int, smallest: int, largest: int) -> int:
    """How many pairs sit together in a round at most; 0 when the children cannot be divided."""
    return max((sum(map(pairs_of, sizes)) for sizes in divisions(children, smallest, largest)), default=0)


@cache
def most_pairs(children: int, rounds: int, smallest: int, largest: int) -> int:
    """How many pairs can have met after `rounds` rounds of everybody in groups of `smallest` to `largest`, at most.

    The least of four bounds. (1) There are no more pairs than there are. (2) A round holds no more than its best
    division. (3) A child meets at most `largest` - 1 others a round; count for each child and halve. (4) Compare every
    round with the first. If that one had m groups, then of x children who sit together now at least
    `_repeats(x, m)` pairs were together before: that is least when they came evenly from all m. So the first round
    gives its own pairs and each later one its pairs less those; nobody knows m beforehand, so the best m is taken.
    """
    ways = divisions(children, smallest, largest)
    if not ways or rounds == 0:
        return 0
    by_child = children * min(children - 1, rounds * (largest - 1)) // 2
    beside_the_first = max(
        max(sum(map(pairs_of, sizes)) for sizes in ways if len(sizes) == groups)
        + (rounds - 1) * max(sum(pairs_of(size) - _repeats(size, groups) for size in sizes) for sizes in ways)
        for groups in {len(sizes) for sizes in ways}
    )
    by_round = rounds * most_in_a_round(children, smallest, largest)
    return min(pairs_of(children), by_round, by_child, beside_the_first)


def _repeats(size: int, groups: int) -> int:
    """How many pairs of `size` children were together in one of `groups` earlier groups, at least."""
    evenly, over = divmod(size, groups)
    return over * pairs_of(evenly + 1) + (groups - over) * pairs_of(evenly)


def fewest_rounds(children: int, smallest: int, largest: int) -> int | None:
    """How many rounds it takes until everybody can have met, at least; None when the children cannot be divided."""
    if not divisions(children, smallest, largest):
        return None
    rounds = 1
    while most_pairs(children, rounds, smallest, largest) < pairs_of(children):
        rounds += 1
    return rounds
