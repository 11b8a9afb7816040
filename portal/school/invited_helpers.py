"""Helpers whose account is nothing else at the school yet, so that whoever invited them may print the invitation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.models import RoleGrant, User
from portal.database import db
from portal.school.models import Guardianship, GuardianshipKind, TeamMember
from portal.school.queries import lasts
from portal.text import clock


def is_helper_alone(today: date) -> ColumnElement[bool]:
    """Whether the account of a `Guardianship` is nothing at the school but a helper of whoever brought it in.

    Only then may that person print its invitation: a right over a tie is none over an account that holds more.
    """
    tie = aliased(Guardianship)
    other_tie = exists().where(
        tie.guardian_id == Guardianship.guardian_id,
        lasts(tie, today),
        or_(
            tie.kind != GuardianshipKind.HELPER,
            func.coalesce(tie.invited_by_id, 0) != func.coalesce(Guardianship.invited_by_id, 0),
        ),
    )
    works = (
        exists().where(owner == Guardianship.guardian_id, lasts(row, today))
        for row, owner in ((TeamMember, TeamMember.user_id), (RoleGrant, RoleGrant.user_id))
    )
    return ~or_(other_tie, *works)


def get_invited_helper(guardianship_id: int) -> Guardianship | None:
    """A helper's tie whose account has no password yet and is nothing else at the school (`is_helper_alone`)."""
    return db.session.scalar(
        select(Guardianship)
        .join(Guardianship.guardian)
        .options(joinedload(Guardianship.pupil), contains_eager(Guardianship.guardian))
        .where(
            Guardianship.id == guardianship_id,
            Guardianship.kind == GuardianshipKind.HELPER,
            lasts(Guardianship, clock.today()),
            User.password_hash.is_(None),
            is_helper_alone(clock.today()),
        )
    )
