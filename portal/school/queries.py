"""Finding classes, pupils and the adults around them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select

from portal.database import db
from portal.people import ClassRef
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.text import clock


def get_class(class_id: int) -> SchoolClass | None:
    """A class."""
    return db.session.get(SchoolClass, class_id)


def get_pupil(pupil_id: int) -> Pupil | None:
    """A pupil."""
    return db.session.get(Pupil, pupil_id)


def get_class_ref(class_id: int, *, today: date) -> ClassRef:
    """A class as pages name it this school year; a class without a label this year keeps an empty one."""
    row = db.session.execute(
        select(SchoolClass.id, func.coalesce(ClassYear.label, ""), SchoolClass.hue)
        .outerjoin(
            ClassYear, (ClassYear.class_id == SchoolClass.id) & (ClassYear.school_year == clock.school_year(today))
        )
        .where(SchoolClass.id == class_id)
    ).one()
    return ClassRef(*row)


def count_homes(class_id: int, *, today: date) -> tuple[int, int]:
    """How many guardians (custody and foster, with an open account) and how many children a class has today."""
    guardians, children = db.session.execute(
        select(func.count(func.distinct(Guardianship.guardian_id)), func.count(func.distinct(Enrolment.pupil_id)))
        .select_from(Enrolment)
        .outerjoin(
            Guardianship,
            (Guardianship.pupil_id == Enrolment.pupil_id)
            & (Guardianship.kind != GuardianshipKind.HELPER)
            & (Guardianship.starts_on <= today)
            & or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= today),
        )
        .where(
            Enrolment.class_id == class_id,
            Enrolment.starts_on <= today,
            or_(Enrolment.ends_on.is_(None), Enrolment.ends_on >= today),
        )
    ).one()
    return guardians, children
