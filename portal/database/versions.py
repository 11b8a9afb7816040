"""Optimistic locking: of two people who change one thing, the second is told that it is no longer what they saw."""

from __future__ import annotations

from datetime import datetime
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


def check_same_day(stands: object, seen: object, *, starts_at: datetime | None) -> None:
    """Refuse an answer to another day, hour or place than those that were seen, and say what it is now.

    A yes from a page that stood open while something was moved is no yes to the new day. The caller holds the lock.
    Raises Conflict.
    """
    if starts_at is not None and stands != seen:
        raise Conflict(
            N_("It has been changed since you opened the page. Now it is %(when)s. Does it fit? Answer again."),
            when=starts_at,
        )
    check_unchanged(stands, seen)
