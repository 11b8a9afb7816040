"""The shape of a pair that is kept apart: two children of the class, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from wtforms import DateField
from wtforms.validators import InputRequired

from portal.errors import N_
from portal.text import clock
from portal.web.forms import DAY_FORMATS, Form, OneOfField

#: Half a year, unless somebody says another day.
USUAL = timedelta(days=182)


class PairForm(Form):
    """Two children and a day."""

    one = OneOfField(N_("One child"), N_("Choose a child"))
    other = OneOfField(N_("The other child"), N_("Choose a child"))
    until = DateField(N_("Until and with"), format=DAY_FORMATS, validators=[InputRequired()])

    def __init__(self, children: Mapping[int, str]) -> None:
        super().__init__(until=clock.today() + USUAL)
        self.one.offer(children.items())
        self.other.offer(children.items())
