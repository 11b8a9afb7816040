"""What comes due by itself with initiatives: a class goes over into others, and what it did is closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.initiatives import queries, services
from portal.text import clock


def _find(now: datetime) -> list[int]:
    return queries.list_left_behind(clock.day_of(now))


def _close(initiative_id: int, now: datetime) -> None:
    services.close_left_behind(initiative_id, now=now)


CHORES = (Chore("close initiatives of empty classes", _find, _close, every=timedelta(minutes=10)),)
