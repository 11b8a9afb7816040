"""What the front page, a class's page and a child's page gather from the features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    Integer,
    Row,
    Select,
    String,
    and_,
    exists,
    func,
    literal_column,
    select,
    type_coerce,
    union_all,
)

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database.prepared import AnySelect, param, prepared
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.school.helpers.queries import is_helper_alone
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
from portal.school.names import is_at_school, is_name_of, label_in, lowest_grade_in
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class Adult:
    """Somebody of a class as everybody in it may see them: a name and what they are."""

    name: str
    function: str


@dataclass(frozen=True, slots=True)
class ClassPeople:
    """Who belongs to a class today: the team, its class teacher first, the representatives, how many children."""

    team: list[Adult]
    representatives: list[Adult]
    pupil_count: int


def get_class_people(class_id: int, *, today: date) -> ClassPeople:
    """A class's adults and the number of its children: one statement for all of them."""
    rows = _people_of_class.rows(class_id=class_id, today=today)
    team, representatives = ([row for row in rows if row.what == what] for what in ("team", "representative"))
    return ClassPeople(_adults(team), _adults(representatives), sum(row.pupil_count for row in rows))


_CLASS_ID = param("class_id", int)
_TODAY = param("today", date)


@prepared
def _people_of_class() -> AnySelect:
    none, nothing = literal_column("0", Integer()), literal_column("''", String())
    team: Select[*tuple[Any, ...]] = (
        select(
            literal_column("'team'", String()).label("what"),
            type_coerce(TeamMember.function, String).label("function"),
            shown_name_of(User).label("name"),
            none.label("pupil_count"),
        )
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.class_id == _CLASS_ID, holds(TeamMember, _TODAY), User.deactivated_at.is_(None))
    )
    representatives: Select[*tuple[Any, ...]] = (
        select(literal_column("'representative'", String()), nothing, shown_name_of(User), none)
        .select_from(Representative)
        .join(User, User.id == Representative.user_id)
        .where(
            Representative.class_id == _CLASS_ID,
            holds(Representative, _TODAY),
            User.deactivated_at.is_(None),
            exists().where(  # and not one whose child has left, or whose access is closed for a time
                Enrolment.class_id == _CLASS_ID,
                holds(Enrolment, _TODAY),
                Guardianship.pupil_id == Enrolment.pupil_id,
                Guardianship.guardian_id == Representative.user_id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Guardianship, _TODAY),
            ),
        )
    )
    pupils: Select[*tuple[Any, ...]] = select(
        literal_column("'pupils'", String()), nothing, nothing, func.count(Enrolment.id)
    ).where(Enrolment.class_id == _CLASS_ID, holds(Enrolment, _TODAY))
    return union_all(team, representatives, pupils)


def _adults(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[Adult]:
    named = [Adult(row.name, row.function) for row in rows]
    return sorted(named, key=lambda adult: (adult.function != TeamFunction.CLASS_TEACHER, sort_key(adult.name)))


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody a custody holder has invited for a child, by the tie's id; `is_invited` until they have a password."""

    id: int
    name: str
    is_invited: bool


def list_helpers(pupil_id: int, invited_by_id: int, *, today: date) -> list[Helper]:
    """The helpers this custody holder has invited for the child, by name; nobody else's."""
    rows = _helpers.rows(pupil_id=pupil_id, inviter_id=invited_by_id, today=today)
    return [Helper(row.id, row.name, bool(row.is_invited)) for row in rows]


@prepared
def _helpers() -> AnySelect:
    is_invited = and_(User.password_hash.is_(None), is_helper_alone(_TODAY))
    return (
        select(Guardianship.id, shown_name_of(User).label("name"), is_invited.label("is_invited"))
        .join(User, User.id == Guardianship.guardian_id)
        .where(
            Guardianship.pupil_id == param("pupil_id", int),
            Guardianship.kind == GuardianshipKind.HELPER,
            Guardianship.invited_by_id == param("inviter_id", int),
            holds(Guardianship, _TODAY),
        )
        .order_by(User.sort_name, Guardianship.id)
    )


def classes_visible_to(person: Person, *, today: date) -> list[ClassRef]:
    """The classes whose pages the person may open: all, or their own; `Action.CLASS_VIEW` as a list."""
    if not can(person, Action.SCHOOL_OVERVIEW):
        return list(person.classes.values())
    rows = _every_class.rows(school_year=clock.school_year(today))
    in_order = sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.id))
    return [ClassRef(row.id, row.label, row.hue) for row in in_order]


@prepared
def _every_class() -> AnySelect:
    year = param("school_year", int)
    named = select(SchoolClass.id, label_in(year).label("label"), SchoolClass.hue, lowest_grade_in(year).label("grade"))
    return named.join(ClassYear, is_name_of(year)).where(is_at_school(year))
