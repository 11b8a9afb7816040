"""The shape of a survey, and of what a team writes about one."""

from __future__ import annotations

from wtforms import DateField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from portal.errors import N_
from portal.name_guard.forms import AgreedForm
from portal.surveys.bank.models import Band
from portal.surveys.bank.queries import list_to_choose
from portal.web.forms import DAY_FORMATS, Form, NumberField, VersionField

LONGEST_WORDS = 600
#: So many are ticked before anybody chooses.
USUAL = 5


def offer_questions(field: SelectMultipleField, band: Band) -> None:
    """Let the questions of a band be chosen; the first of them are ticked on a new page."""
    choices = list_to_choose(band)
    field.choices = [SelectChoice(wording_id, words) for wording_id, words in choices]
    if field.data is None:
        field.data = [wording_id for wording_id, _ in choices[:USUAL]]


class ClassSurveyForm(Form):
    """What a class is asked, and until when it can be answered."""

    questions = SelectMultipleField(N_("What do you want to ask?"), coerce=int, validators=[InputRequired()])
    closes_on = DateField(N_("The last day"), format=DAY_FORMATS, validators=[InputRequired()])


class SchoolSurveyForm(Form):
    """What the small and the big ones are asked, and until when it can be answered."""

    small = SelectMultipleField(N_("0th to 3rd grade, with faces"), coerce=int, validators=[InputRequired()])
    big = SelectMultipleField(N_("From 4th grade, with words"), coerce=int, validators=[InputRequired()])
    closes_on = DateField(N_("The last day"), format=DAY_FORMATS, validators=[InputRequired()])


class CloseForm(Form):
    """How many had answered when somebody was asked whether to close the hour; None before."""

    seen = NumberField(widget=HiddenInput(), validators=[Optional()])


class WordsForm(AgreedForm):
    """What a class works on, the version it was written upon, and the names that may stand in it."""

    words = TextAreaField(N_("What the class works on"), validators=[DataRequired(), Length(max=LONGEST_WORDS)])
    version = VersionField()
