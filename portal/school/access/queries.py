"""Who has access to the children of a class as the register knows it, and to whom it is closed, until when and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select

from portal.accounts.models import User
from portal.database import db
from portal.people import ClassRef, load_people
from portal.school.access.models import AccessClosure, ChildAccess
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.school.ties import holds, is_closed, lasts
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class Decision:
    """One time the access was closed, or made to last longer: by whom, when, until when, and why."""

    on: date
    by: str
    ends_on: date
    reason: str
    is_lifted: bool


def get_child_access(pupil_id: int, guardian_id: int) -> ChildAccess | None:
    """A guardian of a child whose tie nobody has ended, closed or not."""
    found = _accesses(_ties(clock.today()).where(Pupil.id == pupil_id))
    return next((access for access in found if access.guardian.id == guardian_id), None)


def list_class_accesses(class_id: int, *, today: date) -> list[ChildAccess]:
    """The guardians of every child in a class, by the names others see: one statement."""
    in_class = select(Enrolment.pupil_id).where(Enrolment.class_id == class_id, holds(Enrolment, today))
    found = _accesses(_ties(today).where(Pupil.id.in_(in_class)))
    return sorted(found, key=lambda one: (sort_key(one.pupil.name), one.pupil.id, sort_key(one.guardian.name)))


def _ties(today: date) -> Select[*tuple[Any, ...]]:
    """Everybody who is tied to a child by the register, helpers too, and until when their access is closed."""
    until = (
        select(func.max(AccessClosure.ends_on))
        .where(
            AccessClosure.guardian_id == Guardianship.guardian_id,
            AccessClosure.pupil_id == Guardianship.pupil_id,
            is_closed(AccessClosure, today),
        )
        .correlate(Guardianship)
        .scalar_subquery()
    )
    return (
        select(Pupil, User, Guardianship.kind, until.label("closed_until"))
        .join(Guardianship, Guardianship.pupil_id == Pupil.id)
        .join(User, User.id == Guardianship.guardian_id)
        .where(lasts(Guardianship, today))
        .order_by(Guardianship.id)
    )


def _accesses(statement: Select[*tuple[Any, ...]]) -> list[ChildAccess]:
    rows: Sequence[Row[*tuple[Any, ...]]] = db.session.execute(statement).all()
    adults: dict[int, set[int]] = {}
    for row in rows:
        adults.setdefault(row.Pupil.id, set()).add(row.User.id)
    return [
        ChildAccess(row.Pupil, row.User, row.kind, frozenset(adults[row.Pupil.id]), row.closed_until)
        for row in rows
        if row.kind != GuardianshipKind.HELPER
    ]


def closed_until(guardian_id: int, pupil_id: int, *, today: date) -> date | None:
    """The last day of the longest closure in force, or None."""
    return db.session.scalar(
        select(func.max(AccessClosure.ends_on)).where(
            AccessClosure.guardian_id == guardian_id,
            AccessClosure.pupil_id == pupil_id,
            is_closed(AccessClosure, today),
        )
    )


def list_in_force(guardian_id: int, pupil_id: int, *, today: date) -> Sequence[AccessClosure]:
    """Every closure in force between the two."""
    return db.session.scalars(
        select(AccessClosure).where(
            AccessClosure.guardian_id == guardian_id,
            AccessClosure.pupil_id == pupil_id,
            is_closed(AccessClosure, today),
        )
    ).all()


def list_decisions(guardian_id: int, pupil_id: int) -> list[Decision]:
    """Everything that was decided about a guardian and a child, the newest first."""
    rows = db.session.execute(
        select(AccessClosure, User)
        .join(User, User.id == AccessClosure.closed_by_id)
        .where(AccessClosure.guardian_id == guardian_id, AccessClosure.pupil_id == pupil_id)
        .order_by(AccessClosure.id.desc())
    )
    return [
        Decision(clock.day_of(row.closed_at), user.name, row.ends_on, row.reason, row.lifted_at is not None)
        for row, user in rows
    ]


def list_other_children(guardian_id: int, pupil_id: int, *, today: date) -> list[tuple[int, str, ClassRef | None]]:
    """A guardian's other children to whom the access is open: id, the name others see, the class of today."""
    people = load_people([guardian_id], today=today)
    return [
        (child.pupil_id, child.name, child.school_class)
        for person in people
        for child in person.children
        if child.pupil_id != pupil_id and child.kind != GuardianshipKind.HELPER
    ]


def list_helper_ids(inviter_id: int, pupil_id: int, *, today: date) -> set[int]:
    """Whom a guardian has let help with a child: their right goes with the inviter's."""
    return set(
        db.session.scalars(
            select(Guardianship.guardian_id).where(
                Guardianship.invited_by_id == inviter_id,
                Guardianship.pupil_id == pupil_id,
                Guardianship.kind == GuardianshipKind.HELPER,
                lasts(Guardianship, today),
            )
        )
    )
