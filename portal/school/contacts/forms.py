"""The shape of what a guardian lets the class see."""

from __future__ import annotations

from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from portal.errors import N_
from portal.school.contacts.queries import OwnChoice
from portal.web.forms import Form, OneNumber
from portal.web.language import gettext

LONGEST_TYPED, SHORTEST_OWN_NUMBER = 30, 8


class ContactsForm(Form):
    """What the other homes may see, and the number; e-mail can be chosen only where the account has one."""

    shown = SelectMultipleField(N_("What may the other homes see?"))
    phone = StringField(
        N_("Your phone number"),
        validators=[Optional(), Length(max=LONGEST_TYPED), OneNumber(shortest=SHORTEST_OWN_NUMBER)],
    )

    def __init__(self, own: OwnChoice) -> None:
        super().__init__(shown=sorted(own.shown), phone=own.phone)
        self.shown.choices = [SelectChoice("phone", gettext("My phone number"))]
        if own.email:
            self.shown.choices.append(SelectChoice("email", gettext("My e-mail address"), {"hint": own.email}))
