"""Who sits with whom, round by round, and the search that lets more pairs meet.

Children are numbers from 0. A set of children is a mask, whose bit c is child c: so what a swap of two children gains
and loses is four counts of bits, and a step of the search takes half a microsecond of plain Python. Everything is
integers, and random numbers come from one seed: the same input gives the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

#: A round: its groups, each as a mask.
Round = tuple[int, ...]
Rounds = tuple[Round, ...]
#: How good a plan is, best the highest: pairs met, classmates of the child who has met fewest, then how few meet
#: again, and how seldom the same two.
Worth = tuple[int, int, int, int]

WHOLE = 1 << 16
#: How likely a step is kept that costs one pair, of 65,536: e^(-1/T) for T from 0.6 down to 0.2.
HOT, WARM, COLD = 12_400, 2_600, 440
BLOCKS = 64
#: Of so many plans with as many pairs as the best one is looked at closely: that takes as long as a hundred steps.
TIES = 50


def members(mask: int) -> list[int]:
    """The children of a mask, the lowest number first."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found


def mask_of(children: Iterable[int]) -> int:
    """The mask that holds these children."""
    return sum(1 << child for child in set(children))


@dataclass(frozen=True, slots=True)
class Frame:
    """What one round has to keep: the sizes of its groups, and who of those present may be moved."""

    smallest: int
    largest: int
    movable: tuple[int, ...]


class Seating:
    """Some rounds, and what they let happen: a search changes them in place and `rounds` tells them.

    `known[c]` are those whom child c need not meet (has met already, a twin, never there at the same time), `parted[c]`
    those whom it must never sit with. Neither is counted as met here.
    """

    def __init__(self, rounds: Rounds, frames: Sequence[Frame], known: Sequence[int], parted: Sequence[int]) -> None:
        self.children = len(known)
        self.frames = tuple(frames)
        self.parted = tuple(parted)
        self.groups = [list(groups) for groups in rounds]
        self.where = [[-1] * self.children for _ in rounds]
        everybody = (1 << self.children) - 1
        self.unmet = [everybody & ~(1 << c | known[c] | parted[c]) for c in range(self.children)]
        self.to_meet = sum(mask.bit_count() for mask in self.unmet) // 2
        # Of those whom one need not meet two meetings are counted from the start, so that none is ever gained or lost.
        self.free = [known[c] | parted[c] for c in range(self.children)]
        self.count = [
            [2 if self.free[c] >> other & 1 else 0 for other in range(self.children)] for c in range(self.children)
        ]
        self.once = [0] * self.children
        for groups, where in zip(self.groups, self.where, strict=True):
            for index, group in enumerate(groups):
                sitting = members(group)
                for place, child in enumerate(sitting):
                    where[child] = index
                    for other in sitting[place + 1 :]:
                        self._join(child, other)

    @property
    def rounds(self) -> Rounds:
        """The rounds as they stand."""
        return tuple(map(tuple, self.groups))

    @property
    def met(self) -> int:
        """How many of the pairs that have to meet do so."""
        return self.to_meet - sum(mask.bit_count() for mask in self.unmet) // 2

    @property
    def worth(self) -> Worth:
        """How good the rounds are."""
        least = -max((mask.bit_count() for mask in self.unmet), default=0)
        again = [
            self.count[c][other] - 1 - 2 * (self.free[c] >> other & 1)
            for c in range(self.children)
            for other in range(c)
        ]
        return self.met, least, -sum(more for more in again if more > 0), -max(again, default=0)

    def _join(self, one: int, other: int) -> None:
        count = self.count[one][other] + 1
        self.count[one][other] = self.count[other][one] = count
        if count == 1:
            self.unmet[one] ^= 1 << other
            self.unmet[other] ^= 1 << one
        if count <= 2:
            self.once[one] ^= 1 << other
            self.once[other] ^= 1 << one

    def _part(self, one: int, other: int) -> None:
        count = self.count[one][other] - 1
        self.count[one][other] = self.count[other][one] = count
        if count == 0:
            self.unmet[one] ^= 1 << other
            self.unmet[other] ^= 1 << one
        if count <= 1:
            self.once[one] ^= 1 << other
            self.once[other] ^= 1 << one

    def move(self, turn: int, child: int, to: int) -> None:
        """Let a child sit with another group of a round."""
        groups, where = self.groups[turn], self.where[turn]
        groups[where[child]] ^= 1 << child
        for other in members(groups[where[child]]):
            self._part(child, other)
        for other in members(groups[to]):
            self._join(child, other)
        groups[to] ^= 1 << child
        where[child] = to

    def swap(self, turn: int, one: int, other: int) -> None:
        """Let two children of a round change groups."""
        here, there = self.where[turn][one], self.where[turn][other]
        self.move(turn, one, there)
        self.move(turn, other, here)


