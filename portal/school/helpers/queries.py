"""Who helps with a child: whom one has invited oneself, that somebody else has, and what the office sees of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal.accounts.models import Role, RoleGrant, User
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.school.models import ChildHelpers, Guardianship, GuardianshipKind, TeamMember
from portal.school.queries import get_pupil
from portal.school.ties import Day, holds, lasts
from portal.text import clock


def get_guardianship(guardianship_id: int) -> Guardianship | None:
    """A tie between an adult and a child that has not ended, with both of them."""
    return db.session.scalar(
        select(Guardianship)
        .options(joinedload(Guardianship.pupil), joinedload(Guardianship.guardian))
        .where(Guardianship.id == guardianship_id, lasts(Guardianship, clock.today()))
    )


def get_child_helpers(pupil_id: int) -> ChildHelpers | None:
    """A child with everybody who helps today, and whoever invited them."""
    pupil = get_pupil(pupil_id)
    return ChildHelpers(pupil, tuple(_helpers(pupil_id, clock.today()))) if pupil is not None else None


def _helpers(pupil_id: int, today: date) -> Sequence[Guardianship]:
    found: Sequence[Guardianship] = _helping.entities(pupil_id=pupil_id, today=today)
    return sorted(found, key=lambda tie: (tie.guardian.sort_name, tie.id))


@prepared
def _helping() -> AnySelect:
    return (
        select(Guardianship)
        .options(joinedload(Guardianship.guardian), joinedload(Guardianship.invited_by))
        .where(
            Guardianship.pupil_id == param("pupil_id", int),
            Guardianship.kind == GuardianshipKind.HELPER,
            holds(Guardianship, param("today", date)),
        )
    )


def list_own_helpers(inviter_id: int, pupil_id: int, *, today: date) -> list[User]:
    """Whom a custody holder has invited for another child and could let help with this one too, by name.

    Looked for among their own invitations alone, so nobody learns whom others know.
    """
    found: Sequence[User] = _own_helpers.entities(inviter_id=inviter_id, pupil_id=pupil_id, today=today)
    return sorted(found, key=lambda user: (user.sort_name, user.id))


@prepared
def _own_helpers() -> AnySelect:
    invited, here, today = aliased(Guardianship), aliased(Guardianship), param("today", date)
    return select(User).where(
        User.deactivated_at.is_(None),
        exists().where(
            invited.guardian_id == User.id,
            invited.invited_by_id == param("inviter_id", int),
            invited.kind == GuardianshipKind.HELPER,
            holds(invited, today),
        ),
        ~exists().where(here.guardian_id == User.id, here.pupil_id == param("pupil_id", int), holds(here, today)),
    )


def is_helped_by_others(pupil_id: int, inviter_id: int, *, today: date) -> bool:
    """Whether somebody else with custody has let a helper in. That there is one is all that is told of it."""
    return _other_help.row(pupil_id=pupil_id, inviter_id=inviter_id, today=today) is not None


@prepared
def _other_help() -> AnySelect:
    return select(Guardianship.id).where(
        Guardianship.pupil_id == param("pupil_id", int),
        Guardianship.kind == GuardianshipKind.HELPER,
        Guardianship.invited_by_id != param("inviter_id", int),
        holds(Guardianship, param("today", date)),
    )


def last_report(pupil_id: int, *, by: int | None = None) -> tuple[datetime, User] | None:
    """When the office was last asked about a child's helpers, and by whom."""
    by_whom = {} if by is None else {"by": by}
    found = _last_report.of(by is None).pairs(pupil_id=pupil_id, **by_whom)
    return (found[0][0], found[0][1]) if found else None


@prepared
def _last_report(is_by_anybody: bool) -> AnySelect:
    asked = (
        select(Act.at, User)
        .join(User, User.id == Act.actor_id)
        .where(Act.kind == ActKind.HELPER_REPORTED, Act.subject_id == param("pupil_id", int))
        .order_by(Act.id.desc())
        .limit(1)
    )
    return asked if is_by_anybody else asked.where(Act.actor_id == param("by", int))


def list_office_ids(subject: object, today: date) -> set[int]:
    """Who works in the school's office today."""
    office = select(RoleGrant.user_id).where(RoleGrant.role == Role.OFFICE, holds(RoleGrant, today))
    return set(db.session.scalars(office))


def count_helpers(pupil_id: int, invited_by_id: int, *, today: date) -> int:
    """How many helpers one custody holder has for a child; the other home's are not counted, nor known."""
    return (
        db.session.scalar(
            select(func.count()).where(
                Guardianship.pupil_id == pupil_id,
                Guardianship.kind == GuardianshipKind.HELPER,
                Guardianship.invited_by_id == invited_by_id,
                holds(Guardianship, today),
            )
        )
        or 0
    )


def is_helper_alone(today: Day) -> ColumnElement[bool]:
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
    tie: Guardianship | None = _invited.entity(guardianship_id=guardianship_id, today=clock.today())
    return tie


@prepared
def _invited() -> AnySelect:
    today = param("today", date)
    return (
        select(Guardianship)
        .join(Guardianship.guardian)
        .options(joinedload(Guardianship.pupil), contains_eager(Guardianship.guardian))
        .where(
            Guardianship.id == param("guardianship_id", int),
            Guardianship.kind == GuardianshipKind.HELPER,
            lasts(Guardianship, today),
            User.password_hash.is_(None),
            is_helper_alone(today),
        )
    )
