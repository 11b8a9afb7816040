"""Finding classes, pupils and the adults around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import RoleGrant, User
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.people import ClassRef
from portal.school.models import (
    ClassYear,
    Enrolment,
    Guardianship,
    GuardianshipKind,
    Pupil,
    Representative,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.names import highest_grade_in, is_name_of, label_in, lowest_grade_in
from portal.school.ties import Day, holds, lasts
from portal.text import clock
from portal.text.collation import sort_key

_TODAY = param("today", date)


@dataclass(frozen=True, slots=True)
class ClassGuardian:
    """A custody or foster guardian in a class, with their children in it."""

    user: User
    children: tuple[str, ...]


def get_class(class_id: int) -> SchoolClass | None:
    """A class."""
    return by_id(SchoolClass, class_id)


def get_pupil(pupil_id: int) -> Pupil | None:
    """A pupil."""
    return by_id(Pupil, pupil_id)


def get_class_to_read(class_id: int) -> ClassRef | None:
    """A class for a page that only shows it: without the row that is needed to change it."""
    return _find_class_ref(class_id, clock.today())


def get_class_ref(class_id: int, *, today: date) -> ClassRef:
    """A class as pages name it this school year, or the coming one; raises LookupError when there is none."""
    found = _find_class_ref(class_id, today)
    if found is None:
        raise LookupError(f"no class {class_id}")
    return found


def _find_class_ref(class_id: int, today: date) -> ClassRef | None:
    rows = _class_ref.rows(class_id=class_id, school_year=clock.school_year(today))
    return ClassRef(*rows[0]) if rows else None


@prepared
def _class_ref() -> AnySelect:
    wanted, year = param("class_id", int), param("school_year", int)
    coming = select(func.min(ClassYear.label)).where(ClassYear.class_id == wanted, ClassYear.school_year == year + 1)
    return (
        select(SchoolClass.id, func.coalesce(label_in(year), coming.scalar_subquery(), ""), SchoolClass.hue)
        .outerjoin(ClassYear, is_name_of(year))
        .where(SchoolClass.id == wanted)
    )


def get_grades(class_id: int, *, today: date) -> tuple[int, int] | None:
    """The lowest and the highest grade of a class this school year; None for one that has no name yet."""
    rows = _grades.rows(class_id=class_id, school_year=clock.school_year(today))
    return (rows[0].lowest, rows[0].highest) if rows else None


@prepared
def _grades() -> AnySelect:
    year = param("school_year", int)
    return (
        select(lowest_grade_in(year).label("lowest"), highest_grade_in(year).label("highest"))
        .select_from(SchoolClass)
        .join(ClassYear, is_name_of(year))
        .where(SchoolClass.id == param("class_id", int))
    )


def list_class_years(class_id: int) -> dict[int, ClassYear]:
    """What a class is called, by school year."""
    return {year.school_year: year for year in _class_years.entities(class_id=class_id)}


@prepared
def _class_years() -> AnySelect:
    return select(ClassYear).where(ClassYear.class_id == param("class_id", int)).order_by(ClassYear.school_year)


def is_label_taken(label: str, school_year: int, *, but_class_id: int | None) -> bool:
    """Whether another class is called that in the school year."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ClassYear.label == label,
                    ClassYear.school_year == school_year,
                    ClassYear.class_id.is_distinct_from(but_class_id),
                )
            )
        )
    )


def list_hues() -> Sequence[int]:
    """The hue of every class there is."""
    return db.session.scalars(select(SchoolClass.hue)).all()


def is_external_id_taken(external_id: str) -> bool:
    """Whether a class has that id in the school's files."""
    return bool(db.session.scalar(select(exists().where(SchoolClass.external_id == external_id))))


def list_pupils(class_id: int, *, today: date) -> list[Pupil]:
    """The children in a class today, by the name others see."""
    found = _pupils.entities(class_id=class_id, today=today)
    return sorted(found, key=lambda pupil: (sort_key(pupil.name), pupil.id))


@prepared
def _pupils() -> AnySelect:
    in_class = (Enrolment.class_id == param("class_id", int), holds(Enrolment, _TODAY))
    return select(Pupil).join(Enrolment, Enrolment.pupil_id == Pupil.id).where(*in_class)


def guardians_in_classes(today: Day) -> Select[*tuple[Any, ...]]:
    """Custody and foster guardians with an open account, of children in a class."""
    return (
        select(User, Pupil)
        .select_from(Enrolment)
        .join(Pupil, Pupil.id == Enrolment.pupil_id)
        .join(Guardianship, Guardianship.pupil_id == Pupil.id)
        .join(User, User.id == Guardianship.guardian_id)
        .where(
            holds(Enrolment, today),
            holds(Guardianship, today),
            Guardianship.kind != GuardianshipKind.HELPER,
            User.deactivated_at.is_(None),
        )
    )


def list_guardian_ids(class_id: int, *, today: date) -> set[int]:
    """The accounts of a class's custody and foster guardians."""
    found = guardians_in_classes(today).with_only_columns(User.id).where(Enrolment.class_id == class_id)
    return set(db.session.scalars(found))


def list_guardians(class_id: int, *, today: date) -> list[ClassGuardian]:
    """A class's custody and foster guardians, by the name others see, each once with their children in the class."""
    return each_once(_guardians_of_class.pairs(class_id=class_id, today=today))


def each_once(rows: Iterable[Any]) -> list[ClassGuardian]:
    """Guardians as `guardians_in_classes` finds them, by the name others see, each once with these children."""
    found: dict[User, list[str]] = {}
    for user, pupil in rows:
        found.setdefault(user, []).append(pupil.short_name)
    return sorted(
        (ClassGuardian(user, tuple(sorted(children, key=sort_key))) for user, children in found.items()),
        key=lambda guardian: (guardian.user.sort_name, guardian.user.id),
    )


