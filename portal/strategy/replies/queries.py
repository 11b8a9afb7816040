"""Finding the answers that wait to be read aloud, and those that were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.people import Person
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass, TeamFunction, TeamMember
from portal.school.names import is_at_school, is_name_of, label_in
from portal.school.ties import holds
from portal.strategy.amendments.models import Amendment
from portal.strategy.decisions.models import Decision
from portal.strategy.forwarding.models import LeadershipWord
from portal.strategy.replies.models import Reply, ReplySheet
from portal.text import clock

_earlier = aliased(ReplySheet)
_TODAY = param("today", date)
_YEAR = param("year", int)


def class_that_hears() -> ColumnElement[int | None]:
    """The class that hears a sheet: where its child is today, or was last when it has left the school."""
    return func.coalesce(Enrolment.class_id, ReplySheet.class_id)


def child_is_now(sheets: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Sheets with the place that their child has today, if any."""
    return sheets.select_from(ReplySheet).outerjoin(
        Enrolment, and_(Enrolment.pupil_id == ReplySheet.pupil_id, holds(Enrolment, _TODAY))
    )


def _replies() -> Select[*tuple[Any, ...]]:
    sheets = child_is_now(
        select(
            ReplySheet.id,
            ReplySheet.amendment_id,
            ReplySheet.council_id,
            class_that_hears().label("class_id"),
            func.coalesce(label_in(_YEAR), "").label("label"),
            case((~is_at_school(_YEAR), true()), else_=false()).label("has_left"),  # a council's has no class to leave
            ReplySheet.title,
            ReplySheet.outcome,
            ReplySheet.text,
            ReplySheet.sent_at,
            ReplySheet.read_at,
            exists()
            .where(
                _earlier.decision_id == ReplySheet.decision_id,
                _earlier.amendment_id == ReplySheet.amendment_id,
                _earlier.pupil_id.is_not_distinct_from(ReplySheet.pupil_id),
                _earlier.id < ReplySheet.id,
            )
            .label("puts_right"),
        )
    )
    of_class = sheets.outerjoin(SchoolClass, SchoolClass.id == class_that_hears())
    return of_class.outerjoin(ClassYear, is_name_of(_YEAR))


def _made(rows: Sequence[Any]) -> list[Reply]:
    return [Reply(*row) for row in rows]


def get_reply(sheet_id: int) -> Reply | None:
    """A sheet, with the class that hears it today."""
    today = clock.today()
    found = _made(_one.rows(sheet_id=sheet_id, today=today, year=clock.school_year(today)))
    return found[0] if found else None


@prepared
def _one() -> AnySelect:
    return _replies().where(ReplySheet.id == param("sheet_id", int))


def list_unread(council_id: int, *, today: date) -> list[Reply]:
    """The answers to a council's ideas that nobody has read aloud yet, its own and the classes', the oldest first."""
    return _made(_unread.rows(council_id=council_id, today=today, year=clock.school_year(today)))


@prepared
def _unread() -> AnySelect:
    return (
        _replies()
        .where(ReplySheet.council_id == param("council_id", int), ReplySheet.read_at.is_(None))
        .order_by(ReplySheet.id)
    )


def list_of_amendment(amendment_id: int, *, today: date) -> list[Reply]:
    """Every sheet about one suggestion, in order."""
    return _made(_of_amendment.rows(amendment_id=amendment_id, today=today, year=clock.school_year(today)))


@prepared
def _of_amendment() -> AnySelect:
    return _replies().where(ReplySheet.amendment_id == param("amendment_id", int)).order_by(ReplySheet.id)


def get_next_to_read(person: Person, *, after: int, today: date) -> int:
    """The oldest answer that a class teacher's classes still have to hear besides the one just read; 0 for none."""
    rows = _to_read.rows(teaches=sorted(person.teaches), after=after, today=today) if person.teaches else ()
    return next((row.id or 0 for row in rows), 0)


@prepared
def _to_read() -> AnySelect:
    return child_is_now(select(func.min(ReplySheet.id).label("id"))).where(
        ReplySheet.read_at.is_(None),
        ReplySheet.class_id.is_not(None),
        ReplySheet.id != param("after", int),
        class_that_hears().in_(params("teaches", int)),
    )


def list_last_sheets(decision_id: int) -> list[ReplySheet]:
    """The sheets of a decision that count: of those to one child's class, or to the council, the last."""
    rows = db.session.scalars(select(ReplySheet).where(ReplySheet.decision_id == decision_id).order_by(ReplySheet.id))
    return list({(sheet.amendment_id, sheet.pupil_id): sheet for sheet in rows}.values())


