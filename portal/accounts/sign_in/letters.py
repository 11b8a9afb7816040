"""What a printed sign-in letter says: whom it is for, the address that opens the account, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app

from portal.accounts.models import LinkPurpose, SignInLink
from portal.accounts.sign_in import tokens
from portal.settings import Settings
from portal.text import clock
from portal.web.urls import url_for


@dataclass(frozen=True, slots=True)
class Letter:
    """One sheet of paper. It never holds a password; `about` says whose guardian, or in which class, somebody is."""

    name: str
    user_name: str
    address: str
    valid_until: date
    is_invitation: bool
    about: str


def letter_for(link: SignInLink, *, about: str = "") -> Letter:
    """The letter of a usable link with its account loaded. Printing it again gives the same address."""
    settings: Settings = current_app.extensions["portal.settings"]
    token = tokens.link_token(link.id, link.nonce, settings.secret_key)
    return Letter(
        name=link.user.name,
        user_name=link.user.user_name,
        address=settings.base_url + url_for("accounts.sign_in.accept_link", token=token),
        valid_until=clock.day_of(link.expires_at),
        is_invitation=link.purpose == LinkPurpose.INVITATION,
        about=about,
    )
