"""The planner: what every plan keeps, what it reaches, and what it says when there is none."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from portal.playgroups.planner.bound import pairs_of
from portal.playgroups.planner.hosting import Home, find_hosts
from portal.playgroups.planner.planning import (
    LEFT_OPEN,
    NoPlan,
    Obstacle,
    Plan,
    Task,
    bound_of,
    make_plan,
    mend_plan,
    plan_until_all_have_met,
)
from portal.playgroups.planner.seating import mask_of
from portal.playgroups.planner.settling import Turn

Pair = tuple[int, int]
FOURS, FIVES = Turn(3, 4), Turn(3, 5)


def met(plan: Plan) -> set[Pair]:
    """The pairs that meet in the rounds of a plan, counted by hand."""
    return {pair for groups in plan.rounds for group in groups for pair in combinations(sorted(group), 2)}


def assert_keeps_everything(task: Task, plan: Plan) -> None:
    """A partition of those who are there, in groups of the sizes, with those held together or apart and none parted."""
    assert len(plan.rounds) == len(task.turns)
    for turn, groups in zip(task.turns, plan.rounds, strict=True):
        seated = [child for group in groups for child in group]
        assert sorted(seated) == turn.present(task.children)
        assert all(turn.smallest <= len(group) <= turn.largest for group in groups)
        group_of = {child: index for index, group in enumerate(groups) for child in group}
        held = {child: number for child, number in (turn.held or {}).items() if child in group_of}
        for (one, here), (other, there) in combinations(held.items(), 2):
            assert (here == there) == (group_of[one] == group_of[other])
    assert not met(plan) & task.parted
    together = met(plan) | task.met | task.twins
    assert plan.pairs == len(together) <= plan.bound
    assert plan.met_by == tuple(
        sum((min(one, other), max(one, other)) in together for other in range(task.children) if other != one)
        for one in range(task.children)
    )
    for (turn_number, index), home in plan.hosts.items():
        group = plan.rounds[turn_number][index]
        assert task.homes[home].children & set(group)
        assert task.homes[home].room >= len(group)
        assert not (task.homes[home].is_outdoors_only and task.turns[turn_number].is_indoors)
    assert all(
        times == 1 for times in Counter((turn_number, home) for (turn_number, _), home in plan.hosts.items()).values()
    )


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """A class as it comes: some away, some held, some parted, some who have met, homes with and without room."""
    children = draw(st.integers(6, 20))
    child = st.integers(0, children - 1)
    pairs = st.sets(
        st.tuples(child, child).filter(lambda pair: pair[0] < pair[1]),
        max_size=3,
    )
    turns = tuple(
        Turn(
            2 if children < 9 else 3,
            5,
            away=frozenset(draw(st.sets(child, max_size=2))),
            held=draw(st.dictionaries(child, st.integers(0, 1), max_size=3)),
            is_indoors=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 4)))
    )
    homes = {
        number: Home(frozenset({number}), draw(st.integers(3, 6)), draw(st.booleans()))
        for number in draw(st.sets(child, max_size=children))
    }
    return Task(
        children,
        turns,
        met=frozenset(draw(pairs)),
        parted=frozenset(draw(pairs)),
        homes=homes,
        seed=draw(st.integers(0, 99)),
        steps=3_000,
    )


@settings(max_examples=60, deadline=None)
@given(tasks())
def test_a_plan_keeps_what_must_be_kept(task: Task) -> None:
    try:
        plan = make_plan(task)
    except NoPlan as no_plan:
        event(f"none: {no_plan.obstacle}")
        return
    assert_keeps_everything(task, plan)
    if task.parted - task.met:
        assert pairs_of(task.children) - len(task.parted | task.met | met(plan)) >= LEFT_OPEN


def test_one_seed_is_one_plan_and_another_seed_another() -> None:
    task = Task(17, (FIVES,) * 4, parted=frozenset({(0, 1)}), steps=20_000)
    assert make_plan(task) == make_plan(task)
    assert make_plan(replace(task, seed=1)).rounds != make_plan(task).rounds


@pytest.mark.parametrize("children", range(19, 26))
def test_a_class_of_19_to_25_meets_all_in_six_rounds_of_threes_to_fives(children: int) -> None:
    task = Task(children, (FIVES,) * 6)
    plan = make_plan(task)
    assert_keeps_everything(task, plan)
    assert plan.pairs == pairs_of(children)
    assert plan.is_all_that_is_possible
    assert plan.repeats == 0


def test_24_in_fours_meet_all_in_eight_rounds() -> None:
    plan = plan_until_all_have_met(Task(24, (FOURS,)))
    assert len(plan.rounds) == 8
    assert plan.pairs == 276


def test_who_has_met_is_not_planned_for_again() -> None:
    """A class of eight in fours has met half of its pairs in two rounds, and meets the rest as well as it can."""
    task = Task(16, (Turn(4, 4),) * 5)
    first = make_plan(task)
    history = frozenset(
        pair for groups in first.rounds[:2] for group in groups for pair in combinations(sorted(group), 2)
    )
    rest = make_plan(Task(16, (Turn(4, 4),) * 3, met=history))
    assert rest.pairs == 120
    assert not met(rest) & history


def test_a_pair_is_parted_and_no_other_family_can_tell() -> None:
    task = Task(24, (FIVES,) * 6, parted=frozenset({(3, 11)}))
    plan = make_plan(task)
    assert_keeps_everything(task, plan)
    assert (3, 11) not in met(plan)
    unmet = set(combinations(range(24), 2)) - met(plan)
    assert len(unmet - {(3, 11)}) >= LEFT_OPEN
    assert not plan.is_all_that_is_possible


def test_a_class_too_small_to_hide_a_parted_pair_has_no_plan() -> None:
    """The four who are there sit together, so all others have met in the end, and the one pair would be seen."""
    met = frozenset((child, away) for child in range(4) for away in (4, 5))
    task = Task(6, (Turn(3, 5, away=frozenset({4, 5})),), met=met, parted=frozenset({(4, 5)}))
    with pytest.raises(NoPlan) as none:
        make_plan(task)
    assert none.value.obstacle == Obstacle.PARTED


def test_those_who_would_host_do_so_about_equally_often() -> None:
    homes = {child: Home(frozenset({child}), 5) for child in range(24) if child % 5}
    plan = make_plan(Task(24, (FIVES,) * 6, homes=homes))
    times = Counter(plan.hosts.values())
    assert len(plan.hosts) == sum(map(len, plan.rounds))
    assert max(times[home] for home in homes) - min(times[home] for home in homes) <= 1


def test_twins_share_a_home_that_hosts_once_a_round() -> None:
    homes = {0: Home(frozenset({0, 1}), 5)}
    plan = make_plan(Task(8, (Turn(4, 4),) * 3, twins=frozenset({(0, 1)}), homes=homes, steps=2_000))
    assert len(plan.hosts) <= 3
    assert len({turn for turn, _ in plan.hosts}) == len(plan.hosts)


def test_a_home_without_room_and_one_that_hosts_outdoors_are_asked_for_no_more() -> None:
    rounds = ((mask_of({0, 1, 2, 3}), mask_of({4, 5, 6})),) * 2
    homes = {0: Home(frozenset({0}), 3), 1: Home(frozenset({1}), 4, is_outdoors_only=True), 4: Home(frozenset({4}), 3)}
    hosts = find_hosts(rounds, homes, indoors=frozenset({1}), hosted={})
    assert hosts == {(0, 0): 1, (0, 1): 4, (1, 1): 4}


def test_hostings_are_as_even_as_any_choice_of_hosts_can_make_them() -> None:
    """Against every choice there is, for random small classes."""
    random = Random(4)  # noqa: S311 - no secret
    for _ in range(60):
        children = random.randrange(4, 9)
        rounds = []
        for _ in range(3):
            order = random.sample(range(children), children)
            half = children // 2
            rounds.append((mask_of(order[:half]), mask_of(order[half:])))
        homes = {c: Home(frozenset({c}), 9) for c in range(children) if random.random() < 0.5}
        hosts = find_hosts(tuple(rounds), homes, hosted={})
        meetings = [(turn, index) for turn in range(3) for index in range(2)]
        choices: list[Counter[int]] = [Counter()]
        for turn, index in meetings:
            able = [c for c in homes if rounds[turn][index] >> c & 1]
            choices = [chosen + Counter([c]) for chosen in choices for c in able] if able else choices
        assert len(hosts) == max(sum(chosen.values()) for chosen in choices)
        assert sum(n * n for n in Counter(hosts.values()).values()) == min(
            sum(n * n for n in chosen.values()) for chosen in choices
        )


def test_a_newcomer_takes_an_empty_seat_and_nobody_else_moves() -> None:
    before = make_plan(Task(23, (FIVES,) * 6)).rounds[3:]
    task = Task(24, (FIVES,) * 3)
    after = mend_plan(task, before)
    assert_keeps_everything(task, after)
    for now, then in zip(after.rounds, before, strict=True):
        assert {frozenset(group) - {23} for group in now} == {frozenset(group) for group in then}
    assert after.met_by[23] >= 10


def test_an_ill_child_leaves_a_seat_and_a_group_too_small_gets_one_of_the_others() -> None:
    before = (((0, 1, 2), (3, 4, 5, 6), (7, 8, 9, 10)),)
    task = Task(11, (Turn(3, 4, away=frozenset({0})),))
    after = mend_plan(task, before)
    assert_keeps_everything(task, after)
    kept = [set(group) for group in after.rounds[0]]
    moved = sum(len(set(then) - {0} - max(kept, key=lambda now: len(now & set(then)))) for then in before[0])
    assert moved == 1


@pytest.mark.parametrize(
    ("task", "obstacle", "works"),
    [
        (Task(1, (FOURS,)), Obstacle.TOO_FEW, None),
        (Task(2, (FOURS,)), Obstacle.TOO_FEW, None),
        (Task(10, (Turn(3, 5, away=frozenset(range(10))),)), Obstacle.TOO_FEW, None),
        (Task(7, (Turn(4, 5),)), Obstacle.SIZES, (3, 5)),
        (Task(11, (Turn(6, 6),)), Obstacle.SIZES, (5, 6)),
        (Task(9, (Turn(3, 3, held=dict.fromkeys(range(4), 0)),)), Obstacle.HELD, (3, 3)),
        (Task(9, (FOURS,), parted=frozenset(combinations(range(9), 2))), Obstacle.PARTED, None),
    ],
)
def test_what_cannot_be_planned_says_why_and_what_would_work(
    task: Task, obstacle: Obstacle, works: tuple[int, int] | None
) -> None:
    with pytest.raises(NoPlan) as none:
        make_plan(task)
    assert none.value.obstacle == obstacle
    nearest = none.value.nearest
    assert (nearest and (nearest.turns[0].smallest, nearest.turns[0].largest)) == works
    if nearest:
        assert_keeps_everything(nearest, make_plan(nearest))


def test_sixty_children_have_a_plan() -> None:
    task = Task(60, (FIVES,) * 3, steps=50_000)
    assert_keeps_everything(task, make_plan(task))


def test_a_search_that_is_stopped_says_so_and_its_plan_keeps_everything() -> None:
    task = Task(33, (FOURS,) * 8)
    plan = make_plan(task, stop=lambda: True)
    assert plan.is_interrupted
    assert_keeps_everything(task, plan)


def test_the_bound_knows_who_is_away_and_what_has_been() -> None:
    away = Turn(3, 5, away=frozenset(range(5, 10)))
    assert bound_of(Task(10, (away,))) == 10
    assert bound_of(Task(10, (away, Turn(3, 5, away=frozenset(range(5)))))) == 20
    assert bound_of(Task(10, (), met=frozenset({(0, 1)}))) == 1
