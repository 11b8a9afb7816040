"""The shape of a question."""

from __future__ import annotations

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from portal.errors import N_
from portal.surveys.bank.models import Band
from portal.web.forms import Form, VersionField

LONGEST_QUESTION = 120
#: Whom a question is for, and how they answer.
BAND_NAMES = {Band.SMALL: N_("0th to 3rd grade, with faces"), Band.BIG: N_("From 4th grade, with words")}


class WordingForm(Form):
    """The words of a question, and the version they were written upon."""

    text = StringField(N_("The question"), validators=[DataRequired(), Length(max=LONGEST_QUESTION)])
    version = VersionField()


class NewQuestionForm(WordingForm):
    """The words of a question, and whom it is for."""

    band = RadioField(N_("Who is it for?"), validators=[InputRequired()])

    def offer_bands(self, in_words: dict[Band, str]) -> None:
        """Let one of the bands be chosen."""
        self.band.choices = [SelectChoice(band.value, words) for band, words in in_words.items()]
