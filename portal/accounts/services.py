"""What happens to accounts: signing in and out, links, passwords, roles. Hashing is done before these are called."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from portal.accounts import queries
from portal.accounts.models import Role, RoleGrant, User
from portal.accounts.protection import Protection, shown_names
from portal.accounts.sign_in.queries import get_holder
from portal.accounts.sign_in.services import end_secrets, end_sessions
from portal.accounts.user_names import USER_NAMES_ONCE, free_user_name, telling_nothing
from portal.acts import services as acts
from portal.acts.models import Act, ActKind
from portal.acts.services import Subject
from portal.database import db
from portal.database.transactions import is_referred_to, lock_row, wait_for_turn_at
from portal.errors import N_, RuleViolation
from portal.people import Actor, Person
from portal.text import clock

#: The leadership hears whenever one of these changes hands: they open every other door.
ROLES_OF_POWER = frozenset({Role.OFFICE, Role.LEADERSHIP})
#: The rule that whoever takes the office's role from somebody keeps (`wait_for_turn_at`).
OFFICE_IS_HELD = "somebody is the office"


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
    by_guardian: bool = False,
    may_share: bool = True,
) -> User:
    """A new account without a password, for somebody the school's files have no account for.

    The user name of a person with a protected name is made from the alias. One that a guardian gets to read says
    nothing about who else is here: a number that counts on would tell that somebody has the same name. Unless the
    account `may_share` an address, raises RuleViolation where somebody has it: neither would sign in by it any more.
    """
    user = User(
        first_name=first_name,
        last_name=last_name,
        alias=alias,
        protection=protection,
        email=email or None,
        created_at=now,
    )
    wait_for_turn_at(USER_NAMES_ONCE)
    if email and not may_share and (holder := get_holder(email)):
        raise RuleViolation(
            N_(
                "%(name)s has that e-mail address already. If two share it, neither signs in by it any more: both use "
                "their user names. Tick below if that is meant."
            ),
            name=holder.name,
        )
    named = telling_nothing if by_guardian else free_user_name
    user.user_name = named(*shown_names(user), taken=queries.list_user_names())
    db.session.add(user)
    acts.note(actor, ActKind.ACCOUNT_OPENED, user, now=now, about=user)
    return user


def close_account(user: User, *, actor: Person, now: datetime) -> None:
    """Close an account: its sessions, links and known devices end at once.

    The leadership is told when it held the office's or the leadership's rights. Raises RuleViolation for one's own, for
    the last office's, and for one that is closed.
    """
    if user.id == actor.id:
        raise RuleViolation(N_("You cannot close your own account. Ask a colleague in the office."))
    today = clock.day_of(now)
    _check_office_without([user.id], today=today)
    lock_row(user)
    if not user.is_active:
        raise RuleViolation(N_("Somebody has closed the account already."))
    user.deactivated_at = now
    end_sessions(user.id, now=now)
    end_secrets([user.id], now=now)
    acts.note(actor, ActKind.ACCOUNT_CLOSED, user, now=now, about=user)
    for role in {grant.role for grant in queries.list_roles(user.id, today=today)} & ROLES_OF_POWER:
        acts.record(actor, ActKind.POWER_CHANGED, user, now=now, about=user, detail=role)


def reopen_account(user: User, *, actor: Person, now: datetime) -> None:
    """Open a closed account again; its old password still holds, and whoever it belongs to is told.

    Raises RuleViolation for one that is open.
    """
    lock_row(user)
    if user.is_active:
        raise RuleViolation(N_("Somebody has opened the account already."))
    user.deactivated_at = None
    acts.record(actor, ActKind.ACCOUNT_REOPENED, user, now=now, about=user)


def grant_role(user: User, role: Role, *, actor: Actor, now: datetime) -> None:
    """Give a school-wide role from today; what the account was trusted with before ends, since it is worth more now.

    The person is told, and of the office's and the leadership's roles the leadership too. Raises RuleViolation for a
    pupil, or when the person has it already.
    """
    today = clock.day_of(now)
    lock_row(user)
    if queries.is_pupil(user.id):
        raise RuleViolation(N_("A pupil cannot have a role of the school."))
    if any(grant.role == role and grant.ends_on is None for grant in queries.list_roles(user.id, today=today)):
        raise RuleViolation(N_("%(name)s has that role already."), name=user.name)
    db.session.add(RoleGrant(user_id=user.id, role=role, starts_on=today))
    end_secrets([user.id], now=now, but=actor.session_id if actor else 0)
    acts.record_all(role_acts(ActKind.ROLE_GRANTED, role, user, actor=actor, now=now))


def end_role(grant: RoleGrant, *, actor: Person, now: datetime) -> None:
    """End a role with yesterday, so that the right is gone at the next request, and earlier letters with it.

    Raises RuleViolation when it would leave the school without an office, and when somebody has ended it already.
    """
    today, user = clock.day_of(now), grant.user
    if grant.role == Role.OFFICE:
        _check_office_without([user.id], today=today)
    end_at_once(grant, today=today)
    end_secrets([user.id], now=now, but=actor.session_id)
    acts.record_all(role_acts(ActKind.ROLE_ENDED, grant.role, user, actor=actor, now=now))


def end_at_once(row: Any, *, today: date) -> None:
    """End a place with yesterday, so that its rights are gone at the next request; one that began today never was.

    Unless something was written of it meanwhile, such as that its child was at a meeting: then it is kept for that, as
    one of yesterday. Raises RuleViolation when somebody has ended it already.
    """
    if not lock_row(row) or (row.ends_on is not None and row.ends_on < today):
        raise RuleViolation(N_("Somebody has ended that already."))
    yesterday = today - timedelta(days=1)
    if row.starts_on < today or is_referred_to(row):
        row.starts_on, row.ends_on = min(row.starts_on, yesterday), yesterday
    else:
        db.session.delete(row)


def role_acts(kind: ActKind, role: Role, user: Subject, *, actor: Actor, now: datetime) -> list[Act]:
    """What is recorded when somebody gets or loses a school-wide role: for them and perhaps for the leadership."""
    kinds = [kind, *([ActKind.POWER_CHANGED] if role in ROLES_OF_POWER else [])]
    return [acts.made(actor, each, user, now, user, role) for each in kinds]


def _check_office_without(leaving: Collection[int], *, today: date) -> None:
    """Refuse to leave the school without an office. One comes after the other, so two cannot end each other's at once.

    Locking the roles and accounts themselves would not do: whoever waits for a role that is gone by then keeps the lock
    of its account, and the next one, whose act names that account, and they wait for each other.
    """
    wait_for_turn_at(OFFICE_IS_HELD)
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
        .execution_options(populate_existing=True)
    ).all()
    remaining = {grant.user_id for grant in holders if grant.user.is_active} - set(leaving)
    if holders and not remaining:
        raise RuleViolation(N_("Somebody has to have the role of the office. Give it to another person first."))
