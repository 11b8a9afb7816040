"""Finding whose names a text may hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from portal.database import db
from portal.name_guard.finder import PupilName
from portal.school.models import Enrolment, Pupil
from portal.school.queries import holds


def list_pupil_names(class_ids: Collection[int], *, today: date) -> list[PupilName]:
    """The real names of the children who are in these classes today, and the aliases of those who live under one."""
    rows = db.session.execute(
        select(Pupil.id, Pupil.first_name, Pupil.last_name, Pupil.alias)
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(Enrolment.class_id.in_(list(class_ids)), holds(Enrolment, today))
    ).all()
    real = [PupilName(pupil_id, first, last) for pupil_id, first, last, _ in rows]
    return real + [PupilName(pupil_id, alias, "") for pupil_id, _, _, alias in rows if alias]


def list_classes_of(pupil_ids: Collection[int], class_ids: Collection[int], *, today: date) -> list[tuple[int, int]]:
    """In which of these classes these children are today: child and class."""
    rows = db.session.execute(
        select(Enrolment.pupil_id, Enrolment.class_id).where(
            Enrolment.pupil_id.in_(list(pupil_ids)), Enrolment.class_id.in_(list(class_ids)), holds(Enrolment, today)
        )
    )
    return [(row.pupil_id, row.class_id) for row in rows]
