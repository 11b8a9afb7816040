"""Who has access to the children of a class as the register knows it, and to whom it is closed, until when and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select

from portal.accounts.models import User
from portal.accounts.queries import list_leadership_ids
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.people import ClassRef, load_people
from portal.school.access.models import AccessClosure, ChildAccess, ClosedAccess
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.school.ties import holds, is_closed, lasts
from portal.text import clock
from portal.text.collation import sort_key

_TODAY = param("today", date)
#: The leadership is told so long before a closed access ends, and reads so long afterwards that it did.
REMIND_BEFORE, SHOWN_AFTER = timedelta(days=14), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Decision:
    """One time the access was closed, or made to last longer: by whom, when, until when, and why."""

    on: date
    by: str
    ends_on: date
    reason: str
    is_lifted: bool


def get_child_access(pupil_id: int, guardian_id: int) -> ChildAccess | None:
    """A guardian of a child whose tie nobody has ended, closed or not."""
    found = _accesses(_ties_of_children.pairs(pupil_ids=[pupil_id], today=clock.today()))
    return next((access for access in found if access.guardian.id == guardian_id), None)


def list_class_accesses(class_id: int, *, today: date) -> list[ChildAccess]:
    """The guardians of every child in a class, by the names others see: one statement."""
    found = _accesses(_ties_in_class.pairs(class_id=class_id, today=today))
    return sorted(found, key=lambda one: (sort_key(one.pupil.name), one.pupil.id, sort_key(one.guardian.name)))


@prepared
def _ties_of_children() -> AnySelect:
    return _ties().where(Pupil.id.in_(params("pupil_ids", int)))


@prepared
def _ties_in_class() -> AnySelect:
    in_class = Enrolment.class_id == param("class_id", int)
    return _ties().where(Pupil.id.in_(select(Enrolment.pupil_id).where(in_class, holds(Enrolment, _TODAY))))


def _ties() -> Select[*tuple[Any, ...]]:
    """Everybody who is tied to a child by the register, helpers too, and until when their access is closed."""
    until = (
        select(func.max(AccessClosure.ends_on))
        .where(
            AccessClosure.guardian_id == Guardianship.guardian_id,
            AccessClosure.pupil_id == Guardianship.pupil_id,
            is_closed(AccessClosure, _TODAY),
        )
        .correlate(Guardianship)
        .scalar_subquery()
    )
    return (
        select(Pupil, User, Guardianship.kind, until.label("closed_until"))
        .join(Guardianship, Guardianship.pupil_id == Pupil.id)
        .join(User, User.id == Guardianship.guardian_id)
        .where(lasts(Guardianship, _TODAY))
        .order_by(Guardianship.id)
    )


def _accesses(rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ChildAccess]:
    adults: dict[int, set[int]] = {}
    for row in rows:
        adults.setdefault(row.Pupil.id, set()).add(row.User.id)
    return [
        ChildAccess(row.Pupil, row.User, row.kind, frozenset(adults[row.Pupil.id]), row.closed_until)
        for row in rows
        if row.kind != GuardianshipKind.HELPER
    ]


def list_closed(*, today: date) -> list[ClosedAccess]:
    """Every closed access, and what has ended by itself within thirty days; the next to end comes first.

    Left out is what was lifted, and where the tie itself has ended, so that nothing opens.
    """
    longest = _longest(since=today - SHOWN_AFTER)
    if not longest:
        return []
    pupil_ids = sorted({pupil_id for _, pupil_id in longest})
    found = _accesses(_ties_of_children.pairs(pupil_ids=pupil_ids, today=today))
    closed = {key: one for one in found if (key := (one.guardian.id, one.pupil.id)) in longest}
    return sorted((_closed(one, longest[key]) for key, one in closed.items()), key=lambda one: (one.ends_on, one.id))


def get_closed(closure_id: int) -> ClosedAccess | None:
    """A closed access by the decision that lasts longest; None when it is not in force, or another lasts longer."""
    return next((one for one in list_closed(today=clock.today()) if one.id == closure_id and one.closed_until), None)


def list_to_remind(*, today: date) -> list[int]:
    """The decisions that end soon, of which the leadership has not been told."""
    ending = [one.id for one in list_closed(today=today) if one.is_ending(today)]
    if not ending:
        return []
    told = select(Act.subject_id).where(Act.kind == ActKind.ACCESS_ENDS_SOON, Act.subject_id.in_(ending))
    return sorted(set(ending) - set(db.session.scalars(told)))


def list_deciders(access: ClosedAccess, today: date) -> set[int]:
    """Who decides whether it is made longer: the leadership without the adults of that child."""
    return list_leadership_ids(access, today) - access.adult_ids


def list_class_refs(accesses: Collection[ChildAccess], *, today: date) -> dict[int, ClassRef]:
    """The class of today of each of these children, by the child."""
    ids = sorted({one.pupil.id for one in accesses})
    rows = _class_refs.rows(ids=ids, today=today, school_year=clock.school_year(today)) if ids else []
    return {row.pupil_id: ClassRef(row.id, row.label, row.hue) for row in rows}


@prepared
def _class_refs() -> AnySelect:
    year = param("school_year", int)
    return (
        select(Enrolment.pupil_id, SchoolClass.id, label_in(year).label("label"), SchoolClass.hue)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .join(ClassYear, is_name_of(year))
        .where(Enrolment.pupil_id.in_(params("ids", int)), holds(Enrolment, param("today", date)))
    )


def _longest(*, since: date) -> dict[tuple[int, int], AccessClosure]:
    """Of each guardian and child the decision that lasts longest, among those not lifted that last so far."""
    return {(row.guardian_id, row.pupil_id): row for row in _closures.entities(since=since)}


@prepared
def _closures() -> AnySelect:
    lasting = (AccessClosure.lifted_at.is_(None), AccessClosure.ends_on >= param("since", date))
    return select(AccessClosure).where(*lasting).order_by(AccessClosure.ends_on, AccessClosure.id)


def _closed(access: ChildAccess, closure: AccessClosure) -> ClosedAccess:
    half = timedelta(days=(closure.ends_on - closure.starts_on).days // 2)
    return ClosedAccess(
        access.pupil,
        access.guardian,
        access.kind,
        access.adult_ids,
        access.closed_until,
        id=closure.id,
        ends_on=closure.ends_on,
        remind_on=closure.ends_on - min(REMIND_BEFORE, half) if half else None,
    )


def list_in_force(guardian_id: int, pupil_id: int, *, today: date) -> Sequence[AccessClosure]:
    """Every closure in force between the two."""
    return db.session.scalars(
        select(AccessClosure).where(
            AccessClosure.guardian_id == guardian_id,
            AccessClosure.pupil_id == pupil_id,
            is_closed(AccessClosure, today),
        )
    ).all()


def list_decisions(guardian_id: int, pupil_id: int) -> list[Decision]:
    """Everything that was decided about a guardian and a child, the newest first."""
    return [
        Decision(clock.day_of(row.closed_at), user.name, row.ends_on, row.reason, row.lifted_at is not None)
        for row, user in _decisions.pairs(guardian_id=guardian_id, pupil_id=pupil_id)
    ]


@prepared
def _decisions() -> AnySelect:
    return (
        select(AccessClosure, User)
        .join(User, User.id == AccessClosure.closed_by_id)
        .where(AccessClosure.guardian_id == param("guardian_id", int), AccessClosure.pupil_id == param("pupil_id", int))
        .order_by(AccessClosure.id.desc())
    )


def list_other_children(guardian_id: int, pupil_id: int, *, today: date) -> list[tuple[int, str, ClassRef | None]]:
    """A guardian's other children to whom the access is open: id, the name others see, the class of today."""
    people = load_people([guardian_id], today=today)
    return [
        (child.pupil_id, child.name, child.school_class)
        for person in people
        for child in person.children
        if child.pupil_id != pupil_id and child.kind != GuardianshipKind.HELPER
    ]


def list_helper_ids(inviter_id: int, pupil_id: int, *, today: date) -> set[int]:
    """Whom a guardian has let help with a child: their right goes with the inviter's."""
    return set(
        db.session.scalars(
            select(Guardianship.guardian_id).where(
                Guardianship.invited_by_id == inviter_id,
                Guardianship.pupil_id == pupil_id,
                Guardianship.kind == GuardianshipKind.HELPER,
                lasts(Guardianship, today),
            )
        )
    )
