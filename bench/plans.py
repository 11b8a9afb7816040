"""`make plans`: search for better plans, for as long as it is let, and store them (`python -m bench.plans 3600`).

It goes on from what is stored and only ever improves it. Each pass tries one idea on every line that does not meet its
bound: to take a plan that is known for a child more, a child fewer, a round more, a round fewer or stricter sizes, a
plan that turns (`symmetry`), a plane, or a search from nothing; and lets a search mend what that leaves.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from portal.playgroups.planner.bound import divisions, most_pairs, pairs_of
from portal.playgroups.planner.planes import ORDERS, affine_plane
from portal.playgroups.planner.plans import CHILDREN, ROUNDS, SIZES, StoredPlan, list_plans, write_plans
from portal.playgroups.planner.seating import HOT, WARM, Frame, Round, Rounds, Seating, Worth, improve, mask_of, members
from portal.playgroups.planner.symmetry import columns, search_turned

STEPS = 150_000
Sizes = tuple[int, int]
Key = tuple[Sizes, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A plan and its worth."""

    worth: Worth
    rounds: Rounds
    how: str


class Table:
    """The lines as far as they are known, by sizes, children and rounds."""

    def __init__(self) -> None:
        self.found: dict[Key, Found] = {}
        for sizes in SIZES:
            for plan in list_plans(*sizes):
                worth = seated(plan.rounds, plan.children, sizes).worth
                self.found[sizes, plan.children, len(plan.rounds)] = Found(worth, plan.rounds, plan.how)

    def offer(self, key: Key, rounds: Rounds, how: str) -> bool:
        """Keep a plan if it is better than the one that is known; whether it was."""
        sizes, children, _ = key
        worth = seated(rounds, children, sizes).worth
        known = self.found.get(key)
        if known and known.worth >= worth:
            return False
        self.found[key] = Found(worth, rounds, how)
        return True

    def store(self) -> None:
        """Write every line."""
        for sizes in SIZES:
            plans = [
                StoredPlan(children, found.worth[0], found.how, found.rounds)
                for (of_sizes, children, _), found in self.found.items()
                if of_sizes == sizes
            ]
            write_plans(plans, *sizes)


