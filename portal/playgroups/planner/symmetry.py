"""Plans with a turn: a few rounds are searched, and all others are those turned on.

The children stand in rings of `length`, the rest stand still. Turning every ring by one place makes a new round of an
old one, and after `length` turns one is back. Pairs that turn into each other form a ring as well, and one meeting of
such a pair is a meeting of all of them, once in every round: instead of pairs one looks at rings of pairs, of which
there are so few that a search of a second finds what a search of all rounds does not find in an hour. Most of the best
plans known are of this kind: 24 children in fours met 252 of 252 in seven rounds, 28 met all in nine.
"""

from __future__ import annotations

from itertools import combinations
from random import Random

from portal.playgroups.planner.seating import Round, Rounds, mask_of, members


def turned(in_rings: int, length: int, groups: list[list[int]], by: int) -> Round:
    """A round with every ring turned by so many places; the children from number `in_rings` on stand in none."""
    return tuple(mask_of(_turn(in_rings, length, child, by) for child in group) for group in groups)


def _turn(in_rings: int, length: int, child: int, by: int) -> int:
    ring = child // length
    return ring * length + (child - ring * length + by) % length if child < in_rings else child


def columns(children: int, length: int) -> Round:
    """The round that turns into itself: who stands at one place of every ring, and those in no ring by themselves."""
    in_rings = children // length * length
    rest = range(in_rings, children)
    return (*(mask_of(range(place, in_rings, length)) for place in range(length)), *([mask_of(rest)] if rest else []))


def search_turned(
    children: int,
    length: int,
    sizes: list[tuple[int, ...]],
    *,
    still: int,
    steps: int,
    seed: int,
    beside: Round = (),
) -> Rounds:
    """The best rounds found that are `len(sizes)` rounds turned `length` times; `sizes` are the sizes of their groups.

    At least `still` children stand in no ring. `beside` is a round that turns into itself and stands beside them, after
    the others. Simulated annealing as in `seating`, over rings of pairs.
    """
    in_rings = max(0, children - still) // length * length
    rings = _RingsOfPairs(children, length, in_rings)
    random = Random(seed)  # noqa: S311 - no secret
    bases = [_by_chance(children, of_round, random) for of_round in sizes]
    for together in (*map(members, beside), *(group for base in bases for group in base)):
        for pair in combinations(together, 2):
            rings.add(pair)
    best, best_bases = rings.met, [[list(group) for group in base] for base in bases]
    for step in range(steps):
        base = bases[random.getrandbits(16) * len(bases) >> 16]
        one, other = random.sample(range(len(base)), 2)
        left, right = base[one], base[other]
        place, opposite = random.getrandbits(16) * len(left) >> 16, random.getrandbits(16) * len(right) >> 16
        before = rings.met
        rings.swap(left, place, right, opposite)
        # From e^(-1/T) of about a fifth for one ring down to none; a ring is worth `length` pairs.
        lost = (before - rings.met + length - 1) // length
        chance = (steps - step) * 14_000 // steps
        if lost > 0 and (lost > 3 or random.getrandbits(16) >= chance**lost >> 16 * (lost - 1)):
            rings.swap(left, place, right, opposite)
        elif rings.met > best:
            best, best_bases = rings.met, [[list(group) for group in base] for base in bases]
            if best == children * (children - 1) // 2:
                break
    found = tuple(turned(in_rings, length, base, by) for base in best_bases for by in range(length))
    return (*found, beside) if beside else found


def _by_chance(children: int, sizes: tuple[int, ...], random: Random) -> list[list[int]]:
    order = list(range(children))
    random.shuffle(order)
    return [[order.pop() for _ in range(size)] for size in sizes]


class _RingsOfPairs:
    """How often each ring of pairs meets, and how many pairs have met by it."""

    def __init__(self, children: int, length: int, in_rings: int) -> None:
        self.met = 0
        self._ring_of = [[0] * children for _ in range(children)]
        self._size: list[int] = []
        for pair in combinations(range(children), 2):
            if self._ring_of[pair[0]][pair[1]]:
                continue
            self._size.append(0)
            if len(self._size) == 1:  # ring 0 is nobody's, so that 0 says "not yet"
                self._size.append(0)
            ring = len(self._size) - 1
            one, other = pair
            while not self._ring_of[one][other]:
                self._ring_of[one][other] = self._ring_of[other][one] = ring
                self._size[ring] += 1
                one, other = _turn(in_rings, length, one, 1), _turn(in_rings, length, other, 1)
        self._count = [0] * len(self._size)

    def add(self, pair: tuple[int, int]) -> None:
        ring = self._ring_of[pair[0]][pair[1]]
        self._count[ring] += 1
        if self._count[ring] == 1:
            self.met += self._size[ring]

    def swap(self, left: list[int], place: int, right: list[int], opposite: int) -> None:
        """Let a child of one group and a child of another change places."""
        one, other = left[place], right[opposite]
        count, size, ring_of = self._count, self._size, self._ring_of
        for leaving, coming, group in ((one, other, left), (other, one, right)):
            rings_of_leaving, rings_of_coming = ring_of[leaving], ring_of[coming]
            for child in group:
                if child != leaving:
                    ring = rings_of_leaving[child]
                    count[ring] -= 1
                    if not count[ring]:
                        self.met -= size[ring]
                    ring = rings_of_coming[child]
                    count[ring] += 1
                    if count[ring] == 1:
                        self.met += size[ring]
        left[place], right[opposite] = other, one
