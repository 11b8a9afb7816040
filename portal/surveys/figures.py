"""When answers may be shown, and how: shares in tens of per cent, never of fewer than five children (domain 3.11).

Whoever may see a class's shares and the school's can take the one from the other. So the school's are made of all
answers, and shown only when the classes without shares of their own have no answers, or five together: between any two
things that are shown lie no children, or at least five. A class's team, which knows its own, is left with two others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from portal.surveys.models import Counts

#: So many have answered, or nobody learns what they said.
FEWEST = 5
#: The school's shares are those of several classes: with two, each team could work out the other's.
FEWEST_CLASSES = 3
#: So long after its end a survey waits for the classes that have not seen their own answers yet.
WAITS = timedelta(days=21)
STEP = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """How many children answered, how often each answer was given, and whether their class has seen it."""

    answer_count: int
    counts: Counts
    is_seen: bool = True

    def of(self, wording_id: int) -> dict[str, int]:
        """How many chose each answer to one question."""
        return dict(self.counts.get(str(wording_id), {}))


def of_class(tally: Tally) -> Tally | None:
    """What a class may see of its own answers; None for fewer than five."""
    return tally if tally.answer_count >= FEWEST else None


def of_school(tallies: Sequence[Tally], *, has_waited: bool) -> Tally | None:
    """What may be seen of several classes together; None where it would tell of one class, or of fewer than five.

    A class sees its own first: none either while one has shares that it has not seen, until the school `has_waited`.
    """
    answered = [tally for tally in tallies if tally.answer_count]
    without_own = sum(tally.answer_count for tally in answered if of_class(tally) is None)
    if len(answered) < FEWEST_CLASSES or 0 < without_own < FEWEST:
        return None
    if not has_waited and any(of_class(tally) is not None and not tally.is_seen for tally in answered):
        return None
    return add(answered)


def add(tallies: Iterable[Tally]) -> Tally:
    """Several tallies as one."""
    answer_count, sums = 0, dict[str, dict[str, int]]()
    for tally in tallies:
        answer_count += tally.answer_count
        for wording, answers in tally.counts.items():
            of_wording = sums.setdefault(wording, {})
            for answer, children in answers.items():
                of_wording[answer] = of_wording.get(answer, 0) + children
    return Tally(answer_count, sums)


def tens(children: int, of: int) -> int:
    """A share in tens: 0 to 10; what lies in the middle goes up."""
    return (2 * STEP * children + of) // (2 * of) if of else 0
