"""When answers may be shown, and how: shares in tens of per cent, never of fewer than five children (domain 3.11).

Whoever may see a class's shares and the school's can take the one from the other. So the school's are made of all
answers, and shown only when the classes without shares of their own have no answers, or five together: between any two
things that are shown lie no children, or at least five.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.surveys.models import Counts

#: So many have answered, or nobody learns what they said.
FEWEST = 5
#: The school's shares are those of several classes, or they would be a class's before it has seen them.
FEWEST_CLASSES = 2
STEP = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """How many children answered, and how often each answer was given."""

    answer_count: int
    counts: Counts

    def of(self, wording_id: int) -> dict[str, int]:
        """How many chose each answer to one question."""
        return dict(self.counts.get(str(wording_id), {}))


def of_class(tally: Tally) -> Tally | None:
    """What a class may see of its own answers; None for fewer than five."""
    return tally if tally.answer_count >= FEWEST else None


def of_school(tallies: Sequence[Tally]) -> Tally | None:
    """What may be seen of several classes together; None where it would tell of one class, or of fewer than five."""
    answered = [tally for tally in tallies if tally.answer_count]
    without_own = sum(tally.answer_count for tally in answered if of_class(tally) is None)
    if len(answered) < FEWEST_CLASSES or 0 < without_own < FEWEST:
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
