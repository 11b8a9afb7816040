"""What writing and sending an update needs to know: wordings, what was agreed to, whose names, where else it goes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, ScalarSelect, and_, exists, func, select, union_all
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, param, params, prepared
from portal.people import ClassRef
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, SchoolClass
from portal.school.names import highest_grade_in, is_name_of, label_in, lowest_grade_in
from portal.school.ties import holds
from portal.strategy.kinds import EditionState
from portal.strategy.models import Clause, Edition, Section
from portal.text import clock
from portal.text.collation import sort_key
from portal.updates.models import NameConfirmation, UpdateClause, UpdateRevision, WellbeingUpdate

#: What should have gone out longer ago than this means that no worker runs.
LATE_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording that homes could read; `saved_by` is "" for one that went out by itself."""

    revision: int
    title: str
    body: str
    saved_by: str
    saved_at: datetime


def get_confirmation(update: WellbeingUpdate) -> NameConfirmation | None:
    """What the team has agreed to about the names in the update's present wording."""
    agreed: NameConfirmation | None = _confirmation.entity(update_id=update.id, revision=update.revision)
    return agreed


@prepared
def _confirmation() -> AnySelect:
    of_wording = (
        NameConfirmation.update_id == param("update_id", int),
        NameConfirmation.revision == param("revision", int),
    )
    return select(NameConfirmation).where(*of_wording)


def list_wordings(update_id: int) -> list[Wording]:
    """Every wording the homes could read, the newest first."""
    return [Wording(*row) for row in _wordings.rows(update_id=update_id)]


@prepared
def _wordings() -> AnySelect:
    saved_by = func.coalesce(shown_name_of(User), "")
    return (
        select(UpdateRevision.revision, UpdateRevision.title, UpdateRevision.body, saved_by, UpdateRevision.saved_at)
        .outerjoin(User, User.id == UpdateRevision.saved_by_id)
        .where(UpdateRevision.update_id == param("update_id", int))
        .order_by(UpdateRevision.revision.desc())
    )


def list_due(now: datetime) -> Sequence[int]:
    """What was to go out by now and has not."""
    return db.session.scalars(
        select(WellbeingUpdate.id).where(WellbeingUpdate.publish_at <= now).order_by(WellbeingUpdate.publish_at)
    ).all()


def is_publishing_late(*, now: datetime) -> bool:
    """Whether something should have gone out long ago: nobody does what comes due by itself."""
    return bool(_is_late.value(due_by=now - LATE_AFTER))


@prepared
def _is_late() -> AnySelect:
    return select(exists().where(WellbeingUpdate.publish_at <= param("due_by", datetime)))


@dataclass(frozen=True, slots=True)
class OtherClass:
    """A class that a text can go to as well, and how many homes that is."""

    ref: ClassRef
    guardians: int
    children: int


def list_year_group(class_id: int, among: Collection[int], *, today: date) -> list[OtherClass]:
    """Those of the classes `among` that share a grade with a class this school year, by label; not the class itself."""
    rows = _year_group.rows(
        class_id=class_id,
        among=[each for each in among if each != class_id],
        today=today,
        school_year=clock.school_year(today),
    )
    in_order = sorted(rows, key=lambda row: (sort_key(row.label), row.id))
    return [OtherClass(ClassRef(*row[:3]), *row[3:]) for row in in_order]


@prepared
def _year_group() -> AnySelect:
    wanted, year = param("class_id", int), param("school_year", int)
    own = aliased(ClassYear)
    newest = select(func.max(own.school_year)).where(own.class_id == wanted, own.school_year <= year).scalar_subquery()
    grades = (
        select(
            (own.lowest_grade + year - own.school_year).label("lowest"),
            (own.highest_grade + year - own.school_year).label("highest"),
        )
        .where(own.class_id == wanted, own.school_year == newest)
        .subquery("grades")
    )
    return (
        select(SchoolClass.id, label_in(year).label("label"), SchoolClass.hue, *_homes_of_class())
        .join(ClassYear, is_name_of(year))
        .join(grades, and_(lowest_grade_in(year) <= grades.c.highest, highest_grade_in(year) >= grades.c.lowest))
        .where(SchoolClass.id.in_(params("among", int)))
    )


def _homes_of_class() -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """How many custody and foster guardians with an open account a class has, and how many children."""
    today = param("today", date)
    in_class = and_(Enrolment.class_id == SchoolClass.id, holds(Enrolment, today))
    guardians = (
        select(func.count(func.distinct(User.id)))
        .select_from(Enrolment)
        .join(Guardianship, Guardianship.pupil_id == Enrolment.pupil_id)
        .join(User, User.id == Guardianship.guardian_id)
        .where(
            in_class,
            Guardianship.kind != GuardianshipKind.HELPER,
            holds(Guardianship, today),
            User.deactivated_at.is_(None),
        )
    )
    children = select(func.count(func.distinct(Enrolment.pupil_id))).where(in_class)
    return (
        guardians.correlate(SchoolClass).scalar_subquery(),
        children.correlate(SchoolClass).scalar_subquery(),
    )


def list_sent_along(update: WellbeingUpdate, among: Collection[int]) -> list[tuple[int, int]]:
    """The same text as it went to others of these classes in one go: id and class of each."""
    rows = _sent_along.rows(root=update.sent_with_id or update.id)
    return sorted((row[0], row[1]) for row in rows if row[0] != update.id and row[1] in among)


@prepared
def _sent_along() -> AnySelect:
    one, root = select(WellbeingUpdate.id, WellbeingUpdate.class_id), param("root", int)
    return union_all(one.where(WellbeingUpdate.id == root), one.where(WellbeingUpdate.sent_with_id == root))


def list_clause_keys(update_id: int) -> list[str]:
    """The keys of the promises an update is about."""
    return [row.clause_key for row in _clause_keys.rows(update_id=update_id)]


@prepared
def _clause_keys() -> AnySelect:
    return select(UpdateClause.clause_key).where(UpdateClause.update_id == param("update_id", int))


def list_pointed_clauses(update_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The promises an update is about as today's strategy words them; those it no longer has are left out."""
    return _pointed_clauses.rows(update_id=update_id)


@prepared
def _pointed_clauses() -> AnySelect:
    # its id as a value, or SQLite reads the whole strategy and looks for each of its points in the update
    approved = select(Edition.id).where(Edition.state == EditionState.APPROVED).scalar_subquery()
    return (
        select(Clause.key, Clause.kind, Clause.text)
        .select_from(UpdateClause)
        .join(Clause, Clause.key == UpdateClause.clause_key)
        .join(Section, Section.id == Clause.section_id)
        .where(UpdateClause.update_id == param("update_id", int), Clause.edition_id == approved)
        .order_by(Section.position, Clause.position)
    )


def list_spoken_of(first: date, last: date) -> set[str]:
    """The keys of all promises that some class's team wrote home about between two days. One statement."""
    since, until = clock.at_school(first, time()), clock.at_school(last + timedelta(days=1), time())
    return {row.clause_key for row in _spoken_of.rows(since=since, until=until)}


@prepared
def _spoken_of() -> AnySelect:
    within = (
        UpdateClause.published_at >= param("since", datetime),
        UpdateClause.published_at < param("until", datetime),
    )
    return select(UpdateClause.clause_key).where(*within).distinct()
