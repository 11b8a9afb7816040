"""The shape of a press: which child, and how it was."""

from __future__ import annotations

from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.playgroups.voices.models import Feeling
from portal.playgroups.voices.presenters import FEELINGS, NO_THANKS
from portal.web.forms import Form


class VoiceForm(Form):
    """One of the answers, for one child."""

    child = IntegerField(validators=[InputRequired()])
    answer = SelectField(
        choices=[SelectChoice(key, key) for key in (*(feeling.value for feeling in FEELINGS), NO_THANKS)],
        validators=[InputRequired()],
    )

    @property
    def feeling(self) -> Feeling | None:
        """How it was; None for "no thanks"."""
        return None if self.answer.data == NO_THANKS else Feeling(self.answer.data)