def list_class_teachers(class_id: int | None, *, today: date) -> set[int]:
    """The class teachers of a class today."""
    return {row.user_id for row in _class_teachers.rows(class_id=class_id or 0, today=today)}


@prepared
def _class_teachers() -> AnySelect:
    return select(TeamMember.user_id).where(
        TeamMember.class_id == param("class_id", int),
        TeamMember.function == TeamFunction.CLASS_TEACHER,
        holds(TeamMember, _TODAY),
    )


#: What moves an amendment on: since the last of these it is where it is.
STEPS_OF_THE_WAY = (
    ActKind.AMENDMENT_SUBMITTED,
    ActKind.AMENDMENT_WITHDRAWN,
    ActKind.AMENDMENT_MERGED,
    ActKind.AMENDMENT_DECIDED,
    ActKind.RESULT_PUT_RIGHT,
    ActKind.AMENDMENT_FORWARDED,
    ActKind.AMENDMENT_SENT_BACK,
)


class GrownUpAnswer(NamedTuple):
    """What the leadership or the board has answered about a suggestion, in words for children.

    `at` is when the leadership wrote, or the day on which the board decided, whenever it was written down or put right.
    """

    is_decision: bool
    text: str
    at: datetime


class Story(NamedTuple):
    """What has become of a suggestion so far: when each step was last taken, and the answers, the newest first."""

    days: dict[ActKind, datetime]
    answers: list[GrownUpAnswer]


def get_story(amendment_id: int) -> Story:
    """What has become of a suggestion, in one statement."""
    rows = _story.rows(amendment_id=amendment_id)
    return Story(
        days={ActKind(row.kind): row.at for row in reversed(rows) if row.kind in STEPS_OF_THE_WAY},
        answers=[
            GrownUpAnswer(row.kind == "decision", row.text, clock.at_school(row.day, time()) if row.day else row.at)
            for row in rows
            if row.text
        ],
    )


def is_answered(days: Mapping[ActKind, datetime], answers: Sequence[GrownUpAnswer]) -> bool:
    """Whether the leadership has written back since a suggestion was sent on last, as `is_unanswered` asks of all."""
    sent = days.get(ActKind.AMENDMENT_FORWARDED)
    return any(not answer.is_decision and (sent is None or answer.at >= sent) for answer in answers)


@prepared
def _story() -> AnySelect:
    id_, no_day = param("amendment_id", int), cast(null(), Date)
    steps: Select[*tuple[Any, ...]] = select(
        type_coerce(Act.kind, String).label("kind"),
        literal_column("''", String()).label("text"),
        Act.at.label("at"),
        no_day.label("day"),
    ).where(Act.subject_id == id_, or_(*(Act.kind == kind for kind in STEPS_OF_THE_WAY)))
    words: Select[*tuple[Any, ...]] = select(
        literal_column("'word'", String()),
        (LeadershipWord.thinks + literal_column("'\n\n'", String()) + LeadershipWord.happens),
        LeadershipWord.written_at,
        no_day,
    ).where(LeadershipWord.amendment_id == id_)
    decisions: Select[*tuple[Any, ...]] = select(
        literal_column("'decision'", String()), Decision.child_reply, Decision.recorded_at, Decision.decided_on
    ).where(Decision.amendment_id == id_)
    return union_all(steps, words, decisions).order_by(literal_column("at").desc())


def list_origins(amendment_id: int) -> list[Row[*tuple[Any, ...]]]:
    """A suggestion and all that became a part of it, each with the pupil who wrote it and that pupil's last class.

    A grown-up's has no pupil.
    """
    found: list[Row[*tuple[Any, ...]]] = []
    rows = db.session.execute(_origins().where(Amendment.id == amendment_id)).all()
    while rows:
        found += rows
        hosts = [row.id for row in rows]
        rows = db.session.execute(_origins().where(Amendment.merged_into_id.in_(hosts))).all()
    return found


def _origins() -> Select[*tuple[Any, ...]]:
    last_class = (
        select(Enrolment.class_id)
        .where(Enrolment.pupil_id == Pupil.id)
        .order_by(Enrolment.starts_on.desc(), Enrolment.id.desc())
        .limit(1)
        .correlate(Pupil)
        .scalar_subquery()
    )
    return (
        select(
            Amendment.id,
            Amendment.kind,
            Amendment.title,
            Amendment.base_text,
            Amendment.new_text,
            Amendment.council_id,
            Pupil.id.label("pupil_id"),
            last_class.label("class_id"),
        )
        .outerjoin(Pupil, Pupil.user_id == Amendment.author_id)
        .order_by(Amendment.id)
    )
