"""The shape of a line to AKT, an answer, and a note."""

from __future__ import annotations

from wtforms import DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.akt.models import NoteKind
from portal.errors import N_
from portal.web.forms import DAY_FORMATS, Form
from portal.web.language import gettext

LONGEST_LINE = 300
KIND_NAMES = {
    NoteKind.MEETING: N_("AKT and the leadership met"),
    NoteKind.BREAKS: N_("We looked at the supervision in the breaks"),
}


class AskForm(Form):
    """What the class would like help with, in one line."""

    line = StringField(N_("What is it about?"), validators=[DataRequired(), Length(max=LONGEST_LINE)])


class AnswerForm(Form):
    """What AKT says to it."""

    reply = StringField(N_("What do you say to the team?"), validators=[Optional(), Length(max=LONGEST_LINE)])


class NoteForm(Form):
    """What was done, on which day, and a line about it."""

    kind = RadioField(N_("What was done?"))
    done_on = DateField(N_("On which day?"), format=DAY_FORMATS, validators=[InputRequired()])
    line = StringField(N_("In one line"), validators=[DataRequired(), Length(max=LONGEST_LINE)])

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(kind.value, gettext(name)) for kind, name in KIND_NAMES.items()]
