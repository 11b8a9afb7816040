"""Who has been with whom: a square of the class for the eye, and a table of the same for whoever reads or hears it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from portal.playgroups import queries
from portal.playgroups.homes.queries import Roll
from portal.playgroups.models import MeetingPlace, PlaygroupPlan
from portal.playgroups.planner.reach import coming_pairs, met_pairs
from portal.web.language import gettext

#: The side of a cell, and the room for the names beside the square, in the picture's own units.
CELL, NAMES = 14, 96


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the square: where it is, and how strong; the strongest have been together."""

    x: int
    y: int
    strength: str


@dataclass(frozen=True, slots=True)
class Line:
    """A child: with how many it has been and will have been, how often its home hosts, and whom it will not meet."""

    name: str
    y: int
    met: int
    planned: int
    hosted: int
    unmet: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The picture of a class; `fewest` are those who have been with the fewest, in words."""

    size: int
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    classmates: int
    fewest: str


def matrix_of(class_id: int, plan: PlaygroupPlan | None, roll: Roll, *, today: date) -> Matrix:
    """The class as it takes part today, in Danish order: what has really been, and what is planned."""
    published = queries.list_class_rounds(class_id, today=today)
    drafts = [each for each in queries.list_rounds(plan.id, today=today) if not each.is_published] if plan else []
    children = list(roll.names)
    met = met_pairs(published, today)
    coming = coming_pairs([*published, *drafts], today) - met
    hosted = Counter(
        group.host_pupil_id
        for each in [*published, *drafts]
        for group in each.groups
        if group.place == MeetingPlace.HOME and group.took_place is not False
    )
    cells = tuple(
        Cell(NAMES + column * CELL, row * CELL, _strength((min(one, other), max(one, other)), met, coming))
        for row, one in enumerate(children)
        for column, other in enumerate(children)
        if one != other
    )
    lines = []
    for row, one in enumerate(children):
        has = {other for other in children if (min(one, other), max(one, other)) in met}
        will = has | {other for other in children if (min(one, other), max(one, other)) in coming}
        left = ", ".join(roll.names[other] for other in children if other != one and other not in will)
        lines.append(Line(roll.names[one], row * CELL, len(has), len(will), hosted[one], left))
    return Matrix(
        NAMES + len(children) * CELL, cells, tuple(lines), max(len(children) - 1, 0), _fewest(lines, len(children) - 1)
    )


def _strength(pair: tuple[int, int], met: set[tuple[int, int]], coming: set[tuple[int, int]]) -> str:
    return "1" if pair in met else "0.35" if pair in coming else "0.07"


def _fewest(lines: list[Line], classmates: int) -> str:
    least = min((line.met for line in lines), default=0)
    if not any(line.met for line in lines):
        return gettext("Nobody has been together yet.")
    names = [line.name for line in lines if line.met == least]
    if len(names) == len(lines):
        return gettext("Everybody has been with %(met)s of %(classmates)s.", met=least, classmates=classmates)
    return gettext(
        "Fewest so far: %(names)s (%(met)s of %(classmates)s).",
        names=", ".join(names),
        met=least,
        classmates=classmates,
    )
