"""Rows of several kinds in one statement: a union whose parts share their columns, each row told by its tag."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, String, literal_column, select

NUMBERS, TEXTS = 3, 4


def constant(value: int | str) -> ColumnElement[Any]:
    """A value of ours that stands in the statement itself: dozens of parameters would cost more than the query."""
    return literal_column(
        f"'{value}'" if isinstance(value, str) else str(value), String() if isinstance(value, str) else Integer()
    )


class Part:
    """One kind of these rows: what it calls its numbers and its texts, three and four of them at most."""

    def __init__(self, tag: str, numbers: str = "", texts: str = "") -> None:
        self.tag, self.numbers, self.texts = tag, numbers.split(), texts.split()
        places = [*(self.numbers + [""] * NUMBERS)[:NUMBERS], *(self.texts + [""] * TEXTS)[:TEXTS]]
        named: Any = namedtuple(tag, ["user_id", "tag", *places], rename=True)  # type: ignore[misc]
        self.read: Callable[[Any], Any] = named._make  # a row with the part's own names

    def select(self, w: CTE, **values: Any) -> Select[*tuple[Any, ...]]:
        """The start of a select of such rows about those in `w`."""
        numbers = [*(values[name] for name in self.numbers), *[constant(0)] * NUMBERS][:NUMBERS]
        texts = [*(values[name] for name in self.texts), *[constant("")] * TEXTS][:TEXTS]
        names = [f"number_{place}" for place in range(NUMBERS)] + [f"text_{place}" for place in range(TEXTS)]
        columns = zip(["tag", *names], [constant(self.tag), *numbers, *texts], strict=True)
        return select(w.c.user_id, *(column.label(name) for name, column in columns))
