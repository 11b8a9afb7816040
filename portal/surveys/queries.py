"""Reading surveys: what they ask, what classes have held, and the sums of those whose hour is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.people import ClassRef
from portal.school.models import ClassYear, Enrolment, SchoolClass
from portal.school.names import is_at_school, is_name_of, label_in, lowest_grade_in
from portal.school.queries import get_grades, list_guardian_ids
from portal.school.ties import holds
from portal.surveys.bank.models import Band, SurveyQuestion, SurveyWording
from portal.surveys.models import ClassSurvey, Survey, SurveyAsk, SurveySlip
from portal.text import clock
from portal.text.collation import sort_key

#: The grade of a class that nobody has given a name yet.
NO_GRADE = (0, 0)


def get_school_survey(survey_id: int) -> Survey | None:
    """A survey of the whole school."""
    found = by_id(Survey, survey_id)
    return found if found is not None and found.class_id is None else None


def get_class_survey(survey_id: int, class_id: int) -> ClassSurvey | None:
    """A class in a survey; one that is not stored yet while it has not begun, None where the survey is not its own."""
    found: ClassSurvey | None = _class_survey.entity(survey_id=survey_id, class_id=class_id)
    if found is not None:
        return found
    survey = by_id(Survey, survey_id)
    if survey is None or survey.class_id not in (None, class_id):
        return None
    if by_id(SchoolClass, class_id) is None:
        return None
    lowest, _ = get_grades(class_id, today=survey.opens_on) or NO_GRADE
    return ClassSurvey(
        survey_id=survey.id,
        survey=survey,
        class_id=class_id,
        band=Band.of_grade(lowest),
        version=0,
        words="",
        answer_count=0,
    )


@prepared
def _class_survey() -> AnySelect:
    return (
        select(ClassSurvey)
        .options(joinedload(ClassSurvey.survey))
        .where(ClassSurvey.survey_id == param("survey_id", int), ClassSurvey.class_id == param("class_id", int))
    )


def get_part(part_id: int) -> ClassSurvey | None:
    """A class in a survey, by the number of its row."""
    return by_id(ClassSurvey, part_id)


def list_homes(part: ClassSurvey, today: date) -> set[int]:
    """Who hears what the class works on: its custody and foster guardians, as of today."""
    return list_guardian_ids(part.class_id, today=today)


def list_asked(survey_id: int) -> Sequence[Any]:
    """What a survey asks, in its order: the id of each wording, its words, and the band it is for."""
    return _asked.rows(survey_id=survey_id)


@prepared
def _asked() -> AnySelect:
    return (
        select(SurveyWording.id, SurveyWording.text, SurveyQuestion.band)
        .join(SurveyAsk, SurveyAsk.wording_id == SurveyWording.id)
        .join(SurveyQuestion, SurveyQuestion.id == SurveyWording.question_id)
        .where(SurveyAsk.survey_id == param("survey_id", int))
        .order_by(SurveyAsk.place)
    )


def list_school_surveys(*, now: datetime) -> Sequence[Any]:
    """The surveys of the school, the newest first, with how many classes have answered each and are done with it."""
    return _school_surveys.rows(now=now)


@prepared
def _school_surveys() -> AnySelect:
    held = (
        select(func.count())
        .where(
            ClassSurvey.survey_id == Survey.id,
            ClassSurvey.answer_count > 0,
            or_(ClassSurvey.open_until.is_(None), ClassSurvey.open_until <= param("now", datetime)),
        )
        .correlate(Survey)
        .scalar_subquery()
    )
    return (
        select(Survey.id, Survey.opens_on, Survey.closes_on, Survey.ended_on, held.label("held_count"))
        .where(Survey.class_id.is_(None))
        .order_by(Survey.opens_on.desc(), Survey.id.desc())
    )


def list_of_class(class_id: int) -> Sequence[Any]:
    """The surveys a class has held or can hold, the newest first, with how far it has come in each."""
    return _of_class.rows(class_id=class_id)


@prepared
def _of_class() -> AnySelect:
    wanted = param("class_id", int)
    own = and_(ClassSurvey.survey_id == Survey.id, ClassSurvey.class_id == wanted)
    return (
        select(
            Survey.id,
            Survey.class_id.label("only_class_id"),
            Survey.opens_on,
            Survey.closes_on,
            Survey.ended_on,
            ClassSurvey.held_on,
            ClassSurvey.open_until,
            ClassSurvey.answer_count,
            ClassSurvey.shown_on,
            ClassSurvey.words,
        )
        .outerjoin(ClassSurvey, own)
        .where(or_(Survey.class_id == wanted, Survey.class_id.is_(None)))
        .order_by(Survey.opens_on.desc(), Survey.id.desc())
    )


def list_classes(survey_id: int, *, day: date) -> list[tuple[ClassRef, Any]]:
    """Every class that has children on a day, or has held the survey, by grade and label, with its own part of it."""
    rows = _classes.rows(survey_id=survey_id, school_year=clock.school_year(day), today=day)
    in_order = sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.class_id))
    return [(ClassRef(row.class_id, row.label, row.hue), row) for row in in_order]


@prepared
def _classes() -> AnySelect:
    year, today = param("school_year", int), param("today", date)
    own = and_(ClassSurvey.class_id == SchoolClass.id, ClassSurvey.survey_id == param("survey_id", int))
    has_children = exists().where(Enrolment.class_id == SchoolClass.id, holds(Enrolment, today))
    return (
        select(
            SchoolClass.id.label("class_id"),
            label_in(year).label("label"),
            lowest_grade_in(year).label("grade"),
            SchoolClass.hue,
            ClassSurvey.band,
            ClassSurvey.held_on,
            ClassSurvey.open_until,
            ClassSurvey.answer_count,
            ClassSurvey.counts,
            ClassSurvey.shown_on,
            ClassSurvey.words,
        )
        .select_from(SchoolClass)
        .join(ClassYear, is_name_of(year))
        .outerjoin(ClassSurvey, own)
        .where(or_(ClassSurvey.held_on.is_not(None), and_(is_at_school(year), has_children)))
    )


def count_children(class_id: int, *, today: date) -> int:
    """How many children a class has on a day."""
    return int(_children.value(class_id=class_id, today=today))


@prepared
def _children() -> AnySelect:
    here = (Enrolment.class_id == param("class_id", int), holds(Enrolment, param("today", date)))
    return select(func.count()).select_from(Enrolment).where(*here)


def count_held(class_id: int, *, today: date) -> int:
    """How often a class has answered in the school year of a day."""
    return int(_held.value(class_id=class_id, since=clock.first_day(clock.school_year(today)), today=today))


@prepared
def _held() -> AnySelect:
    return (
        select(func.count())
        .select_from(ClassSurvey)
        .where(
            ClassSurvey.class_id == param("class_id", int),
            ClassSurvey.held_on.between(param("since", date), param("today", date)),
        )
    )


def find_last_answered(class_id: int, *, but_survey_id: int = 0, now: datetime) -> date | None:
    """The last day on which a class answered another survey, its own or the school's; today while such an hour runs."""
    found: date | None = _last_answered.value(class_id=class_id, but_survey_id=but_survey_id, now=now)
    return found


