"""Reading events: one of them, and what is coming, with how far the answers have come.

Whom an event is for is read from the enrolments of the day, every time: a newcomer is in at once and a leaver is not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
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

from portal.accounts.models import Role
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.events.audience.queries import (
    class_ids_of,
    concerns,
    every_class,
    for_each_audience,
    invites,
    know_classes,
)
from portal.events.models import (
    Answer,
    Audience,
    ClassEvent,
    EventClass,
    EventOrganiser,
    EventState,
    EventToRead,
    Rsvp,
    stamp_of,
)
from portal.people import ClassRef, Person
from portal.school.models import ClassYear, Enrolment, SchoolClass
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

    `grade` is where the children of its year are now, 0 for what is not for a year; `class_count` how many classes it
    names. `before_move` are the pupils among these whose answer is older than the event's last move, and
    `asked_anew` is the stamp that an answer carries.
    """

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    rsvp_deadline: date | None
    is_cancelled: bool
    audience: Audience
    grade: int
    class_count: int
    progress: Progress
    classes: dict[int, ClassRef]
    answers: dict[int, Answer]
    before_move: set[int]
    asked_anew: str


def get_event(event_id: int) -> ClassEvent | None:
    """An event with its classes and its organisers."""
    event: ClassEvent | None = _event.entity(event_id=event_id)
    return know_classes(event, today=clock.today()) if event is not None else None


@prepared
def _event() -> AnySelect:
    return (
        select(ClassEvent)
        .options(
            joinedload(ClassEvent.classes),
            joinedload(ClassEvent.organisers),
        )
        .where(ClassEvent.id == param("event_id", int))
    )


def get_event_to_read(event_id: int) -> EventToRead | None:
    """An event for a page that changes nothing, with the classes it is for today: one statement."""
    now = clock.now()
    rows = _event_to_read.rows(event_id=event_id, school_year=clock.school_year(clock.day_of(now)))
    if not rows:
        return None
    first = rows[0]
    refs = {row.class_id: ClassRef(row.class_id, row.label, row.hue) for row in rows if row.class_id is not None}
    return EventToRead(
        first.out_at is not None and first.out_at <= now,
        tuple(sorted(refs.values(), key=lambda ref: (sort_key(ref.label), ref.id))),
        frozenset(refs),
        frozenset(row.organiser_id for row in rows if row.organiser_id is not None),
        *first[:-4],
    )


@prepared
def _event_to_read() -> AnySelect:
    """What an `EventToRead` ends with, in its order, and four more; a row for each class and organiser."""
    year, is_asked = param("school_year", int), ClassEvent.id == param("event_id", int)
    invited = every_class(year, is_asked)
    return (
        select(
            ClassEvent.id,
            ClassEvent.kind,
            ClassEvent.state,
            ClassEvent.title,
            ClassEvent.description,
            ClassEvent.starts_at,
            ClassEvent.ends_at,
            ClassEvent.place,
            ClassEvent.cost_per_child,
            ClassEvent.rsvp_deadline,
            ClassEvent.siblings_welcome,
            ClassEvent.bring,
            ClassEvent.map_url,
            ClassEvent.audience,
            ClassEvent.year_group,
            ClassEvent.out_at,
            ClassEvent.moved_at,
            ClassEvent.terms_changed_at,
            func.coalesce(ClassEvent.touched_at, ClassEvent.created_at).label("touched_at"),
            ClassEvent.version,
            invited.c.class_id,
            func.coalesce(label_in(year), "").label("label"),
            SchoolClass.hue,
            EventOrganiser.user_id.label("organiser_id"),
        )
        .outerjoin(invited, invited.c.event_id == ClassEvent.id)
        .outerjoin(SchoolClass, SchoolClass.id == invited.c.class_id)
        .outerjoin(ClassYear, is_name_of(year))
        .outerjoin(EventOrganiser, EventOrganiser.event_id == ClassEvent.id)
        .where(is_asked)
    )


