"""Finding what classes said to their councils, and what came of it: no statement here reads a child's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from portal.council.class_inputs.models import ClassInput, ClassSheet, ClassVoice, Ending
from portal.council.meetings.models import AgendaItem, CouncilMeeting, ItemState, MeetingState
from portal.council.meetings.queries import COMING, day_of, get_meeting
from portal.council.models import Council
from portal.council.queries import get_council_of_class
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.policy.predicates import LEFT_THE_COUNCIL
from portal.school.models import ClassYear, SchoolClass
from portal.school.names import highest_grade_in, is_name_of, label_in
from portal.strategy.amendments.models import Amendment
from portal.text import clock
from portal.text.collation import sort_key

_YEAR = param("year", int)


def get_voice(class_id: int) -> ClassVoice | None:
    """A class with its council of today; None when no council has its grade."""
    year = clock.school_year(clock.today())
    council = get_council_of_class(class_id, today=clock.today())
    row = _class.row(class_id=class_id, year=year)
    if council is None or row is None:
        return None
    return ClassVoice(council.id, council.name, class_id, row.label, row.hue)


@prepared
def _class() -> AnySelect:
    return (
        select(label_in(_YEAR).label("label"), SchoolClass.hue)
        .join(ClassYear, is_name_of(_YEAR))
        .where(SchoolClass.id == param("class_id", int))
    )


def list_voices(council: Council, *, on: date) -> list[ClassVoice]:
    """The classes that were of a council's grades on a day, by grade and label."""
    grades = {"lowest": council.lowest_grade, "highest": council.highest_grade}
    rows = _classes.rows(**grades, year=clock.school_year(on))
    in_order = sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.id))
    return [ClassVoice(council.id, council.name, row.id, row.label, row.hue) for row in in_order]


@prepared
def _classes() -> AnySelect:
    grade = highest_grade_in(_YEAR)
    return (
        select(SchoolClass.id, label_in(_YEAR).label("label"), SchoolClass.hue, grade.label("grade"))
        .join(ClassYear, is_name_of(_YEAR))
        .where(grade.between(param("lowest", int), param("highest", int)))
    )


def get_input(input_id: int) -> ClassInput | None:
    """What a class said, with its council and the meeting at which it ended."""
    found: ClassInput | None = _input.entity(input_id=input_id)
    return found


@prepared
def _input() -> AnySelect:
    return (
        select(ClassInput)
        .options(joinedload(ClassInput.council), joinedload(ClassInput.meeting))
        .where(ClassInput.id == param("input_id", int))
    )


def get_meeting_of(item_id: int | None) -> CouncilMeeting | None:
    """The meeting on whose agenda a thing stands."""
    item = by_id(AgendaItem, item_id) if item_id else None
    return item.meeting if item else None


def get_newest_draft(council_id: int) -> CouncilMeeting | None:
    """The last of a council's meetings that are over and have no approved minutes yet."""
    return db.session.scalar(
        select(CouncilMeeting)
        .where(CouncilMeeting.council_id == council_id, CouncilMeeting.state == MeetingState.MINUTES_DRAFT)
        .order_by(CouncilMeeting.starts_at.desc(), CouncilMeeting.id.desc())
    )


def get_sheet(meeting_id: int, class_id: int) -> ClassSheet | None:
    """The sheet for a class about a meeting that was held; None for a class of another council."""
    meeting = get_meeting(meeting_id)
    if meeting is None or meeting.state not in {MeetingState.MINUTES_DRAFT, MeetingState.MINUTES_APPROVED}:
        return None
    rows = _label.rows(class_id=class_id, council_id=meeting.council_id, year=clock.school_year(day_of(meeting)))
    return ClassSheet(meeting.council_id, class_id, rows[0].label, meeting) if rows else None


@prepared
def _label() -> AnySelect:
    return (
        select(label_in(_YEAR).label("label"))
        .select_from(SchoolClass)
        .join(ClassYear, is_name_of(_YEAR))
        .join(Council, highest_grade_in(_YEAR).between(Council.lowest_grade, Council.highest_grade))
        .where(SchoolClass.id == param("class_id", int), Council.id == param("council_id", int))
    )


def _inputs() -> Any:
    return (
        select(
            ClassInput.id,
            ClassInput.class_id,
            func.coalesce(label_in(_YEAR), "").label("label"),
            SchoolClass.hue,
            ClassInput.item_id,
            ClassInput.clause_key,
            ClassInput.amendment_id,
            ClassInput.about,
            ClassInput.text,
            ClassInput.written_at,
            ClassInput.ending,
            ClassInput.reply,
            ClassInput.who,
            ClassInput.when,
            ClassInput.suggestion_id,
            ClassInput.ended_at,
            ClassInput.meeting_id,
        )
        .join(SchoolClass, SchoolClass.id == ClassInput.class_id)
        .outerjoin(ClassYear, is_name_of(_YEAR))
    )


def list_open(council_id: int) -> Sequence[Any]:
    """What the council's classes said and nothing has come of yet, the oldest first."""
    return _open.rows(council_id=council_id, year=clock.school_year(clock.today()))


@prepared
def _open() -> AnySelect:
    statement: AnySelect = (
        _inputs()
        .where(ClassInput.council_id == param("council_id", int), ClassInput.ending.is_(None))
        .order_by(ClassInput.id)
    )
    return statement


def list_ended(council_id: int, since: datetime) -> Sequence[Any]:
    """What came of what the council's classes said since then, the newest first, and whether minutes lock it."""
    return _ended.rows(council_id=council_id, since=since, year=clock.school_year(clock.today()))


