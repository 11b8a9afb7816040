"""What comes due by itself with closed access: the leadership is told before it ends."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.school.access import queries, services
from portal.text import clock

#: It comes while somebody is there to act on it; also in the holidays, since the last day does not wait for school.
DAYTIME = range(8, 16)


def _find(now: datetime) -> Collection[int]:
    there = clock.local(now)
    return queries.list_to_remind(today=there.date()) if there.hour in DAYTIME else []


def _remind(closure_id: int, now: datetime) -> None:
    services.remind_of_end(closure_id, now=now)


CHORES = (Chore("remind the leadership of closed access that ends", _find, _remind, every=timedelta(minutes=10)),)
