"""The shape of a school year's figures: each from 1,0 to 5,0, as they are written in the measurement."""

from __future__ import annotations

import re

from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from portal.errors import N_
from portal.web.forms import DAY_FORMATS, Form, VersionField
from portal.web.language import gettext

#: The four things that are measured, by the column that keeps each.
FIGURES = {
    "social": N_("How it is to be together"),
    "learning": N_("How it is to learn"),
    "support": N_("Support and ideas in the lessons"),
    "calm": N_("Peace and order"),
}
_FIGURE = re.compile(r"([1-4])(?:[,.](\d))?|(5)(?:[,.](0))?")


class OneFigure:
    """A validator of a figure from 1,0 to 5,0."""

    def __call__(self, form: Form, field: StringField) -> None:
        """Raises ValidationError for anything else."""
        if not _FIGURE.fullmatch(field.data or ""):
            raise ValidationError(gettext("Write a figure from 1,0 to 5,0."))


def tenths(typed: str) -> int | None:
    """A figure in tenths; None for an empty field."""
    found = _FIGURE.fullmatch(typed)
    return int(found[1] or found[3]) * 10 + int(found[2] or found[4] or 0) if found else None


def in_words(figure: int | None) -> str:
    """A figure as it is written: 41 is "4,1"."""
    return f"{figure // 10},{figure % 10}" if figure is not None else ""


class FiguresForm(Form):
    """A school year's figures, when class and parents saw them, and which year's and version's their writer saw."""

    measured_on = DateField(N_("When was it measured?"), format=DAY_FORMATS, validators=[InputRequired()])
    social = StringField(FIGURES["social"], validators=[Optional(), OneFigure()])
    learning = StringField(FIGURES["learning"], validators=[Optional(), OneFigure()])
    support = StringField(FIGURES["support"], validators=[Optional(), OneFigure()])
    calm = StringField(FIGURES["calm"], validators=[Optional(), OneFigure()])
    shown_on = DateField(N_("When did classes and parents see it?"), format=DAY_FORMATS, validators=[Optional()])
    school_year = VersionField()
    version = VersionField()
