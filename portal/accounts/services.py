"""What happens to accounts: signing in and out, links, passwords, roles. Hashing is done before these are called."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import contains_eager

from portal.accounts import queries, tokens
from portal.accounts.models import (
    LinkPurpose,
    Protection,
    Role,
    RoleGrant,
    SignInLink,
    User,
    UserSession,
)
from portal.accounts.user_names import free_user_name
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.text import clock

SESSION_LASTS = timedelta(hours=12)
REMEMBERED_SESSION_LASTS = timedelta(days=30)
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


def end_session(session: UserSession, *, actor: Person, now: datetime) -> None:
    """Sign one browser out, wherever it is."""
    session.ended_at = now
    acts.record(actor, ActKind.SESSION_ENDED, session, now=now)


def end_sessions(user_id: int, *, now: datetime, but: int = 0) -> None:
    """Sign a user out everywhere, except in the session `but`."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.id != but)
        .values(ended_at=now)
    )


def sign_out_everywhere(user: User, *, actor: Person, now: datetime) -> None:
    """End every session of somebody's account, each remembered as ended by the actor: a lost phone, a shared tablet."""
    for session in queries.list_sessions(user.id, now=now):
        end_session(session, actor=actor, now=now)


def make_link(user: User, *, actor: Person | None, now: datetime) -> SignInLink:
    """A new invitation (or reset, for an account in use); older links of the account end at once.

    Raises RuleViolation for a closed account.
    """
    if not user.is_active:
        raise RuleViolation(N_("This account is closed. Open it before you make a link."))
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())  # two presses follow each other
    _use_up_links(user.id, now)
    purpose = LinkPurpose.RESET if user.password_hash else LinkPurpose.INVITATION
    link = SignInLink(
        user_id=user.id, purpose=purpose, nonce=secrets.token_urlsafe(12), made_by_id=actor.id if actor else None,
        created_at=now, expires_at=now + LINK_LASTS[purpose],
    )  # fmt: skip
    db.session.add(link)
    acts.record(actor, ActKind.LINK_MADE, link, now=now)
    return link


def _use_up_links(user_id: int, now: datetime) -> None:
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
    _use_up_links(link.user_id, now)
    _set_password(link.user, password_hash, keep_session=0, now=now)


def change_password(user: User, password_hash: str, *, actor: Person, now: datetime) -> None:
    """Give the user a new password; every other session of theirs ends."""
    _set_password(user, password_hash, keep_session=actor.session_id, now=now)


def _set_password(user: User, password_hash: str, *, keep_session: int, now: datetime) -> None:
    user.password_hash = password_hash
    end_sessions(user.id, now=now, but=keep_session)
    acts.record(None, ActKind.PASSWORD_SET, user, now=now)


def choose_language(user: User, language: str) -> None:
    """Remember the language a user reads in."""
    user.language = language


def open_account(
    first_name: str,
    last_name: str,
    email: str,
    *,
    actor: Person,
    now: datetime,
    alias: str = "",
    protection: Protection = Protection.NONE,
) -> User:
    """A new account without a password, for somebody the school's files have no account for.

    The user name of a person with a protected name is made from the alias.
    """
    shown = (alias, "") if protection == Protection.NAME else (first_name, last_name)
    user = User(
        first_name=first_name, last_name=last_name, alias=alias, protection=protection, email=email or None,
        user_name=free_user_name(*shown, taken=queries.list_user_names()), created_at=now,
    )  # fmt: skip
    db.session.add(user)
    acts.record(actor, ActKind.ACCOUNT_OPENED, user, now=now)
    return user


def close_account(user: User, *, actor: Person, now: datetime) -> None:
    """Close an account: its sessions and links end at once. Raises RuleViolation for one's own or the last office."""
    if user.id == actor.id:
        raise RuleViolation(N_("You cannot close your own account. Ask a colleague in the office."))
    _check_office_without([user.id], today=clock.local(now).date())
    user.deactivated_at = now
    end_sessions(user.id, now=now)
    _use_up_links(user.id, now)
    acts.record(actor, ActKind.ACCOUNT_CLOSED, user, now=now)


def reopen_account(user: User, *, actor: Person, now: datetime) -> None:
    """Open a closed account again; its old password still holds."""
    user.deactivated_at = None
    acts.record(actor, ActKind.ACCOUNT_OPENED, user, now=now)


def grant_role(user: User, role: Role, *, actor: Person | None, today: date, now: datetime) -> None:
    """Give a school-wide role from today. Raises RuleViolation for a pupil, or when the person has it already."""
    if queries.is_pupil(user.id):
        raise RuleViolation(N_("A pupil cannot have a role of the school."))
    if any(grant.role == role and grant.ends_on is None for grant in queries.list_roles(user.id, today=today)):
        raise RuleViolation(N_("%(name)s has that role already."), name=user.name)
    db.session.add(RoleGrant(user_id=user.id, role=role, starts_on=today))
    acts.record(actor, ActKind.ROLE_GRANTED, user, now=now)


def end_role(grant: RoleGrant, *, actor: Person, today: date, now: datetime) -> None:
    """End a role with yesterday, so that the right is gone at the next request.

    Raises RuleViolation when it would leave the school without an office.
    """
    if grant.role == Role.OFFICE:
        _check_office_without([grant.user_id], today=today)
    if grant.starts_on >= today:
        db.session.delete(grant)
    else:
        grant.ends_on = today - timedelta(days=1)
    acts.record(actor, ActKind.ROLE_ENDED, grant.user, now=now)


def _check_office_without(leaving: Collection[int], *, today: date) -> None:
    """Refuse to leave the school without an office. The roles are locked, so two cannot end each other's at once."""
    holders = db.session.scalars(
        select(RoleGrant)
        .join(RoleGrant.user)
        .where(
            RoleGrant.role == Role.OFFICE,
            RoleGrant.starts_on <= today,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
        )
        .order_by(RoleGrant.id)
        .options(contains_eager(RoleGrant.user))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    remaining = {grant.user_id for grant in holders if grant.user.is_active} - set(leaving)
    if holders and not remaining:
        raise RuleViolation(N_("Somebody has to have the role of the office. Give it to another person first."))
