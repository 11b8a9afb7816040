"""Finding whose names a text may hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select

from portal.accounts.models import Protection
from portal.database import db
from portal.name_guard.finder import PupilName
from portal.school.models import Enrolment, Pupil
from portal.school.ties import holds


def list_pupil_names(class_ids: Collection[int], *, today: date) -> list[PupilName]:
    """The real names of the children who are in these classes today, and the aliases of those who live under one."""
    rows = _pupils(class_ids, today)
    real = [PupilName(row.id, row.first_name, row.last_name) for row in rows]
    return real + [PupilName(row.id, row.alias, "") for row in rows if row.alias]


def list_shown_names(class_ids: Collection[int], *, today: date) -> list[PupilName]:
    """The names of the same children as everybody sees them: of those who live under an alias nothing else."""
    return [_shown(row) for row in _pupils(class_ids, today)]


def list_protected_names(class_ids: Collection[int], *, today: date) -> list[PupilName]:
    """The real names of those of these children who live under an alias."""
    rows = db.session.execute(_statement(class_ids, today).where(Pupil.protection == Protection.NAME)).all()
    return [PupilName(row.id, row.first_name, row.last_name) for row in rows]


def _shown(row: Row[*tuple[Any, ...]]) -> PupilName:
    if row.protection == Protection.NAME:
        return PupilName(row.id, row.alias, "")
    return PupilName(row.id, row.first_name, row.last_name)


def _pupils(class_ids: Collection[int], today: date) -> list[Row[*tuple[Any, ...]]]:
    return list(db.session.execute(_statement(class_ids, today)).all())


def _statement(class_ids: Collection[int], today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Pupil.id, Pupil.first_name, Pupil.last_name, Pupil.alias, Pupil.protection)
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(Enrolment.class_id.in_(list(class_ids)), holds(Enrolment, today))
    )
