"""A round as the class team works on it: who sits where, and what each place would cost for the child in hand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from portal.playgroups.draft.costs import (
    Changes,
    Known,
    changes_of,
    has_met,
    leaves_open,
    pairs_after,
    rounds_of_move,
)
from portal.playgroups.draft.services import Move
from portal.playgroups.models import PlaygroupPlan
from portal.playgroups.planner.reach import Pair, pairs_in
from portal.playgroups.presenters import place_in_words
from portal.playgroups.queries import Round
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
    """A group with its children, and the places in it for the child in hand; once it `has_met` nobody moves."""

    number: int
    has_met: bool
    place: str
    chairs: tuple[Chair, ...]
    places: tuple[Place, ...]


def tables(
    known: Known,
    shown: Round,
    plan: PlaygroupPlan,
    in_hand: int,
    *,
    newcomers: Collection[int],
    parted: frozenset[Pair],
    now: datetime,
) -> list[Table]:
    """The groups of a round; with a child in hand, every place it may go to, with what that costs."""
    source = next((group for group in shown.groups if in_hand in group.pupil_ids), None)
    may_move = in_hand in newcomers if source is None else not has_met(source, now)
    before = len(pairs_after(known, {each.id: {} for each in rounds_of_move(known.rounds, shown)}))
    found = []
    for group in shown.groups:
        chairs = tuple(Chair(seat.pupil_id, seat.name, seat.is_held, seat.pupil_id == in_hand) for seat in group.seats)
        is_over = has_met(group, now)
        places: list[Place] = []
        if may_move and group is not source and not is_over:
            swaps = [(seat.pupil_id, seat.name) for seat in group.seats] if source is not None else []
            for seat_id, name in [(0, ""), *swaps]:
                move = Move(in_hand, group.id, seat_id or None)
                changes = changes_of(known.rounds, shown, source, group, move)
                if _may(known, shown, changes, plan, parted):
                    gain = len(pairs_after(known, changes)) - before
                    places.append(Place(group.id, seat_id, name, _in_words(gain), gain >= 0))
        found.append(Table(group.number, is_over, place_in_words(group), chairs, tuple(places)))
    return found


def _may(known: Known, shown: Round, changes: Changes, plan: PlaygroupPlan, parted: frozenset[Pair]) -> bool:
    """What the press itself would refuse is not offered."""
    sizes = {group.number: len(group.pupil_ids) for group in shown.groups}
    after = changes[shown.id]
    fits = all(
        plan.smallest <= len(group) <= plan.largest or len(group) == sizes[number] for number, group in after.items()
    )
    return fits and not pairs_in(after.values()) & parted and (not parted or leaves_open(known, changes, parted))


def _in_words(gain: int) -> str:
    """What a move does to the whole plan."""
    if gain == 0:
        return gettext("costs nothing")
    if gain > 0:
        return ngettext("%(num)s pair more", "%(num)s pairs more", gain)
    return ngettext("%(num)s pair fewer", "%(num)s pairs fewer", -gain)
