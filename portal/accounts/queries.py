"""Finding accounts, their sessions, links and roles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts import tokens
from portal.accounts.models import RoleGrant, SignInLink, User, UserSession
from portal.database import db
from portal.people import Person, load_people, load_signed_in
from portal.school.models import Guardianship, GuardianshipKind, Pupil
from portal.text import clock

PEOPLE_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a sign-in."""

    user_id: int
    password_hash: str | None
    is_pupil: bool


def get_person_by_token(token: str) -> Person | None:
    """The person whose session the cookie names, or None: ended, expired and unknown sessions are alike."""
    return load_signed_in(tokens.digest(token), now=clock.now())


def find_credentials(login: str) -> Credentials | None:
    """The open account of a user name, or of an e-mail address that is one person's alone.

    An address that a guardian typed when inviting a helper identifies nobody: it might be anybody's. A pupil's account
    is open only while the pupil sits in a council. Two indexed reads joined, since an OR would read every account.
    """
    name = login.strip().lower()
    by_name = select(User.id, literal(1).label("is_name")).where(User.user_name == name)
    by_email = select(User.id, literal(0).label("is_name")).where(
        User.email == name, User.user_name != name, ~_was_invited_as_helper()
    )
    login_of = union_all(by_name, by_email).subquery()
    found = db.session.execute(
        select(User.id, User.password_hash, exists().where(Pupil.user_id == User.id), login_of.c.is_name)
        .join(login_of, login_of.c.id == User.id)
        .where(User.deactivated_at.is_(None))
        .order_by(login_of.c.is_name.desc())
        .limit(2)
    ).all()
    if not found or (len(found) > 1 and not found[0].is_name):
        return None  # nobody, or an e-mail address shared by two: it signs neither in
    credentials = Credentials(*found[0][:3])
    if credentials.is_pupil and not load_people([credentials.user_id], today=clock.today()):
        return None
    return credentials


def _was_invited_as_helper() -> ColumnElement[bool]:
    """Whether an account is not from the register and was made to help with a child."""
    is_helper = exists().where(Guardianship.guardian_id == User.id, Guardianship.kind == GuardianshipKind.HELPER)
    return and_(User.external_id.is_(None), is_helper)


def find_user(login: str) -> User | None:
    """The open account of an adult by user name, or by an e-mail address that is one person's alone."""
    found = find_credentials(login)
    return get_user(found.user_id) if found and not found.is_pupil else None


def get_user(user_id: int) -> User | None:
    """An account."""
    return db.session.get(User, user_id)


def is_pupil(user_id: int) -> bool:
    """Whether the account is a child's own."""
    return bool(db.session.scalar(select(exists().where(Pupil.user_id == user_id))))


def get_session(session_id: int) -> UserSession | None:
    """A session that has not ended."""
    found = db.session.get(UserSession, session_id)
    return found if found and found.ended_at is None else None


def list_sessions(user_id: int, *, now: datetime) -> Sequence[UserSession]:
    """A user's open sessions, newest first."""
    return db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.created_at.desc(), UserSession.id.desc())
    ).all()


def get_link(link_id: int) -> SignInLink | None:
    """A sign-in link with its account."""
    return db.session.scalar(select(SignInLink).options(joinedload(SignInLink.user)).where(SignInLink.id == link_id))


def get_open_link(link_id: int, *, now: datetime) -> SignInLink | None:
    """The link, if it is unused, not expired, and its account is open."""
    link = get_link(link_id)
    if link is None or link.used_at or link.expires_at <= now or not link.user.is_active:
        return None
    return link


def get_link_to_print(user_id: int) -> SignInLink | None:
    """The link that an account's letter shows, or None when there is none that opens it."""
    return list_open_links([user_id], now=clock.now()).get(user_id)


def list_open_links(user_ids: Collection[int], *, now: datetime) -> dict[int, SignInLink]:
    """The newest usable link of each of these accounts, closed ones left out, with the account."""
    found = db.session.scalars(
        select(SignInLink)
        .join(SignInLink.user)
        .options(contains_eager(SignInLink.user))
        .where(
            SignInLink.user_id.in_(user_ids),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            User.deactivated_at.is_(None),
        )
        .order_by(SignInLink.id)
    )
    return {link.user_id: link for link in found}


def list_roles(user_id: int, *, today: date) -> Sequence[RoleGrant]:
    """The school-wide roles a user holds or will hold."""
    return db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.user_id == user_id, or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today))
        .order_by(RoleGrant.role)
    ).all()


def get_role_grant(grant_id: int) -> RoleGrant | None:
    """One holding of a role, with its account."""
    return db.session.get(RoleGrant, grant_id)


def list_users(text: str, *, after: int | None = None, limit: int = PEOPLE_PER_PAGE) -> Sequence[User]:
    """Accounts whose name, user name or e-mail contains the text, by name; `after` is the last one already shown."""
    statement = select(User).order_by(User.first_name, User.last_name, User.id).limit(limit)
    whole = func.lower(
        User.first_name + " " + User.last_name + " " + User.alias + " " + User.user_name + " "
        + func.coalesce(User.email, "")
    )  # fmt: skip
    for word in text.lower().split():
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        statement = statement.where(
            or_(  # SQLite makes only a to z small, so a word may also begin with its capital: "Åse", "Ørsted"
                whole.like(f"%{pattern}%", escape="\\"), whole.like(f"%{pattern.capitalize()}%", escape="\\")
            )
        )
    last = get_user(after) if after else None
    if last is not None:
        name = tuple_(User.first_name, User.last_name, User.id)
        statement = statement.where(name > tuple_(last.first_name, last.last_name, last.id))
    return db.session.scalars(statement).all()


def list_helper_ties(user_id: int, *, today: date) -> dict[int, int]:
    """The children somebody helps with today, each with the tie that makes them a helper."""
    rows = db.session.execute(
        select(Guardianship.pupil_id, Guardianship.id).where(
            Guardianship.guardian_id == user_id,
            Guardianship.kind == GuardianshipKind.HELPER,
            Guardianship.starts_on <= today,
            or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= today),
        )
    )
    return {pupil_id: tie_id for pupil_id, tie_id in rows}


def list_user_names() -> set[str]:
    """Every user name there is, closed accounts included: a name is never given twice."""
    return set(db.session.scalars(select(User.user_name)))
