"""Finding councils, who sits in them, and who helps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Role, User
from portal.accounts.protection import shown_name_of
from portal.council.models import Council, CouncilMember, Facilitator
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.people import ClassRef, Person
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.school.names import highest_grade_in, is_name_of, label_in, lowest_grade_in
from portal.school.queries import works_here
from portal.school.ties import Day, holds, lasts
from portal.text import clock
from portal.text.collation import sort_key

_TODAY = param("today", date)


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a council as its members know them: a first name and a class."""

    id: int
    pupil_id: int
    name: str
    school_class: ClassRef
    is_substitute: bool
    is_chair: bool
    is_on_board: bool


@dataclass(frozen=True, slots=True)
class CouncilAtAGlance:
    """A council in a list, with how many members and which facilitators it has today."""

    council: Council
    member_count: int
    facilitators: tuple[str, ...]


def get_council(council_id: int) -> Council | None:
    """A council."""
    return by_id(Council, council_id)


def get_facilitator(facilitator_id: int) -> Facilitator | None:
    """A facilitator's time with a council, today or later."""
    return db.session.scalar(
        select(Facilitator)
        .options(joinedload(Facilitator.council), joinedload(Facilitator.user))
        .where(Facilitator.id == facilitator_id, lasts(Facilitator, clock.today()))
    )


def councils_visible_to(person: Person) -> Sequence[Council]:
    """Every council the person may see, the smallest pupils' first: the same rule as `Action.COUNCIL_VIEW`."""
    if person.has(Role.OFFICE):
        return _councils.of("").entities()
    return _councils.of("these").entities(ids=sorted(person.councils | person.facilitates))


@prepared
def _councils(which: str) -> AnySelect:
    in_order = select(Council).order_by(Council.lowest_grade, Council.id)
    return in_order.where(Council.id.in_(params("ids", int))) if which == "these" else in_order


def list_councils(person: Person, *, today: date) -> list[CouncilAtAGlance]:
    """The councils a person may see, the smallest pupils' first: three statements."""
    return _at_a_glance(councils_visible_to(person), today)


def list_every_council(*, today: date) -> list[CouncilAtAGlance]:
    """Every council, with numbers and grown-ups and without a child: what `Action.COUNCIL_OVERVIEW` shows."""
    return _at_a_glance(_councils.of("").entities(), today)


def _at_a_glance(councils: Sequence[Council], today: date) -> list[CouncilAtAGlance]:
    ids = [council.id for council in councils]
    counts = {row.council_id: row.many for row in _member_counts.rows(ids=ids, today=today)}
    names: dict[int, list[str]] = {}
    for facilitator in _facilitators(ids, today):
        names.setdefault(facilitator.council_id, []).append(facilitator.user.name)
    return [CouncilAtAGlance(c, counts.get(c.id, 0), tuple(names.get(c.id, ()))) for c in councils]


@prepared
def _member_counts() -> AnySelect:
    return (
        _seats()
        .with_only_columns(CouncilMember.council_id, func.count().label("many"))
        .where(CouncilMember.council_id.in_(params("ids", int)), CouncilMember.is_substitute.is_(False))
        .group_by(CouncilMember.council_id)
    )


def list_all_councils() -> Sequence[Council]:
    """Every council, whoever asks: for rules that look at all of them."""
    return db.session.scalars(select(Council).order_by(Council.id)).all()


def _seats(today: Day = _TODAY) -> Select[*tuple[Any, ...]]:
    """Seats of today whose pupil still is in the class that chose them: leaving the class ends a seat by itself."""
    return (
        select(CouncilMember, Pupil)
        .join(Pupil, Pupil.id == CouncilMember.pupil_id)
        .join(
            Enrolment,
            and_(Enrolment.pupil_id == CouncilMember.pupil_id, Enrolment.class_id == CouncilMember.class_id),
        )
        .where(holds(CouncilMember, today), holds(Enrolment, today))
    )


