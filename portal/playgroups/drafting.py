"""The planner run for a class: children, homes and what has been become a task, and its plan becomes groups.

It only reads, and takes a second: it belongs before the transaction that keeps what comes out (docs/style.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.errors import N_, RuleViolation
from portal.playgroups.homes.queries import Roll
from portal.playgroups.models import Manner
from portal.playgroups.planner.hosting import Home, find_hosts
from portal.playgroups.planner.planning import NoPlan, Obstacle, Task, make_plan, mend_plan
from portal.playgroups.planner.reach import Pair
from portal.playgroups.planner.seating import mask_of
from portal.playgroups.planner.settling import Turn
from portal.playgroups.windows import Window

#: What the clock may stop. A search is limited in steps, and a usual machine needs a tenth of this.
MOST_SECONDS = 5.0
#: Too cold for homes that can host only outdoors.
COLD_MONTHS = frozenset({11, 12, 1, 2, 3})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody has chosen: how groups change, how many rounds, their sizes, from when and how often."""

    manner: Manner
    round_count: int
    smallest: int
    largest: int
    weeks_apart: int


@dataclass(frozen=True, slots=True)
class DraftedGroup:
    """A group as planned; `host` is the adult and the child whose home it meets in, None for a neutral place."""

    pupil_ids: frozenset[int]
    host: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class DraftedRound:
    """A round as planned; `held` are those of its children whom the team has put where they are."""

    window: Window
    grouping: int
    groups: tuple[DraftedGroup, ...]
    held: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """Rounds to come as the planner divided them; `is_interrupted`: the clock stopped it where it was."""

    rounds: tuple[DraftedRound, ...]
    is_interrupted: bool


