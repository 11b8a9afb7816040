"""Which rows were seen when a form was begun, as a stamp that the form carries along."""

from __future__ import annotations

from collections.abc import Iterable

#: What stands for no rows: an empty stamp is that of a form that has seen nothing.
NONE = "-"


def stamp_of(ids: Iterable[int]) -> str:
    """Rows that were seen, by their ids, in whatever order."""
    return " ".join(map(str, sorted(ids))) or NONE
