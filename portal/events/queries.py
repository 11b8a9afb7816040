"""Reading events: what is coming, who has answered, and how many come along.

Whom an event is for is read from the enrolments of the day, every time: a newcomer is in at once and a leaver is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Row,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased, joinedload

from portal.accounts.models import Role, User
from portal.accounts.protection import shown_last_name_of, shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.events.models import Answer, ClassEvent, EventClass, EventOrganiser, EventState, Rsvp
from portal.people import ClassRef, Person
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key

EVENTS_PER_PAGE = 30


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the answers have come. What is missing is missing: it is counted nowhere as a no.

    `before_move` are those of the answered who gave their answer before the event was moved, and are asked anew.
    """

    children: int
    answered: int
    before_move: int = 0


@dataclass(frozen=True, slots=True)
class ComingEvent:
    """An event that is not over, as lists show it, with those of its classes and of its answers that were asked for.

    `before_move` are the pupils among these whose answer is older than the event's last move.
    """

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    rsvp_deadline: date | None
    is_cancelled: bool
    progress: Progress
    classes: dict[int, ClassRef]
    answers: dict[int, Answer]
    before_move: set[int]


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """A child of the audience with its one answer; `NEEDS_ACTION` when nobody has answered.

    `answered_by` is a first name for somebody who has custody, and "" for everybody else: whom a home has let help,
    and where a foster child lives, is not the other home's to know. `is_before_move` when the event has moved since.
    """

    pupil_id: int
    name: str
    full_name: str
    answer: Answer
    answered_at: datetime | None
    answered_by_id: int | None
    answered_by: str
    is_by_team: bool
    is_before_move: bool


def get_event(event_id: int) -> ClassEvent | None:
    """An event with its classes and its organisers."""
    event: ClassEvent | None = _event.entity(event_id=event_id)
    return event


@prepared
def _event() -> AnySelect:
    return (
        select(ClassEvent)
        .options(
            joinedload(ClassEvent.classes).joinedload(EventClass.school_class),
            joinedload(ClassEvent.organisers).joinedload(EventOrganiser.user),
        )
        .where(ClassEvent.id == param("event_id", int))
    )


def events_visible_to(person: Person) -> Select[ClassEvent]:
    """Every event the person may see: the same rule as `Action.EVENT_VIEW`, as a statement for lists."""
    if person.has(Role.LEADERSHIP, Role.AKT):
        return select(ClassEvent)
    invited = exists().where(EventClass.event_id == ClassEvent.id, EventClass.class_id.in_(list(person.event_classes)))
    return select(ClassEvent).where(invited)


def list_titles(event_ids: Collection[int], person: Person) -> Sequence[Row[*tuple[Any, ...]]]:
    """Id, title and beginning of those of these events that the person may see."""
    shown = events_visible_to(person).with_only_columns(ClassEvent.id, ClassEvent.title, ClassEvent.starts_at)
    return db.session.execute(shown.where(ClassEvent.id.in_(event_ids))).all()


def list_coming(
    class_ids: Collection[int],
    pupil_ids: Collection[int],
    *,
    now: datetime,
    limit: int = EVENTS_PER_PAGE,
    after: ClassEvent | None = None,
) -> list[ComingEvent]:
    """The events of these classes that are not over, the next first, cancelled ones too; with these pupils' answers.

    `after` is the last one already shown.

    One statement, whose inner one takes the first few events before anything is joined to them.
    """
    if not class_ids:
        return []
    today = clock.day_of(now)
    many = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    many |= {f"pupil_{place}": pupil_id for place, pupil_id in enumerate(pupil_ids)}
    cursor = {"after_at": after.starts_at, "after_id": after.id} if after is not None else {}
    rows = _next_events.of(limit, len(class_ids), len(pupil_ids), after is not None).rows(
        **many, **cursor, now=now, today=today, school_year=clock.school_year(today)
    )
    found: dict[int, ComingEvent] = {}
    for row in sorted(rows, key=lambda row: (row.starts_at, row.id, sort_key(row.label))):
        event = found.setdefault(row.id, _coming_event(row))
        event.classes[row.class_id] = ClassRef(row.class_id, row.label, row.hue)
        if row.pupil_id is not None:
            event.answers[row.pupil_id] = row.answer
            if row.is_before_move:
                event.before_move.add(row.pupil_id)
    return list(found.values())


