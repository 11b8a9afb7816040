"""Finding what the national measurement found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.database.prepared import AnySelect, by_id, prepared
from portal.surveys.national.models import NationalMeasurement


def list_measurements() -> Sequence[NationalMeasurement]:
    """What was noted of each school year, the newest first."""
    found: Sequence[NationalMeasurement] = _measurements.entities()
    return found


def get_measurement(school_year: int) -> NationalMeasurement | None:
    """What was noted of a school year."""
    return by_id(NationalMeasurement, school_year)


@prepared
def _measurements() -> AnySelect:
    return select(NationalMeasurement).order_by(NationalMeasurement.school_year.desc())
