"""In whose home each group meets: everybody who can host does so about as often as the others."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.playgroups.planner.seating import Rounds, members

#: Where a group meets: the turn it has and its place among that turn's groups.
Meeting = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Home:
    """A home that would host: how many children it has room for, its own included, and whether only outdoors."""

    children: frozenset[int]
    room: int
    is_outdoors_only: bool = False


def find_hosts(
    rounds: Rounds, homes: Mapping[int, Home], *, indoors: frozenset[int] = frozenset(), hosted: Mapping[int, int]
) -> dict[Meeting, int]:
    """The home that hosts each group; a group that is missing has none with room, and meets in a neutral place.

    `homes` go by a number of their own; `indoors` are the turns too cold for a home that hosts only outdoors; `hosted`
    is how often a home has hosted already. As many groups as can have a host, and the hostings are as even as they can
    be: no chain of swaps makes them evener, and then nothing does (Harvey, Ladner, Lovász and Tamir, "Semi-matchings
    for bipartite graphs and load balancing", 2006). A home hosts once a turn.
    """
    candidates = {
        (turn, index): [
            number
            for number, home in sorted(homes.items())
            if home.room >= group.bit_count()
            and any(child in home.children for child in members(group))
            and not (home.is_outdoors_only and turn in indoors)
        ]
        for turn, groups in enumerate(rounds)
        for index, group in enumerate(groups)
    }
    assignment = _Assignment(candidates, {number: hosted.get(number, 0) for number in homes})
    for meeting in sorted(candidates, key=lambda meeting: len(candidates[meeting])):
        assignment.host(meeting)
    assignment.even_out()
    return assignment.host_of


class _Assignment:
    def __init__(self, candidates: Mapping[Meeting, Sequence[int]], load: dict[int, int]) -> None:
        self.host_of: dict[Meeting, int] = {}
        self._candidates = candidates
        self._load = load
        self._hosts: dict[int, set[Meeting]] = {number: set() for number in load}

    def host(self, meeting: Meeting) -> None:
        """Give a group the candidate with the fewest hostings, or one that is free after others have swapped."""
        if chain := self._chain(meeting):
            self._follow(chain)

    def even_out(self) -> None:
        """Pass hostings on from those with many to those with few until no chain of passing makes it evener."""
        while any(self._pass_on(number) for number in sorted(self._load, key=lambda n: (-self._load[n], n))):
            pass

    def _pass_on(self, number: int) -> bool:
        for meeting in sorted(self._hosts[number]):
            chain = self._chain(meeting)
            if chain and self._load[chain[-1][1]] + 2 <= self._load[number]:
                self._follow(chain)
                return True
        return False

    def _chain(self, meeting: Meeting) -> list[tuple[Meeting, int]]:
        """Who takes over what, link by link, from this meeting to the home with the fewest hostings within reach."""
        came_from: dict[int, tuple[Meeting, int | None]] = {}
        queue: deque[tuple[Meeting, int | None]] = deque([(meeting, self.host_of.get(meeting))])
        seen = {meeting}
        while queue:
            given, giver = queue.popleft()
            for taker in self._candidates[given]:
                if taker in came_from or taker == self.host_of.get(meeting) or self._is_busy(taker, given):
                    continue
                came_from[taker] = (given, giver)
                for other in sorted(self._hosts[taker] - seen):
                    seen.add(other)
                    queue.append((other, taker))
        if not came_from:
            return []
        last: int | None = min(came_from, key=lambda number: (self._load[number], number))
        chain = []
        while last is not None and last in came_from:
            given, giver = came_from[last]
            chain.append((given, last))
            last = giver if given != meeting else None
        return chain[::-1]

    def _is_busy(self, home: int, meeting: Meeting) -> bool:
        return any(other[0] == meeting[0] for other in self._hosts[home] if other != meeting)

    def _follow(self, chain: list[tuple[Meeting, int]]) -> None:
        for meeting, taker in chain:
            if (giver := self.host_of.get(meeting)) is not None:
                self._hosts[giver].discard(meeting)
                self._load[giver] -= 1
            self.host_of[meeting] = taker
            self._hosts[taker].add(meeting)
            self._load[taker] += 1
