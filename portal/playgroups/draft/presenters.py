"""A round as the class team works on it: who sits where, and what each place would cost for the child in hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal.playgroups.draft.costs import after_move, pairs_after, rounds_of_move
from portal.playgroups.draft.services import Move
from portal.playgroups.models import PlaygroupPlan
from portal.playgroups.planner.reach import Pair, pairs_in
from portal.playgroups.presenters import place_in_words
from portal.playgroups.queries import Group, Round
from portal.web.language import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the child in hand could go to: beside the others, or in exchange for one of them."""

    group_id: int
    swap_id: int
    name: str
    cost: str
    is_chosen_best: bool


@dataclass(frozen=True, slots=True)
class Chair:
    """A child in a group; `is_in_hand` is the one that was pressed."""

    pupil_id: int
    name: str
    is_held: bool
    is_in_hand: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A group with its children, and the places in it for the child in hand."""

    number: int
    place: str
    chairs: tuple[Chair, ...]
    places: tuple[Place, ...]


def tables(
    rounds: Sequence[Round],
    shown: Round,
    plan: PlaygroupPlan,
    in_hand: int,
    *,
    newcomers: Collection[int],
    parted: frozenset[Pair],
) -> list[Table]:
    """The groups of a round; with a child in hand, every place it may go to, with what that costs."""
    source = next((group for group in shown.groups if in_hand in group.pupil_ids), None)
    is_new = source is None and in_hand in newcomers
    together = pairs_after(rounds, {})
    before = len(together)
    found = []
    for group in shown.groups:
        chairs = tuple(Chair(seat.pupil_id, seat.name, seat.is_held, seat.pupil_id == in_hand) for seat in group.seats)
        places: list[Place] = []
        joined = group.pupil_ids | {in_hand}
        if is_new and len(joined) <= plan.largest and not pairs_in([joined]) & parted:
            gain = len(pairs_in([joined]) - together)
            places.append(Place(group.id, 0, "", _in_words(gain), is_chosen_best=True))
        elif source is not None and group is not source:
            for seat_id, name in [(0, ""), *((seat.pupil_id, seat.name) for seat in group.seats)]:
                move = Move(in_hand, group.id, seat_id or None)
                if _may(source, group, move, plan, parted):
                    changes = {each.id: (source.number, group.number, move) for each in rounds_of_move(rounds, shown)}
                    gain = len(pairs_after(rounds, changes)) - before
                    places.append(Place(group.id, seat_id, name, _in_words(gain), gain >= 0))
        found.append(Table(group.number, place_in_words(group), chairs, tuple(places)))
    return found


def _may(source: Group, target: Group, move: Move, plan: PlaygroupPlan, parted: frozenset[Pair]) -> bool:
    after = after_move(source, target, move)
    fits = move.swaps_with is not None or all(plan.smallest <= len(group) <= plan.largest for group in after)
    return fits and not pairs_in(after) & parted


def _in_words(gain: int) -> str:
    """What a move does to the whole plan."""
    if gain == 0:
        return gettext("costs nothing")
    if gain > 0:
        return ngettext("%(num)s pair more", "%(num)s pairs more", gain)
    return ngettext("%(num)s pair fewer", "%(num)s pairs fewer", -gain)
