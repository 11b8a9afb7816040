"""Reading what classes ask AKT for, and what was noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Role, RoleGrant
from portal.akt.models import AktNote, AktRequest, NoteKind
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.school.models import ClassYear, SchoolClass, TeamMember
from portal.school.names import is_name_of, label_in
from portal.school.ties import holds
from portal.text import clock


def get_request(request_id: int) -> AktRequest | None:
    """One request, with its class."""
    asked: AktRequest | None = _request.entity(request_id=request_id)
    return asked


@prepared
def _request() -> AnySelect:
    with_class = select(AktRequest).options(joinedload(AktRequest.school_class))
    return with_class.where(AktRequest.id == param("request_id", int))


def get_note(note_id: int) -> AktNote | None:
    """One note, to be taken back."""
    return by_id(AktNote, note_id)


def list_of_class(class_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a class has asked for, the latest first."""
    return _of_class.rows(class_id=class_id)


@prepared
def _of_class() -> AnySelect:
    columns = select(AktRequest.id, AktRequest.line, AktRequest.asked_at, AktRequest.answer, AktRequest.answered_at)
    of_class = columns.where(AktRequest.class_id == param("class_id", int))
    return of_class.order_by(AktRequest.asked_at.desc(), AktRequest.id.desc())


def list_open(*, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """What no class has been answered yet, who has waited longest first, with each class as it is called today."""
    return _open.rows(school_year=clock.school_year(today))


@prepared
def _open() -> AnySelect:
    year = param("school_year", int)
    return (
        select(
            AktRequest.id,
            AktRequest.class_id,
            AktRequest.line,
            AktRequest.asked_at,
            SchoolClass.hue,
            label_in(year).label("label"),
        )
        .join(SchoolClass, SchoolClass.id == AktRequest.class_id)
        .join(ClassYear, is_name_of(year))
        .where(AktRequest.answered_at.is_(None))
        .order_by(AktRequest.asked_at, AktRequest.id)
    )


def list_notes() -> Sequence[Row[*tuple[Any, ...]]]:
    """What was noted, the latest first."""
    return _notes.rows()


@prepared
def _notes() -> AnySelect:
    columns = select(AktNote.id, AktNote.kind, AktNote.done_on, AktNote.line)
    return columns.order_by(AktNote.done_on.desc(), AktNote.id.desc())


def has_open(class_id: int) -> bool:
    """Whether the class waits for an answer."""
    waits = exists().where(AktRequest.class_id == class_id, AktRequest.answered_at.is_(None))
    return bool(db.session.scalar(select(waits)))


def is_open(request_id: int) -> bool:
    """Whether this request is there and waits for an answer."""
    waits = exists().where(AktRequest.id == request_id, AktRequest.answered_at.is_(None))
    return bool(db.session.scalar(select(waits)))


def is_noted(kind: NoteKind, day: date) -> bool:
    """Whether such a thing is noted for a day."""
    return bool(db.session.scalar(select(exists().where(AktNote.kind == kind, AktNote.done_on == day))))


def list_akt(asked: AktRequest, today: date) -> set[int]:
    """Who is told that a class asks: those who are AKT today, and the leadership where nobody is."""
    return _having(Role.AKT, today) or _having(Role.LEADERSHIP, today)


def _having(role: Role, today: date) -> set[int]:
    return set(db.session.scalars(select(RoleGrant.user_id).where(RoleGrant.role == role, holds(RoleGrant, today))))


def list_team(asked: AktRequest, today: date) -> set[int]:
    """Who is told of an answer: the class's team of today."""
    of_class = select(TeamMember.user_id).where(TeamMember.class_id == asked.class_id, holds(TeamMember, today))
    return set(db.session.scalars(of_class))
