"""A question, and an answer."""

from __future__ import annotations

from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from portal.errors import N_
from portal.events.questions.models import EventQuestion
from portal.name_guard.forms import MeantForm
from portal.web.forms import Form, VersionField

LONGEST_QUESTION = 600
LONGEST_ANSWER = 1_500


class QuestionForm(Form):
    """What somebody would like to know."""

    question = TextAreaField(
        N_("What would you like to know?"), validators=[DataRequired(), Length(max=LONGEST_QUESTION)]
    )


class AnswerQuestionForm(MeantForm):
    """The answer, and how the question stands on the event if it does: in words that name nobody."""

    reply = TextAreaField(N_("Your answer"), validators=[DataRequired(), Length(max=LONGEST_ANSWER)])
    is_shown = BooleanField(N_("Put it on the event, for everybody who is invited"))
    shown_question = TextAreaField(
        N_("The question, as everybody reads it"), validators=[Optional(), Length(max=LONGEST_QUESTION)]
    )
    version = VersionField()

    def __init__(self, question: EventQuestion) -> None:
        super().__init__(
            data={
                "reply": question.answer,
                "is_shown": bool(question.shown_question),
                "shown_question": question.shown_question,
                "version": question.version,
            }
        )

    def validate_is_shown(self, field: BooleanField) -> None:
        """What is put on the event has a question to stand under."""
        if field.data and not (self.shown_question.data or "").strip():
            raise ValidationError(N_("Write the question as everybody may read it."))

    @property
    def words_shown(self) -> str:
        """How the question stands on the event; "" where it does not."""
        return (self.shown_question.data or "").strip() if self.is_shown.data else ""
