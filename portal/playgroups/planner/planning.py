"""The plan of a class's playgroups: every child plays with as many classmates as can be, fairly for those who host.

Pure: no Flask, no database, no clock. `make_plan` is what a class gets; `mend_plan` is for a plan under way, in which
nobody is to move without need. Both keep what must be kept (domain 3.7): everybody who is there sits in one group, of
the sizes of the round; children held by hand stay; parted pairs never meet, and then at least three other pairs stay
unmet as well, so that one classmate not met says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random

from portal.playgroups.planner.bound import divisions, fewest_rounds, most_in_a_round, most_pairs, pairs_of
from portal.playgroups.planner.hosting import Home, Meeting, find_hosts
from portal.playgroups.planner.plans import find_plan
from portal.playgroups.planner.seating import COLD, HOT, WARM, Frame, Rounds, Seating, improve, mask_of, members
from portal.playgroups.planner.settling import Turn, settle
from portal.playgroups.planner.unstored import search_plan

Pair = tuple[int, int]
#: A second or less of search on one core.
STEPS = 600_000
#: Where no plan is stored, one that turns is searched first. Its steps take seven times as long: so many of a hundred.
TURNING = 40
#: So many other pairs stay unmet where a pair is parted.
LEFT_OPEN = 3
#: "Until all have met" ends here; a class of 30 in groups of three or four needs eleven.
MOST_ROUNDS = 16


class Obstacle(StrEnum):
    """Why there is no plan."""

    TOO_FEW = "too_few"
    SIZES = "sizes"
    HELD = "held"
    PARTED = "parted"


class NoPlan(ValueError):
    """There is no plan that keeps everything: what stands in the way, in which round, and what would work instead."""

    def __init__(self, obstacle: Obstacle, turn: int, nearest: Task | None) -> None:
        super().__init__(f"{obstacle} in round {turn}")
        self.obstacle, self.turn, self.nearest = obstacle, turn, nearest


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be planned. Children are numbers from 0 to `children` - 1, and a pair has the smaller one first.

    `met` are the pairs that have really met already, `twins` those who need no meeting, `homes` those who would host,
    by a number of their own, and `hosted` how often each has. `steps` limits the search; one seed gives one plan.
    """

    children: int
    turns: tuple[Turn, ...]
    met: frozenset[Pair] = frozenset()
    parted: frozenset[Pair] = frozenset()
    twins: frozenset[Pair] = frozenset()
    homes: Mapping[int, Home] = field(default_factory=dict)
    hosted: Mapping[int, int] = field(default_factory=dict)
    seed: int = 0
    steps: int = STEPS


@dataclass(frozen=True, slots=True)
class Plan:
    """Rounds to come, and what they reach together with what has been.

    `hosts` gives meetings the home they are in; whichever is missing is in a neutral place. `met_by` is how many
    classmates each child will have met, `bound` what no plan can exceed. `is_interrupted`: the search was stopped.
    """

    rounds: tuple[tuple[tuple[int, ...], ...], ...]
    hosts: Mapping[Meeting, int]
    pairs: int
    bound: int
    met_by: tuple[int, ...]
    repeats: int
    is_interrupted: bool

    @property
    def is_all_that_is_possible(self) -> bool:
        """Whether nobody could do better; only then may a page say so."""
        return self.pairs == self.bound


