"""Of two who change one thing, the second is told: what stands there is compared with what they saw."""

from __future__ import annotations

from typing import Any

from portal.database.transactions import lock_row
from portal.errors import N_, Conflict


def check_version(row: Any, seen: int | None) -> None:
    """Take a row until the transaction ends, and refuse a change to another version of it than the one that was seen.

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
