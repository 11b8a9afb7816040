"""The shape of what is typed about what a class says."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.council.class_inputs.models import Ending
from portal.council.class_inputs.services import Answer
from portal.errors import N_
from portal.name_guard.forms import MeantForm
from portal.web.forms import Form, VersionField
from portal.web.language import gettext

LONGEST_INPUT = 600
LONGEST_REPLY = 400
LONGEST_LINE = 80


class InputForm(Form):
    """What a class says."""

    about = SelectField(N_("What is it about?"), validators=[Optional()])
    text = TextAreaField(N_("What does the class say?"), validators=[DataRequired(), Length(max=LONGEST_INPUT)])

    def __init__(self, topics: Iterable[tuple[str, str]], about: str) -> None:
        super().__init__(about=about)
        self.about.choices = [SelectChoice("", gettext("Something else")), *(SelectChoice(*one) for one in topics)]


class WordsForm(Form):
    """What a class says, put right by whoever wrote it down."""

    text = TextAreaField(N_("What does the class say?"), validators=[DataRequired(), Length(max=LONGEST_INPUT)])
    version = VersionField()


class EndingForm(MeantForm):
    """What came of it, and the line back to the class."""

    ending = RadioField(N_("What comes of it?"), coerce=Ending, validators=[InputRequired()])
    reply = TextAreaField(N_("A line back to the class"), validators=[DataRequired(), Length(max=LONGEST_REPLY)])
    who = StringField(N_("Who does it?"), validators=[Optional(), Length(max=LONGEST_LINE)])
    when = StringField(N_("When?"), validators=[Optional(), Length(max=LONGEST_LINE)])
    suggestion = SelectField(N_("Which suggestion?"), coerce=int, validators=[Optional()])
    version = VersionField()

    def __init__(self, suggestions: Iterable[tuple[int, str]], **stood: object) -> None:
        super().__init__(**stood)
        self.ending.choices = [
            SelectChoice(Ending.USED, gettext("We used it")),
            SelectChoice(Ending.IN_SUGGESTION, gettext("It is a part of a suggestion")),
            SelectChoice(Ending.DOING, gettext("It is something we do")),
            SelectChoice(Ending.NOT_NOW, gettext("Not now")),
        ]
        self.suggestion.choices = [
            SelectChoice(0, gettext("No suggestion")),
            *(SelectChoice(number, words) for number, words in suggestions),
        ]

    @property
    def answer(self) -> Answer:
        """How it ends."""
        return Answer(
            ending=self.ending.data,
            reply=self.reply.data,
            who=self.who.data or "",
            when=self.when.data or "",
            suggestion_id=self.suggestion.data or None,
        )
