"""Affine planes: plans in which everybody meets everybody exactly once, known since 1896 and by no search.

In the plane over a field of q numbers the points are the children, and the q + 1 directions are the rounds: the lines
of one direction are groups that hold everybody once, and any two points lie on exactly one line. A child fewer is a
point fewer: an empty seat, which a newcomer may take, and nobody else moves.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.playgroups.planner.seating import Rounds, mask_of

#: The numbers 0, 1, x, x + 1 of the field with four, which are not those of the clock: x times x is x + 1.
_TIMES_IN_FOUR = ((0, 0, 0, 0), (0, 1, 2, 3), (0, 2, 3, 1), (0, 3, 1, 2))
ORDERS = (3, 4, 5)


def affine_plane(order: int) -> Rounds:
    """The rounds of the plane with `order` points a line: order² children, order + 1 rounds.

    Raises KeyError for an order that has no field here.
    """
    plus, times = _FIELDS[order]
    numbers = range(order)
    slopes = [
        tuple(mask_of(order * x + plus(times(slope, x), start) for x in numbers) for start in numbers)
        for slope in numbers
    ]
    return *slopes, tuple(mask_of(order * x + y for y in numbers) for x in numbers)


def _clock(order: int) -> tuple[Callable[[int, int], int], Callable[[int, int], int]]:
    return lambda a, b: (a + b) % order, lambda a, b: a * b % order


_FIELDS = {3: _clock(3), 4: (int.__xor__, lambda a, b: _TIMES_IN_FOUR[a][b]), 5: _clock(5)}
