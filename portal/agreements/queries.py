"""Reading what classes have agreed on: one text, its versions, and which classes have talked about theirs this year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import joinedload

from portal.agreements.models import AgreementKind, AgreementRenewal, AgreementVersion, ClassAgreement
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.people import ClassRef
from portal.school.models import ClassYear, Enrolment, SchoolClass, TeamFunction, TeamMember
from portal.school.names import is_at_school, is_name_of, label_in, lowest_grade_in
from portal.school.queries import get_class, list_guardian_ids
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class Standing:
    """How a class's text stands, without its words: when it was agreed on, and when last talked about."""

    class_id: int
    kind: AgreementKind
    agreed_on: date
    talked_on: date
    school_year: int

    @property
    def is_renewed(self) -> bool:
        """Whether it was talked about in the school year that was asked for."""
        return clock.school_year(self.talked_on) >= self.school_year


def get_agreement(class_id: int, kind: str) -> ClassAgreement | None:
    """A class's text with the wording that holds; one that is not stored yet when the class has written none."""
    if kind not in list(AgreementKind):
        return None
    found: ClassAgreement | None = _agreement.of(AgreementKind(kind)).entity(class_id=class_id)
    if found is None and get_class(class_id) is not None:
        found = ClassAgreement(class_id=class_id, kind=AgreementKind(kind), version_count=0)
    return found


@prepared
def _agreement(kind: AgreementKind) -> AnySelect:
    with_wording = select(ClassAgreement).options(joinedload(ClassAgreement.current))
    return with_wording.where(ClassAgreement.class_id == param("class_id", int), ClassAgreement.kind == kind)


def get_version(version_id: int) -> AgreementVersion | None:
    """One wording, with the text it belongs to and whoever saved it."""
    version: AgreementVersion | None = _version.entity(version_id=version_id)
    return version


@prepared
def _version() -> AnySelect:
    return (
        select(AgreementVersion)
        .options(joinedload(AgreementVersion.agreement), joinedload(AgreementVersion.saved_by))
        .where(AgreementVersion.id == param("version_id", int))
    )


def get_version_by_number(agreement_id: int, number: int) -> AgreementVersion | None:
    """One wording by its number among those of a text."""
    return db.session.scalar(
        select(AgreementVersion).where(AgreementVersion.agreement_id == agreement_id, AgreementVersion.number == number)
    )


def list_versions(agreement_id: int) -> Sequence[AgreementVersion]:
    """Every wording of a text, newest first, with whoever saved it."""
    found: Sequence[AgreementVersion] = _versions.entities(agreement_id=agreement_id)
    return found


@prepared
def _versions() -> AnySelect:
    return (
        select(AgreementVersion)
        .options(joinedload(AgreementVersion.saved_by))
        .where(AgreementVersion.agreement_id == param("agreement_id", int))
        .order_by(AgreementVersion.number.desc())
    )


def get_renewal(agreement_id: int, school_year: int) -> AgreementRenewal | None:
    """That a text was talked about in a school year."""
    return db.session.get(AgreementRenewal, (agreement_id, school_year))


def list_recipients(version: AgreementVersion, today: date) -> set[int]:
    """Whom a new wording is for: the class's custody and foster guardians, as of today."""
    return list_guardian_ids(version.class_id, today=today)


def list_keepers_of_names(version: AgreementVersion, today: date) -> set[int]:
    """Who is told that a wording holds a protected name: the class teachers of today, or else the whole team."""
    team = db.session.execute(
        select(TeamMember.user_id, TeamMember.function).where(
            TeamMember.class_id == version.class_id, holds(TeamMember, today)
        )
    ).all()
    teachers = {row.user_id for row in team if row.function == TeamFunction.CLASS_TEACHER}
    return teachers or {row.user_id for row in team}


def list_standings(class_id: int, *, today: date) -> dict[AgreementKind, Standing]:
    """How a class's two texts stand, for those that are written: one statement."""
    return {standing.kind: standing for standing in _standings(_of_class.rows(class_id=class_id), today)}


def _standings(rows: Sequence[Row[*tuple[Any, ...]]], today: date) -> list[Standing]:
    year = clock.school_year(today)
    return [
        Standing(row.class_id, row.kind, row.agreed_on, max(row.agreed_on, row.renewed_on or row.agreed_on), year)
        for row in rows
        if row.agreed_on is not None
    ]


def _last_renewed() -> ScalarSelect[date]:
    return (
        select(func.max(AgreementRenewal.renewed_on))
        .where(AgreementRenewal.agreement_id == ClassAgreement.id)
        .correlate(ClassAgreement)
        .scalar_subquery()
    )


_IS_CURRENT = and_(
    AgreementVersion.agreement_id == ClassAgreement.id, AgreementVersion.number == ClassAgreement.version_count
)


@prepared
def _of_class() -> AnySelect:
    return (
        select(
            ClassAgreement.class_id,
            ClassAgreement.kind,
            AgreementVersion.agreed_on,
            _last_renewed().label("renewed_on"),
        )
        .join(AgreementVersion, _IS_CURRENT)
        .where(ClassAgreement.class_id == param("class_id", int))
    )


def list_standings_everywhere(*, today: date) -> list[tuple[ClassRef, dict[AgreementKind, Standing]]]:
    """Every class that has children today, by grade and label, with how its texts stand: one statement."""
    rows = _everywhere.rows(school_year=clock.school_year(today), today=today)
    found: dict[ClassRef, list[Row[*tuple[Any, ...]]]] = {}
    for row in sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.class_id)):
        found.setdefault(ClassRef(row.class_id, row.label, row.hue), []).append(row)
    return [(ref, {one.kind: one for one in _standings(texts, today)}) for ref, texts in found.items()]


@prepared
def _everywhere() -> AnySelect:
    year, today = param("school_year", int), param("today", date)
    return (
        select(
            SchoolClass.id.label("class_id"),
            label_in(year).label("label"),
            lowest_grade_in(year).label("grade"),
            SchoolClass.hue,
            ClassAgreement.kind,
            AgreementVersion.agreed_on,
            _last_renewed().label("renewed_on"),
        )
        .select_from(SchoolClass)
        .join(ClassYear, is_name_of(year))
        .outerjoin(ClassAgreement, ClassAgreement.class_id == SchoolClass.id)
        .outerjoin(AgreementVersion, _IS_CURRENT)
        .where(is_at_school(year), exists().where(Enrolment.class_id == SchoolClass.id, holds(Enrolment, today)))
    )
