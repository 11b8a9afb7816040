"""What waits for a class team: the hour of the school's survey, and a word to the homes once its own was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.database.prepared import param, params
from portal.people import Person
from portal.school.models import Enrolment
from portal.school.ties import holds
from portal.surveys.hour.services import MOST_A_YEAR
from portal.surveys.models import ClassSurvey, Survey
from portal.text.collation import sort_key
from portal.waiting import Line, Waiting, waits
from portal.web.dates import near_date
from portal.web.language import gettext
from portal.web.urls import url_for

_TODAY = param("today", date)
_TEAMS = params("teams", int)


def _to_hold(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            gettext("Let the children answer the survey by %(day)s.", day=near_date(row.due_on)),
            url_for("surveys.list_class_surveys", class_id=row.place_id),
            ref=person.teams[row.place_id],
        )
        for row in sorted(rows, key=lambda row: (row.due_on, sort_key(person.teams[row.place_id].label)))
    ]


def _to_write(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            gettext("Tell the homes what the class works on after its survey."),
            url_for("surveys.hour.edit_words", survey_id=row.subject_id, class_id=row.place_id),
            ref=person.teams[row.place_id],
        )
        for row in sorted(rows, key=lambda row: (sort_key(person.teams[row.place_id].label), row.subject_id))
    ]


_is_held = exists().where(
    ClassSurvey.survey_id == Survey.id, ClassSurvey.class_id == Enrolment.class_id, ClassSurvey.held_on.is_not(None)
)

_other = aliased(ClassSurvey)
_has_answered_lately = exists().where(
    _other.class_id == Enrolment.class_id,
    _other.survey_id != Survey.id,
    _other.answer_count > 0,
    _other.held_on > param("rested_since", date),
)
_times_this_year = (
    select(func.count())
    .where(_other.class_id == Enrolment.class_id, _other.held_on >= param("first_day", date))
    .correlate(Enrolment)
    .scalar_subquery()
)

WAITING = (
    Waiting(
        "surveys_to_hold",
        asks=lambda person: person.teams,
        found=waits("surveys_to_hold", subject_id=Survey.id, place_id=Enrolment.class_id, due_on=Survey.closes_on)
        .select_from(Survey)
        .join(Enrolment, or_(Survey.class_id == Enrolment.class_id, Survey.class_id.is_(None)))
        .where(
            Survey.ended_on.is_(None),
            Survey.opens_on <= _TODAY,
            Survey.closes_on >= _TODAY,
            Enrolment.class_id.in_(_TEAMS),
            holds(Enrolment, _TODAY),  # a class without children holds no hour
            ~_is_held,
            ~_has_answered_lately,  # then the hour would be refused
            _times_this_year < MOST_A_YEAR,
        )
        .distinct(),
        lines=_to_hold,
    ),
    Waiting(
        "survey_words",
        asks=lambda person: person.teams,
        found=waits("survey_words", subject_id=ClassSurvey.survey_id, place_id=ClassSurvey.class_id)
        .join(Survey, and_(Survey.id == ClassSurvey.survey_id, Survey.school_year == param("school_year", int)))
        .where(
            ClassSurvey.class_id.in_(_TEAMS),
            ClassSurvey.shown_on.is_not(None),
            ClassSurvey.words == "",
        ),
        lines=_to_write,
    ),
)