def list_seats(council_id: int, *, today: date) -> list[Seat]:
    """Who sits in a council today, by class: members first, then substitutes."""
    rows = _seats_of_council.rows(council_id=council_id, today=today, school_year=clock.school_year(today))
    seats = [
        Seat(
            row.id,
            row.pupil_id,
            row.name,
            ClassRef(row.class_id, row.label, row.hue),
            row.is_substitute,
            row.is_chair,
            row.is_on_board,
        )
        for row in rows
    ]
    return sorted(seats, key=_place)


@prepared
def _seats_of_council() -> AnySelect:
    year = param("school_year", int)
    return (
        _seats()
        .with_only_columns(
            CouncilMember.id,
            CouncilMember.pupil_id,
            shown_name_of(Pupil, Pupil.first_name).label("name"),
            CouncilMember.class_id,
            func.coalesce(label_in(year), "").label("label"),
            SchoolClass.hue,
            CouncilMember.is_substitute,
            CouncilMember.is_chair,
            CouncilMember.is_on_board,
        )
        .join(SchoolClass, SchoolClass.id == CouncilMember.class_id)
        .outerjoin(ClassYear, is_name_of(year))
        .where(CouncilMember.council_id == param("council_id", int))
    )


def count_places(council_id: int, *, today: date) -> dict[int, int]:
    """How many places each class has in a council: one for each member it elected, also one who has left the class."""
    return {row.class_id: row.many for row in _places.rows(council_id=council_id, today=today)}


@prepared
def _places() -> AnySelect:
    return (
        select(CouncilMember.class_id, func.count().label("many"))
        .where(
            CouncilMember.council_id == param("council_id", int),
            CouncilMember.is_substitute.is_(False),
            holds(CouncilMember, param("today", date)),
        )
        .group_by(CouncilMember.class_id)
    )


def _place(seat: Seat) -> tuple[bool, str, str, int]:
    return seat.is_substitute, sort_key(seat.school_class.label), sort_key(seat.name), seat.id


def list_classes_without_member(council: Council, *, today: date) -> list[ClassRef]:
    """The classes of a council's grades that have pupils and that nobody speaks for yet, by grade and label."""
    rows = _unspoken_for.rows(
        council_id=council.id,
        lowest=council.lowest_grade,
        highest=council.highest_grade,
        today=today,
        school_year=clock.school_year(today),
    )
    in_order = sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.id))
    return [ClassRef(row.id, row.label, row.hue) for row in in_order]


@prepared
def _unspoken_for() -> AnySelect:
    year = param("school_year", int)
    chosen = (
        _seats()
        .with_only_columns(CouncilMember.id)
        .where(
            CouncilMember.class_id == SchoolClass.id,
            CouncilMember.council_id == param("council_id", int),
            CouncilMember.is_substitute.is_(False),
        )
        .correlate(SchoolClass)
        .exists()
    )
    return (
        select(SchoolClass.id, label_in(year).label("label"), SchoolClass.hue, lowest_grade_in(year).label("grade"))
        .join(ClassYear, is_name_of(year))
        .where(
            highest_grade_in(year).between(param("lowest", int), param("highest", int)),
            exists().where(Enrolment.class_id == SchoolClass.id, holds(Enrolment, _TODAY)),
            ~chosen,
        )
    )


def _facilitators(council_ids: Sequence[int], day: date) -> Sequence[Facilitator]:
    return _facilitators_of.entities(ids=list(council_ids), today=day)


@prepared
def _facilitators_of() -> AnySelect:
    return (
        select(Facilitator)
        .join(Facilitator.user)
        .options(contains_eager(Facilitator.user))
        .where(Facilitator.council_id.in_(params("ids", int)), holds(Facilitator, _TODAY), works_here(_TODAY))
        .order_by(User.sort_name, Facilitator.id)
    )


def list_facilitators(council_id: int, *, today: date) -> Sequence[Facilitator]:
    """A council's facilitators of today, with their accounts."""
    return _facilitators([council_id], today)