def events_visible_to(person: Person) -> Select[ClassEvent]:
    """Every event the person may see: the same rule as `Action.EVENT_VIEW`, as a statement for lists."""
    is_out = ClassEvent.out_at <= clock.now()
    if not person.has(Role.LEADERSHIP, Role.AKT):
        is_out = and_(is_out, _is_for(person.event_classes))
    return select(ClassEvent).where(or_(is_out, _is_prepared_by(person)))


def list_unsent(person: Person, *, now: datetime) -> Sequence[Any]:
    """What the person prepares and nobody else sees yet, the next first: drafts, and what goes out within minutes."""
    is_everywhere = person.has(Role.LEADERSHIP, Role.AKT)
    class_ids = () if is_everywhere else {*person.guardian_classes, *person.teams}
    if not class_ids and not is_everywhere:
        return ()
    many = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    school_year = clock.school_year(clock.day_of(now))
    return _unsent.of(len(class_ids)).rows(**many, user_id=person.id, now=now, school_year=school_year)


@prepared
def _unsent(class_count: int) -> AnySelect:
    """Of any class where none is named."""
    found = (
        select(ClassEvent.id, ClassEvent.title, ClassEvent.starts_at, ClassEvent.ends_at, ClassEvent.out_at)
        .where(or_(ClassEvent.out_at.is_(None), ClassEvent.out_at > param("now", datetime)))
        .where(_is_organised_by(param("user_id", int)))
        .order_by(ClassEvent.starts_at, ClassEvent.id)
    )
    class_ids = [param(f"class_{place}", int) for place in range(class_count)]
    return found.where(concerns(class_ids, param("school_year", int))) if class_count else found


def _is_for(class_ids: Collection[int]) -> ColumnElement[bool]:
    return concerns(class_ids, clock.school_year(clock.today())) if class_ids else false()


def _is_prepared_by(person: Person) -> ColumnElement[bool]:
    """Whether the person organises it and still belongs to one of its classes, at home or at work."""
    organises = _is_organised_by(person.id)
    if person.has(Role.LEADERSHIP, Role.AKT):
        return organises
    return and_(organises, _is_for({*person.guardian_classes, *person.teams}))


def _is_organised_by(user_id: Any) -> ColumnElement[bool]:
    return exists().where(EventOrganiser.event_id == ClassEvent.id, EventOrganiser.user_id == user_id)


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
    """The events of these classes that are out and not over, the next first, cancelled too; with these pupils' answers.

    What the whole school does is among them, also for no class. `after` is the last one already shown.

    One statement, whose inner one takes the first few events before anything is joined to them.
    """
    today = clock.day_of(now)
    many = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    many |= {f"pupil_{place}": pupil_id for place, pupil_id in enumerate(pupil_ids)}
    cursor = {"after_at": after.starts_at, "after_id": after.id} if after is not None else {}
    rows = _next_events.of(limit, len(class_ids), len(pupil_ids), after is not None).rows(
        **many, **cursor, now=now, today=today, school_year=clock.school_year(today)
    )
    found: dict[int, ComingEvent] = {}
    for row in sorted(rows, key=lambda row: (row.starts_at, row.id, sort_key(row.label))):
        event = found.setdefault(row.id, _coming_event(row, today))
        if row.class_id is not None:
            event.classes[row.class_id] = ClassRef(row.class_id, row.label, row.hue)
        if row.pupil_id is not None:
            event.answers[row.pupil_id] = row.answer
            if row.is_before_move:
                event.before_move.add(row.pupil_id)
    return list(found.values())


