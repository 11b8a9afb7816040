"""The shape of a word about living together: which of the adults around one's child."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

from portal.school.homes.queries import OtherAdult
from portal.web.forms import Form


class TogetherForm(Form):
    """One press beside one adult; those to choose from are the other adults around one's own children."""

    adult_id = SelectField(coerce=int, widget=HiddenInput())

    def __init__(self, others: Iterable[OtherAdult]) -> None:
        super().__init__()
        self.adult_id.choices = [SelectChoice(other.id, "") for other in others]
