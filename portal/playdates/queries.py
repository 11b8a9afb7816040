"""Reading playdates: what is on in a class, and for those who come, who else does.

An offer stands while whoever made it has a child in the class, and a child counts while it is in the class: both are
asked whenever they are read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.people import ClassRef, Person
from portal.playdates.models import Playdate, PlaydateGuest
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.school.names import highest_grade_in, is_name_of, label_in, lowest_grade_in
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key

PLAYDATES_PER_PAGE = 30


@dataclass(slots=True)
class Offer:
    """A playdate with whatever a page may need to know of it; what of it is shown to whom, its page decides.

    `children` are those of whoever offers it, `guests` the children who come, by id, and `guest_adult_ids` those who
    said so.
    """

    id: int
    class_id: int
    what: str
    starts_at: datetime
    ends_at: datetime
    places: int | None
    is_taken_back: bool
    version: int
    offered_by_id: int
    adult: str
    children: set[str] = field(default_factory=set)
    guests: dict[int, str] = field(default_factory=dict)
    guest_adult_ids: set[int] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """Whether every place is taken."""
        return self.places is not None and len(self.guests) >= self.places


@dataclass(frozen=True, slots=True)
class Playground:
    """Some classes with their grades of this year, and what is on in them, the next first."""

    classes: dict[int, ClassRef]
    grades: dict[int, tuple[int, int]]
    offers: tuple[Offer, ...]


def get_playdate(playdate_id: int) -> Playdate | None:
    """An offer that stands; there is none any more once whoever made it has no child in the class."""
    found: Playdate | None = _standing.entity(playdate_id=playdate_id, today=clock.today())
    return found


@prepared
def _standing() -> AnySelect:
    return select(Playdate).where(Playdate.id == param("playdate_id", int), _stands(param("today", date)))


def playdates_visible_to(person: Person) -> Select[Playdate]:
    """Every playdate the person may see: the same rule as `Action.PLAYDATE_VIEW`, as a statement for lists."""
    return select(Playdate).where(Playdate.class_id.in_(list(person.classes)), _stands(clock.today()))


def list_titles(playdate_ids: Collection[int], person: Person) -> Sequence[Row[*tuple[Any, ...]]]:
    """Id, words and beginning of those of these playdates that the person may see."""
    shown = playdates_visible_to(person).with_only_columns(Playdate.id, Playdate.what, Playdate.starts_at)
    return db.session.execute(shown.where(Playdate.id.in_(playdate_ids))).all()


def _stands(today: Any) -> ColumnElement[bool]:
    """Whether whoever offers a `Playdate` is a guardian in its class today."""
    return exists().where(
        Guardianship.guardian_id == Playdate.offered_by_id,
        Guardianship.kind != GuardianshipKind.HELPER,
        holds(Guardianship, today),
        Enrolment.pupil_id == Guardianship.pupil_id,
        Enrolment.class_id == Playdate.class_id,
        holds(Enrolment, today),
    )


def list_coming(
    class_ids: Collection[int], *, now: datetime, limit: int = PLAYDATES_PER_PAGE, after: Playdate | None = None
) -> Playground:
    """These classes, and what is offered in them and not over yet: one statement for both."""
    if not class_ids:
        return Playground({}, {}, ())
    today = clock.day_of(now)
    many = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    cursor = {"after_at": after.starts_at, "after_id": after.id} if after is not None else {}
    rows = _coming.of(limit, len(class_ids), after is not None).rows(
        **many, **cursor, now=now, today=today, school_year=clock.school_year(today)
    )
    return _gathered(rows)


def get_offer(playdate: Playdate, *, today: date) -> Playground:
    """One playdate as its page shows it, also when it is over or taken back."""
    rows = _one.rows(playdate_id=playdate.id, today=today, school_year=clock.school_year(today))
    return _gathered(rows)


@prepared
def _coming(limit: int, class_count: int, is_later_page: bool) -> AnySelect:
    class_ids = [param(f"class_{place}", int) for place in range(class_count)]
    wanted = (
        select(Playdate)
        .where(
            or_(false(), *(Playdate.class_id == class_id for class_id in class_ids)),
            Playdate.ends_at > param("now", datetime),
            Playdate.taken_back_at.is_(None),
            _stands(param("today", date)),
        )
        .order_by(Playdate.starts_at, Playdate.id)
        .limit(literal_column(str(limit)))
    )
    if is_later_page:
        last = tuple_(param("after_at", datetime), param("after_id", int))
        wanted = wanted.where(tuple_(Playdate.starts_at, Playdate.id) > last)
    of_these = or_(false(), *(SchoolClass.id == class_id for class_id in class_ids))
    return _with_everybody(wanted).where(of_these)


@prepared
def _one() -> AnySelect:
    wanted = select(Playdate).where(Playdate.id == param("playdate_id", int))
    return _with_everybody(wanted, is_outer=False)


def _with_everybody(wanted: Select[Playdate], *, is_outer: bool = True) -> Select[*tuple[Any, ...]]:
    """Classes by name and grade, the wanted playdates in them, the children of whoever offers, and all who come."""
    today, year = param("today", date), param("school_year", int)
    offer = wanted.subquery("offer")
    tie, place, child = aliased(Guardianship), aliased(Enrolment), aliased(Pupil)
    guest_tie, guest_place, guest = aliased(Guardianship), aliased(Enrolment), aliased(Pupil)
    return (
        select(
            SchoolClass.id.label("class_id"),
            SchoolClass.hue,
            func.coalesce(label_in(year), "").label("label"),
            func.coalesce(lowest_grade_in(year), -1).label("lowest"),
            func.coalesce(highest_grade_in(year), -1).label("highest"),
            offer.c.id,
            offer.c.what,
            offer.c.starts_at,
            offer.c.ends_at,
            offer.c.places,
            offer.c.taken_back_at,
            offer.c.version,
            offer.c.offered_by_id,
            shown_name_of(User, User.first_name).label("adult"),
            shown_name_of(child, child.first_name).label("child"),
            guest_tie.guardian_id.label("guest_adult_id"),
            guest.id.label("guest_id"),
            shown_name_of(guest, guest.first_name).label("guest"),
        )
        .select_from(SchoolClass)
        .outerjoin(ClassYear, is_name_of(year))
        .join(offer, offer.c.class_id == SchoolClass.id, isouter=is_outer)
        .outerjoin(User, User.id == offer.c.offered_by_id)
        .outerjoin(tie, and_(tie.guardian_id == User.id, tie.kind != GuardianshipKind.HELPER, holds(tie, today)))
        .outerjoin(
            place,
            and_(place.pupil_id == tie.pupil_id, place.class_id == offer.c.class_id, holds(place, today)),
        )
        .outerjoin(child, child.id == place.pupil_id)
        .outerjoin(PlaydateGuest, PlaydateGuest.playdate_id == offer.c.id)
        .outerjoin(
            guest_tie,
            and_(
                guest_tie.guardian_id == PlaydateGuest.guardian_id,
                guest_tie.pupil_id == PlaydateGuest.pupil_id,
                guest_tie.kind != GuardianshipKind.HELPER,
                holds(guest_tie, today),
            ),
        )
        .outerjoin(
            guest_place,
            and_(
                guest_place.pupil_id == guest_tie.pupil_id,
                guest_place.class_id == offer.c.class_id,
                holds(guest_place, today),
            ),
        )
        .outerjoin(guest, guest.id == guest_place.pupil_id)
    )


def _gathered(rows: Iterable[Any]) -> Playground:
    classes: dict[int, ClassRef] = {}
    grades: dict[int, tuple[int, int]] = {}
    offers: dict[int, Offer] = {}
    for row in rows:
        classes[row.class_id] = ClassRef(row.class_id, row.label, row.hue)
        grades[row.class_id] = (row.lowest, row.highest)
        if row.id is None:
            continue
        offer = offers.setdefault(row.id, _offer(row))
        if row.child is not None:
            offer.children.add(row.child)
        if row.guest_id is not None:
            offer.guests[row.guest_id] = row.guest
            offer.guest_adult_ids.add(row.guest_adult_id)
    by_label = dict(sorted(classes.items(), key=lambda one: (sort_key(one[1].label), one[0])))
    in_order = sorted(offers.values(), key=lambda offer: (offer.starts_at, offer.id))
    return Playground(by_label, grades, tuple(in_order))


def _offer(row: Any) -> Offer:
    return Offer(
        id=row.id,
        class_id=row.class_id,
        what=row.what,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        places=row.places,
        is_taken_back=row.taken_back_at is not None,
        version=row.version,
        offered_by_id=row.offered_by_id,
        adult=row.adult,
    )


def list_guest_ids(playdate: Playdate, today: date) -> dict[int, set[int]]:
    """The children who come, each with the adults who said so: those whose ties and places hold today."""
    rows = db.session.execute(
        select(PlaydateGuest.pupil_id, PlaydateGuest.guardian_id)
        .join(
            Guardianship,
            and_(
                Guardianship.guardian_id == PlaydateGuest.guardian_id,
                Guardianship.pupil_id == PlaydateGuest.pupil_id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Guardianship, today),
            ),
        )
        .join(Enrolment, and_(Enrolment.pupil_id == PlaydateGuest.pupil_id, holds(Enrolment, today)))
        .where(PlaydateGuest.playdate_id == playdate.id, Enrolment.class_id == playdate.class_id)
    )
    found: dict[int, set[int]] = {}
    for pupil_id, guardian_id in rows:
        found.setdefault(pupil_id, set()).add(guardian_id)
    return found


def list_class_guardians(playdate: Playdate, today: date) -> set[int]:
    """Whom an offer is told: the custody and foster guardians of every child in the class."""
    return set(
        db.session.scalars(
            select(Guardianship.guardian_id)
            .join(Enrolment, Enrolment.pupil_id == Guardianship.pupil_id)
            .where(
                Enrolment.class_id == playdate.class_id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Enrolment, today),
                holds(Guardianship, today),
            )
        )
    )


def list_guest_adults(playdate: Playdate, today: date) -> set[int]:
    """Those who have said that they come, and are told of what changes."""
    return {adult_id for adults in list_guest_ids(playdate, today).values() for adult_id in adults}


def list_forgotten(before: datetime) -> list[int]:
    """The playdates that were over before a moment."""
    return list(db.session.scalars(select(Playdate.id).where(Playdate.ends_at < before).order_by(Playdate.id)))


def find_playdate(playdate_id: int) -> Playdate | None:
    """A playdate, whether or not it still stands."""
    return db.session.get(Playdate, playdate_id)


def list_of_class(class_id: int) -> Sequence[Playdate]:
    """Every offer to a class that is kept. The rows are locked."""
    return db.session.scalars(
        select(Playdate)
        .where(Playdate.class_id == class_id)
        .order_by(Playdate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
