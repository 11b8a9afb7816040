"""The table of an amendment's way, typed out by hand, against the one function that lets steps pass."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Conflict, RuleViolation
from portal.strategy.amendments.steps import CARRIED_OVER, STEPS, Facts, Mover, Need, check_step
from portal.strategy.kinds import AmendmentState as State
from portal.strategy.kinds import Phase

ANY_TIME = {None, *Phase}
EVERYTHING = frozenset(Need)

ANSWERS = (State.APPROVED, State.APPROVED_CHANGED, State.REJECTED, State.DEFERRED)

#: (from, to): for each mover, when, and what must be there.
EXPECTED: dict[tuple[State | None, State], dict[Mover, list[tuple[set[Phase | None], set[Need]]]]] = {
    (None, State.DRAFT): {
        Mover.MEMBER: [(ANY_TIME, set())],
        Mover.FACILITATOR: [(ANY_TIME, set())],
        Mover.STAFF: [(ANY_TIME, set())],
    },
    (State.DRAFT, State.FORWARDED): {Mover.STAFF: [({Phase.COUNCIL, Phase.HEARING}, {Need.TEXT, Need.REASON})]},
    (State.DRAFT, State.IN_COUNCIL): {
        Mover.AUTHOR: [({Phase.COUNCIL}, {Need.TEXT, Need.REASON})],
        Mover.FACILITATOR: [({Phase.COUNCIL}, {Need.TEXT, Need.REASON})],
    },
    (State.DRAFT, State.WITHDRAWN): {
        Mover.STAFF: [(ANY_TIME, set())],
        Mover.AUTHOR: [(ANY_TIME, {Need.NO_OPEN_VOTE})],
        Mover.FACILITATOR: [(ANY_TIME, {Need.NO_OPEN_VOTE, Need.NOTE})],
    },
    (State.IN_COUNCIL, State.WITHDRAWN): {
        Mover.AUTHOR: [(ANY_TIME, {Need.NO_OPEN_VOTE})],
        Mover.FACILITATOR: [(ANY_TIME, {Need.NO_OPEN_VOTE, Need.NOTE})],
    },
    (State.IN_COUNCIL, State.MERGED): {
        Mover.FACILITATOR: [(ANY_TIME, {Need.TARGET, Need.NO_OPEN_VOTE})],
        Mover.HOST: [(ANY_TIME, {Need.TARGET, Need.NO_OPEN_VOTE})],
    },
    **{
        (old, new): {Mover.CORRECTION: [(ANY_TIME, {Need.NO_OPEN_VOTE, Need.DECISION})]}
        for old, new in product((State.ADOPTED, State.NOT_ADOPTED, State.POSTPONED), repeat=2)
    },
    (State.MERGED, State.IN_COUNCIL): {Mover.FACILITATOR: [(ANY_TIME, set())], Mover.HOST: [(ANY_TIME, set())]},
    (State.IN_COUNCIL, State.ADOPTED): {Mover.SESSION: [(ANY_TIME, {Need.DECISION})]},
    (State.IN_COUNCIL, State.NOT_ADOPTED): {Mover.SESSION: [(ANY_TIME, {Need.DECISION})]},
    (State.IN_COUNCIL, State.POSTPONED): {Mover.SESSION: [(ANY_TIME, set())]},
    (State.POSTPONED, State.IN_COUNCIL): {Mover.SESSION: [(ANY_TIME, set())]},
    (State.ADOPTED, State.FORWARDED): {
        Mover.FACILITATOR: [({Phase.COUNCIL}, set()), ({Phase.HEARING}, {Need.SENT_BACK})]
    },
    (State.FORWARDED, State.IN_COUNCIL): {Mover.LEADERSHIP: [({Phase.HEARING}, {Need.QUESTION})]},
    **{
        (State.FORWARDED, answer): {Mover.SECRETARY: [({Phase.BOARD}, {Need.BOARD_REASON, Need.CHILD_REPLY})]}
        for answer in (State.APPROVED, State.REJECTED, State.DEFERRED)
    },
    (State.FORWARDED, State.APPROVED_CHANGED): {
        Mover.SECRETARY: [({Phase.BOARD}, {Need.BOARD_REASON, Need.CHILD_REPLY, Need.FINAL_TEXT})]
    },
    **{
        (old, new): {Mover.CORRECTION: [({Phase.BOARD}, {Need.BOARD_REASON, Need.CHILD_REPLY})]}
        for old, new in product(ANSWERS, (State.APPROVED, State.REJECTED, State.DEFERRED))
    },
    **{
        (old, State.APPROVED_CHANGED): {
            Mover.CORRECTION: [({Phase.BOARD}, {Need.BOARD_REASON, Need.CHILD_REPLY, Need.FINAL_TEXT})]
        }
        for old in ANSWERS
    },
    (State.APPROVED, State.IN_EDITION): {Mover.PUBLISHING: [(ANY_TIME, {Need.EDITION})]},
    (State.APPROVED_CHANGED, State.IN_EDITION): {Mover.PUBLISHING: [(ANY_TIME, {Need.EDITION})]},
    (State.DEFERRED, State.IN_COUNCIL): {Mover.CLOSING: [({Phase.CLOSED}, set())]},
}

OLDS = [None, *State]
PHASES = [None, *Phase]


#: What of the facts meets a need.
MET: dict[Need, dict[str, Any]] = {
    Need.TEXT: {"new_text": "Vi hilser."},
    Need.REASON: {"reason": "Alle skal hilse."},
    Need.NO_OPEN_VOTE: {"has_open_vote": False},
    Need.NOTE: {"note": "Det er med i et andet."},
    Need.TARGET: {"into": Facts(id=2, council_id=1, has_open_vote=False)},
    Need.DECISION: {"decided_revision": 3},
    Need.SENT_BACK: {"was_sent_back": True},
    Need.QUESTION: {"question": "Hvad mener I?"},
    Need.BOARD_REASON: {"board_reason": "Det er godt."},
    Need.CHILD_REPLY: {"child_reply": "Tak for jeres forslag."},
    Need.FINAL_TEXT: {"final_text": "Vi hilser på alle."},
    Need.EDITION: {"is_in_edition": True},
}


def facts_that_meet(needs: frozenset[Need]) -> Facts:
    return Facts(id=1, council_id=1, revision=3, **{name: value for need in needs for name, value in MET[need].items()})


PASSES, REFUSED, CONFLICT = "passes", "refused", "conflict"


def expected(old: State | None, new: State, mover: Mover, phase: Phase | None, given: frozenset[Need]) -> str:
    """A step on nobody's line is a conflict: somebody was there before. Any other that cannot be taken is refused."""
    movers = EXPECTED.get((old, new), {}).keys()
    if not movers or (movers == {Mover.CORRECTION} and mover is not Mover.CORRECTION):
        return CONFLICT
    ways = EXPECTED[old, new].get(mover, [])
    return PASSES if any(phase in phases and needs <= given for phases, needs in ways) else REFUSED


