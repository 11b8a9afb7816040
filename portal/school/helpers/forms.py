"""The shape of what is typed when somebody is invited to help."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from portal.accounts.models import User
from portal.accounts.users.forms import AccountForm
from portal.errors import N_
from portal.web.language import gettext

SOMEBODY_NEW = 0


class HelperForm(AccountForm):
    """One of those who help the inviter already, or somebody new with a name."""

    helper = RadioField(N_("Who is to help?"), coerce=int)

    def __init__(self, own_helpers: Iterable[User]) -> None:
        super().__init__(helper=SOMEBODY_NEW)
        self.helper.choices = [SelectChoice(user.id, user.name) for user in own_helpers]
        if self.helper.choices:
            self.helper.choices.append(SelectChoice(SOMEBODY_NEW, gettext("Somebody new")))
        else:
            del self.helper

    @property
    def known_id(self) -> int:
        """The helper that was picked; 0 for somebody new."""
        return int(self.helper.data or SOMEBODY_NEW) if self.helper else SOMEBODY_NEW

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever is picked has a name already, so none has to be typed."""
        if self.known_id:
            for field in (self.first_name, self.last_name, self.email):
                field.validators = []
        return super().validate(extra_validators)