@dataclass(frozen=True, slots=True)
class Past:
    """What a draft goes on from: who has met, or will in published rounds, and how often each adult has hosted.

    `parted` are those who must not meet. By grouping, `held` are the children whom the team has put where they are, and
    `begun` the groups that homes know already, since a round of them is published, as the team has changed them since.
    """

    met: frozenset[Pair] = frozenset()
    hosted: Mapping[int, int] = field(default_factory=dict)
    parted: frozenset[Pair] = frozenset()
    held: Mapping[int, Sequence[frozenset[int]]] = field(default_factory=dict)
    begun: Mapping[int, Sequence[frozenset[int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Slot:
    """A round to be planned: its days, and which grouping it belongs to."""

    window: Window
    grouping: int


def slots_of(wish: Wish, windows: Sequence[Window]) -> list[Slot]:
    """The rounds of a new plan: a new grouping every time, or one for as many rounds as there are homes to visit."""
    length = wish.largest if wish.manner == Manner.VISITING else 1
    return [Slot(window, place // length + 1) for place, window in enumerate(windows)]


def draft_rounds(
    roll: Roll,
    wish: Wish,
    slots: Sequence[Slot],
    *,
    past: Past,
    seed: int,
    like: Mapping[int, Sequence[frozenset[int]]] | None = None,
) -> Draft:
    """Divide a class for these rounds; with `like`, the groups there were, nobody moves who does not have to.

    Raises RuleViolation with what stands in the way and what would work instead.
    """
    children = sorted(roll.names)
    groupings = sorted({slot.grouping for slot in slots})
    task = task_of(roll, wish, groupings, past, seed=seed)
    try:
        if like is None:
            plan = make_plan(task, stop=_brake())
        else:
            place = {pupil_id: number for number, pupil_id in enumerate(children)}
            before = [[[place[c] for c in group if c in place] for group in like[number]] for number in groupings]
            plan = mend_plan(task, before)
    except NoPlan as none:
        raise _in_words(none, len(children), wish) from none
    divided = {grouping: plan.rounds[turn] for turn, grouping in enumerate(groupings)}
    groups = [[frozenset(children[c] for c in group) for group in divided[slot.grouping]] for slot in slots]
    hosts = hosts_of(roll, groups, slots, past.hosted)
    held = {grouping: frozenset().union(*of_grouping) for grouping, of_grouping in past.held.items()}
    return Draft(
        tuple(
            DraftedRound(
                slot.window,
                slot.grouping,
                tuple(DraftedGroup(group, hosts.get((turn, index))) for index, group in enumerate(groups[turn])),
                held.get(slot.grouping, frozenset()) & roll.names.keys(),
            )
            for turn, slot in enumerate(slots)
        ),
        plan.is_interrupted,
    )


def hosts_of(
    roll: Roll, rounds: Sequence[Sequence[frozenset[int]]], slots: Sequence[Slot], hosted: Mapping[int, int]
) -> dict[tuple[int, int], tuple[int, int]]:
    """The adult and the child whose home each group meets in, by the round's and the group's place.

    As even as can be over all rounds, and in one grouping a home hosts once: a group that visits goes to each of its
    homes, and whatever is left of its rounds is somewhere else.
    """
    homes = {host.guardian_id: Home(host.pupil_ids, host.room, host.is_outdoors_only) for host in roll.hosts}
    of_grouping: dict[int, list[int]] = {}
    for number, slot in enumerate(slots):
        of_grouping.setdefault(slot.grouping, []).append(number)
    turns = list(of_grouping.values())
    masks = tuple(tuple(mask_of(group) for group in rounds[turn[0]] for _ in turn) for turn in turns)
    cold = {number for number, turn in enumerate(turns) if any(_is_cold(slots[each]) for each in turn)}
    found = find_hosts(masks, homes, indoors=frozenset(cold), hosted=hosted)
    hosts: dict[tuple[int, int], tuple[int, int]] = {}
    for number, turn in enumerate(turns):
        for index, group in enumerate(rounds[turn[0]]):
            places = range(index * len(turn), (index + 1) * len(turn))
            willing = [found[number, place] for place in places if (number, place) in found]
            for each, guardian_id in zip(turn, willing, strict=False):
                hosts[each, index] = (guardian_id, min(homes[guardian_id].children & group))
    return hosts


def _is_cold(slot: Slot) -> bool:
    return slot.window.starts_on.month in COLD_MONTHS


def task_of(roll: Roll, wish: Wish, groupings: Sequence[int], past: Past, *, seed: int = 0) -> Task:
    """A class as the planner's task: children by their place among the sorted ids, one turn for each grouping."""
    place = {pupil_id: number for number, pupil_id in enumerate(sorted(roll.names))}
    turns = tuple(
        Turn(
            wish.smallest,
            wish.largest,
            held={
                place[pupil_id]: number
                for number, group in enumerate(past.begun.get(grouping) or past.held.get(grouping, ()))
                for pupil_id in sorted(group & place.keys())
            }
            or None,
        )
        for grouping in groupings
    )
    return Task(
        len(place),
        turns,
        met=_numbered(past.met, place),
        parted=_numbered(past.parted, place),
        twins=_numbered(roll.siblings, place),
        seed=seed,
    )


def _numbered(pairs: frozenset[Pair], place: Mapping[int, int]) -> frozenset[Pair]:
    """Pairs of pupils as the planner numbers them; those of whom one takes no part are left out."""
    known = (sorted((place[one], place[other])) for one, other in pairs if one in place and other in place)
    return frozenset((one, other) for one, other in known)


def _brake() -> Callable[[], bool]:
    """Stop after so many seconds of work of its own: a busy machine takes longer, and plans no worse for it."""
    end = time.thread_time() + MOST_SECONDS
    return lambda: time.thread_time() > end


def _in_words(none: NoPlan, children: int, wish: Wish) -> RuleViolation:
    """What stands in the way, and what would work."""
    if none.obstacle == Obstacle.TOO_FEW:
        return RuleViolation(
            N_("%(count)s children take part, and a group needs %(smallest)s. Plan something for everybody together."),
            count=children,
            smallest=wish.smallest,
        )
    if none.obstacle == Obstacle.HELD:
        return RuleViolation(
            N_("There is no plan with every child held where it is now. Let go of some of them, and try again.")
        )
    if none.obstacle == Obstacle.PARTED:
        return RuleViolation(
            N_("There is no plan in which all of those stay apart. Make the groups smaller, or lift one of the pairs.")
        )
    if none.nearest is None:
        return RuleViolation(
            N_("%(count)s children cannot be divided into groups of %(smallest)s to %(largest)s. Choose other sizes."),
            count=children,
            smallest=wish.smallest,
            largest=wish.largest,
        )
    nearest = none.nearest.turns[0]
    return RuleViolation(
        N_(
            "%(count)s children cannot be divided into groups of %(smallest)s to %(largest)s."
            " Groups of %(less)s to %(more)s work: choose those."
        ),
        count=children,
        smallest=wish.smallest,
        largest=wish.largest,
        less=nearest.smallest,
        more=nearest.largest,
    )
