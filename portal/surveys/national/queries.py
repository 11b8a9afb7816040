"""Finding what the national measurement found."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal.database.prepared import AnySelect, prepared
from portal.surveys.national.models import NationalMeasurement


def list_measurements() -> Sequence[NationalMeasurement]:
    """What was noted of each school year, the newest first."""
    found: Sequence[NationalMeasurement] = _measurements.entities()
    return found


@prepared
def _measurements() -> AnySelect:
    return select(NationalMeasurement).order_by(NationalMeasurement.school_year.desc())
