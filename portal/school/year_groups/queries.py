"""Finding year groups, their classes and their parents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, exists, select

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database.prepared import AnySelect, param, prepared
from portal.people import ClassRef
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, SchoolClass
from portal.school.names import is_at_school, is_name_of, is_of_year_group, label_in
from portal.school.queries import ClassGuardian, each_once, get_grades, guardians_in_classes
from portal.school.ties import holds, lasts
from portal.school.year_groups.models import YearGroup, YearGroupParent, YearGroupRef
from portal.text import clock
from portal.text.collation import sort_key


def get_year_group(year_group_id: int) -> YearGroup | None:
    """A year group with its classes of today; None where the school has no class of that year."""
    today = clock.today()
    refs = list_year_group_refs(year_group_id, today=today)
    if not refs:
        return None
    return YearGroup(
        id=year_group_id,
        grade=clock.school_year(today) - year_group_id,
        hue=refs[0].hue,
        labels=tuple(ref.label for ref in refs),
        class_ids=frozenset(ref.id for ref in refs),
    )


def list_year_group_refs(year_group_id: int, *, today: date) -> list[ClassRef]:
    """The classes of a year group as they are called today, by label."""
    rows = _classes.rows(year_group=year_group_id, school_year=clock.school_year(today))
    return sorted((ClassRef(*row) for row in rows), key=lambda ref: (sort_key(ref.label), ref.id))


@prepared
def _classes() -> AnySelect:
    year = param("school_year", int)
    return (
        select(SchoolClass.id, label_in(year), SchoolClass.hue)
        .join(ClassYear, is_name_of(year))
        .where(is_of_year_group(param("year_group", int)), is_at_school(year))
    )


def list_years(class_id: int, *, today: date) -> list[YearGroupRef]:
    """The year groups that a class is in today: one, or more where it has several grades; the youngest first."""
    lowest, highest = get_grades(class_id, today=today) or (0, -1)
    year = clock.school_year(today)
    return [YearGroupRef(year - grade, grade) for grade in range(lowest, highest + 1)]


def list_guardians(year_group_id: int, *, today: date) -> list[ClassGuardian]:
    """The guardians in all classes of a year, each once with their children in it."""
    year = clock.school_year(today)
    return each_once(_guardians.pairs(year_group=year_group_id, school_year=year, today=today))


@prepared
def _guardians() -> AnySelect:
    return guardians_in_classes(param("today", date)).where(Enrolment.class_id.in_(_class_ids()))


def _class_ids() -> Select[int]:
    """The ids of a year's classes, as a part of a statement."""
    named = select(SchoolClass.id).join(ClassYear, is_name_of(param("school_year", int)))
    return named.where(is_of_year_group(param("year_group", int)))


def list_parent_names(year_group_id: int, *, today: date) -> list[str]:
    """What the parents of a year are called, of those who still have a child in it, by name."""
    rows = _parent_names.rows(year_group=year_group_id, school_year=clock.school_year(today), today=today)
    return [row.name for row in rows]


@prepared
def _parent_names() -> AnySelect:
    day = param("today", date)
    has_child = exists().where(
        Guardianship.guardian_id == User.id,
        Guardianship.kind != GuardianshipKind.HELPER,
        holds(Guardianship, day),
        Enrolment.pupil_id == Guardianship.pupil_id,
        holds(Enrolment, day),
        Enrolment.class_id.in_(_class_ids()),
    )
    return (
        select(shown_name_of(User).label("name"), User.sort_name, User.id)
        .join(YearGroupParent, YearGroupParent.user_id == User.id)
        .where(YearGroupParent.year_group == param("year_group", int), holds(YearGroupParent, day), has_child)
        .distinct()
        .order_by(User.sort_name, User.id)
    )


def list_parents(year_group_id: int, *, today: date) -> Sequence[YearGroupParent]:
    """Every place as a parent of the year that has not ended, also of those whose child has left the year."""
    return _parents.entities(year_group=year_group_id, today=today)


@prepared
def _parents() -> AnySelect:
    of_year = YearGroupParent.year_group == param("year_group", int)
    return select(YearGroupParent).where(of_year, lasts(YearGroupParent, param("today", date)))
