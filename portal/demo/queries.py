"""Finding the demo school's people. Only ids that the demo's own register made are ever found."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select

from portal.accounts.models import User
from portal.council.models import CouncilMember
from portal.database import db
from portal.demo.roster import CHILDREN, PERSONAS
from portal.school.models import Guardianship, Pupil, Representative


def _accounts() -> dict[str, Select[int, str]]:
    """For each persona, the statement that finds the account."""
    columns = select(User.id, User.first_name)
    found: dict[str, Select[int, str]] = {
        key: columns.where(User.external_id == external_id) for key, external_id in PERSONAS.items()
    }
    pupils = columns.join(Pupil, Pupil.user_id == User.id)
    found["council_member"] = pupils.where(Pupil.external_id == CHILDREN["ella"])
    ellas_council = (
        select(CouncilMember.council_id)
        .join(Pupil, Pupil.id == CouncilMember.pupil_id)
        .where(Pupil.external_id == CHILDREN["ella"])
    )
    found["council_chair"] = pupils.join(CouncilMember, CouncilMember.pupil_id == Pupil.id).where(
        CouncilMember.is_chair, CouncilMember.council_id.in_(ellas_council)
    )
    found["representative"] = columns.join(Representative, Representative.user_id == User.id).where(
        User.id.in_(select_almas_other_parent())
    )
    return {key: statement.where(_is_open()).limit(1) for key, statement in found.items()}


def select_almas_other_parent() -> Select[int]:
    """Alma's guardian besides Mette: the one who represents the parents of 3.A."""
    return (
        select(Guardianship.guardian_id)
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .join(User, User.id == Guardianship.guardian_id)
        .where(Pupil.external_id == CHILDREN["alma"], User.external_id != PERSONAS["guardian"])
    )


def _is_open() -> ColumnElement[bool]:
    return User.deactivated_at.is_(None)


def list_persona_names() -> dict[str, str]:
    """The first names of the personas that are in this database."""
    found = {key: db.session.execute(statement).first() for key, statement in _accounts().items()}
    return {key: row.first_name for key, row in found.items() if row is not None}


def get_persona_id(key: str) -> int | None:
    """The account of a persona, or None for a key that is none."""
    statement = _accounts().get(key)
    row = db.session.execute(statement).first() if statement is not None else None
    return row.id if row else None
