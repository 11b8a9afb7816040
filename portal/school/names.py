"""What a class is called in a school year: as the office entered it, or moved up from the year before.

The default is derived from the cohort, so nothing has to be entered for the school to go on after 1 August.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from portal.school.models import ClassYear, SchoolClass

HIGHEST_GRADE = 10


def is_name_of(year: Any) -> ColumnElement[bool]:
    """Joins a `SchoolClass` with the `ClassYear` that names it in a school year: that year's, or the newest before."""
    other = aliased(ClassYear)
    newest = (
        select(func.max(other.school_year))
        .where(other.class_id == SchoolClass.id, other.school_year <= year)
        .correlate(SchoolClass)
        .scalar_subquery()
    )
    return and_(ClassYear.class_id == SchoolClass.id, ClassYear.school_year == newest)


def lowest_grade_in(year: Any) -> ColumnElement[int]:
    """The lowest grade of a class in a school year; classes move up by one each year."""
    return type_coerce(ClassYear.lowest_grade + (year - ClassYear.school_year), Integer)


def highest_grade_in(year: Any) -> ColumnElement[int]:
    """The highest grade of a class in a school year."""
    return type_coerce(ClassYear.highest_grade + (year - ClassYear.school_year), Integer)


def label_in(year: Any) -> ColumnElement[str]:
    """A class's label in a school year: "3.A" of last year is "4.A". A label of another kind, "Blå stue", stays."""
    old = cast(ClassYear.lowest_grade, String)
    moved_up = and_(ClassYear.school_year < year, ClassYear.label.startswith(old + "."))
    label: ColumnElement[str] = case(
        (moved_up, cast(lowest_grade_in(year), String) + func.substr(ClassYear.label, func.length(old) + 1)),
        else_=ClassYear.label,
    )
    return label


def is_at_school(year: Any) -> ColumnElement[bool]:
    """Whether a class still has pupils' grades in a school year: a 9th or 10th grade that moved up has left."""
    return or_(ClassYear.school_year == year, highest_grade_in(year) <= HIGHEST_GRADE)
