"""Finding the demo school's people. Only ids that the demo's own register made are ever found."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, exists, literal, or_, select, union_all
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.models import User
from portal.council.models import CouncilMember
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.demo.roster import CHILDREN, MADE_UP, PERSONAS
from portal.school.models import Guardianship, Pupil, Representative
from portal.school.ties import Day, holds
from portal.text import clock


def _account(key: str) -> Select[str, int, str]:
    return select(literal(key).label("key"), User.id, User.first_name).where(User.deactivated_at.is_(None))


def _pupils_account(key: str) -> Select[str, int, str]:
    return _account(key).join(Pupil, Pupil.user_id == User.id)


def _accounts() -> dict[str, Select[str, int, str]]:
    """For each persona, the statement that finds the account."""
    ellas_council = (
        select(CouncilMember.council_id)
        .join(Pupil, Pupil.id == CouncilMember.pupil_id)
        .where(Pupil.external_id == CHILDREN["ella"])
    )
    return {
        **{key: _account(key).where(User.external_id == external_id) for key, external_id in PERSONAS.items()},
        "council_member": _pupils_account("council_member").where(Pupil.external_id == CHILDREN["ella"]),
        "council_chair": _pupils_account("council_chair")
        .join(CouncilMember, CouncilMember.pupil_id == Pupil.id)
        .where(CouncilMember.is_chair, CouncilMember.council_id.in_(ellas_council)),
        "representative": _account("representative")
        .join(Representative, Representative.user_id == User.id)
        .where(User.id.in_(select_almas_other_parent(param("today", date)))),
    }


def select_almas_other_parent(day: Day) -> Select[int]:
    """Alma's guardian besides Mette: the one who represents the parents of 3.A."""
    return (
        select(Guardianship.guardian_id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .join(User, User.id == Guardianship.guardian_id)
        .where(
            Pupil.external_id == CHILDREN["alma"],
            User.external_id != PERSONAS["guardian"],
            holds(Guardianship, day),
        )
    )


def is_anybody_real() -> bool:
    """Whether a register has brought in others than the demo's people; False where that cannot be asked just now."""
    try:
        return bool(_is_anybody_real.rows()[0][0])
    except SQLAlchemyError:  # the page says so itself
        db.session.rollback()
        return False


@prepared
def _is_anybody_real() -> AnySelect:
    of_a_register = (
        exists().where(kind.external_id.is_not(None), kind.external_id.not_like(f"{MADE_UP}%"))
        for kind in (User, Pupil)
    )
    return select(or_(*of_a_register).label("is_real"))


def list_persona_names() -> dict[str, str]:
    """The first names of the personas that are in this database, in one statement."""
    return {row.key: row.first_name for row in _personas.rows(today=clock.today())}


@prepared
def _personas() -> AnySelect:
    return union_all(*_accounts().values())


def get_persona_id(key: str) -> int | None:
    """The account of a persona, or None for a key that is none."""
    return next((row.id for row in _personas.rows(today=clock.today()) if row.key == key), None)
