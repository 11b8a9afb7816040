"""What the front page, a class's page and a child's page gather from the features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Date, Integer, Row, Select, bindparam, func, literal, select

from portal.accounts.models import Protection, User
from portal.database import db, fetch
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

_CLASS_ID: BindParameter[int] = bindparam("class_id", type_=Integer())
_TODAY: Any = bindparam("today", type_=Date())


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody of a class as everybody in it may see them: a name and what they are."""

    name: str
    function: str


def list_team(class_id: int, *, today: date) -> list[Adult]:
    """The class team of today, its class teacher first."""
    return _adults(_team(), class_id, today)


@cache
def _team() -> Select[*tuple[Any, ...]]:
    return (
        select(TeamMember.function, User.first_name, User.last_name, User.alias, User.protection)
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.class_id == _CLASS_ID, holds(TeamMember, _TODAY))
    )


def list_representatives(class_id: int, *, today: date) -> list[Adult]:
    """The parents' representatives of today."""
    return _adults(_representatives(), class_id, today)


@cache
def _representatives() -> Select[*tuple[Any, ...]]:
    return (
        select(literal("").label("function"), User.first_name, User.last_name, User.alias, User.protection)
        .select_from(Representative)
        .join(User, User.id == Representative.user_id)
        .where(Representative.class_id == _CLASS_ID, holds(Representative, _TODAY))
    )


def _adults(statement: Select[*tuple[Any, ...]], class_id: int, today: date) -> list[Adult]:
    named = [
        Adult(row.alias if row.protection == Protection.NAME else f"{row.first_name} {row.last_name}", row.function)
        for row in fetch(statement, {"class_id": class_id, "today": today})
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
    return int(fetch(_pupil_count(), {"class_id": class_id, "today": today})[0][0])


@cache
def _pupil_count() -> Select[int]:
    return select(func.count()).where(Enrolment.class_id == _CLASS_ID, holds(Enrolment, _TODAY))
