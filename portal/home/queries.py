"""What the front page, a class's page and a child's page gather from the features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, String, func, literal, select, type_coerce, union_all

from portal.accounts.models import Protection, User
from portal.database import db
from portal.people import ClassRef
from portal.school.models import (
    ClassYear,
    Enrolment,
    Guardianship,
    GuardianshipKind,
    Representative,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.queries import holds
from portal.text import clock


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody of a class as everybody in it may see them: a name and what they are."""

    name: str
    function: str


def list_adults(class_id: int, *, today: date) -> tuple[list[Adult], list[Adult]]:
    """A class's team of today, its class teacher first, and the parents' representatives: one statement for both."""
    team = (
        select(literal(1).label("is_team"), type_coerce(TeamMember.function, String).label("function"), *_NAMED)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.class_id == class_id, holds(TeamMember, today))
    )
    representatives = (
        select(literal(0), literal(""), *_NAMED)
        .select_from(Representative)
        .join(User, User.id == Representative.user_id)
        .where(Representative.class_id == class_id, holds(Representative, today))
    )
    rows = db.session.execute(union_all(team, representatives)).all()
    return _adults([row for row in rows if row.is_team]), _adults([row for row in rows if not row.is_team])


_NAMED = (User.first_name, User.last_name, User.alias, User.protection)


def _adults(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Adult]:
    named = [
        Adult(row.alias if row.protection == Protection.NAME else f"{row.first_name} {row.last_name}", row.function)
        for row in rows
    ]
    return sorted(named, key=lambda adult: (adult.function != TeamFunction.CLASS_TEACHER, adult.name))


def list_helpers(pupil_id: int, invited_by_id: int, *, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The helpers this custody holder has invited for the child; nobody else's."""
    return db.session.execute(
        select(
            Guardianship.id, User.id.label("user_id"), User.first_name, User.last_name, User.password_hash.is_not(None)
        )
        .join(User, User.id == Guardianship.guardian_id)
        .where(
            Guardianship.pupil_id == pupil_id,
            Guardianship.kind == GuardianshipKind.HELPER,
            Guardianship.invited_by_id == invited_by_id,
            holds(Guardianship, today),
        )
        .order_by(User.first_name, Guardianship.id)
    ).all()


def list_class_refs(*, today: date) -> list[ClassRef]:
    """Every class of this school year, by grade and label."""
    rows = db.session.execute(
        select(SchoolClass.id, ClassYear.label, SchoolClass.hue)
        .join(ClassYear, ClassYear.class_id == SchoolClass.id)
        .where(ClassYear.school_year == clock.school_year(today))
        .order_by(ClassYear.lowest_grade, ClassYear.label)
    )
    return [ClassRef(*row) for row in rows]


def count_pupils(class_id: int, *, today: date) -> int:
    """How many children are in a class today."""
    return db.session.scalar(
        select(func.count()).where(Enrolment.class_id == class_id, holds(Enrolment, today))
    ) or 0  # fmt: skip
