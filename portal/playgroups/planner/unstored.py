"""A plan to begin with where the table holds none: a round or two that turn, and a search of the rounds left over.

What turns is found in a tenth of a second where the search of all rounds finds nothing as good in an hour
(`symmetry`): so many short attempts of different lengths, and the best one is gone on from.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from random import Random

from portal.playgroups.planner.bound import divisions, most_pairs, pairs_of
from portal.playgroups.planner.seating import Frame, Round, Rounds, Seating, improve, mask_of
from portal.playgroups.planner.symmetry import search_turned

#: The steps of a first attempt for each round that turns, of a long one, and of the search of the rounds beside it.
TASTE, LONG, BESIDE = 8_000, 25_000, 5_000
#: In fewer rounds hardly anybody need meet twice, and any groups do.
FEWEST_ROUNDS = 3
#: So many attempts that went best are made again.
BEST = 3
#: How long to turn, how many rounds, and the sizes of their groups.
_Attempt = tuple[int, int, tuple[int, ...]]
#: As many of the ways to divide the class are tried, those with most pairs first.
WAYS = 2


def search_plan(
    children: int, rounds: int, smallest: int, largest: int, *, steps: int, seed: int, stop: Callable[[], bool]
) -> Rounds | None:
    """The best plan found in so many steps of turning, each as long as seven of `improve`.

    None where there is nothing to search: in so few rounds, and where all children fit into one group or into none.
    One seed gives one plan. `stop` is asked before each attempt.
    """
    several = [way for way in divisions(children, smallest, largest) if len(way) > 1]
    ways = sorted(several, key=lambda way: -sum(map(pairs_of, way)))
    turns = _turns(children, rounds)
    if rounds < FEWEST_ROUNDS or not ways:
        return None
    random = Random(seed)  # noqa: S311 - no secret
    enough = most_pairs(children, rounds, smallest, largest)
    attempts = [(length, bases, way) for way in ways[:WAYS] for length, bases in turns]
    found: dict[_Attempt, Seating] = {}

    def attempt(which: _Attempt, many: int) -> None:
        length, bases, way = which
        turned = search_turned(
            children,
            length,
            [way] * bases,
            still=random.choice((0, 0, 1)),
            steps=many * bases,
            seed=random.getrandbits(32),
        )[:rounds]
        rest = [_any_round(children, random.choice(ways), random) for _ in range(rounds - len(turned))]
        everybody = tuple(range(children))
        frames = [Frame(smallest, largest, () if turn < len(turned) else everybody) for turn in range(rounds)]
        seating = Seating((*turned, *rest), frames, [0] * children, [0] * children)
        if rest:
            improve(seating, steps=BESIDE, seed=random.getrandbits(32), enough=enough)
        if which not in found or seating.worth > found[which].worth:
            found[which] = seating

    def is_over() -> bool:
        return stop() or (bool(found) and max(seating.met for seating in found.values()) >= enough)

    for which in attempts:
        if steps > 0 and not is_over():
            attempt(which, TASTE)
            steps -= TASTE * which[1]
    best = sorted(found, key=lambda which: found[which].worth, reverse=True)[:BEST]
    for which in cycle(best):
        if steps <= 0 or is_over():
            break
        attempt(which, LONG)
        steps -= LONG * which[1]
    return max(found.values(), key=lambda seating: seating.worth).rounds if found else None


def _turns(children: int, rounds: int) -> list[tuple[int, int]]:
    """How long to turn, and how many rounds: all of the plan, a round less or more than it, or a half of it."""
    lengths = ((rounds, 1), (rounds - 1, 1), (rounds + 1, 1), (rounds // 2, 2))
    return [(length, bases) for length, bases in lengths if 2 <= length <= children]


def _any_round(children: int, way: tuple[int, ...], random: Random) -> Round:
    order = list(range(children))
    random.shuffle(order)
    return tuple(mask_of(order.pop() for _ in range(size)) for size in way)
