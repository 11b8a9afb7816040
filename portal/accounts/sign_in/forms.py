"""The shape of what is typed to sign in."""

from __future__ import annotations

from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired, Length

from portal.accounts.sign_in.strength import LONGEST
from portal.errors import N_
from portal.web.forms import Form

#: A letter such as "å" may arrive as two signs; together they are one of the password's.
LONGEST_TYPED = 2 * LONGEST


class SignInForm(Form):
    """User name or e-mail, and password."""

    login = StringField(N_("User name or e-mail"), validators=[DataRequired(), Length(max=254)])
    password = PasswordField(N_("Password"), validators=[DataRequired(), Length(max=LONGEST_TYPED)])
    remember = BooleanField(N_("Keep me signed in on this phone or computer"))


class PasswordForm(Form):
    """A password for an account opened by a link."""

    password = PasswordField(N_("Choose a password"), validators=[DataRequired()])


class ChangePasswordForm(Form):
    """A new password, with the one in use."""

    current = PasswordField(N_("Your current password"), validators=[DataRequired(), Length(max=LONGEST_TYPED)])
    password = PasswordField(N_("Your new password"), validators=[DataRequired()])
