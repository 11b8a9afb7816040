"""What has come due by itself is done here, one by one, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.database.transactions import AWAY, changing, reading_only, why_away
from portal.text import clock

log = logging.getLogger(__name__)

AFTER_A_FAULT = timedelta(minutes=1)


class Diary:
    """When each kind of chore is looked for again: as often as it says, and not at once after a fault.

    A clock that was set forward and back stops nothing: what was looked at in the future is looked at again.
    """

    def __init__(self) -> None:
        self._looked_at: dict[str, datetime] = {}
        self._looks_again_at: dict[str, datetime] = {}

    def do_due(self, chores: Sequence[Chore]) -> None:
        """Do everything that has come due, one by one. What fails is tried again later."""
        now = clock.now()
        for chore in chores:
            if self._looked_at.get(chore.name, now) <= now < self._looks_again_at.get(chore.name, now):
                continue
            self._looked_at[chore.name] = now
            self._looks_again_at[chore.name] = now + chore.every
            if not do(chore, now):
                self._looks_again_at[chore.name] = now + max(chore.every, AFTER_A_FAULT)


def do(chore: Chore, now: datetime) -> bool:
    """Do what is due of one kind, one by one; False when some of it failed. A failure does not stop the rest."""
    is_done = True
    try:
        with reading_only():
            due = list(chore.find(now))
    except Exception:
        log.exception("what is due could not be found: %s", chore.name)
        return False
    for row_id in due:
        try:
            with changing():
                chore.do(row_id, now)
        except AWAY as fault:
            log.error("%s: %d waits, %s", chore.name, row_id, why_away(fault))
            is_done = False
        except Exception:
            log.exception("%s: %d failed", chore.name, row_id)
            is_done = False
    return is_done