@prepared
def _next_events(limit: int, class_count: int, pupil_count: int, is_later_page: bool) -> AnySelect:
    """The statement of `list_coming`, built once for so many classes and pupils: every front page asks it."""
    today, now = param("today", date), param("now", datetime)
    year = param("school_year", int)
    class_ids = [param(f"class_{place}", int) for place in range(class_count)]
    pupil_ids = [param(f"pupil_{place}", int) for place in range(pupil_count)]
    chosen = (
        select(
            ClassEvent,
            _count_audience(today, year).label("children"),
            _count_answered(today, year).label("answered"),
            case((ClassEvent.moved_at.is_(None), 0), else_=_count_answered(today, year, before_move=True)).label(
                "before_move"
            ),
            count_named_classes().label("class_count"),
        )
        .where(concerns(class_ids, year), ClassEvent.ends_at > now, ClassEvent.out_at <= now)
        .order_by(ClassEvent.starts_at, ClassEvent.id)
        .limit(literal_column(str(limit)))
    )
    if is_later_page:
        last = tuple_(param("after_at", datetime), param("after_id", int))
        chosen = chosen.where(tuple_(ClassEvent.starts_at, ClassEvent.id) > last)
    coming = chosen.subquery("coming")
    is_one_of_these = or_(false(), *(SchoolClass.id == class_id for class_id in class_ids))
    return (
        select(
            coming.c.id,
            coming.c.title,
            coming.c.starts_at,
            coming.c.ends_at,
            coming.c.place,
            coming.c.rsvp_deadline,
            coming.c.state,
            coming.c.audience,
            coming.c.year_group,
            coming.c.moved_at,
            coming.c.terms_changed_at,
            coming.c.class_count,
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
        .outerjoin(SchoolClass, and_(is_one_of_these, invites(coming.c, SchoolClass.id, year)))
        .outerjoin(ClassYear, is_name_of(year))
        .outerjoin(
            Rsvp, and_(Rsvp.event_id == coming.c.id, or_(false(), *(Rsvp.pupil_id == pupil for pupil in pupil_ids)))
        )
        .order_by(coming.c.starts_at, coming.c.id)
    )


def _coming_event(row: Row[*tuple[Any, ...]], today: date) -> ComingEvent:
    is_cancelled = row.state == EventState.CANCELLED
    return ComingEvent(
        id=row.id,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        rsvp_deadline=row.rsvp_deadline,
        is_cancelled=is_cancelled,
        audience=row.audience,
        grade=clock.school_year(today) - row.year_group if row.audience == Audience.YEAR_GROUP else 0,
        class_count=row.class_count,
        progress=Progress(row.children, row.answered, row.before_move),
        classes={},
        answers={},
        before_move=set(),
        asked_anew=stamp_of(row.moved_at, row.terms_changed_at),
    )


def count_named_classes() -> ColumnElement[int]:
    """How many classes stand in the plan of an event that is for some classes."""
    named = select(func.count()).where(EventClass.event_id == ClassEvent.id)
    return named.correlate(ClassEvent).scalar_subquery()


def _count_audience(today: Any, year: Any) -> ColumnElement[int]:
    """How many children an event is for: whoever is in its classes today."""
    return for_each_audience(
        lambda audience: (
            select(func.count(func.distinct(Enrolment.pupil_id)))
            .where(Enrolment.class_id.in_(class_ids_of(audience, ClassEvent, year)), holds(Enrolment, today))
            .correlate(ClassEvent)
            .scalar_subquery()
        )
    )


def _count_answered(today: Any, year: Any, *, before_move: bool = False) -> ColumnElement[int]:
    """For how many of them somebody has answered, or had answered before the event was moved."""
    given = aliased(Rsvp)
    is_meant = [given.event_id == ClassEvent.id, given.answer != Answer.NEEDS_ACTION]
    if before_move:
        is_meant.append(given.answered_at < ClassEvent.moved_at)
    return for_each_audience(
        lambda audience: (
            select(func.count(func.distinct(given.pupil_id)))
            .join(Enrolment, and_(Enrolment.pupil_id == given.pupil_id, holds(Enrolment, today)))
            .where(*is_meant, Enrolment.class_id.in_(class_ids_of(audience, ClassEvent, year)))
            .correlate(ClassEvent)
            .scalar_subquery()
        )
    )


def list_of_class(class_id: int) -> Sequence[ClassEvent]:
    """Everything a class was ever invited to, and all that was for more than single classes. The rows are locked."""
    named = select(EventClass.event_id).where(EventClass.class_id == class_id)
    return db.session.scalars(
        select(ClassEvent)
        .where(or_(ClassEvent.id.in_(named), ClassEvent.audience != Audience.CLASSES))
        .order_by(ClassEvent.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