@prepared
def _last_answered() -> AnySelect:
    return select(func.max(ClassSurvey.held_on)).where(
        ClassSurvey.class_id == param("class_id", int),
        ClassSurvey.survey_id != param("but_survey_id", int),
        or_(ClassSurvey.answer_count > 0, ClassSurvey.open_until > param("now", datetime)),
    )


def list_slips(class_survey_id: int) -> list[str]:
    """The slips that are left, in the order of their letters."""
    return sorted(row.code for row in _slips.rows(class_survey_id=class_survey_id))


@prepared
def _slips() -> AnySelect:
    return select(SurveySlip.code).where(SurveySlip.class_survey_id == param("class_survey_id", int))


def get_by_slip(code: str) -> ClassSurvey | None:
    """The class that a slip lets answer; None for letters that are no slip, or are one no more."""
    found: ClassSurvey | None = _by_slip.entity(code=code)
    return found


@prepared
def _by_slip() -> AnySelect:
    return (
        select(ClassSurvey)
        .join(SurveySlip, SurveySlip.class_survey_id == ClassSurvey.id)
        .options(joinedload(ClassSurvey.survey))
        .where(SurveySlip.code == param("code", str))
    )


def list_to_close(now: datetime) -> list[int]:
    """The classes whose hour is over, and of which slips or the hour still stand."""
    return [row.id for row in _to_close.rows(now=now, today=clock.day_of(now))]


@prepared
def _to_close() -> AnySelect:
    has_slips = exists().where(SurveySlip.class_survey_id == ClassSurvey.id)
    is_over = or_(Survey.ended_on.is_not(None), Survey.closes_on < param("today", date))
    return (
        select(ClassSurvey.id)
        .join(Survey, Survey.id == ClassSurvey.survey_id)
        .where(or_(ClassSurvey.open_until <= param("now", datetime), and_(is_over, has_slips)))
        .order_by(ClassSurvey.id)
    )


def list_to_cover(class_id: int) -> Sequence[ClassSurvey]:
    """Every survey after which a class's team has written. The rows are locked."""
    return db.session.scalars(
        select(ClassSurvey)
        .where(ClassSurvey.class_id == class_id, ClassSurvey.words_at.is_not(None))
        .order_by(ClassSurvey.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def find_class_survey(class_survey_id: int) -> ClassSurvey | None:
    """A class in a survey by its own id."""
    return by_id(ClassSurvey, class_survey_id)