def make_plan(task: Task, *, stop: Callable[[], bool] = lambda: False) -> Plan:
    """The best plan found for a class: from a stored one or else from one that turns, and by search.

    Raises NoPlan with what stands in the way. `stop` is asked now and then and ends the search early.
    """
    seatings = [_seated(task, rounds) for rounds in _beginnings(task, stop)]
    most = _most(task, seatings[0])
    within_reach = min(most, bound_of(task) - len(task.met | task.twins))
    is_stopped = False
    for place, seating in enumerate(seatings):
        # The first beginning is a plan that has to be bent a little, the others are searched from nothing.
        hot = WARM if place == 0 and len(seatings) > 1 else HOT
        if place == 0 or max(earlier.met for earlier in seatings[:place]) < within_reach:
            steps, seed = task.steps // len(seatings), task.seed + place
            is_stopped |= improve(seating, steps=steps, seed=seed, hot=hot, enough=within_reach, stop=stop)
    best = max(seatings, key=lambda seating: (min(seating.met, most), seating.worth))
    if best.met < best.to_meet:  # as many pairs, and more classmates for those who meet fewest
        is_stopped |= improve(best, steps=task.steps // 8, seed=task.seed, hot=COLD, enough=most, stop=stop)
    return _plan_of(task, best, most, is_stopped)


def mend_plan(task: Task, drafted: Sequence[Sequence[Sequence[int]]]) -> Plan:
    """The plan as it was drafted, with those moved who have to be: somebody comes, goes, is ill, is held or parted.

    Whoever is new sits where they meet most that they have not met. Raises NoPlan.
    """
    children = range(task.children)
    known = _partners(task.children, task.met | task.twins)
    unmet = [(1 << task.children) - 1 & ~(1 << child | known[child]) for child in children]
    parted = _parted(task)
    settled = []
    for number, (turn, groups) in enumerate(zip(task.turns, drafted, strict=True)):
        found = settle(
            turn,
            task.children,
            parted=parted,
            wished=[mask_of(child for child in group if child in children) for group in groups],
            like=lambda child, group: (unmet[child] & group).bit_count(),
        )
        if found is None:
            raise _no_plan(task, number)
        for group in found:
            for child in members(group):
                unmet[child] &= ~group
        settled.append(found)
    seating = _seated(task, tuple(settled))
    return _plan_of(task, seating, _most(task, seating), is_stopped=False)


def plan_until_all_have_met(task: Task, *, stop: Callable[[], bool] = lambda: False) -> Plan:
    """The shortest plan found after which everybody has met; its rounds are all like the first turn of the task.

    Raises NoPlan. After MOST_ROUNDS rounds it ends with what was reached.
    """
    turn = task.turns[0]
    rounds = fewest_rounds(task.children, turn.smallest, turn.largest) if not task.met else 1
    for number in range(rounds or 1, MOST_ROUNDS + 1):
        plan = make_plan(replace(task, turns=(turn,) * number), stop=stop)
        if plan.pairs >= _possible(task) - (LEFT_OPEN if task.parted else 0) or plan.is_interrupted:
            return plan
    return plan


def bound_of(task: Task) -> int:
    """How many pairs can have met at the end, at most: the bounds of `bound`, as far as they hold for this task."""
    there = [set(turn.present(task.children)) for turn in task.turns]
    met_by = [mask.bit_count() for mask in _partners(task.children, task.met | task.twins)]
    never = [mask.bit_count() for mask in _partners(task.children, task.parted - task.met)]
    reachable = [
        min(
            task.children - 1 - never[child],
            met_by[child] + sum(turn.largest - 1 for turn, now in zip(task.turns, there, strict=True) if child in now),
        )
        for child in range(task.children)
    ]
    known = len(task.met | task.twins)
    by_round = sum(
        most_in_a_round(len(now), turn.smallest, turn.largest) for turn, now in zip(task.turns, there, strict=True)
    )
    bounds = [_possible(task), known + by_round, sum(reachable) // 2]
    sizes = {(turn.smallest, turn.largest) for turn in task.turns}
    if len(sizes) == 1 and all(len(now) == task.children for now in there):
        bounds.append(known + most_pairs(task.children, len(task.turns), *sizes.pop()))
    return min(bounds)


def _possible(task: Task) -> int:
    """How many pairs there are that may meet, or have."""
    return pairs_of(task.children) - len(task.parted - task.met)


def _partners(children: int, pairs: Collection[Pair]) -> list[int]:
    """Those whom each child has a pair with, as masks."""
    partners = [0] * children
    for one, other in pairs:
        partners[one] |= 1 << other
        partners[other] |= 1 << one
    return partners


def _parted(task: Task) -> list[int]:
    return _partners(task.children, task.parted)


def _seated(task: Task, rounds: Rounds) -> Seating:
    frames = [
        Frame(
            turn.smallest,
            turn.largest,
            tuple(child for child in turn.present(task.children) if child not in (turn.held or {})),
        )
        for turn in task.turns
    ]
    return Seating(rounds, frames, _partners(task.children, task.met | task.twins), _parted(task))


def _most(task: Task, seating: Seating) -> int:
    """So many new pairs may meet: all, or three fewer where a pair is parted."""
    return max(0, seating.to_meet - LEFT_OPEN) if task.parted else seating.to_meet


def _beginnings(task: Task, stop: Callable[[], bool]) -> list[Rounds]:
    """Rounds to search on from, each as it must be: a plan for the class with its seats dealt to fit, and any rounds.

    The plan is the stored one, and where the table holds none, one that is searched as if nobody had a wish.
    """
    if task.children < 2:
        raise NoPlan(Obstacle.TOO_FEW, 0, None)
    random = Random(task.seed)  # noqa: S311 - no secret
    wished = [_any_groups(task, turn, random) for turn in task.turns]
    beginnings = [_settled(task, wished)]
    sizes = {(turn.smallest, turn.largest) for turn in task.turns}
    if len(sizes) == 1:
        stored = find_plan(task.children, len(task.turns), *(of_all := sizes.pop()))
        known = (
            stored.rounds
            if stored
            else search_plan(
                task.children, len(task.turns), *of_all, steps=task.steps * TURNING // 100, seed=task.seed, stop=stop
            )
        )
        if known:
            beginnings.insert(0, _settled(task, _dealt(task, known, random)))
    return beginnings


def _settled(task: Task, wished: Sequence[Sequence[int]]) -> Rounds:
    parted = _parted(task)
    settled = []
    for number, turn in enumerate(task.turns):
        found = settle(turn, task.children, parted=parted, wished=wished[number])
        if found is None:
            raise _no_plan(task, number)
        settled.append(found)
    return tuple(settled)


def _any_groups(task: Task, turn: Turn, random: Random) -> list[int]:
    """Groups by chance, as big as they may be."""
    order = turn.present(task.children)
    random.shuffle(order)
    groups = max(1, -(-len(order) // turn.largest))
    return [mask_of(order[start::groups]) for start in range(groups)]


def _dealt(task: Task, rounds: Rounds, random: Random) -> list[list[int]]:
    """A stored plan, its seats dealt to the children so that few who are parted or have met sit together."""
    seats = list(range(task.children))
    random.shuffle(seats)
    together = [[0] * task.children for _ in seats]
    for groups in rounds:
        for group in groups:
            for one in members(group):
                for other in members(group):
                    together[one][other] += 1
    costs = [(pair, 1) for pair in sorted(task.met | task.twins)] + [(pair, 9) for pair in sorted(task.parted)]

    def cost() -> int:
        return sum(weight * together[seats[one]][seats[other]] for (one, other), weight in costs)

    now = cost()
    for _ in range(min(400, 40 * len(costs))):
        one, other = random.randrange(task.children), random.randrange(task.children)
        seats[one], seats[other] = seats[other], seats[one]
        if (then := cost()) > now:
            seats[one], seats[other] = seats[other], seats[one]
        else:
            now = then
    child_in = {seat: child for child, seat in enumerate(seats)}
    return [[mask_of(child_in[seat] for seat in members(group)) for group in groups] for groups in rounds]


def _no_plan(task: Task, number: int) -> NoPlan:
    """What stands in the way of a round, found by leaving one demand out after the other, and what would work."""
    turn = task.turns[number]
    present = len(turn.present(task.children))
    if present < turn.smallest:
        return NoPlan(Obstacle.TOO_FEW, number, None)
    if not divisions(present, turn.smallest, turn.largest):
        near = ((turn.smallest - down, turn.largest + up) for up in range(3) for down in range(2) if up or down)
        for smallest, largest in near:
            if smallest >= 2 and divisions(present, smallest, largest):
                turns = tuple(replace(other, smallest=smallest, largest=largest) for other in task.turns)
                return NoPlan(Obstacle.SIZES, number, replace(task, turns=turns))
        return NoPlan(Obstacle.SIZES, number, None)
    free = tuple(replace(other, held=None) if place == number else other for place, other in enumerate(task.turns))
    if settle(replace(turn, held=None), task.children, parted=_parted(task)):
        return NoPlan(Obstacle.HELD, number, replace(task, turns=free))
    return NoPlan(Obstacle.PARTED, number, None)


def _plan_of(task: Task, seating: Seating, most: int, is_stopped: bool) -> Plan:
    if not _leave_open(seating, most):
        raise NoPlan(Obstacle.PARTED, 0, None)  # so few children that whoever is parted would be seen
    before = len(task.met | task.twins)
    hosts = find_hosts(
        seating.rounds,
        task.homes,
        indoors=frozenset(number for number, turn in enumerate(task.turns) if turn.is_indoors),
        hosted=task.hosted,
    )
    never = [mask.bit_count() for mask in _partners(task.children, task.parted - task.met)]
    return Plan(
        rounds=tuple(tuple(tuple(members(group)) for group in groups) for groups in seating.rounds),
        hosts=hosts,
        pairs=before + seating.met,
        bound=bound_of(task),
        met_by=tuple(task.children - 1 - seating.unmet[c].bit_count() - never[c] for c in range(task.children)),
        repeats=-seating.worth[2],
        is_interrupted=is_stopped,
    )


def _leave_open(seating: Seating, most: int) -> bool:
    """Swap until no more than `most` pairs meet, each time the two who cost least of those; whether it worked."""
    while seating.met > most:
        swaps = []
        for turn, frame in enumerate(seating.frames):
            where = seating.where[turn]
            for place, one in enumerate(frame.movable):
                for other in frame.movable[place + 1 :]:
                    if where[one] != where[other] and _may_swap(seating, turn, one, other):
                        seating.swap(turn, one, other)
                        swaps.append((seating.met > most, abs(seating.met - most), turn, one, other))
                        seating.swap(turn, one, other)
        before = seating.met
        _, _, turn, one, other = min(swaps, default=(True, 0, -1, 0, 0))
        if turn < 0:
            return False
        seating.swap(turn, one, other)
        if seating.met >= before:
            return False
    return True


def _may_swap(seating: Seating, turn: int, one: int, other: int) -> bool:
    groups, where = seating.groups[turn], seating.where[turn]
    return not (
        seating.parted[one] & groups[where[other]] & ~(1 << other)
        or seating.parted[other] & groups[where[one]] & ~(1 << one)
    )
