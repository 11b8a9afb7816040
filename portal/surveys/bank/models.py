"""A question, and every wording it has had."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value


class Band(StrEnum):
    """Whom a question is for: the small ones (0th to 3rd grade) answer with faces, the bigger ones with words."""

    SMALL = "small"
    BIG = "big"

    @classmethod
    def of_grade(cls, lowest: int) -> Band:
        """The band of a class by its youngest children."""
        return cls.SMALL if lowest <= LAST_SMALL_GRADE else cls.BIG


LAST_SMALL_GRADE = 3


class SurveyWording(Model):
    """One wording of a question. Rows are added and never changed, so that an old survey keeps its words."""

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id"))
    number: Mapped[int]
    text: Mapped[str]

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("number >= 1", name="number_is_positive"),
    )


class SurveyQuestion(Model):
    """A question of the bank, whatever its wording. One that is put away is asked no more.

    `version` is the number of the wording that holds, and the optimistic lock for two who write.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    band: Mapped[Band] = mapped_column(by_value(Band))
    version: Mapped[int] = mapped_column(default=0)
    put_away_on: Mapped[date | None]

    current: Mapped[SurveyWording] = relationship(
        primaryjoin=lambda: and_(
            SurveyQuestion.id == foreign(SurveyWording.question_id), SurveyWording.number == SurveyQuestion.version
        ),
        viewonly=True,
        uselist=False,
    )
