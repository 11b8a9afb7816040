"""What surveys prove of the year wheel: that a class has answered, and saw the national figures."""

from __future__ import annotations

from sqlalchemy import Integer, cast, null, select

from portal.errors import N_
from portal.proofs import Per, Proof
from portal.surveys.models import ClassSurvey
from portal.surveys.national.models import NationalMeasurement

_HELD = select(ClassSurvey.class_id, ClassSurvey.held_on).where(
    ClassSurvey.open_until.is_(None), ClassSurvey.answer_count > 0
)

_NATIONAL = select(cast(null(), Integer).label("whose"), NationalMeasurement.shown_on).where(
    NationalMeasurement.shown_on.is_not(None)
)

PROOFS = (
    Proof("survey", N_("The class was asked how it is"), Per.CLASS, _HELD),
    Proof("national_measurement", N_("Classes and parents saw the national measurement"), Per.CLASS, _NATIONAL),
)
