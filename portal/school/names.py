"""What a class is called in a school year: as the office entered it, or moved up from the year before.

The default is derived from the cohort, so nothing has to be entered for the school to go on after 1 August.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, and_, case, cast, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from portal.database.tagged import constant
from portal.school.models import ClassYear, SchoolClass

#: In this grade children leave the school, so a class moves up to it and no farther by itself.
LAST_GRADE = 9


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


def is_of_year_group(year_group: Any, named: type[ClassYear] = ClassYear) -> ColumnElement[bool]:
    """Whether a class is in a year group, by the `ClassYear` that names it: its children began in 0th grade then.

    Moving up changes nothing of it. A class of several grades is in several year groups.
    """
    return and_(
        year_group >= named.school_year - named.highest_grade,
        year_group <= named.school_year - named.lowest_grade,
    )


def ids_of_year_group(year_group: Any) -> Select[int]:
    """The ids of a year group's classes, so that SQLite looks for these and does not go through every class."""
    named = aliased(ClassYear)
    return select(named.class_id).where(is_of_year_group(year_group, named))


def label_in(year: Any) -> ColumnElement[str]:
    """A class's label in a school year: "3.A" of last year is "4.A", and "3.-4." is "4.-5.".

    A label of another kind, "Blå stue", stays, and so does one whose class has left: no 10.A becomes 11.A. The same as
    `moved_up`.
    """
    lowest, highest, years = ClassYear.lowest_grade, ClassYear.highest_grade, year - ClassYear.school_year
    none, one, last, dot, to, dash = (constant(value) for value in (0, 1, LAST_GRADE, ".", ".-", "-"))
    left = case((highest > last, none), else_=last - highest)
    steps = case((years > left, left), else_=years)
    old, old_both = _in_words(lowest) + dot, _in_words(lowest) + to + _in_words(highest) + dot
    new, new_both = _in_words(lowest + steps) + dot, _in_words(lowest + steps) + to + _in_words(highest + steps) + dot
    label: ColumnElement[str] = case(
        (years <= none, ClassYear.label),
        (ClassYear.label.startswith(old_both), new_both + func.substr(ClassYear.label, func.length(old_both) + one)),
        (ClassYear.label.startswith(old + dash), ClassYear.label),
        (ClassYear.label.startswith(old), new + func.substr(ClassYear.label, func.length(old) + one)),
        else_=ClassYear.label,
    )
    return label


def _in_words(grade: Any) -> ColumnElement[str]:
    return cast(type_coerce(grade, Integer), String)


def moved_up(label: str, lowest: int, highest: int, years: int) -> str:
    """A label so many years later, by the numbers it begins with; unchanged from where its class leaves the school."""
    steps = min(years, max(LAST_GRADE - highest, 0))
    old_both, old = f"{lowest}.-{highest}.", f"{lowest}."
    if label.startswith(old_both):
        return f"{lowest + steps}.-{highest + steps}.{label.removeprefix(old_both)}"
    if label.startswith(old) and not label.startswith(f"{old}-"):
        return f"{lowest + steps}.{label.removeprefix(old)}"
    return label


def is_at_school(year: Any) -> ColumnElement[bool]:
    """Whether a class still has pupils' grades in a school year: a 9th or 10th grade that moved up has left.

    A class of several grades is there as long as its youngest pupils are.
    """
    return or_(ClassYear.school_year == year, lowest_grade_in(year) <= LAST_GRADE)
