"""Where no plan is stored, one that turns is searched: whole, of the sizes, and the same each time."""

from __future__ import annotations

import pytest

from portal.playgroups.planner import planning
from portal.playgroups.planner.planning import Task, make_plan
from portal.playgroups.planner.seating import members
from portal.playgroups.planner.settling import Turn
from portal.playgroups.planner.unstored import search_plan


def never() -> bool:
    return False


@pytest.mark.parametrize("children", [2, 3, 4, 5, 6, 7, 9, 11, 31])
@pytest.mark.parametrize("rounds", [1, 3, 4, 12])
@pytest.mark.parametrize(("smallest", "largest"), [(2, 3), (3, 3), (3, 5), (5, 6)])
def test_everybody_sits_once_a_round_in_a_group_of_an_allowed_size(
    children: int, rounds: int, smallest: int, largest: int
) -> None:
    found = search_plan(children, rounds, smallest, largest, steps=100, seed=1, stop=never)
    assert found is None or len(found) == rounds
    for groups in found or ():
        sitting = [members(group) for group in groups]
        assert sorted(child for group in sitting for child in group) == list(range(children))
        assert {len(group) for group in sitting} <= set(range(smallest, largest + 1))


def test_one_seed_gives_one_plan_and_whoever_stops_it_gets_none() -> None:
    plans = {search_plan(14, 4, 3, 4, steps=20_000, seed=7, stop=never) for _ in range(2)}
    assert len(plans) == 1
    assert None not in plans
    assert search_plan(14, 4, 3, 4, steps=20_000, seed=7, stop=lambda: True) is None


def test_what_turns_reaches_what_the_search_of_all_rounds_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """24 in fours for seven rounds: 252 of 252 pairs, without the table; it was 240 before."""
    monkeypatch.setattr(planning, "find_plan", lambda *_: None)
    plan = make_plan(Task(24, (Turn(3, 4),) * 7))
    assert plan.pairs == plan.bound == 252
