"""Finding people for the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.queries import get_user
from portal.accounts.sign_in.queries import find_credentials
from portal.database import db
from portal.school.models import Guardianship, GuardianshipKind
from portal.school.ties import lasts

PEOPLE_PER_PAGE = 50


def find_user(login: str) -> User | None:
    """The open account of an adult by user name, or by an e-mail address that is one person's alone."""
    found = find_credentials(login)
    return get_user(found.user_id) if found and not found.is_pupil else None


def list_users(text: str, *, after: int | None = None, limit: int = PEOPLE_PER_PAGE) -> Sequence[User]:
    """Accounts whose name, user name or e-mail contains the text, by name; `after` is the last one already shown."""
    statement = select(User).order_by(User.first_name, User.last_name, User.id).limit(limit)
    whole = func.lower(
        User.first_name
        + " "
        + User.last_name
        + " "
        + User.alias
        + " "
        + User.user_name
        + " "
        + func.coalesce(User.email, "")
    )
    for word in text.lower().split():
        pattern = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        statement = statement.where(
            or_(  # SQLite makes only a to z small, so a word may also begin with its capital: "Åse", "Ørsted"
                whole.like(f"%{pattern}%", escape="\\"), whole.like(f"%{pattern.capitalize()}%", escape="\\")
            )
        )
    last = get_user(after) if after else None
    if last is not None:
        name = tuple_(User.first_name, User.last_name, User.id)
        statement = statement.where(name > tuple_(last.first_name, last.last_name, last.id))
    return db.session.scalars(statement).all()


def list_helper_ties(user_id: int, *, today: date) -> list[Guardianship]:
    """The children somebody was invited to help with, each tie that nobody has ended; some may give no right today."""
    found = db.session.scalars(
        select(Guardianship)
        .options(joinedload(Guardianship.pupil))
        .where(
            Guardianship.guardian_id == user_id,
            Guardianship.kind == GuardianshipKind.HELPER,
            lasts(Guardianship, today),
        )
    )
    return sorted(found, key=lambda tie: (tie.pupil.name.casefold(), tie.id))
