"""Accounts, their sessions, the links that open them, and the roles that hold for the whole school."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, event, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.protection import Name, Protection, search_name, shown_name, sort_name
from portal.database import Model
from portal.database.types import IN_ORDER_OF_SIGNS, LowerCase, by_value


class Role(StrEnum):
    """A right that holds for the whole school, never for a list of persons."""

    OFFICE = "office"
    LEADERSHIP = "leadership"
    AKT = "akt"
    BOARD_SECRETARY = "board_secretary"


class LinkPurpose(StrEnum):
    """What a sign-in link is for."""

    INVITATION = "invitation"
    RESET = "reset"


def _name_in(context: DefaultExecutionContext) -> Name:
    """The name in a row that is being written."""
    row: Any = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return Name(row["first_name"], row["last_name"], row["alias"], row["protection"])


class User(Model):
    """A person who can sign in: guardian, staff, or a pupil with a seat in the council (bruger).

    `external_id` is the key of the school's own register: people are matched by it alone, never by name or e-mail
    (domain 3.1). Without a password the account exists but cannot be used until an invitation is accepted.
    `sort_name` and `search_name` are made of the name whenever the row is written; only who changes many rows in one
    statement says them too.
    What an account was trusted with before `secrets_version` grew, such as a known device, holds no more.
    `home_id` is the register's number of the home somebody lives in, which says who shares one and not where it is.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(unique=True)
    user_name: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    alias: Mapped[str] = mapped_column(default="")
    protection: Mapped[Protection] = mapped_column(by_value(Protection), default=Protection.NONE)
    sort_name: Mapped[str] = mapped_column(
        IN_ORDER_OF_SIGNS, default=lambda context: sort_name(_name_in(context)), server_default=""
    )
    search_name: Mapped[str] = mapped_column(default=lambda context: search_name(_name_in(context)), server_default="")
    email: Mapped[str | None] = mapped_column(LowerCase, index=True)
    proved_email: Mapped[str | None] = mapped_column(LowerCase)
    language: Mapped[str | None]
    home_id: Mapped[int | None] = mapped_column(index=True)
    password_hash: Mapped[str | None]
    secrets_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("protection <> 'name' OR alias <> ''", name="alias_when_name_is_protected"),
        CheckConstraint("user_name = lower(user_name)", name="user_name_in_lower_case"),
        Index("ix_user_sort_name_id", "sort_name", "id"),
        Index(
            "ix_user_no_password",
            "id",
            sqlite_where=text("password_hash IS NULL AND deactivated_at IS NULL"),
            postgresql_where=text("password_hash IS NULL AND deactivated_at IS NULL"),
        ),
    )

    @property
    def name(self) -> str:
        """The name others see: the alias where the real one is protected."""
        return shown_name(self)

    @property
    def is_active(self) -> bool:
        """Whether the account may be used at all."""
        return self.deactivated_at is None


@event.listens_for(User, "before_update")
def _keep_in_order(mapper: Any, connection: Any, user: User) -> None:
    user.sort_name, user.search_name = sort_name(user), search_name(user)


class MailFault(Model):
    """An address that the last mail to somebody did not reach: until one arrives, or the address is another.

    Only what the mail server says at once is known here; a mailbox that sends it back later tells the sender.
    """

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    email: Mapped[str]
    why: Mapped[str]
    failed_at: Mapped[datetime]


class UserSession(Model):
    """One signed-in browser. Ending the row signs that browser out at its next request (domain 3.1).

    Only the SHA-256 of the cookie's token is kept, so a stolen copy of the database opens no session.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    device: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SignInThrottle(Model):
    """Tries of one account, or of one device of it, or wrong passwords from one address; unknown names count as well.

    `subject` is a digest, so the table is no list of who has tried. `counted_from` is an account's last try, and the
    start of an address's hour.
    """

    subject: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    counted_from: Mapped[datetime]
    blocked_until: Mapped[datetime | None]


class SignInLink(Model):
    """An invitation or reset link: single use and expiring. The link's secret is derived from `nonce`, not stored."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(by_value(LinkPurpose))
    nonce: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class RoleGrant(Model):
    """A school-wide role somebody holds from one day to another."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role] = mapped_column(by_value(Role))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_role_grant_open",
            "user_id",
            "role",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
        Index("ix_role_grant_user_id", "user_id"),
    )


class IdempotencyKey(Model):
    """A form that was sent once: its one-time key and where it led, so that a double click is one act.

    The person is part of the key, so nobody learns another's location by guessing. `content` is a digest of what was
    sent, made with the key as only the page knows it; "" for what was sent before that was kept.
    """

    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    location: Mapped[str]
    content: Mapped[str] = mapped_column(default="", server_default="")
    at: Mapped[datetime] = mapped_column(index=True)
