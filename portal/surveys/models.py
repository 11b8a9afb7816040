"""A survey, what it asks, and how each class has answered: sums alone, with no person and no time of day in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value
from portal.surveys.bank.models import Band


class Answer(StrEnum):
    """What can be answered: three faces for the small, four words for the big, and for both that one passes it by."""

    YES = "yes"
    SO_SO = "so_so"
    NO = "no"
    ALWAYS = "always"
    OFTEN = "often"
    SELDOM = "seldom"
    NEVER = "never"
    SKIP = "skip"


ANSWERS = {
    Band.SMALL: (Answer.YES, Answer.SO_SO, Answer.NO, Answer.SKIP),
    Band.BIG: (Answer.ALWAYS, Answer.OFTEN, Answer.SELDOM, Answer.NEVER, Answer.SKIP),
}

#: How often each answer was given, by the id of the wording.
Counts = Mapping[str, Mapping[str, int]]


class Survey(Model):
    """A survey (trivselspuls) of one class, or without `class_id` of the school, up to and including `closes_on`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    school_year: Mapped[int] = mapped_column(index=True)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    ended_on: Mapped[date | None]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)

    def is_over(self, today: date) -> bool:
        """Whether no class can answer any more: its last day is gone, or it was ended before."""
        return self.ended_on is not None or self.closes_on < today


class SurveyAsk(Model):
    """That a survey asks a question in one wording; `place` is its turn among those of its band."""

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True, autoincrement=False)
    wording_id: Mapped[int] = mapped_column(
        ForeignKey("survey_wording.id"), primary_key=True, autoincrement=False, index=True
    )
    place: Mapped[int]


class ClassSurvey(Model):
    """A class in a survey: the hour in which it answers, the sums, and what the team writes about it.

    One row holds all the sums and is written anew with each answer, so that no order of rows, no id and no age of a
    row tells which answers came together or when. `open_until` is there while the hour lasts and no longer; of its day
    alone something stays. `words_at` is when the team wrote, as the cover of names asks. `children` is how many the
    class had when the hour was opened, and no more can answer.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    band: Mapped[Band] = mapped_column(by_value(Band))
    held_on: Mapped[date | None]
    open_until: Mapped[datetime | None] = mapped_column(index=True)
    children: Mapped[int] = mapped_column(default=0)
    answer_count: Mapped[int] = mapped_column(default=0)
    counts: Mapped[Counts] = mapped_column(JSON, default=dict)
    shown_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")
    words_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)

    survey: Mapped[Survey] = relationship()

    __table_args__ = (
        UniqueConstraint("survey_id", "class_id"),
        CheckConstraint("answer_count <= children", name="no_more_answers_than_children"),
    )

    def is_open(self, now: datetime) -> bool:
        """Whether the hour lasts, and its slips hold."""
        return self.open_until is not None and now < self.open_until

    def is_held(self, now: datetime) -> bool:
        """Whether the hour is over, so that nothing is added to the sums any more."""
        return self.held_on is not None and not self.is_open(now)


class SurveySlip(Model):
    """A slip (seddel) of six letters, good for one answer of a class in its hour, and deleted with it.

    It has no id and nothing leads from an answer back to it. They are made in the order of the letters.
    """

    code: Mapped[str] = mapped_column(primary_key=True)
    class_survey_id: Mapped[int] = mapped_column(ForeignKey("class_survey.id"), index=True)
