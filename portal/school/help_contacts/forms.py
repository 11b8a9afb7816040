"""The shape of what is typed about help contacts."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from portal.errors import N_
from portal.school.help_contacts.models import HelpKind
from portal.web.forms import Form, OneNumber
from portal.web.language import gettext

HELP_KIND_NAMES = {HelpKind.SCHOOL: N_("Somebody at the school"), HelpKind.LINE: N_("A help line or another place")}


class HelpContactForm(Form):
    """Somebody a child or parent can turn to."""

    kind = RadioField(N_("Where?"), default=HelpKind.SCHOOL.value, validators=[InputRequired()])
    title = StringField(N_("Who is it?"), validators=[DataRequired(), Length(max=120)])
    detail = TextAreaField(N_("What can they help with, and when?"), validators=[Optional(), Length(max=500)])
    phone = StringField(
        N_("Telephone"),
        validators=[Optional(), Length(max=30), OneNumber()],
    )
    url = StringField(
        N_("Link"),
        description=N_("An address that begins with https://"),
        validators=[
            Optional(),
            Length(max=300),
            Regexp(
                r"(?i)^(https?://[a-z0-9][^\s\"'<>\\]*|tel:\+?[0-9]+)$",
                message=N_("Write an address that begins with https:// or http://"),
            ),
        ],
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, gettext(name)) for kind, name in HELP_KIND_NAMES.items()]


class MoveForm(Form):
    """One place up or down."""

    direction = SelectField(choices=["up", "down"])
