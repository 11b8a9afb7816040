"""What an area gives to the application: every room is open, and what waits says the same in all of them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import literal, select

from portal import ROOMS
from portal.proofs import Per, Proof


def test_every_room_is_open(app: Flask) -> None:
    pages = {pages.name for room in ROOMS for pages in room.pages}
    assert pages <= set(app.blueprints)
    assert {command.name for room in ROOMS for command in room.commands} <= set(app.cli.commands)
    assert len({room.name for room in ROOMS}) == len(ROOMS)


def test_what_proves_a_duty_says_whose_it_was_and_when() -> None:
    with pytest.raises(ValueError, match="what proves songs says other things"):
        Proof("songs", "They sang", Per.SCHOOL, select(literal("").label("whose")))
