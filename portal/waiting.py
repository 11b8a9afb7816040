"""What waits for somebody until they do it: each room says which kinds of it it has, and all are asked at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Select, cast, null, select

from portal.database.tagged import constant
from portal.database.types import UTCDateTime
from portal.people import ClassRef, Person

#: What a room says of each thing that waits. All rooms say the same, so that one UNION ALL asks them all.
COLUMNS = ("kind", "subject_id", "place_id", "due_on", "since", "many", "words")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits for the reader, and the page on which they do it; `ref` or `about` says whose it is."""

    text: str
    url: str
    ref: ClassRef | None = None
    about: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits for somebody.

    `asks` says of whom it is asked at all, by the rules of `policy`; `found` is what `waits` makes, of the values of
    `home/desk.py`; `lines` puts its rows into words.
    Raises ValueError for a select of anything else.
    """

    kind: str
    asks: Callable[[Person], object]
    found: Select[*tuple[Any, ...]]
    lines: Callable[[Sequence[Any], Person, date], Sequence[Line]]

    def __post_init__(self) -> None:
        """Hold the select against the columns, since all of them are united."""
        if tuple(self.found.selected_columns.keys()) != COLUMNS:
            raise ValueError(f"what waits as {self.kind} has other columns than {', '.join(COLUMNS)}")


def waits(kind: str, **said: Any) -> Select[*tuple[Any, ...]]:
    """The start of a `found`: those of the columns that are said, and nothing in the others."""
    nothing = {
        "kind": constant(kind),
        "subject_id": constant(0),
        "place_id": constant(0),
        "due_on": cast(null(), Date),
        "since": cast(null(), UTCDateTime()),
        "many": constant(1),
        "words": constant(""),
    }
    return select(*(column.label(name) for name, column in {**nothing, **said}.items()))


def on_the_desk(lines: Sequence[Sequence[Line]]) -> list[Line]:
    """What waits, each kind's in its order, as one list: what is late first, and one of each kind before the second.

    So that many things of one kind do not keep the others out of sight.
    """
    placed = [
        (not line.is_late, place, number, line) for number, kind in enumerate(lines) for place, line in enumerate(kind)
    ]
    return [line for *_, line in sorted(placed, key=lambda one: one[:3])]


def kinds_of(person: Person, kinds: Collection[Waiting]) -> tuple[Waiting, ...]:
    """Those of these kinds that can wait for the person."""
    return tuple(kind for kind in kinds if kind.asks(person))