@prepared
def _guardians_of_class() -> AnySelect:
    return guardians_in_classes(_TODAY).where(Enrolment.class_id == param("class_id", int))


def list_representatives(class_id: int, *, today: date) -> Sequence[Representative]:
    """Every place as a class's representative that has not ended, also of those whose child has left the class."""
    return _places_of_class.entities(class_id=class_id, today=today)


@prepared
def _places_of_class() -> AnySelect:
    of_class = Representative.class_id == param("class_id", int)
    return select(Representative).where(of_class, lasts(Representative, _TODAY))


def get_team_member(member_id: int) -> TeamMember | None:
    """A place in a class team."""
    return by_id(TeamMember, member_id)


def list_team(class_id: int, *, today: date) -> list[TeamMember]:
    """A class's team of today and of later, with the accounts: those who begin first come first."""
    found = _team.entities(class_id=class_id, today=today)
    order = list(TeamFunction)
    return sorted(found, key=lambda m: (max(m.starts_on, today), order.index(m.function), m.user.sort_name))


@prepared
def _team() -> AnySelect:
    return (
        select(TeamMember)
        .join(TeamMember.user)
        .options(contains_eager(TeamMember.user))
        .where(TeamMember.class_id == param("class_id", int), lasts(TeamMember, _TODAY))
    )


def adults_of(class_id: int, day: date) -> Select[int]:
    """The adults of a class's children on a day, helpers too, as a part of a statement."""
    return (
        select(Guardianship.guardian_id)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .where(Enrolment.class_id == class_id, holds(Enrolment, day), holds(Guardianship, day))
    )


def works_here(day: Day) -> ColumnElement[bool]:
    """Whether a `User` has a place in a team or a role of the school on a day: what a leaver has not."""
    return or_(
        exists().where(TeamMember.user_id == User.id, holds(TeamMember, day)),
        exists().where(RoleGrant.user_id == User.id, holds(RoleGrant, day)),
    )


def list_staff(*, today: date) -> list[User]:
    """Everybody with a place in a team or a role of the school, today or later, by name."""
    return sorted(_staff.entities(today=today), key=lambda user: (user.sort_name, user.id))


@prepared
def _staff() -> AnySelect:
    return select(User).where(
        User.deactivated_at.is_(None),
        or_(
            exists().where(TeamMember.user_id == User.id, lasts(TeamMember, _TODAY)),
            exists().where(RoleGrant.user_id == User.id, lasts(RoleGrant, _TODAY)),
        ),
    )


def list_foster_ties(class_id: int, *, today: date) -> list[Guardianship]:
    """The foster parents of a class's children, with both of them."""
    found = _foster_ties.entities(class_id=class_id, today=today)
    return sorted(found, key=lambda tie: (sort_key(tie.pupil.name), tie.id))


@prepared
def _foster_ties() -> AnySelect:
    return (
        select(Guardianship)
        .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
        .options(joinedload(Guardianship.pupil), joinedload(Guardianship.guardian))
        .where(
            Enrolment.class_id == param("class_id", int),
            holds(Enrolment, _TODAY),
            Guardianship.kind == GuardianshipKind.FOSTER,
            lasts(Guardianship, _TODAY),
        )
    )


def list_open_ties(guardian_id: int, pupil_id: int, *, today: date) -> Sequence[Guardianship]:
    """Every tie between an adult and a child that nobody has ended, also one that gives no right any more."""
    return db.session.scalars(
        select(Guardianship).where(
            Guardianship.guardian_id == guardian_id, Guardianship.pupil_id == pupil_id, lasts(Guardianship, today)
        )
    ).all()


def is_tied(guardian_id: int, pupil_id: int, *, today: date) -> bool:
    """Whether an adult belongs to a child, today or later."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Guardianship.guardian_id == guardian_id,
                    Guardianship.pupil_id == pupil_id,
                    lasts(Guardianship, today),
                )
            )
        )
    )


def has_a_place(user_id: int, *, today: date) -> bool:
    """Whether anything at the school is somebody's, today or later: a child, a class team or a role."""
    ties = ((Guardianship, Guardianship.guardian_id), (TeamMember, TeamMember.user_id), (RoleGrant, RoleGrant.user_id))
    return bool(
        db.session.scalar(select(or_(*(exists().where(owner == user_id, lasts(row, today)) for row, owner in ties))))
    )


def has_children(class_id: int, *, today: date) -> bool:
    """Whether any child is in the class today: one that was merged into another is nobody's to call or to ask about."""
    return bool(_has_children.value(class_id=class_id, today=today))


@prepared
def _has_children() -> AnySelect:
    return select(exists().where(Enrolment.class_id == param("class_id", int), holds(Enrolment, _TODAY)))


def count_homes(class_id: int, *, today: date) -> tuple[int, int]:
    """How many guardians (custody and foster, with an open account) and how many children a class has today."""
    guardians, children = _homes.row(class_id=class_id, today=today)
    return guardians, children


@prepared
def _homes() -> AnySelect:
    return (
        select(func.count(func.distinct(User.id)), func.count(func.distinct(Enrolment.pupil_id)))
        .select_from(Enrolment)
        .outerjoin(
            Guardianship,
            and_(
                Guardianship.pupil_id == Enrolment.pupil_id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Guardianship, _TODAY),
            ),
        )
        .outerjoin(User, and_(User.id == Guardianship.guardian_id, User.deactivated_at.is_(None)))
        .where(Enrolment.class_id == param("class_id", int), holds(Enrolment, _TODAY))
    )
