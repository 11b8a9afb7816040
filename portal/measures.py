"""How rooms tell of the promises that they keep: each says what it wants to know, and all are asked at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Date, Select, cast, null, select, union_all
from sqlalchemy.sql import visitors

from portal.database.prepared import AnySelect, prepared
from portal.database.tagged import constant
from portal.database.types import Keys, UTCDateTime
from portal.text import clock

#: How far back one looks.
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sentence about a promise being kept, for everybody who may read the strategy: days and how often, and no more.

    Without `is_alive` it says that nothing of a duty was seen for a year, and is for leadership and councils alone.
    """

    text: str
    is_alive: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What a room wants to know of one promise: selects made by `seen`, and its words for the rows they find.

    The selects are built once. They ask for the values of `signs_of`, and for `more` of the room's own.
    """

    parts: tuple[Select[*tuple[Any, ...]], ...]
    signs: Callable[[Sequence[Any]], Sequence[Sign]]
    more: Mapping[str, Any] = field(default_factory=dict)


def _nothing(first: date, last: date) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Measure:
    """How a room tells of the promises it keeps (domain 3.9): what it asks about a clause, by its key and its text.

    `seen(first, last)` gives the keys of all clauses of which it saw something between two days, in one statement.
    """

    about: Callable[[str, str], Asked | None]
    seen: Callable[[date, date], Collection[str]] = _nothing


def seen(**said: Any) -> Select[*tuple[Any, ...]]:
    """A select of what was seen, in the columns of all rooms: those that are said, and nothing in the others."""
    nothing = {
        "kind": constant(""),
        "title": constant(""),
        "points": cast(null(), Keys()),
        "done_on": cast(null(), Date),
        "done_at": cast(null(), UTCDateTime()),
        "times": constant(1),
    }
    return select(*(column.label(name) for name, column in {**nothing, **said}.items()))


def signs_of(measures: Iterable[Measure], key: str, text: str, *, now: datetime) -> list[Sign]:
    """What rooms know of a promise being kept within a year, each room's in its order: one statement for all of them.

    The values that a room may ask for: `key`, the days `first` and `last`, and the moments `since` and `until`.
    """
    today = clock.day_of(now)
    first = today - A_YEAR
    values = {"key": key, "first": first, "last": today, "since": clock.at_school(first, time()), "until": now}
    asked = [each for measure in measures if (each := measure.about(key, text)) is not None]
    parts = tuple((number, part) for number, each in enumerate(asked) for part in each.parts)
    if not parts:
        return []
    for each in asked:
        values |= each.more
    rows: list[list[Any]] = [[] for _ in asked]
    for row in _seen.of(parts).rows(**{name: values[name] for name in _names(parts)}):
        rows[row.room].append(row)
    return [sign for each, found in zip(asked, rows, strict=True) for sign in each.signs(found)]


Parts = tuple[tuple[int, Select[*tuple[Any, ...]]], ...]


@prepared
def _seen(parts: Parts) -> AnySelect:
    return union_all(*(part.add_columns(constant(number).label("room")) for number, part in parts))


@cache
def _names(parts: Parts) -> frozenset[str]:
    """The values that this statement asks for."""
    every = visitors.iterate(_seen.of(parts).select)
    return frozenset(part.key for part in every if isinstance(part, BindParameter) and part.required)
