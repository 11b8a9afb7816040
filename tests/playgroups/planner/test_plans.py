"""The stored plans, each counted again from its letters by a checker that shares nothing with what made them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from portal.playgroups.planner import plans
from portal.playgroups.planner.bound import most_pairs

FILES = [(smallest, largest, plans.FOLDER / f"{smallest}-{largest}.txt") for smallest, largest in plans.SIZES]

#: So many rounds until everybody has met everybody, in the tables in print: children and rounds, by the largest group.
#: For 23 and 25 to 27 children in fours the tables let two play alone, which the portal never does.
ALL_MET = {
    4: {15: 5, 16: 5, 18: 7, 20: 7, 21: 8, 22: 8, 24: 8, 27: 9, 28: 9},
    5: {15: 5, 16: 5, 18: 6, 20: 6, 21: 6, 22: 6, 23: 6, 24: 6, 25: 6, 26: 8, 27: 9, 28: 9},
}
#: The most pairs known to meet where not all can, in threes to fours: children, rounds and pairs.
MOST_KNOWN = {(22, 6): 180, (23, 6): 198, (24, 6): 216, (24, 7): 252, (26, 6): 216, (28, 6): 252}


def pairs_that_meet(rounds: str) -> set[frozenset[str]]:
    return {
        frozenset(pair)
        for of_round in rounds.split("|")
        for group in of_round.split()
        for pair in combinations(group, 2)
    }


@pytest.mark.parametrize(("smallest", "largest", "file"), FILES, ids=lambda value: str(getattr(value, "stem", value)))
def test_every_line_is_what_it_says(smallest: int, largest: int, file: Path) -> None:
    lines = file.read_text("ascii").splitlines()
    assert len(lines) > 100
    for line in lines:
        facts, _, rounds = line.partition(": ")
        children, number, pairs, bound, how = facts.split(None, 4)
        everybody = sorted(rounds.split("|")[0].replace(" ", ""))
        assert len(everybody) == len(set(everybody)) == int(children)
        assert len(rounds.split("|")) == int(number)
        for of_round in rounds.split("|"):
            assert sorted(of_round.replace(" ", "")) == everybody, line
            assert all(smallest <= len(group) <= largest for group in of_round.split()), line
        assert len(pairs_that_meet(rounds)) == int(pairs) <= int(bound), line
        assert int(bound) == most_pairs(int(children), int(number), smallest, largest)
        assert how


@pytest.mark.parametrize(
    ("largest", "children", "rounds"),
    [(largest, children, rounds) for largest, of_sizes in ALL_MET.items() for children, rounds in of_sizes.items()],
)
def test_everybody_has_met_as_soon_as_in_the_tables_in_print(largest: int, children: int, rounds: int) -> None:
    plan = plans.find_plan(children, rounds, 3, largest)
    assert plan
    assert plan.pairs == children * (children - 1) // 2


@pytest.mark.parametrize(("children", "rounds"), MOST_KNOWN)
def test_no_line_is_below_what_is_known(children: int, rounds: int) -> None:
    plan = plans.find_plan(children, rounds, 3, 4)
    assert plan
    assert plan.pairs >= MOST_KNOWN[children, rounds]


def test_a_class_of_27_has_met_in_eight_rounds_of_threes_to_fives() -> None:
    """A round sooner than in the tables in print, which leave open whether eight are enough (docs/playgroups.md)."""
    plan = plans.find_plan(27, 8, 3, 5)
    assert plan
    assert plan.pairs == 27 * 26 // 2


def test_a_class_that_no_line_is_for_has_none() -> None:
    assert plans.find_plan(31, 6, 3, 5) is None
    assert plans.find_plan(24, 6, 2, 5) is None


def test_what_is_written_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = list(plans.list_plans(3, 5))
    monkeypatch.setattr(plans, "FOLDER", tmp_path)
    plans.write_plans(reversed(stored), 3, 5)
    assert list(plans.list_plans(3, 5)) == stored
    plans.list_plans.__globals__["_lines"].cache_clear()