def seated(rounds: Rounds, children: int, sizes: Sizes, *, still: int = 0) -> Seating:
    """A seating of these rounds, in which the first `still` rounds stay as they are."""
    everybody = tuple(range(children))
    frames = [Frame(*sizes, () if turn < still else everybody) for turn in range(len(rounds))]
    return Seating(rounds, frames, [0] * children, [0] * children)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a search begins: some rounds, how they came to be, how hot to go on, and how many rounds to leave alone."""

    rounds: Rounds
    how: str
    hot: int = 0
    still: int = 0


Idea = Callable[[Table, Key, Random], Iterator[Beginning]]


def from_itself(table: Table, key: Key, random: Random) -> Iterator[Beginning]:
    """The plan that is known, and those that are known for stricter sizes."""
    sizes, children, rounds = key
    for stricter in SIZES:
        known = table.found.get((stricter, children, rounds))
        if known and sizes[0] <= stricter[0] and stricter[1] <= sizes[1]:
            yield Beginning(known.rounds, known.how, WARM)


def from_a_neighbour(table: Table, key: Key, random: Random) -> Iterator[Beginning]:
    """A round less, a round more, a child less than what is known."""
    sizes, children, rounds = key
    if known := table.found.get((sizes, children, rounds + 1)):
        for dropped in range(rounds + 1):
            yield Beginning(known.rounds[:dropped] + known.rounds[dropped + 1 :], f"{known.how}, less a round")
    if known := table.found.get((sizes, children, rounds - 1)):
        longer = (*known.rounds, any_round(children, sizes, random))
        yield Beginning(longer, f"{known.how}, and a round", HOT, rounds - 1)
    if known := table.found.get((sizes, children + 1, rounds)):
        how = f"{known.how.removesuffix(', less a child')}, less a child"
        for leaver in range(children + 1):
            yield Beginning(without(known.rounds, leaver, sizes), how, WARM)


def from_a_plane(table: Table, key: Key, random: Random) -> Iterator[Beginning]:
    """A plane, less the children there are not."""
    sizes, children, rounds = key
    for order in ORDERS:
        if order + 1 == rounds and children <= order**2:
            plane = affine_plane(order)
            for leaver in sorted(random.sample(range(order**2), order**2 - children), reverse=True):
                plane = without(plane, leaver, sizes)
            yield Beginning(plane, f"plane of order {order}")


def by_turning(table: Table, key: Key, random: Random) -> Iterator[Beginning]:
    """A plan that turns, and what rounds are left over searched beside it."""
    sizes, children, rounds = key
    ways = sorted(divisions(children, *sizes), key=lambda way: -sum(map(pairs_of, way)))[:3]
    length = random.choice([rounds, rounds, rounds, rounds - 1, max(2, rounds // 2), random.randrange(2, rounds + 1)])
    bases = rounds // length
    turned = search_turned(
        children,
        length,
        [random.choice(ways[:1] * 3 + ways) for _ in range(bases)],
        still=random.choice([0, 0, 0, 1, length, length + 1]),
        steps=100_000 * bases,
        seed=random.getrandbits(32),
    )
    rest = [any_round(children, sizes, random) for _ in range(rounds - len(turned))]
    how = f"{bases} turned {length} times" + (f", {len(rest)} searched" if rest else "")
    yield Beginning((*turned, *rest), how, HOT if rest else 0, len(turned))
    yield Beginning((*turned, *rest), f"{how}, mended", WARM)


def by_turning_beside_columns(table: Table, key: Key, random: Random) -> Iterator[Beginning]:
    """A plan that turns, and beside it the one round that turns into itself."""
    sizes, children, rounds = key
    ways = sorted(divisions(children, *sizes), key=lambda way: -sum(map(pairs_of, way)))[:3]
    beside = columns(children, rounds - 1)
    if fits((beside,), children, sizes):
        seed, way = random.getrandbits(32), random.choice(ways)
        found = search_turned(children, rounds - 1, [way], still=0, steps=200_000, seed=seed, beside=beside)
        yield Beginning(found, f"1 turned {rounds - 1} times beside its columns")
        yield Beginning(found, f"1 turned {rounds - 1} times beside its columns, mended", WARM)


def from_nothing(table: Table, key: Key, random: Random) -> Iterator[Beginning]:
    """Children by chance."""
    sizes, children, rounds = key
    yield Beginning(tuple(any_round(children, sizes, random) for _ in range(rounds)), "searched", HOT)


#: One after the other, a pass each.
IDEAS: tuple[Idea, ...] = (
    from_nothing,
    from_a_plane,
    by_turning,
    from_a_neighbour,
    by_turning_beside_columns,
    by_turning,
    from_itself,
)


def any_round(children: int, sizes: Sizes, random: Random) -> Round:
    """A round by chance, in one of the divisions that let the most pairs sit together."""
    ways = sorted(divisions(children, *sizes), key=lambda way: -sum(map(pairs_of, way)))[:2]
    order = list(range(children))
    random.shuffle(order)
    return tuple(mask_of(order.pop() for _ in range(size)) for size in random.choice(ways))


def without(rounds: Rounds, leaver: int, sizes: Sizes) -> Rounds:
    """The rounds without a child; the last number takes the leaver's, and a group too small gets one of the biggest."""
    last = max(map(max, map(members, rounds[0])))
    left = []
    for groups in rounds:
        kept = [group & ~(1 << leaver) for group in groups]
        kept = [group ^ (1 << last | 1 << leaver) if group >> last & 1 else group for group in kept]
        kept = [group for group in kept if group]
        for index, group in enumerate(kept):
            if group.bit_count() < sizes[0]:
                biggest = max(range(len(kept)), key=lambda other: kept[other].bit_count())
                mover = 1 << members(kept[biggest])[0]
                kept[biggest] ^= mover
                kept[index] ^= mover
        left.append(tuple(kept))
    return tuple(left)


def fits(rounds: Rounds, children: int, sizes: Sizes) -> bool:
    """Whether each round holds everybody once, in groups of these sizes."""
    return all(
        sum(groups) == (1 << children) - 1 and all(sizes[0] <= group.bit_count() <= sizes[1] for group in groups)
        for groups in rounds
    )


def pass_over(table: Table, keys: list[Key], number: int, until: float) -> int:
    """Try one idea on every line that does not meet its bound; how many became better."""
    idea, random, better = IDEAS[number % len(IDEAS)], Random(number), 0  # noqa: S311 - no secret
    for key in keys:
        sizes, children, rounds = key
        bound = most_pairs(children, rounds, *sizes)
        known = table.found.get(key)
        if not bound or (known and known.worth[0] == bound):
            continue
        for beginning in idea(table, key, random):
            if time.monotonic() > until:
                return better
            if not fits(beginning.rounds, children, sizes):
                continue
            seating = seated(beginning.rounds, children, sizes, still=beginning.still)
            if beginning.hot:
                improve(seating, steps=STEPS, seed=random.getrandbits(32), hot=beginning.hot, enough=bound)
            better += table.offer(key, seating.rounds, beginning.how)
    return better


def main(seconds: float) -> None:
    """Search for so many seconds, and store what was found after every pass."""
    until = time.monotonic() + seconds
    table = Table()
    keys = [(sizes, children, rounds) for sizes in SIZES for children in reversed(CHILDREN) for rounds in ROUNDS]
    for number in count(int(time.time())):
        better = pass_over(table, keys, number, until)
        table.store()
        at_bound = sum(found.worth[0] == most_pairs(key[1], key[2], *key[0]) for key, found in table.found.items())
        print(f"{better} lines better; {at_bound} of {len(table.found)} meet their bound", flush=True)
        if time.monotonic() > until:
            return


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3600)
