"""Finding accounts, their sessions, links and roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from portal.accounts.models import MailFault, Role, RoleGrant, User, UserSession
from portal.accounts.sign_in import tokens
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.people import Person, load_signed_in
from portal.school.models import Pupil
from portal.text import clock


def get_person_by_token(token: str) -> Person | None:
    """The person whose session the cookie names, or None: ended, expired and unknown sessions are alike."""
    return load_signed_in(tokens.digest(token), now=clock.now())


def get_user(user_id: int) -> User | None:
    """An account."""
    return by_id(User, user_id)


def get_mail_fault(user_id: int) -> Row[*tuple[Any, ...]] | None:
    """What became of the last mail to somebody's address of today, when it could not be delivered: email, why, when."""
    fault: Row[*tuple[Any, ...]] | None = _mail_fault.row(user_id=user_id)
    return fault


@prepared
def _mail_fault() -> AnySelect:
    said = select(MailFault.email, MailFault.why, MailFault.failed_at)
    of_user = said.join(User, MailFault.user_id == User.id).where(User.id == param("user_id", int))
    return of_user.where(is_about_todays_address())


def list_mail_faults(*, limit: int) -> list[tuple[User, MailFault]]:
    """Open accounts whose address of today mail does not reach, the newest fault first."""
    return [(user, fault) for user, fault in _faults.of(limit).pairs()]


@prepared
def _faults(limit: int) -> AnySelect:
    return (
        select(User, MailFault)
        .join(MailFault, MailFault.user_id == User.id)
        .where(User.deactivated_at.is_(None), is_about_todays_address())
        .order_by(MailFault.failed_at.desc(), User.id)
        .limit(limit)
    )


def count_mail_faults() -> int:
    """How many people mail does not reach."""
    return int(_fault_count.value())


@prepared
def _fault_count() -> AnySelect:
    faults = select(func.count()).select_from(User).join(MailFault, MailFault.user_id == User.id)
    return faults.where(User.deactivated_at.is_(None), is_about_todays_address())


def is_about_todays_address() -> ColumnElement[bool]:
    """Whether a fault is of the address that somebody has now."""
    return MailFault.email == func.trim(User.email)


def is_pupil(user_id: int) -> bool:
    """Whether the account is a child's own."""
    return _own_pupil.row(user_id=user_id) is not None


@prepared
def _own_pupil() -> AnySelect:
    return select(Pupil.id).where(Pupil.user_id == param("user_id", int))


def get_session(session_id: int) -> UserSession | None:
    """A session that has not ended."""
    found = by_id(UserSession, session_id)
    return found if found and found.ended_at is None else None


def list_sessions(user_id: int, *, now: datetime) -> Sequence[Any]:
    """A user's open sessions as rows, newest first."""
    return _sessions.rows(user_id=user_id, now=now)


@prepared
def _sessions() -> AnySelect:
    is_open = (UserSession.ended_at.is_(None), UserSession.expires_at > param("now", datetime))
    newest_first = (UserSession.created_at.desc(), UserSession.id.desc())
    shown = select(UserSession.id, UserSession.device, UserSession.created_at)
    return shown.where(UserSession.user_id == param("user_id", int), *is_open).order_by(*newest_first)


def list_roles(user_id: int, *, today: date) -> Sequence[Any]:
    """The school-wide roles a user holds or will hold, as rows."""
    return _roles.rows(user_id=user_id, today=today)


@prepared
def _roles() -> AnySelect:
    lasts = or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= param("today", date))
    held = select(RoleGrant.id, RoleGrant.role, RoleGrant.starts_on, RoleGrant.ends_on)
    return held.where(RoleGrant.user_id == param("user_id", int), lasts).order_by(RoleGrant.role)


def list_leadership_ids(subject: object, today: date) -> set[int]:
    """Who leads the school today."""
    leads = select(RoleGrant.user_id).where(
        RoleGrant.role == Role.LEADERSHIP,
        RoleGrant.starts_on <= today,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )
    return set(db.session.scalars(leads))


def get_role_grant(grant_id: int) -> RoleGrant | None:
    """One holding of a role, with its account."""
    return by_id(RoleGrant, grant_id)


def list_user_names() -> set[str]:
    """Every user name there is, closed accounts included: a name is never given twice."""
    return set(db.session.scalars(select(User.user_name)))