@prepared
def _ended() -> AnySelect:
    statement: AnySelect = (
        _inputs()
        .add_columns(func.coalesce(CouncilMeeting.state == MeetingState.MINUTES_APPROVED, false()).label("is_locked"))
        .outerjoin(CouncilMeeting, CouncilMeeting.id == ClassInput.meeting_id)
        .where(ClassInput.council_id == param("council_id", int), ClassInput.ended_at >= param("since", datetime))
        .order_by(ClassInput.ended_at.desc(), ClassInput.id.desc())
    )
    return statement


def list_of_meeting(meeting_id: int, day: date) -> Sequence[Any]:
    """What classes said about what stands on a meeting's agenda, and whatever ended at it, in order."""
    return _of_meeting.rows(meeting_id=meeting_id, year=clock.school_year(day))


@prepared
def _of_meeting() -> AnySelect:
    statement: AnySelect = (
        _inputs()
        .outerjoin(AgendaItem, AgendaItem.id == ClassInput.item_id)
        .where(
            (AgendaItem.meeting_id == param("meeting_id", int)) | (ClassInput.meeting_id == param("meeting_id", int))
        )
        .order_by(ClassInput.id)
    )
    return statement


def list_of_class(class_id: int, since: datetime) -> Sequence[Any]:
    """What one class said since then, or was answered, or waits for; the newest first, whichever its council was.

    With who wrote it, and where its meeting is.
    """
    year = clock.school_year(clock.today())
    return _of_class.rows(class_id=class_id, since=since, year=year)


@prepared
def _of_class() -> AnySelect:
    statement: AnySelect = (
        _inputs()
        .add_columns(ClassInput.council_id, ClassInput.written_by_id, CouncilMeeting.state.label("item_meeting_state"))
        .outerjoin(AgendaItem, AgendaItem.id == ClassInput.item_id)
        .outerjoin(CouncilMeeting, CouncilMeeting.id == AgendaItem.meeting_id)
        .where(
            ClassInput.class_id == param("class_id", int),
            or_(
                ClassInput.ending.is_(None),
                ClassInput.written_at >= param("since", datetime),
                ClassInput.ended_at >= param("since", datetime),
            ),
        )
        .order_by(ClassInput.id.desc())
    )
    return statement


def list_councils_to_answer(class_id: int) -> Sequence[Council]:
    """The councils that a class has said something to which has no end yet, to be changed."""
    unanswered = exists().where(
        ClassInput.council_id == Council.id, ClassInput.class_id == class_id, ClassInput.ending.is_(None)
    )
    return db.session.scalars(select(Council).where(unanswered).order_by(Council.id)).all()


def list_done(council_id: int, begins_at: datetime, ends_at: datetime) -> Sequence[Any]:
    """What a council's classes asked for and somebody does, of a span of time: no class is named.

    Everybody reads it, so what it was about is left out while that is a suggestion the council has not sent on.
    """
    return _done.rows(council_id=council_id, begins_at=begins_at, ends_at=ends_at)


@prepared
def _done() -> AnySelect:
    is_said_outside = or_(ClassInput.amendment_id.is_(None), Amendment.state.in_(sorted(LEFT_THE_COUNCIL)))
    return (
        select(
            case((is_said_outside, ClassInput.about), else_="").label("about"),
            ClassInput.reply,
            ClassInput.who,
            ClassInput.when,
            ClassInput.ended_at,
        )
        .outerjoin(Amendment, Amendment.id == ClassInput.amendment_id)
        .where(
            ClassInput.council_id == param("council_id", int),
            ClassInput.ending == Ending.DOING,
            ClassInput.ended_at >= param("begins_at", datetime),
            ClassInput.ended_at < param("ends_at", datetime),
        )
        .order_by(ClassInput.ended_at, ClassInput.id)
    )


def list_agendas_to_come(council_id: int) -> Sequence[Any]:
    """The ids of a council's meetings that are coming or going on, the first one first."""
    return _topics.rows(council_id=council_id)


@prepared
def _topics() -> AnySelect:
    return (
        select(CouncilMeeting.id)
        .where(CouncilMeeting.council_id == param("council_id", int), CouncilMeeting.state.in_(COMING))
        .order_by(CouncilMeeting.starts_at, CouncilMeeting.id)
    )


def list_sheets(council_id: int, since: datetime) -> Sequence[Any]:
    """A council's meetings since then with approved minutes, the newest first: each has a sheet for every class."""
    return _sheets.rows(council_id=council_id, since=since)


@prepared
def _sheets() -> AnySelect:
    return (
        select(CouncilMeeting.id, CouncilMeeting.held_on)
        .where(
            CouncilMeeting.council_id == param("council_id", int),
            CouncilMeeting.state == MeetingState.MINUTES_APPROVED,
            CouncilMeeting.starts_at >= param("since", datetime),
        )
        .order_by(CouncilMeeting.starts_at.desc(), CouncilMeeting.id.desc())
    )


def is_answered_at(meeting_id: int) -> bool:
    """Whether a meeting's sheet brings an answer to a class already."""
    return bool(db.session.scalar(select(exists().where(ClassInput.meeting_id == meeting_id))))


def count_waiting_for_reply(meeting_id: int) -> int:
    """How many lines of classes were about something the meeting came to and have no end yet."""
    return int(_waiting_for_reply.value(meeting_id=meeting_id))


@prepared
def _waiting_for_reply() -> AnySelect:
    about_it = select(func.count(ClassInput.id)).join(AgendaItem, AgendaItem.id == ClassInput.item_id)
    return about_it.where(
        AgendaItem.meeting_id == param("meeting_id", int),
        AgendaItem.state == ItemState.DONE,
        ClassInput.ending.is_(None),
    )
