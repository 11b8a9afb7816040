"""The shape of what is typed to sign in."""

from __future__ import annotations

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from portal.accounts.sign_in.passwords import LONGEST
from portal.errors import N_
from portal.web.forms import Form


class SignInForm(Form):
    """User name or e-mail, and password."""

    login = StringField(N_("User name or e-mail"), validators=[DataRequired(), Length(max=254)])
    password = PasswordField(N_("Password"), validators=[DataRequired(), Length(max=LONGEST)])
    remember = BooleanField(N_("Keep me signed in on this phone or computer"))


class PasswordForm(Form):
    """A password for an account opened by a link."""

    password = PasswordField(N_("Choose a password"), validators=[DataRequired()])


class ChangePasswordForm(Form):
    """A new password, with the one in use."""

    current = PasswordField(N_("Your current password"), validators=[DataRequired(), Length(max=LONGEST)])
    password = PasswordField(N_("Your new password"), validators=[DataRequired()])
