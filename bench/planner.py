"""`make bench-planner`: the playgroup planner beside a constraint solver and plain annealing (docs/playgroups.md).

Each case is planned from its stored line, by the planner's own search alone, by OR-Tools CP-SAT in ten seconds on two
workers, and by annealing with balanced groups for as long as the planner's search took. Prints a Markdown table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from random import Random
from time import process_time

from ortools.sat.python import cp_model

from portal.playgroups.planner import planning, plans
from portal.playgroups.planner.planning import Home, Plan, Task, Turn, make_plan
from portal.playgroups.planner.seating import Frame, Seating, improve, mask_of

SOLVER_SECONDS, WORKERS = 10.0, 2
#: Children, smallest and largest group, rounds.
CASES = (
    (15, 3, 5, 5), (18, 3, 4, 6), (20, 3, 4, 5), (20, 3, 5, 6), (22, 3, 4, 6), (22, 3, 5, 6), (23, 3, 5, 6),
    (24, 3, 4, 6), (24, 3, 4, 7), (24, 3, 4, 8), (24, 3, 5, 6), (25, 3, 5, 5), (26, 3, 5, 8), (28, 3, 4, 9),
    (28, 3, 5, 8), (28, 4, 6, 7),
)  # fmt: skip


def real_load(task: Task) -> tuple[Task, Task]:
    """A class as it is: the first two rounds, and what is left to plan when they are over and somebody is new.

    A fifth of the homes cannot host, two are away in each round, three are placed by hand, two pairs parted.
    """
    homes = {child: Home(frozenset({child}), 5) for child in range(task.children) if child % 5}
    turns = tuple(
        replace(
            turn,
            away=frozenset({2 * number % task.children, (2 * number + 7) % task.children}),
            held={1: 0, 3: 0, 5: 1} if number == len(task.turns) - 1 else None,
        )
        for number, turn in enumerate(task.turns)
    )
    whole = replace(task, turns=turns, homes=homes, parted=frozenset({(0, 1), (4, 9)}))
    return replace(whole, turns=turns[:2]), replace(whole, children=task.children + 1, turns=turns[2:])


def met_in(plan: Plan) -> frozenset[tuple[int, int]]:
    """The pairs that meet in the rounds of a plan."""
    return frozenset(pair for groups in plan.rounds for group in groups for pair in combinations(sorted(group), 2))


def timed(make: Callable[[], Plan]) -> tuple[Plan, float]:
    """A plan and the seconds of processor it took."""
    before = process_time()
    plan = make()
    return plan, process_time() - before


def searched(task: Task) -> tuple[Plan, float]:
    """What the search alone reaches, without the stored lines."""
    find, planning.find_plan = planning.find_plan, lambda *_: None
    try:
        return timed(lambda: make_plan(task))
    finally:
        planning.find_plan = find


def annealed(children: int, smallest: int, largest: int, rounds: int, seconds: float) -> int:
    """What plain annealing of balanced groups reaches in the time, started again and again from nothing."""
    before, best, seed = process_time(), 0, 0
    while process_time() - before < seconds:
        random = Random(seed)  # noqa: S311 - no secret
        groups = -(-children // largest)
        orders = [random.sample(range(children), children) for _ in range(rounds)]
        seating = Seating(
            tuple(tuple(mask_of(order[start::groups]) for start in range(groups)) for order in orders),
            [Frame(-(-children // groups), -(-children // groups), tuple(range(children)))] * rounds,
            [0] * children,
            [0] * children,
        )
        improve(seating, steps=100_000, seed=seed)
        best, seed = max(best, seating.met), seed + 1
    return best


def solved(children: int, smallest: int, largest: int, rounds: int) -> int:
    """What CP-SAT reaches: one variable for each child, round and group, the first round given."""
    model = cp_model.CpModel()
    groups = range(children // smallest)
    sits = {
        (child, turn, group): model.new_bool_var("")
        for child in range(children)
        for turn in range(rounds)
        for group in groups
    }
    for turn in range(rounds):
        for child in range(children):
            model.add_exactly_one(sits[child, turn, group] for group in groups)
        for group in groups:
            size = sum(sits[child, turn, group] for child in range(children))
            is_used = model.new_bool_var("")
            model.add(size >= smallest * is_used)
            model.add(size <= largest * is_used)
    meetings = []
    for one, other in combinations(range(children), 2):
        together = []
        for turn in range(rounds):
            for group in groups:
                both = model.new_bool_var("")
                model.add_implication(both, sits[one, turn, group])
                model.add_implication(both, sits[other, turn, group])
                together.append(both)
        met = model.new_bool_var("")
        model.add_bool_or([*together, ~met])
        meetings.append(met)
    model.maximize(sum(meetings))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = SOLVER_SECONDS
    solver.parameters.num_workers = WORKERS
    status = solver.solve(model)
    return round(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else 0


def main() -> None:
    """Print the table, a line a case."""
    print(f"Python {sys.version.split()[0]}, one core. Pairs of the bound; seconds of processor in brackets.\n")
    print("| children | groups | rounds | bound | stored line | search | CP-SAT 10 s | annealing | real load |")
    print("|---|---|---|---|---|---|---|---|---|")
    for children, smallest, largest, rounds in CASES:
        task = Task(children, (Turn(smallest, largest),) * rounds)
        stored = plans.find_plan(children, rounds, smallest, largest)
        plan, seconds = timed(lambda task=task: make_plan(task))
        own, own_seconds = searched(task)
        first, rest = real_load(task)
        began = make_plan(first)
        loaded, load_seconds = timed(lambda rest=rest, began=began: make_plan(replace(rest, met=met_in(began))))
        print(
            f"| {children} | {smallest}-{largest} | {rounds} | {plan.bound}"
            f" | {plan.pairs} ({seconds:.2f}{'' if stored else ', none stored'}) | {own.pairs} ({own_seconds:.2f})"
            f" | {solved(children, smallest, largest, rounds)}"
            f" | {annealed(children, smallest, largest, rounds, own_seconds)}"
            f" | {loaded.pairs} of {loaded.bound}, {100 * loaded.pairs / loaded.bound:.0f} % ({load_seconds:.2f}) |",
            flush=True,
        )


if __name__ == "__main__":
    main()