def improve(  # noqa: C901 - one loop of half a microsecond a step: a call within it would double that
    seating: Seating,
    *,
    steps: int,
    seed: int,
    hot: int = HOT,
    cold: int = COLD,
    enough: int | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> bool:
    """Swap and move children so that more pairs meet, and leave the best rounds seen; whether `stop` ended it early.

    Simulated annealing: a step that loses pairs is kept by a chance that sinks from `hot` to `cold` (of 65,536 for one
    pair, its square for two and so on). Ends when `enough` pairs have met, every pair by default.
    """
    bits = Random(seed).getrandbits  # noqa: S311 - no secret
    unmet, once, parted = seating.unmet, seating.once, seating.parted
    turns = [
        (turn, seating.groups[turn], seating.where[turn], frame.smallest, frame.largest, frame.movable)
        for turn, frame in enumerate(seating.frames)
        if frame.movable and len(seating.groups[turn]) > 1
    ]
    met = seating.met
    best, best_rounds = seating.worth, seating.rounds
    enough = seating.to_meet if enough is None else enough
    if not turns:
        return False
    cooling = _cooling(hot, cold)
    chance, ties = hot, 0
    for _ in range(BLOCKS):
        if best[0] >= enough or stop():
            break
        accept = (WHOLE, chance, chance**2 >> 16, chance**3 >> 32, chance**4 >> 48)
        for _ in range(steps // BLOCKS):
            drawn = bits(64)
            turn, groups, where, smallest, largest, movable = turns[(drawn & 0xFFFF) * len(turns) >> 16]
            one = movable[(drawn >> 16 & 0xFFFF) * len(movable) >> 16]
            pick = (drawn >> 32 & 0xFFFF) * (len(movable) + len(groups)) >> 16
            here = where[one]
            left = groups[here] ^ 1 << one
            if pick < len(movable):
                other = movable[pick]
                there = where[other]
                if here == there:
                    continue
                right = groups[there] ^ 1 << other
                if right & parted[one] or left & parted[other]:
                    continue
                gain = (
                    (right & unmet[one]).bit_count()
                    + (left & unmet[other]).bit_count()
                    - (left & once[one]).bit_count()
                    - (right & once[other]).bit_count()
                )
            else:
                there = pick - len(movable)
                right = groups[there]
                if here == there or right & parted[one]:
                    continue
                if right.bit_count() >= largest or left.bit_count() < smallest:
                    continue
                other = -1
                gain = (right & unmet[one]).bit_count() - (left & once[one]).bit_count()
            if gain < 0 and (gain < -4 or drawn >> 48 >= accept[-gain]):
                continue
            if other < 0:
                seating.move(turn, one, there)
            else:
                seating.swap(turn, one, other)
            met += gain
            ties += met == best[0]
            if met > best[0] or (met == best[0] and ties % TIES == 0 and seating.worth > best):
                best, best_rounds = seating.worth, seating.rounds
                if met >= enough:
                    break
        chance = chance * cooling >> 16
    is_stopped = best[0] < enough and stop()
    _put_back(seating, best_rounds)
    return is_stopped


def _cooling(hot: int, cold: int) -> int:
    """The factor, of 65,536, that takes `hot` to `cold` in all blocks; by halving, since roots are no integers."""
    low, high = 0, WHOLE
    while high - low > 1:
        middle = (low + high) // 2
        chance = hot
        for _ in range(BLOCKS):
            chance = chance * middle >> 16
        low, high = (middle, high) if chance < cold else (low, middle)
    return high


def _put_back(seating: Seating, rounds: Rounds) -> None:
    for turn, groups in enumerate(rounds):
        for index, group in enumerate(groups):
            for child in members(group):
                if seating.where[turn][child] != index:
                    seating.move(turn, child, index)
