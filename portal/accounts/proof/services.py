"""Proving an address: a mail with a link, at the press of whoever's account it is."""

from __future__ import annotations

from datetime import datetime

from portal.accounts.models import User
from portal.accounts.proof import queries
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.errors import N_, RuleViolation
from portal.people import BY_ITSELF


def ask_for_proof(user: User, *, now: datetime) -> None:
    """Let a mail with a link go to the account's own address.

    Raises RuleViolation when there is nothing to prove, or a mail has just been sent.
    """
    db.session.refresh(user, with_for_update=True)  # of two presses, the second sees the first one's mail
    if not queries.is_to_prove(user.id):
        raise RuleViolation(N_("There is nothing to do: we know your address, or you have none here."))
    if queries.is_just_asked(user.id, now=now):
        raise RuleViolation(N_("An e-mail is on its way. Look in your mailbox; you can ask for another one tomorrow."))
    acts.record(BY_ITSELF, ActKind.ADDRESS_TO_PROVE, user, now=now)


def prove_address(user: User) -> None:
    """From now on mail goes to the account's address of today."""
    user.proved_email = user.email
