"""The school as its rows say it, in the form the register's files are compared with."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from sqlalchemy import Select, String, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import joinedload

from portal.accounts.models import RoleGrant, User
from portal.database.prepared import AnySelect, param, prepared
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, Pupil, SchoolClass, TeamMember
from portal.school.roster.comparison import Roster, RosterAdult, RosterClass, RosterPupil
from portal.school.roster.models import RosterUpload
from portal.school.roster.ties import Tie, TieKind
from portal.school.ties import holds
from portal.text import clock


def current_roster() -> Roster:
    """Everybody with a register id, and every tie between them, past and coming ones too: four statements."""
    ties, helpers = _ties(clock.today())
    return Roster(
        classes={(row.external_id, row.school_year): RosterClass(*row) for row in _years.rows()},
        pupils={row.external_id: RosterPupil(*row) for row in _pupils.rows()},
        adults={row[0]: RosterAdult(*row) for row in _adults.rows()},
        ties=ties,
        helpers=helpers,
    )


@prepared
def _years() -> AnySelect:
    return select(
        SchoolClass.external_id, ClassYear.school_year, ClassYear.label, ClassYear.lowest_grade, ClassYear.highest_grade
    ).join(ClassYear, ClassYear.class_id == SchoolClass.id)


@prepared
def _pupils() -> AnySelect:
    return select(Pupil.external_id, Pupil.first_name, Pupil.last_name, Pupil.protection, Pupil.alias)


@prepared
def _adults() -> AnySelect:
    return select(
        type_coerce(User.external_id, String),
        User.first_name,
        User.last_name,
        User.protection,
        User.alias,
        User.email,
        User.language,
        func.coalesce(User.home_id, 0),
    ).where(User.external_id.is_not(None))


def _helpers() -> Select[Any]:
    """Each right of today that an adult has given to a helper of a child."""
    row = _tie_rows(
        "helper", Guardianship, who=User.external_id, account=User.id, where=Pupil.external_id, what=Guardianship.kind
    )
    return (
        row.select_from(Guardianship)
        .join(User, User.id == Guardianship.invited_by_id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .where(Guardianship.kind == GuardianshipKind.HELPER, holds(Guardianship, param("today", date)))
    )


def _ties(today: date) -> tuple[dict[TieKind, tuple[Tie, ...]], dict[tuple[str | int, ...], int]]:
    """Every tie by its kind; and how many helpers each adult has invited for each child, by the custody's key."""
    found: dict[TieKind, list[Tie]] = {kind: [] for kind in TieKind}
    helpers: Counter[tuple[str | int, ...]] = Counter()
    for row in _tied.rows(today=today):
        if row.tie == "helper":
            helpers[(row.who or row.account, row.where)] += 1
            continue
        kind = TieKind(row.tie)
        who = (row.who or row.account,) if kind != TieKind.ENROLMENT else ()
        found[kind].append(Tie((*who, row.where), row.what, row.starts_on, row.ends_on, row.row))
    return {kind: tuple(sorted(ties, key=lambda tie: tie.row or 0)) for kind, ties in found.items()}, dict(helpers)


@prepared
def _tied() -> AnySelect:
    return union_all(_enrolments(), _guardianships(), _places(), _roles(), _helpers())


def _tie_rows(kind: str, table: Any, *, who: Any, account: Any, where: Any, what: Any) -> Select[Any]:
    return select(
        literal(str(kind)).label("tie"),
        who.label("who"),
        account.label("account"),
        type_coerce(where, String).label("where"),
        type_coerce(what, String).label("what"),
        table.starts_on,
        table.ends_on,
        table.id.label("row"),
    )


def _enrolments() -> Select[Any]:
    rows = _tie_rows(
        TieKind.ENROLMENT,
        Enrolment,
        who=literal(""),
        account=literal(0),
        where=Pupil.external_id,
        what=SchoolClass.external_id,
    )
    return rows.join(Pupil, Pupil.id == Enrolment.pupil_id).join(SchoolClass, SchoolClass.id == Enrolment.class_id)


def _guardianships() -> Select[Any]:
    """Those of helpers and of adults without a register id too: they end when the child leaves."""
    rows = _tie_rows(
        TieKind.GUARDIANSHIP,
        Guardianship,
        who=User.external_id,
        account=User.id,
        where=Pupil.external_id,
        what=Guardianship.kind,
    )
    return rows.join(User, User.id == Guardianship.guardian_id).join(Pupil, Pupil.id == Guardianship.pupil_id)


def _places() -> Select[Any]:
    rows = _tie_rows(
        TieKind.PLACE,
        TeamMember,
        who=User.external_id,
        account=User.id,
        where=SchoolClass.external_id,
        what=TeamMember.function,
    )
    named = rows.join(User, User.id == TeamMember.user_id).join(SchoolClass, SchoolClass.id == TeamMember.class_id)
    return named.where(User.external_id.is_not(None))


def _roles() -> Select[Any]:
    rows = _tie_rows(
        TieKind.ROLE, RoleGrant, who=User.external_id, account=User.id, where=RoleGrant.role, what=RoleGrant.role
    )
    return rows.join(User, User.id == RoleGrant.user_id).where(User.external_id.is_not(None))


def get_upload(upload_id: int) -> RosterUpload | None:
    """The files the office uploaded together, with what is in them."""
    upload: RosterUpload | None = _upload.entity(id=upload_id)
    return upload


@prepared
def _upload() -> AnySelect:
    with_files = joinedload(RosterUpload.files)
    return select(RosterUpload).where(RosterUpload.id == param("id", int)).options(with_files)


def files_of(upload: RosterUpload) -> dict[str, bytes]:
    """The uploaded files as they came; none once they are applied."""
    return {name: file.content for name, file in upload.files.items()}
