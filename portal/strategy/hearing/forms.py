"""The shape of what a body says in the hearing."""

from __future__ import annotations

from wtforms import DateField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.errors import N_
from portal.name_guard.forms import MeantForm
from portal.strategy.hearing.models import Stance
from portal.strategy.hearing.presenters import STANCE_NAMES
from portal.web.forms import VersionField
from portal.web.language import gettext

LONGEST_STATEMENT = 4_000
LONGEST_MEETING = 120


class StatementForm(MeantForm):
    """What a body thinks, why, and at which meeting it said so."""

    stance = RadioField(N_("What is thought of it?"), coerce=Stance, validators=[InputRequired()])
    text = TextAreaField(N_("Why?"), validators=[DataRequired(), Length(max=LONGEST_STATEMENT)])
    said_on = DateField(N_("On which day was it said?"), validators=[DataRequired()])
    meeting = StringField(N_("At which meeting?"), validators=[Optional(), Length(max=LONGEST_MEETING)])
    version = VersionField()

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.stance.choices = [SelectChoice(stance, gettext(name)) for stance, name in STANCE_NAMES.items()]
