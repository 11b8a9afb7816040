"""The shape of sending on, answering and sending back."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.errors import N_
from portal.name_guard.forms import MeantForm
from portal.strategy.amendments.presenters import AmendmentItem
from portal.web.forms import Form

LONGEST_WORD = 1_500
LONGEST_QUESTION = 500


class PacketForm(Form):
    """Which of the adopted suggestions are sent on together; all of them until somebody takes one out."""

    amendments = SelectMultipleField(N_("Which suggestions are sent on?"), coerce=int)

    def __init__(self, waiting: Iterable[AmendmentItem]) -> None:
        items = list(waiting)
        super().__init__(amendments=[item.id for item in items])
        self.amendments.choices = [
            SelectChoice(item.id, item.title, {"hint": f"{item.wants}: {item.heading}"}) for item in items
        ]


class WordForm(MeantForm):
    """The leadership's word to the children."""

    thinks = TextAreaField(N_("What do you think of the idea?"), validators=[DataRequired(), Length(max=LONGEST_WORD)])
    happens = TextAreaField(N_("What happens now?"), validators=[DataRequired(), Length(max=LONGEST_WORD)])


class QuestionForm(MeantForm):
    """What the leadership asks the council before it can say what it thinks."""

    question = TextAreaField(
        N_("What do you ask the council?"), validators=[DataRequired(), Length(max=LONGEST_QUESTION)]
    )