def outcome(old: State | None, new: State, mover: Mover, phase: Phase | None, given: frozenset[Need]) -> str:
    try:
        check_step(old, new, mover=mover, phase=phase, given=facts_that_meet(given))
    except Conflict:
        return CONFLICT
    except RuleViolation:
        return REFUSED
    return PASSES


def test_every_role_state_and_phase_with_everything_there() -> None:
    for step in product(OLDS, State, Mover, PHASES):
        assert outcome(*step, EVERYTHING) == expected(*step, EVERYTHING), step


@given(
    old=st.sampled_from(OLDS),
    new=st.sampled_from(list(State)),
    mover=st.sampled_from(list(Mover)),
    phase=st.sampled_from(PHASES),
    there=st.frozensets(st.sampled_from(list(Need))),
)
def test_any_step_with_anything_missing(
    old: State | None, new: State, mover: Mover, phase: Phase | None, there: frozenset[Need]
) -> None:
    assert outcome(old, new, mover, phase, there) == expected(old, new, mover, phase, there)


@given(pair=st.sampled_from(sorted(EXPECTED, key=str)), phase=st.sampled_from(PHASES), data=st.data())
def test_a_listed_step_lacks_nothing(
    pair: tuple[State | None, State], phase: Phase | None, data: st.DataObject
) -> None:
    mover = data.draw(st.sampled_from(sorted(EXPECTED[pair])))
    there = data.draw(st.frozensets(st.sampled_from(list(Need))))
    assert outcome(*pair, mover, phase, there) == expected(*pair, mover, phase, there)


@pytest.mark.parametrize("need", Need)
def test_a_need_is_met_by_its_own_facts_alone(need: Need) -> None:
    assert {each for each in Need if each.is_met(facts_that_meet(frozenset({need})))} == {need}


@pytest.mark.parametrize(
    ("there", "need"),
    [
        (Facts(takes_away=True), Need.TEXT),
        (Facts(revision=2, decided_revision=2), Need.DECISION),
    ],
)
def test_a_need_is_met_in_another_way(there: Facts, need: Need) -> None:
    assert need.is_met(there)


@pytest.mark.parametrize(
    ("there", "need"),
    [
        (Facts(revision=2, decided_revision=1), Need.DECISION),
        (Facts(id=1, council_id=1, into=Facts(id=1, council_id=1)), Need.TARGET),
        (Facts(id=1, council_id=1, into=Facts(id=2, council_id=2)), Need.TARGET),
        (Facts(has_open_vote=False, into=Facts(has_open_vote=True)), Need.NO_OPEN_VOTE),
    ],
)
def test_a_need_is_not_met_by_half(there: Facts, need: Need) -> None:
    assert not need.is_met(there)


def test_what_nobody_told_is_not_there() -> None:
    assert not [need for need in Need if need.is_met(Facts(revision=1))]


def test_the_table_holds_no_line_twice_and_no_other() -> None:
    lines = [(step.old, step.new, mover, step.phases) for step in STEPS for mover in step.movers]
    assert len(lines) == len(set(lines))
    assert {(step.old, step.new) for step in STEPS} == set(EXPECTED)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.NOT_ADOPTED, State.REJECTED, State.IN_EDITION])
def test_an_end_is_an_end_unless_it_was_a_slip_of_the_pen(state: State) -> None:
    assert not [step for step in STEPS if step.old is state and step.movers != {Mover.CORRECTION}]
    assert state not in CARRIED_OVER


def test_closing_takes_along_what_the_domain_says() -> None:
    kept = {State.DRAFT, State.IN_COUNCIL, State.POSTPONED, State.ADOPTED}
    assert {**{state: state for state in kept}, State.DEFERRED: State.IN_COUNCIL} == CARRIED_OVER
