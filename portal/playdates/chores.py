"""What comes due by itself with playdates: they follow a merged class, and are forgotten thirty days after."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.name_guard.chores import cover_in
from portal.playdates.following import follow_child, list_left_behind
from portal.playdates.queries import find_playdate, list_forgotten
from portal.playdates.services import KEPT_FOR, cover_names, forget_playdate


def _find(now: datetime) -> list[int]:
    return list_forgotten(now - KEPT_FOR)


def _forget(playdate_id: int, now: datetime) -> None:
    playdate = find_playdate(playdate_id)
    if playdate is not None:
        forget_playdate(playdate, now=now)


def _follow(playdate_id: int, now: datetime) -> None:
    playdate = find_playdate(playdate_id)
    if playdate is not None:
        follow_child(playdate, now=now)


FOLLOW = Chore("follow children whose class was merged", list_left_behind, _follow, every=timedelta(minutes=10))
FORGET = Chore("forget playdates", _find, _forget, every=timedelta(hours=1))
COVER = cover_in("playdates", cover_names)
CHORES = (COVER, FOLLOW, FORGET)
