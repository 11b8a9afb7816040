"""The shape of what a class team registers as told elsewhere."""

from __future__ import annotations

from datetime import date

from wtforms import DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from portal.errors import N_
from portal.updates.cadence.models import ToldChannel
from portal.web.forms import DAY_FORMATS, Form
from portal.web.language import gettext

LONGEST_NOTE = 200
CHANNEL_NAMES = {
    ToldChannel.AULA: N_("In Aula"),
    ToldChannel.PARENT_MEETING: N_("At a parent meeting"),
    ToldChannel.OTHER: N_("In another way"),
}


class ToldElsewhereForm(Form):
    """When and where the homes were told."""

    channel = RadioField(N_("Where did you tell them?"), validators=[InputRequired()])
    told_on = DateField(N_("Which day?"), format=DAY_FORMATS, validators=[InputRequired()])
    note = StringField(N_("What was it about?"), validators=[Optional(), Length(max=LONGEST_NOTE)])

    def __init__(self, today: date) -> None:
        super().__init__(told_on=today)
        self.channel.choices = [SelectChoice(channel.value, gettext(name)) for channel, name in CHANNEL_NAMES.items()]