@prepared
def _next_events(limit: int, class_count: int, pupil_count: int, is_later_page: bool) -> AnySelect:
    """The statement of `list_coming`, built once for so many classes and pupils: every front page asks it."""
    today = param("today", date)
    year = param("school_year", int)
    class_ids = [param(f"class_{place}", int) for place in range(class_count)]
    pupil_ids = [param(f"pupil_{place}", int) for place in range(pupil_count)]
    is_of_the_classes = or_(*(EventClass.class_id == class_id for class_id in class_ids))
    of_the_classes = exists().where(EventClass.event_id == ClassEvent.id, is_of_the_classes)
    chosen = (
        select(
            ClassEvent,
            _count_audience(today).label("children"),
            _count_answered(today).label("answered"),
            case((ClassEvent.moved_at.is_(None), 0), else_=_count_answered(today, before_move=True)).label(
                "before_move"
            ),
        )
        .where(of_the_classes, ClassEvent.ends_at > param("now", datetime))
        .order_by(ClassEvent.starts_at, ClassEvent.id)
        .limit(literal_column(str(limit)))
    )
    if is_later_page:
        last = tuple_(param("after_at", datetime), param("after_id", int))
        chosen = chosen.where(tuple_(ClassEvent.starts_at, ClassEvent.id) > last)
    coming = chosen.subquery("coming")
    return (
        select(
            coming.c.id,
            coming.c.title,
            coming.c.starts_at,
            coming.c.ends_at,
            coming.c.place,
            coming.c.rsvp_deadline,
            coming.c.state,
            coming.c.children,
            coming.c.answered,
            coming.c.before_move,
            SchoolClass.id.label("class_id"),
            SchoolClass.hue,
            func.coalesce(label_in(year), "").label("label"),
            Rsvp.pupil_id,
            Rsvp.answer,
            func.coalesce(Rsvp.answered_at < coming.c.moved_at, false()).label("is_before_move"),
        )
        .select_from(coming)
        .join(EventClass, and_(EventClass.event_id == coming.c.id, is_of_the_classes))
        .join(SchoolClass, SchoolClass.id == EventClass.class_id)
        .outerjoin(ClassYear, is_name_of(year))
        .outerjoin(
            Rsvp, and_(Rsvp.event_id == coming.c.id, or_(false(), *(Rsvp.pupil_id == pupil for pupil in pupil_ids)))
        )
        .order_by(coming.c.starts_at, coming.c.id)
    )


def _coming_event(row: Row[*tuple[Any, ...]]) -> ComingEvent:
    is_cancelled = row.state == EventState.CANCELLED
    return ComingEvent(
        id=row.id,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        rsvp_deadline=row.rsvp_deadline,
        is_cancelled=is_cancelled,
        progress=Progress(row.children, row.answered, row.before_move),
        classes={},
        answers={},
        before_move=set(),
    )


def _count_audience(today: BindParameter[date]) -> ScalarSelect[int]:
    """How many children an event is for: whoever is in its classes today."""
    invited = aliased(EventClass)
    return (
        select(func.count(func.distinct(Enrolment.pupil_id)))
        .select_from(invited)
        .join(Enrolment, and_(Enrolment.class_id == invited.class_id, holds(Enrolment, today)))
        .where(invited.event_id == ClassEvent.id)
        .correlate(ClassEvent)
        .scalar_subquery()
    )


