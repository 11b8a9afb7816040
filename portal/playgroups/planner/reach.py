"""What a plan reaches: who has played with whom, who will have, and how a class does by it. No database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any

from portal.playgroups.planner.planning import NoPlan, Task, make_plan
from portal.playgroups.planner.settling import Turn

Pair = tuple[int, int]
#: A glance is enough to say what a plan will reach about; the plan itself is searched for longer.
GLANCE = 20_000


@dataclass(frozen=True, slots=True)
class Reach:
    """Of so many classmates the child who meets fewest meets `fewest`; `is_all`: everybody meets everybody."""

    fewest: int
    classmates: int

    @property
    def is_all(self) -> bool:
        """Whether nobody is left to meet."""
        return self.fewest == self.classmates


@lru_cache(maxsize=1024)
def reach_of(children: int, groupings: int, smallest: int, largest: int) -> Reach | None:
    """What a class of so many children reaches where nothing stands in the way; None where it cannot be divided so.

    Numbers alone, so that whoever may choose a plan learns nothing about any child by it.
    """
    turns = (Turn(smallest, largest),) * groupings
    try:
        plan = make_plan(Task(children, turns, steps=GLANCE))
    except NoPlan:
        return None
    return Reach(min(plan.met_by), children - 1)


def pairs_in(groups: Iterable[Collection[int]]) -> set[Pair]:
    """The pairs who sit together in these groups, the smaller number first."""
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def met_pairs(rounds: Sequence[Any], today: date) -> set[Pair]:
    """Who has really played together: both were there, in a group that met.

    What nobody has said anything about counts as it was planned once its round is over, without those who had said
    that they would not come.
    """
    return pairs_in(
        {seat.pupil_id for seat in group.seats if _was_there(seat)}
        for each in rounds
        if each.is_published
        for group in each.groups
        if group.took_place or (group.took_place is None and each.is_over(today))
    )


def coming_pairs(rounds: Sequence[Any], today: date, *, is_published: bool | None = None) -> set[Pair]:
    """Who will play together in the rounds to come; those already published, the drafts, or both."""
    return pairs_in(
        {seat.pupil_id for seat in group.seats if seat.comes is not False}
        for each in rounds
        if not each.is_over(today) and (is_published is None or each.is_published is is_published)
        for group in each.groups
        if group.took_place is None
    )


def _was_there(seat: Any) -> bool:
    return seat.was_there is True or (seat.was_there is None and seat.comes is not False)