def get_council_of_class(class_id: int, *, today: date) -> Council | None:
    """The council whose grades hold the class's highest: a mixed class belongs where its oldest pupils do."""
    council: Council | None = _council_of_class.entity(class_id=class_id, school_year=clock.school_year(today))
    return council


@prepared
def _council_of_class() -> AnySelect:
    year = param("school_year", int)
    return (
        select(Council)
        .join(ClassYear, highest_grade_in(year).between(Council.lowest_grade, Council.highest_grade))
        .join(SchoolClass, is_name_of(year))
        .where(SchoolClass.id == param("class_id", int))
        .order_by(Council.id)
        .limit(1)
    )


def list_places(class_id: int, pupil_ids: Sequence[int], *, today: date) -> Sequence[CouncilMember]:
    """Every seat that has not ended, of a class in any council and of these pupils in any class, with the pupil."""
    return db.session.scalars(
        select(CouncilMember)
        .options(joinedload(CouncilMember.pupil).joinedload(Pupil.user))
        .where(
            (CouncilMember.class_id == class_id) | CouncilMember.pupil_id.in_(pupil_ids), lasts(CouncilMember, today)
        )
        .order_by(CouncilMember.is_substitute, CouncilMember.id)
    ).all()


def list_every_seat(class_id: int) -> Sequence[CouncilMember]:
    """Every seat that a class has had in any council until today."""
    seats = select(CouncilMember).options(joinedload(CouncilMember.council))
    return db.session.scalars(seats.where(CouncilMember.class_id == class_id).order_by(CouncilMember.id)).all()


def hold_seats(seat_ids: Sequence[int]) -> Sequence[int]:
    """Which of these seats are there still, by id; nobody takes one of them away until the transaction ends."""
    seats = select(CouncilMember.id).where(CouncilMember.id.in_(seat_ids)).order_by(CouncilMember.id)
    return db.session.scalars(seats.with_for_update(read=True, key_share=True)).all()


def has_seat(pupil_id: int, *, today: date) -> bool:
    """Whether a pupil sits in any council whose pupils sign in, today or later."""
    seats = exists().where(CouncilMember.pupil_id == pupil_id, lasts(CouncilMember, today))
    return bool(db.session.scalar(select(seats.where(Council.id == CouncilMember.council_id, Council.signs_in))))


def list_sitting(council_id: int, *, today: date) -> Sequence[Pupil]:
    """The pupils who sit in a council today, with their accounts, to be changed."""
    return db.session.scalars(
        _seats(today)
        .with_only_columns(Pupil)
        .options(joinedload(Pupil.user))
        .where(CouncilMember.council_id == council_id)
        .order_by(Pupil.id)
    ).all()


def list_class_seats(class_id: int, *, today: date) -> Sequence[CouncilMember]:
    """A class's members and substitutes of today, members first, by name, with their accounts if they have one."""
    found = _seats_of_class.entities(class_id=class_id, today=today)
    return sorted(found, key=lambda seat: (seat.is_substitute, sort_key(seat.pupil.short_name), seat.id))


@prepared
def _seats_of_class() -> AnySelect:
    return (
        _seats()
        .with_only_columns(CouncilMember)
        .outerjoin(Pupil.user)
        .options(contains_eager(CouncilMember.pupil).contains_eager(Pupil.user))
        .where(CouncilMember.class_id == param("class_id", int))
    )


def count_on_board(*, but_council_id: int, today: date) -> int:
    """How many members of the other councils sit on the school board today."""
    return (
        db.session.scalar(
            _seats(today)
            .with_only_columns(func.count())
            .where(CouncilMember.is_on_board, CouncilMember.council_id != but_council_id)
        )
        or 0
    )


def is_name_taken(name: str, *, but_council_id: int | None) -> bool:
    """Whether another council has that name."""
    return bool(
        db.session.scalar(select(exists().where(Council.name == name, Council.id.is_distinct_from(but_council_id))))
    )
