"""Everybody's desk: what waits for somebody in all rooms, as one list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import BindParameter, union_all
from sqlalchemy.sql import visitors

from portal.database.prepared import AnySelect, prepared
from portal.people import Person
from portal.policy import Action, can
from portal.surveys.hour.services import REST
from portal.text import clock
from portal.waiting import Line, Waiting, kinds_of, on_the_desk
from portal.year_wheel.glance import lines_of
from portal.year_wheel.wheel import Wheel

A_MONTH, THREE_WEEKS = timedelta(days=30), timedelta(weeks=3)


def list_waiting(person: Person, wheel: Wheel | None, *, now: datetime) -> list[Line]:
    """What waits for somebody, what is late first: one statement for all rooms, and none for the wheel."""
    kinds = kinds_of(person, current_app.extensions["portal.waiting"])
    rows = _rows(kinds, person, now) if kinds else {}
    today = clock.day_of(now)
    found = [kind.lines(rows[kind.kind], person, today) for kind in kinds if kind.kind in rows]
    return on_the_desk([*found, lines_of(wheel, person) if wheel else ()])


def _rows(kinds: tuple[Waiting, ...], person: Person, now: datetime) -> dict[str, list[Any]]:
    """What is found, by kind; a count of none is nothing."""
    asked, known = _names(kinds), values_of(person, now)
    rows: dict[str, list[Any]] = {}
    for row in _waiting.of(kinds).rows(**{name: known[name] for name in asked}):
        if row.many:
            rows.setdefault(row.kind, []).append(row)
    return rows


def values_of(person: Person, now: datetime) -> Mapping[str, Any]:
    """What a kind of waiting thing may ask about: who somebody is, and what day it is."""
    today = clock.day_of(now)
    year = clock.school_year(today)
    return {
        "user_id": person.id,
        "teams": sorted(person.teams),
        "teaches": sorted(person.teaches),
        "guardian_classes": sorted(person.guardian_classes),
        "pupils": sorted(child.pupil_id for child in person.children_in(person.guardian_classes)),
        "belongs_to": sorted({*person.teams, *person.guardian_classes}),
        "facilitates": sorted(person.facilitates),
        "sees_all_classes": can(person, Action.EVENT_CREATE_SCHOOL),
        "now": now,
        "today": today,
        "within_a_month": today + A_MONTH,
        "rested_since": today - REST,
        "three_weeks_ago": now - THREE_WEEKS,
        "school_year": year,
        "first_day": clock.first_day(year),
        "year_began": clock.at_school(clock.first_day(year), time()),
    }


@prepared
def _waiting(kinds: tuple[Waiting, ...]) -> AnySelect:
    return union_all(*(kind.found for kind in kinds))


@cache
def _names(kinds: tuple[Waiting, ...]) -> frozenset[str]:
    """The values that the statement of these kinds asks for."""
    parts = visitors.iterate(_waiting.of(kinds).build())
    return frozenset(part.key for part in parts if isinstance(part, BindParameter) and part.required)
