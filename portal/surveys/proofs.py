"""What surveys prove of the year wheel: that a class was asked how it is, and has answered."""

from __future__ import annotations

from sqlalchemy import select

from portal.errors import N_
from portal.proofs import Per, Proof
from portal.surveys.models import ClassSurvey

_HELD = select(ClassSurvey.class_id, ClassSurvey.held_on).where(
    ClassSurvey.open_until.is_(None), ClassSurvey.answer_count > 0
)

PROOFS = (Proof("survey", N_("The class was asked how it is"), Per.CLASS, _HELD),)
