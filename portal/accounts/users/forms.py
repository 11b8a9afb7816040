"""The shape of what the office types about accounts."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.accounts.models import Role, RoleGrant
from portal.errors import N_
from portal.web.forms import Form, OneAddress
from portal.web.language import gettext

ROLE_NAMES = {
    Role.OFFICE: N_("Office"),
    Role.LEADERSHIP: N_("Leadership"),
    Role.AKT: N_("AKT team"),
    Role.BOARD_SECRETARY: N_("Secretary of the board"),
}
LONGEST_NAME = 100
#: An address with what is pasted around it: a name, brackets, "mailto:".
LONGEST_TYPED = 400


class AccountForm(Form):
    """Somebody who is not in the school's files: a substitute, a foster parent."""

    first_name = StringField(N_("First name"), validators=[DataRequired(), Length(max=LONGEST_NAME)])
    last_name = StringField(N_("Last name"), validators=[DataRequired(), Length(max=LONGEST_NAME)])
    email = EmailField(N_("E-mail"), validators=[Optional(), Length(max=LONGEST_TYPED), OneAddress()])
    shares = BooleanField(N_("They share the address, and both sign in with a user name"))


class EndRoleForm(Form):
    """One of the roles somebody has."""

    grant = SelectField(N_("Role"), coerce=int)

    def __init__(self, grants: Iterable[RoleGrant]) -> None:
        super().__init__()
        self.grant.choices = [SelectChoice(grant.id, gettext(ROLE_NAMES[grant.role])) for grant in grants]


class RoleForm(Form):
    """A school-wide role."""

    role = SelectField(N_("Role"), validators=[InputRequired()])

    def __init__(self) -> None:
        super().__init__()
        self.role.choices = [
            SelectChoice("", gettext("Choose a role")),
            *(SelectChoice(role.value, gettext(name)) for role, name in ROLE_NAMES.items()),
        ]
