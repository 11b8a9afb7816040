"""Finding what signs somebody in: credentials and links."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, literal, select, union_all
from sqlalchemy.orm import contains_eager

from portal.accounts.models import RoleGrant, SignInLink, User
from portal.accounts.proof.queries import was_typed_by_inviter
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.people import load_people
from portal.school.models import Guardianship, Pupil
from portal.text import clock
from portal.text.addresses import read_address


@dataclass(frozen=True, slots=True)
class Credentials:
    """What is needed to check a sign-in."""

    user_id: int
    password_hash: str | None
    secrets_version: int
    is_pupil: bool


def find_credentials(login: str) -> Credentials | None:
    """The open account of a user name, or of an e-mail address that is one person's alone.

    An address that a guardian typed when inviting a helper identifies nobody: it might be anybody's. A pupil's account
    is open only while the pupil sits in a council. Two indexed reads joined, since an OR would read every account.
    """
    name = login.strip().lower()
    by_name = select(User.id, literal(1).label("is_name")).where(User.user_name == name)
    by_email = select(User.id, literal(0).label("is_name")).where(
        User.email == (read_address(name) or name), User.user_name != name, ~was_typed_by_inviter()
    )
    login_of = union_all(by_name, by_email).subquery()
    found = db.session.execute(
        select(
            User.id,
            User.password_hash,
            User.secrets_version,
            exists().where(Pupil.user_id == User.id),
            login_of.c.is_name,
        )
        .join(login_of, login_of.c.id == User.id)
        .where(User.deactivated_at.is_(None))
        .order_by(login_of.c.is_name.desc())
        .limit(2)
    ).all()
    if not found or (len(found) > 1 and not found[0].is_name):
        return None  # nobody, or an e-mail address shared by two: it signs neither in
    credentials = Credentials(*found[0][:4])
    if credentials.is_pupil and not load_people([credentials.user_id], today=clock.today()):
        return None
    return credentials


def get_link(link_id: int) -> SignInLink | None:
    """A link, used up or not."""
    return by_id(SignInLink, link_id)


def get_open_link(link_id: int, *, now: datetime) -> SignInLink | None:
    """The link, if it is unused, not expired, its account is open, and nothing that it was made for has ended since."""
    return next(iter(_still_open(_open_links.of("id").pairs(**_at(now), id=link_id), now)), None)


def get_link_to_print(user_id: int) -> SignInLink | None:
    """The link that an account's letter shows, or None when there is none that opens it."""
    return list_open_links([user_id], now=clock.now()).get(user_id)


def list_open_links(user_ids: Collection[int], *, now: datetime) -> dict[int, SignInLink]:
    """The newest usable link of each of these accounts, closed ones left out, with the account."""
    found = _open_links.of("user_ids").pairs(**_at(now), user_ids=list(user_ids))
    return {link.user_id: link for link in _still_open(found, now)}


def _at(now: datetime) -> dict[str, Any]:
    return {"now": now, "today": clock.day_of(now)}


@prepared
def _open_links(which: str) -> AnySelect:
    """Links of open accounts, the newest last, each with the days when its account last lost a child and a role."""
    is_meant = {
        "id": SignInLink.id == param("id", int),
        "user_ids": SignInLink.user_id.in_(params("user_ids", int)),
    }[which]
    lost = (
        select(func.max(row.ends_on)).where(owner == SignInLink.user_id, row.ends_on < param("today", date))
        for row, owner in ((Guardianship, Guardianship.guardian_id), (RoleGrant, RoleGrant.user_id))
    )
    is_usable = (SignInLink.used_at.is_(None), SignInLink.expires_at > param("now", datetime))
    return (
        select(SignInLink, *(last.scalar_subquery() for last in lost))
        .join(SignInLink.user)
        .options(contains_eager(SignInLink.user))
        .where(is_meant, *is_usable, User.deactivated_at.is_(None))
        .order_by(SignInLink.id)
    )


def _still_open(found: Iterable[Any], now: datetime) -> list[SignInLink]:
    """Without the links of people who have lost a child or a role since they were made.

    What ends by a press or an import ends the links with it; this asks for what ends by its date.
    """
    return [link for link, *days in found if all(day is None or day < clock.day_of(link.created_at) for day in days)]


def get_holder(email: str) -> User | None:
    """The first open account that has an e-mail address to sign in by; nobody for one that an inviter typed."""
    holders = select(User).where(User.email == email, User.deactivated_at.is_(None), ~was_typed_by_inviter())
    return db.session.scalars(holders.order_by(User.id)).first()
