"""What an area of the portal gives to the application: one `Room` in its own `room.py`, collected by `create_app`.

Whoever adds an area adds its folder and one line to `ROOMS` in `portal/__init__.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from click import Command
from flask import Blueprint
from sqlalchemy import Select

from portal.acts.chores import Chore
from portal.acts.keeping import Keep
from portal.acts.notices import Notice
from portal.measures import Measure
from portal.proofs import Proof
from portal.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Room:
    """What one area gives: its pages, what it tells of, what comes due in it, how it keeps promises, its commands.

    `proofs` are the kinds of things it knows to have been done, which prove duties of the year wheel by themselves.
    `waiting` are the kinds of things in it that wait for somebody; `keeping` says how long its rows about persons stay
    that no chore of its own ends; `calendar` is a SELECT of what the calendar of the
    person bound as `person_id` shows.
    """

    name: str
    pages: tuple[Blueprint, ...] = ()
    notices: tuple[Notice, ...] = ()
    chores: tuple[Chore, ...] = ()
    measures: tuple[Measure, ...] = ()
    proofs: tuple[Proof, ...] = ()
    commands: tuple[Command, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    calendar: Select[*tuple[Any, ...]] | None = None
    keeping: tuple[Keep, ...] = ()


def with_rooms(pages: Blueprint, *inner: Blueprint) -> Blueprint:
    """An area's pages with those of the things in it; their endpoints say both: "school.contacts.show_contacts"."""
    for each in inner:
        pages.register_blueprint(each)
    return pages
