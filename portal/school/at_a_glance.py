"""Every class as the office sees it in its list: who is in it, who teaches it, and who has no password yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database.prepared import AnySelect, param, prepared
from portal.people import ClassRef
from portal.school.models import (
    ClassYear,
    Enrolment,
    Representative,
    SchoolClass,
    TeamFunction,
    TeamMember,
)
from portal.school.names import is_name_of, label_in, lowest_grade_in
from portal.school.queries import guardians_in_classes
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key

_TODAY = param("today", date)


@dataclass(frozen=True, slots=True)
class ClassAtAGlance:
    """A class as the office sees it in its list; `is_named` says whether it has a label this school year."""

    ref: ClassRef
    is_named: bool
    pupil_count: int
    class_teachers: tuple[str, ...]
    representative_count: int
    waiting_count: int


def list_classes_at_a_glance(*, today: date) -> list[ClassAtAGlance]:
    """Every class with a label this school year or the next, or with pupils, by grade and label: five statements."""
    pupils, parents, represented = (
        {row.class_id: row.count_of for row in counted.rows(today=today)}
        for counted in (_pupil_counts, _counts_without_password, _representative_counts)
    )
    teachers: dict[int, list[str]] = {}
    for row in _class_teachers.rows(today=today):
        teachers.setdefault(row.class_id, []).append(row.name)
    rows = _classes.rows(today=today, school_year=clock.school_year(today))
    return [
        ClassAtAGlance(
            ref=ClassRef(row.id, row.label, row.hue),
            is_named=bool(row.is_named),
            pupil_count=pupils.get(row.id, 0),
            class_teachers=tuple(teachers.get(row.id, ())),
            representative_count=represented.get(row.id, 0),
            waiting_count=parents.get(row.id, 0),
        )
        for row in sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.id))
    ]


@prepared
def _classes() -> AnySelect:
    following, year = aliased(ClassYear), param("school_year", int)
    return (
        select(
            SchoolClass.id,
            SchoolClass.hue,
            func.coalesce(label_in(year), following.label, SchoolClass.external_id).label("label"),
            func.coalesce(lowest_grade_in(year), following.lowest_grade, 0).label("grade"),
            (ClassYear.school_year == year).label("is_named"),
        )
        .select_from(SchoolClass)
        .outerjoin(ClassYear, is_name_of(year))
        .outerjoin(following, (following.class_id == SchoolClass.id) & (following.school_year == year + 1))
        .where(
            or_(
                ClassYear.school_year == year,
                following.label.is_not(None),
                exists().where(Enrolment.class_id == SchoolClass.id, holds(Enrolment, _TODAY)),
            )
        )
    )


@prepared
def _pupil_counts() -> AnySelect:
    counted = select(Enrolment.class_id, func.count().label("count_of")).where(holds(Enrolment, _TODAY))
    return counted.group_by(Enrolment.class_id)


@prepared
def _counts_without_password() -> AnySelect:
    guardians = func.count(func.distinct(User.id)).label("count_of")
    waiting = guardians_in_classes(_TODAY).with_only_columns(Enrolment.class_id, guardians)
    return waiting.where(User.password_hash.is_(None)).group_by(Enrolment.class_id)


@prepared
def _representative_counts() -> AnySelect:
    chosen = func.count(func.distinct(Representative.user_id)).label("count_of")
    counted = _representatives().with_only_columns(Representative.class_id, chosen)
    return counted.group_by(Representative.class_id)


@prepared
def _class_teachers() -> AnySelect:
    return (
        select(TeamMember.class_id, shown_name_of(User).label("name"))
        .join(User, User.id == TeamMember.user_id)
        .where(TeamMember.function == TeamFunction.CLASS_TEACHER, holds(TeamMember, _TODAY))
        .order_by(User.sort_name, User.id)
    )


def _representatives() -> Select[*tuple[Any, ...]]:
    """Representatives of today who still are guardians of a child in the class."""
    still_there = (
        guardians_in_classes(_TODAY)
        .with_only_columns(Enrolment.id)
        .where(Enrolment.class_id == Representative.class_id, User.id == Representative.user_id)
        .correlate(Representative)
        .exists()
    )
    return select(Representative).where(holds(Representative, _TODAY), still_there)
