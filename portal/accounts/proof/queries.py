"""Finding out whether an address is proved."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from portal.accounts.models import User
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.school.models import Guardianship, GuardianshipKind

#: One mail in this time: whoever it reaches by mistake is not to be bothered by every press of a button.
ONE_IN = timedelta(days=1)


def was_typed_by_inviter() -> ColumnElement[bool]:
    """Whether a `User` is not from the register and was made to help with a child: the address might be anybody's."""
    is_helper = exists().where(Guardianship.guardian_id == User.id, Guardianship.kind == GuardianshipKind.HELPER)
    return and_(User.external_id.is_(None), is_helper)


def is_proved() -> ColumnElement[bool]:
    """Whether a `User`'s address of today is theirs: from the register or the office, or its mailbox has answered."""
    return or_(func.coalesce(User.proved_email, "") == User.email, ~was_typed_by_inviter())


def is_to_prove(user_id: int) -> bool:
    """Whether somebody has an address that is not proved yet, an open account and a password of their own."""
    waits = exists().where(
        User.id == user_id,
        User.deactivated_at.is_(None),
        User.password_hash.is_not(None),
        User.email.is_not(None),
        ~is_proved(),
    )
    return bool(db.session.scalar(select(waits)))


def is_just_asked(user_id: int, *, now: datetime) -> bool:
    """Whether a mail has been sent a moment ago, or is about to be."""
    asked = exists().where(Act.kind == ActKind.ADDRESS_TO_PROVE, Act.subject_id == user_id, Act.at > now - ONE_IN)
    return bool(db.session.scalar(select(asked)))