def _count_answered(today: BindParameter[date], *, before_move: bool = False) -> ScalarSelect[int]:
    """For how many of them somebody has answered, or had answered before the event was moved."""
    invited, given = aliased(EventClass), aliased(Rsvp)
    counted = (
        select(func.count(func.distinct(given.pupil_id)))
        .select_from(invited)
        .join(Enrolment, and_(Enrolment.class_id == invited.class_id, holds(Enrolment, today)))
        .join(given, and_(given.event_id == invited.event_id, given.pupil_id == Enrolment.pupil_id))
        .where(invited.event_id == ClassEvent.id, given.answer != Answer.NEEDS_ACTION)
    )
    if before_move:
        counted = counted.where(given.answered_at < ClassEvent.moved_at)
    return counted.correlate(ClassEvent).scalar_subquery()


def list_class_refs(class_ids: Collection[int], *, today: date) -> list[ClassRef]:
    """These classes as pages name them, by label."""
    rows = _refs.rows(class_ids=list(class_ids), school_year=clock.school_year(today))
    return sorted((ClassRef(*row) for row in rows), key=lambda ref: (sort_key(ref.label), ref.id))


@prepared
def _refs() -> AnySelect:
    year = param("school_year", int)
    return (
        select(SchoolClass.id, func.coalesce(label_in(year), ""), SchoolClass.hue)
        .outerjoin(ClassYear, is_name_of(year))
        .where(SchoolClass.id.in_(params("class_ids", int)))
    )


def list_answers(event: ClassEvent, *, today: date) -> list[ChildAnswer]:
    """Every child who is in the event's classes today, with its answer, by the name the class uses."""
    rows = _answers.rows(event_id=event.id, class_ids=list(event.class_ids), today=today)
    by_pupil = {row.id: row for row in rows}
    shared = Counter(row.first_name.casefold() for row in by_pupil.values())
    children = [
        _child_answer(row, is_shared=shared[row.first_name.casefold()] > 1, moved_at=event.moved_at)
        for row in by_pupil.values()
    ]
    return sorted(children, key=lambda child: (sort_key(child.name), child.pupil_id))


@prepared
def _answers() -> AnySelect:
    today = param("today", date)
    custody = and_(
        Guardianship.guardian_id == Rsvp.answered_by_id,
        Guardianship.pupil_id == Pupil.id,
        Guardianship.kind == GuardianshipKind.CUSTODY,
        holds(Guardianship, today),
    )
    return (
        select(
            Pupil.id,
            shown_name_of(Pupil, Pupil.first_name).label("first_name"),
            shown_last_name_of(Pupil).label("last_name"),
            shown_name_of(Pupil).label("full_name"),
            Rsvp.answer,
            Rsvp.answered_at,
            Rsvp.answered_by_id,
            Rsvp.is_by_team,
            shown_name_of(User, User.first_name).label("answered_by"),
            Guardianship.id.label("tie_id"),
        )
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .outerjoin(Rsvp, and_(Rsvp.event_id == param("event_id", int), Rsvp.pupil_id == Pupil.id))
        .outerjoin(User, User.id == Rsvp.answered_by_id)
        .outerjoin(Guardianship, custody)
        .where(Enrolment.class_id.in_(params("class_ids", int)), holds(Enrolment, today))
    )


def _child_answer(row: Row[*tuple[Any, ...]], *, is_shared: bool, moved_at: datetime | None) -> ChildAnswer:
    """Named as the class does: by first name, with a letter more where two are called the same."""
    letter = f" {row.last_name[:1]}." if is_shared and row.last_name else ""
    return ChildAnswer(
        pupil_id=row.id,
        name=row.first_name + letter,
        full_name=row.full_name,
        answer=row.answer or Answer.NEEDS_ACTION,
        answered_at=row.answered_at,
        answered_by_id=row.answered_by_id,
        answered_by=row.answered_by or "" if row.tie_id else "",
        is_by_team=bool(row.is_by_team),
        is_before_move=row.answered_at is not None and moved_at is not None and row.answered_at < moved_at,
    )
