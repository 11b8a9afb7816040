"""Reading the school's material for parent meetings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.parent_meetings.material.models import MaterialFile, MaterialYear, MeetingMaterial
from portal.school.terms import open_years
from portal.text import clock


def get_year(school_year: int) -> MaterialYear | None:
    """A school year with its material; None for one that has none and is not open to plan."""
    current: MeetingMaterial | None = _current.entity(school_year=school_year)
    if current is None and school_year not in open_years(clock.today()):
        return None
    return MaterialYear(school_year, current)


@prepared
def _current() -> AnySelect:
    return (
        select(MeetingMaterial)
        .where(MeetingMaterial.school_year == param("school_year", int))
        .order_by(MeetingMaterial.number.desc())
        .limit(1)
    )


def get_material(school_year: int, number: int) -> MeetingMaterial | None:
    """One version, by its year and its number in it."""
    found: MeetingMaterial | None = _by_number.entity(school_year=school_year, number=number)
    return found


@prepared
def _by_number() -> AnySelect:
    return select(MeetingMaterial).where(
        MeetingMaterial.school_year == param("school_year", int), MeetingMaterial.number == param("number", int)
    )


def get_for_meeting(school_year: int, ends_at: datetime) -> MeetingMaterial | None:
    """What a meeting of this school year shows that ends then: the newest version that was out by its end."""
    found: MeetingMaterial | None = _out_by.entity(school_year=school_year, ends_at=ends_at)
    return found


@prepared
def _out_by() -> AnySelect:
    return (
        select(MeetingMaterial)
        .where(
            MeetingMaterial.school_year == param("school_year", int),
            MeetingMaterial.published_at <= param("ends_at", datetime),
        )
        .order_by(MeetingMaterial.number.desc())
        .limit(1)
    )


def get_content(file_id: int) -> bytes | None:
    """The bytes of a file."""
    file = by_id(MaterialFile, file_id)
    return file.content if file is not None else None


def list_versions(school_year: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Number and moment of every version of a school year, the newest first."""
    return _versions.rows(school_year=school_year)


@prepared
def _versions() -> AnySelect:
    return (
        select(MeetingMaterial.number, MeetingMaterial.published_at)
        .where(MeetingMaterial.school_year == param("school_year", int))
        .order_by(MeetingMaterial.number.desc())
    )


def list_years() -> tuple[int, ...]:
    """The school years that have any material, the newest first."""
    return tuple(row.school_year for row in _years.rows())


@prepared
def _years() -> AnySelect:
    year = MeetingMaterial.school_year
    return select(year, func.max(MeetingMaterial.number)).group_by(year).order_by(year.desc())
