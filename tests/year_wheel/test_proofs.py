"""What rooms know to have been done: each kind of theirs is found by its day, in its school year and not before it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal import ROOMS
from portal.text import clock
from portal.year_wheel.queries import list_proven

ALL = tuple(proof for room in ROOMS for proof in room.proofs)


@pytest.mark.both
def test_every_room_can_be_asked_in_one_statement(app: Flask) -> None:
    """An empty school has done nothing, and of a year to come nothing is known."""
    year = clock.school_year(clock.today())
    assert list_proven(year, ALL, now=clock.now()) == []
    assert list_proven(year + 1, ALL, now=clock.now() + timedelta(days=400)) == []
    assert {proof.kind for proof in ALL} >= {"news", "class_rules", "council_meeting", "event", "playgroups"}
