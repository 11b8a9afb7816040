"""Finding whose names a text may hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.protection import is_hidden, is_hidden_in, shown_names
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.name_guard.finder import PupilName
from portal.school.models import Enrolment, FormerName, Pupil
from portal.school.ties import holds
from portal.text import clock


def list_pupil_names(class_ids: Collection[int], *, today: date) -> list[PupilName]:
    """The real names of the children who are in these classes today, and the aliases of those who live under one."""
    rows = _pupils(class_ids, today)
    real = [PupilName(row.id, row.first_name, row.last_name) for row in rows]
    return real + [PupilName(row.id, row.alias, "") for row in rows if row.alias]


def list_shown_names(class_ids: Collection[int], *, today: date) -> list[PupilName]:
    """The names of the same children as everybody sees them: of those who live under an alias nothing else."""
    return [PupilName(row.id, *shown_names(row)) for row in _pupils(class_ids, today)]


def list_all_shown_names(*, today: date) -> list[PupilName]:
    """The names of all the school's children of today as everybody sees them."""
    return [PupilName(row.pupil_id, *shown_names(row)) for row in _all_pupils.rows(today=today)]


@prepared
def _all_pupils() -> AnySelect:
    names = (Pupil.first_name, Pupil.last_name, Pupil.alias, Pupil.protection)
    return (
        select(Pupil.id.label("pupil_id"), Enrolment.class_id, *names)
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(holds(Enrolment, param("today", date)))
    )


def list_class_ids(*, today: date) -> list[int]:
    """The classes that somebody is in today."""
    return [row.class_id for row in _classes.rows(today=today)]


@prepared
def _classes() -> AnySelect:
    return select(Enrolment.class_id).where(holds(Enrolment, param("today", date))).distinct()


def list_protected_names(class_ids: Collection[int], *, today: date) -> list[PupilName]:
    """The real names of those of these children who live under an alias."""
    return [
        PupilName(row.id, row.first_name, row.last_name)
        for row in _pupils(class_ids, today)
        if is_hidden(row.protection)
    ]


def list_all_protected_names(*, today: date) -> list[tuple[PupilName, int]]:
    """The real names of all the school's children of today who live under an alias, each with the child's class."""
    rows = _all_pupils.rows(today=today)
    return [
        (PupilName(row.pupil_id, row.first_name, row.last_name), row.class_id)
        for row in rows
        if is_hidden(row.protection)
    ]


def _pupils(class_ids: Collection[int], today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    return _pupils_of_classes.rows(class_ids=list(class_ids), today=today)


@prepared
def _pupils_of_classes() -> AnySelect:
    return (
        select(Pupil.id, Pupil.first_name, Pupil.last_name, Pupil.alias, Pupil.protection)
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(Enrolment.class_id.in_(params("class_ids", int)), holds(Enrolment, param("today", date)))
    )


@dataclass(frozen=True, slots=True)
class OnceOpen:
    """A name that a class knew a child by until a moment, and since when the child was in the class."""

    former_id: int
    name: PupilName
    known_since: date
    open_until: datetime


def list_once_open(class_id: int) -> list[OnceOpen]:
    """The names that children of a class, of today or before, bore openly and that are protected now."""
    return [
        OnceOpen(row.id, PupilName(row.pupil_id, row.first_name, row.last_name), row.known_since, row.open_until)
        for row in _once_open.rows(class_id=class_id)
    ]


def list_to_cover(room: str) -> list[int]:
    """The names that are protected now and that a room has not covered in its living texts yet."""
    done = exists().where(Act.kind == ActKind.NAME_COVERED, Act.subject_id == FormerName.id, Act.detail == room)
    return list(
        db.session.scalars(
            select(FormerName.id)
            .join(Pupil, Pupil.id == FormerName.pupil_id)
            .where(is_hidden_in(Pupil), ~done)
            .order_by(FormerName.id)
        )
    )


def get_former_name(former_id: int) -> FormerName | None:
    """A name that a child bore openly, with the child."""
    return db.session.scalar(select(FormerName).options(joinedload(FormerName.pupil)).where(FormerName.id == former_id))


def list_classes_that_knew(former: FormerName) -> list[int]:
    """The classes that knew a child by this name."""
    day = clock.day_of(former.open_until)
    places = select(Enrolment.class_id).where(Enrolment.pupil_id == former.pupil_id, Enrolment.starts_on <= day)
    return sorted(set(db.session.scalars(places)))


@prepared
def _once_open() -> AnySelect:
    return (
        select(
            FormerName.id,
            FormerName.pupil_id,
            FormerName.first_name,
            FormerName.last_name,
            FormerName.open_until,
            func.min(Enrolment.starts_on).label("known_since"),
        )
        .join(Pupil, Pupil.id == FormerName.pupil_id)
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(Enrolment.class_id == param("class_id", int), is_hidden_in(Pupil))
        .group_by(FormerName.id)
    )


def list_classes_of(pupil_ids: Collection[int], class_ids: Collection[int], *, today: date) -> list[tuple[int, int]]:
    """In which of these classes these children are today: child and class."""
    rows = db.session.execute(
        select(Enrolment.pupil_id, Enrolment.class_id).where(
            Enrolment.pupil_id.in_(list(pupil_ids)), Enrolment.class_id.in_(list(class_ids)), holds(Enrolment, today)
        )
    )
    return [(row.pupil_id, row.class_id) for row in rows]
