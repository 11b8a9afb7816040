"""What may be shown: shares in tens, and between any two things that are shown no child or at least five."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.figures import FEWEST, Tally, add, of_class, of_school, tens

ANSWERS = ("yes", "so_so", "no", "skip")


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    given_answers = draw(st.lists(st.sampled_from(ANSWERS), max_size=9))
    counts = {"1": {answer: given_answers.count(answer) for answer in ANSWERS}}
    return Tally(len(given_answers), counts, draw(st.booleans()))


@given(st.lists(tallies(), min_size=1, max_size=6), st.booleans())
def test_no_two_views_of_one_moment_tell_fewer_than_five_apart(classes: list[Tally], has_waited: bool) -> None:
    """A class, the school, and what is left of the school when any of the classes that are shown are taken away."""
    school = of_school(classes, has_waited=has_waited)
    shown = [one for one in classes if of_class(one) is not None]
    assert all(one.answer_count >= FEWEST for one in shown)
    if school is None:
        return
    assert school.answer_count >= FEWEST
    assert school == add(one for one in classes if one.answer_count)
    for many in range(len(shown) + 1):
        for some in combinations(shown, many):
            between = school.answer_count - sum(one.answer_count for one in some)
            assert between == 0 or between >= FEWEST, (school, some)


@given(st.lists(tallies(), min_size=1, max_size=6))
def test_a_class_sees_its_own_before_anybody_sees_it_in_the_school_s(classes: list[Tally]) -> None:
    """And no team, which knows its own class, is left with a single other one, before or after the waiting."""
    if of_school(classes, has_waited=False) is not None:
        assert all(one.is_seen for one in classes if of_class(one) is not None)
        assert of_school(classes, has_waited=True) is not None
    if of_school(classes, has_waited=True) is not None:
        answered = [one for one in classes if one.answer_count]
        for own in range(len(answered)):
            assert len(answered[:own] + answered[own + 1 :]) >= 2, answered


@given(st.lists(tallies(), min_size=1, max_size=6), st.booleans())
def test_the_order_of_classes_tells_nothing(classes: list[Tally], has_waited: bool) -> None:
    assert of_school(classes, has_waited=has_waited) == of_school(classes[::-1], has_waited=has_waited)


@pytest.mark.parametrize(
    ("counts", "is_shown"),
    [
        ([22, 20], False),
        ([22, 20, 5], True),
        ([22, 4], False),
        ([22, 20, 4], False),
        ([22, 4, 3], True),
        ([22, 4, 1], True),
        ([3, 2], False),
        ([3, 2, 1], True),
        ([4], False),
        ([22], False),
        ([22, 0], False),
        ([22, 20, 0], False),
        ([22, 20, 18, 0], True),
        ([], False),
    ],
)
def test_the_school_is_shown_when_those_left_out_are_none_or_five(counts: list[int], is_shown: bool) -> None:
    classes = [Tally(count, {"1": {"yes": count}}) for count in counts]
    assert (of_school(classes, has_waited=False) is not None) == is_shown


@pytest.mark.parametrize("answers", [5, 20])
def test_a_class_that_has_not_seen_its_own_is_waited_for(answers: int) -> None:
    classes = [Tally(count, {"1": {"yes": count}}) for count in (20, 21)] + [Tally(answers, {}, is_seen=False)]
    assert of_school(classes, has_waited=False) is None
    assert of_school(classes, has_waited=True) is not None


def test_a_class_of_four_shows_none() -> None:
    assert of_class(Tally(4, {"1": {"yes": 4}})) is None
    assert of_class(Tally(5, {"1": {"yes": 5}})) is not None


@pytest.mark.parametrize(
    ("children", "of", "share"),
    [(0, 5, 0), (1, 5, 2), (5, 5, 10), (1, 25, 0), (2, 25, 1), (1, 20, 1), (0, 0, 0), (7, 9, 8)],
)
def test_shares_are_rounded_to_tens(children: int, of: int, share: int) -> None:
    assert tens(children, of) == share


@given(st.integers(1, 600), st.data())
def test_a_share_lies_within_half_a_ten(of: int, data: st.DataObject) -> None:
    children = data.draw(st.integers(0, of))
    assert abs(tens(children, of) - 10 * children / of) <= 0.5
