"""Whom to ask, and what to say."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField
from wtforms.fields.choices import SelectChoice

from portal.errors import N_
from portal.events.forms import HiddenChoice
from portal.web.forms import Form, OneOfField


class InviteForm(Form):
    """One of those whom the class list names."""

    user_id = OneOfField(N_("Who could join you?"), N_("Choose somebody"))

    def __init__(self, people: Iterable[tuple[int, str]]) -> None:
        super().__init__()
        self.user_id.offer(people)


class InvitationForm(Form):
    """Yes or no."""

    answer = HiddenChoice(choices=[SelectChoice("yes", "yes"), SelectChoice("no", "no")])


class PhoneForm(Form):
    """Whether one's phone number stands on the event."""

    shows_phone = BooleanField(N_("Show my phone number to those who see my name on the class list"))
