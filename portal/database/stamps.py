"""Which rows were seen when a form was begun, as a stamp that the form carries along."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from portal.database.versions import check_unchanged

#: What stands for no rows: an empty stamp is that of a form that has seen nothing.
NONE = "-"


def stamp_of(ids: Iterable[int]) -> str:
    """Rows that were seen, by their ids, in whatever order."""
    return " ".join(map(str, sorted(ids))) or NONE


def check_in_place(stands: Collection[int], wanted: Collection[int], seen: str) -> None:
    """Refuse a choice of rows in place of others than those that were seen, unless they are the wanted ones already.

    The caller holds the lock. Raises Conflict.
    """
    if set(stands) != set(wanted):
        check_unchanged(stamp_of(stands), seen)
