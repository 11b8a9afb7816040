"""Finding questions, and what they say now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from portal.database.prepared import AnySelect, param, prepared
from portal.surveys.bank.models import Band, SurveyQuestion, SurveyWording

_IS_CURRENT = and_(SurveyWording.question_id == SurveyQuestion.id, SurveyWording.number == SurveyQuestion.version)


def get_question(question_id: int) -> SurveyQuestion | None:
    """A question with the wording that holds."""
    found: SurveyQuestion | None = _question.entity(question_id=question_id)
    return found


@prepared
def _question() -> AnySelect:
    with_wording = select(SurveyQuestion).options(joinedload(SurveyQuestion.current))
    return with_wording.where(SurveyQuestion.id == param("question_id", int))


def list_questions() -> Sequence[Any]:
    """Every question as it is worded now, the oldest first; those put away too."""
    return _questions.rows()


@prepared
def _questions() -> AnySelect:
    return (
        select(
            SurveyQuestion.id,
            SurveyQuestion.band,
            SurveyQuestion.put_away_on,
            SurveyWording.id.label("wording_id"),
            SurveyWording.text,
        )
        .join(SurveyWording, _IS_CURRENT)
        .order_by(SurveyQuestion.id)
    )


def list_to_choose(band: Band) -> list[tuple[int, str]]:
    """What can be asked of a band: the id of each wording, and the words."""
    return [(row.wording_id, row.text) for row in list_questions() if row.band is band and row.put_away_on is None]
