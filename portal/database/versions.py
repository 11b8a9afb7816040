"""Optimistic locking: of two people who change one thing, the second is told that it is no longer what they saw."""

from __future__ import annotations

from typing import Any

from portal.database.transactions import lock_row
from portal.errors import N_, Conflict


def check_version(row: Any, seen: int | None) -> None:
    """Lock a row until the transaction ends, and refuse a change made to another version of it than the stored one.

    Raises Conflict: the view shows both texts and answers 409 (docs/style.md).
    """
    lock_row(row)
    check_unchanged(row.version, seen)


def check_unchanged(stands: object, seen: object) -> None:
    """Refuse a change to what is not as it was seen, for what has no number of its own: a stamp, a note, a phase.

    The caller holds the lock. Raises Conflict.
    """
    if stands != seen:
        raise Conflict(N_("Somebody has changed this since you opened it. Look at it as it is now."))
