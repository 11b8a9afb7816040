"""The best plans known: one line a plan, searched for hours beforehand, so that a class has its own in an instant.

A file holds the plans for groups of certain sizes ("3-5.txt"). A line says children, rounds, pairs that meet, the bound
(`bound.most_pairs`) and how it was found, then the rounds: a letter is a child, a word a group, "|" ends a round.
`make plans` writes the files (bench/plans.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_letters

from portal.playgroups.planner.bound import most_pairs
from portal.playgroups.planner.seating import Rounds, mask_of, members

FOLDER = Path(__file__).parent
#: The sizes of groups, the classes and the numbers of rounds that there are lines for.
SIZES = ((3, 4), (3, 5), (4, 5), (4, 6))
CHILDREN = range(10, 31)
ROUNDS = range(3, 11)


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan of everybody in every round, and how many pairs meet by it."""

    children: int
    pairs: int
    how: str
    rounds: Rounds

    def bound(self, smallest: int, largest: int) -> int:
        """How many pairs could meet at the most."""
        return most_pairs(self.children, len(self.rounds), smallest, largest)


def find_plan(children: int, rounds: int, smallest: int, largest: int) -> StoredPlan | None:
    """The best plan known for a class, or None where none is stored."""
    line = _lines(smallest, largest).get((children, rounds))
    return _read(line) if line else None


def list_plans(smallest: int, largest: int) -> Iterator[StoredPlan]:
    """Every stored plan for groups of these sizes, small classes first."""
    return map(_read, _lines(smallest, largest).values())


@cache
def _lines(smallest: int, largest: int) -> dict[tuple[int, int], str]:
    file = FOLDER / f"{smallest}-{largest}.txt"
    lines = file.read_text("ascii").splitlines() if file.exists() else []
    return {(int(line.split(None, 2)[0]), int(line.split(None, 2)[1])): line for line in lines}


def _read(line: str) -> StoredPlan:
    facts, _, rounds = line.partition(": ")
    children, _, pairs, _, how = facts.split(None, 4)
    groups = tuple(
        tuple(mask_of(map(ascii_letters.index, group)) for group in of_round.split()) for of_round in rounds.split("|")
    )
    return StoredPlan(int(children), int(pairs), how, groups)


def write_plans(plans: Iterable[StoredPlan], smallest: int, largest: int) -> None:
    """Write the plans for groups of these sizes in place of those that are stored."""
    lines = [
        f"{plan.children} {len(plan.rounds)} {plan.pairs} {plan.bound(smallest, largest)} {plan.how}: "
        + "|".join(" ".join("".join(ascii_letters[c] for c in members(g)) for g in groups) for groups in plan.rounds)
        for plan in sorted(plans, key=lambda plan: (plan.children, len(plan.rounds)))
    ]
    file = FOLDER / f"{smallest}-{largest}.txt"
    written = file.with_suffix(".new")
    written.write_text("".join(f"{line}\n" for line in lines), "ascii")
    written.replace(file)
    _lines.cache_clear()
