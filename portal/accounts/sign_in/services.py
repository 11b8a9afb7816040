"""Signing in and out, links and passwords. Hashing is done before these are called."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.accounts.models import (
    LinkPurpose,
    SignInLink,
    User,
    UserSession,
)
from portal.accounts.sign_in import tokens
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.errors import N_, RuleViolation
from portal.people import BY_ITSELF, Actor, Person

SESSION_LASTS = timedelta(hours=12)
REMEMBERED_SESSION_LASTS = timedelta(days=30)
#: Accounts are changed in portions: one statement holds so many values only.
ACCOUNTS_AT_ONCE = 400
LINK_LASTS = {LinkPurpose.INVITATION: timedelta(days=21), LinkPurpose.RESET: timedelta(days=3)}


def start_session(user_id: int, *, device: str, remember: bool, now: datetime) -> str:
    """Sign a user in on one browser; returns the token for its cookie, which is stored nowhere."""
    token = tokens.new_token()
    lasts = REMEMBERED_SESSION_LASTS if remember else SESSION_LASTS
    db.session.add(
        UserSession(
            user_id=user_id, token_digest=tokens.digest(token), device=device, created_at=now, expires_at=now + lasts
        )
    )
    return token


def keep_sign_in(user_id: int, *, now: datetime) -> None:
    """Keep in the record that an account was signed in to."""
    acts.note_of_account(ActKind.SIGNED_IN, user_id, now=now)


def keep_failed_sign_in(user_id: int, *, now: datetime) -> None:
    """Keep in the record that somebody tried to sign in to an account with a wrong password: not what they typed."""
    acts.note_of_account(ActKind.SIGN_IN_FAILED, user_id, now=now)


def end_session(session: UserSession, *, actor: Person, now: datetime) -> None:
    """Sign one browser out, wherever it is."""
    session.ended_at = now
    acts.note(actor, ActKind.SESSION_ENDED, session, now=now, about=actor)


def end_sessions(user_id: int, *, now: datetime, but: int = 0) -> None:
    """Sign a user out everywhere, except in the session `but`."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.id != but)
        .values(ended_at=now)
    )


def sign_out_everywhere(user: User, *, actor: Person, now: datetime) -> None:
    """End every session of somebody's account: a lost phone, a shared tablet. They are told of it.

    Open letters and known devices end with them.
    """
    end_sessions(user.id, now=now)
    end_secrets([user.id], now=now)
    acts.record(actor, ActKind.SIGNED_OUT_EVERYWHERE, user, now=now, about=user)


def sign_out_elsewhere(person: Person, *, now: datetime) -> None:
    """End every other session of one's own, open letters and known devices."""
    end_sessions(person.id, now=now, but=person.session_id)
    end_secrets([person.id], now=now, but=person.session_id)


def end_secrets(user_ids: Collection[int], *, now: datetime, but: int = 0) -> None:
    """End what these accounts were trusted with before something made it doubtful (domain 3.1).

    Open letters, known devices and browsers that stay signed in, except the session `but`. Whoever is signed in for
    the day stays so: rights are asked at each request.
    """
    ids = sorted(user_ids)
    for portion in (ids[start : start + ACCOUNTS_AT_ONCE] for start in range(0, len(ids), ACCOUNTS_AT_ONCE)):
        links = update(SignInLink).where(SignInLink.user_id.in_(portion), SignInLink.used_at.is_(None))
        db.session.execute(links.values(used_at=now))
        accounts = update(User).where(User.id.in_(portion))
        db.session.execute(accounts.values(secrets_version=User.secrets_version + 1))
        open_ones = db.session.execute(
            select(UserSession.id, UserSession.created_at, UserSession.expires_at).where(
                UserSession.user_id.in_(portion), UserSession.ended_at.is_(None), UserSession.expires_at > now
            )
        ).all()
        remembered = [row.id for row in open_ones if row.expires_at - row.created_at > SESSION_LASTS and row.id != but]
        if remembered:
            db.session.execute(update(UserSession).where(UserSession.id.in_(remembered)).values(ended_at=now))


def make_link(user: User, *, actor: Actor, now: datetime) -> SignInLink:
    """A new invitation (or reset, for an account in use); older links of the account end at once.

    Whoever has a password already is told, since the letter is a way past it. Raises RuleViolation for a closed
    account.
    """
    if not user.is_active:
        raise RuleViolation(N_("This account is closed. Open it before you make a link."))
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())  # two presses follow each other
    use_up_links(user.id, now)
    purpose = LinkPurpose.RESET if user.password_hash else LinkPurpose.INVITATION
    link = SignInLink(
        user_id=user.id,
        purpose=purpose,
        nonce=secrets.token_urlsafe(12),
        made_by_id=actor.id if actor else None,
        created_at=now,
        expires_at=now + LINK_LASTS[purpose],
    )
    db.session.add(link)
    tell = acts.record if purpose == LinkPurpose.RESET else acts.note
    tell(actor, ActKind.LINK_MADE, link, now=now, about=user, detail=purpose)
    return link


def use_up_links(user_id: int, now: datetime) -> None:
    """End every open link of an account."""
    db.session.execute(
        update(SignInLink).where(SignInLink.user_id == user_id, SignInLink.used_at.is_(None)).values(used_at=now)
    )


def accept_link(link: SignInLink, password_hash: str, *, now: datetime) -> None:
    """Set the password a link was made for; the link is used, and every session of the account ends.

    Raises RuleViolation when somebody used the link a moment ago.
    """
    used = db.session.scalar(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.id)
    )
    if used is None:
        raise RuleViolation(N_("This link has been used. Sign in with your new password."))
    _set_password(link.user, password_hash, keep_session=0, now=now)


def change_password(user: User, password_hash: str, *, actor: Person, now: datetime) -> None:
    """Give the user a new password; every other session of theirs ends, and so do open letters and known devices."""
    _set_password(user, password_hash, keep_session=actor.session_id, now=now)


def renew_hash(user_id: int, password_hash: str, *, instead_of: str) -> None:
    """Keep another hash of the same password, unless the password was changed meanwhile."""
    same = update(User).where(User.id == user_id, User.password_hash == instead_of)
    db.session.execute(same.values(password_hash=password_hash))


def _set_password(user: User, password_hash: str, *, keep_session: int, now: datetime) -> None:
    user.password_hash = password_hash
    end_sessions(user.id, now=now, but=keep_session)
    end_secrets([user.id], now=now, but=keep_session)
    acts.note(BY_ITSELF, ActKind.PASSWORD_SET, user, now=now, about=user)
