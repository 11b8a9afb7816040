"""Dividing the children of one round by what is laid down: sizes, who is held where, who is parted, what is wished."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.playgroups.planner.seating import Round, mask_of, members

#: How many placings are tried before a round is called impossible; a class with a few parted pairs takes some thirty.
MOST_TRIES = 20_000


@dataclass(frozen=True, slots=True)
class Turn:
    """A round to come: the sizes of its groups, who is away, and which children are held in a group by hand.

    `held` gives children a group: those of one number are together, those of different numbers are not.
    """

    smallest: int
    largest: int
    away: frozenset[int] = frozenset()
    held: Mapping[int, int] | None = None
    is_indoors: bool = False

    def present(self, children: int) -> list[int]:
        """Those who are there."""
        return [child for child in range(children) if child not in self.away]


def settle(
    turn: Turn,
    children: int,
    *,
    parted: Sequence[int],
    wished: Sequence[int] = (),
    like: Callable[[int, int], int] = lambda child, group: 0,
) -> Round | None:
    """Divide a round as it must be, and as near as can be to the `wished` groups; None where no way was found.

    Whoever has no wished group, or cannot be in it, sits where `like(child, group)` is highest.
    """
    present = turn.present(children)
    held = {child: number for child, number in (turn.held or {}).items() if child in present}
    here = mask_of(present)
    wishes = [group & here for group in wished if group & here]
    fewest, most = -(-len(present) // turn.largest), len(present) // turn.smallest
    for groups in sorted(range(max(1, fewest), most + 1), key=lambda groups: abs(groups - len(wishes))):
        division = _Division(turn, wishes, groups, parted, like)
        if len(set(held.values())) <= groups and division.seat_all(present, held):
            return tuple(division.groups)
    return None


class _Division:
    """A round under way: one child is placed after the other, and what leads nowhere is taken back."""

    def __init__(
        self,
        turn: Turn,
        wishes: list[int],
        groups: int,
        parted: Sequence[int],
        like: Callable[[int, int], int],
    ) -> None:
        self.groups = [0] * groups
        self._turn, self._parted, self._like = turn, parted, like
        self._wishes = sorted(wishes, key=int.bit_count, reverse=True)[:groups]
        self._wish_of = {child: index for index, group in enumerate(self._wishes) for child in members(group)}
        self._place_of: dict[int, int] = {}
        self._tries = 0

    def seat_all(self, present: list[int], held: Mapping[int, int]) -> bool:
        """Place everybody; whether a way was found in MOST_TRIES placings."""
        places = _places_of(held, self._wishes, len(self.groups))
        self._place_of = {child: places[number] for child, number in held.items()}
        order = sorted(
            present,
            key=lambda child: (
                child not in held,
                child not in self._wish_of,
                -self._parted[child].bit_count(),
                child,
            ),
        )
        return self._seat(order, 0)

    def _seat(self, order: list[int], at: int) -> bool:
        if at == len(order):
            return True
        child = order[at]
        for index in self._open_to(child):
            if self._tries == MOST_TRIES:
                return False
            self._tries += 1
            group = self.groups[index]
            self.groups[index] |= 1 << child
            missing = sum(max(0, self._turn.smallest - other.bit_count()) for other in self.groups)
            if missing <= len(order) - at - 1 and self._seat(order, at + 1):
                return True
            self.groups[index] = group
        return False

    def _open_to(self, child: int) -> list[int]:
        """The groups that may take a child, the wished one first; of those empty and wished by nobody only one."""
        if child in self._place_of:
            candidates = [self._place_of[child]]
        else:
            wished = self._wish_of.get(child, -1)
            candidates = sorted(
                range(len(self.groups)),
                key=lambda index: (
                    index != wished,
                    -self._like(child, self.groups[index]),
                    self.groups[index].bit_count(),
                    index,
                ),
            )
            empty = [index for index in candidates if not self.groups[index] and index >= len(self._wishes)]
            candidates = [index for index in candidates if index not in empty[1:]]
        return [
            index
            for index in candidates
            if not self.groups[index] & self._parted[child] and self.groups[index].bit_count() < self._turn.largest
        ]


def _places_of(held: Mapping[int, int], wishes: list[int], groups: int) -> dict[int, int]:
    """Which group each number of held children is: the one that most of them wished for, each group once."""
    places: dict[int, int] = {}
    for number in sorted(set(held.values())):
        together = mask_of(child for child, of_child in held.items() if of_child == number)
        free = [index for index in range(groups) if index not in places.values()]
        places[number] = max(
            free, key=lambda index: (together & wishes[index]).bit_count() if index < len(wishes) else 0
        )
    return places
