"""Finding people for the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, tuple_
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.queries import get_user
from portal.accounts.sign_in.queries import find_credentials, get_holder
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.school.models import Guardianship, GuardianshipKind
from portal.school.ties import lasts
from portal.text.addresses import read_address
from portal.text.collation import folded, sort_key

PEOPLE_PER_PAGE = 50


def find_user(login: str) -> User | None:
    """The open account of an adult by user name, or by an e-mail address that is one person's alone."""
    found = find_credentials(login)
    return get_user(found.user_id) if found and not found.is_pupil else None


def is_address_of_some(login: str) -> bool:
    """Whether a text is the address of an open account, be it one that nobody signs in by since two share it."""
    address = read_address(login)
    return address is not None and get_holder(address) is not None


def list_users(text: str, *, after: int | None = None, limit: int = PEOPLE_PER_PAGE) -> Sequence[User]:
    """Accounts that hold every word of the text in their name, user name or e-mail, in Danish order.

    Names are looked for folded: "anne-aase" finds Anne-Åse. `after` is the last one already shown.
    """
    words, last = text.lower().split(), get_user(after) if after else None
    if not words and last is None:  # the page as it is opened
        return _first.of(limit).entities()
    found = (or_(_is_named(word), _has(User.user_name, word), _has(User.email, word)) for word in words)
    statement = _by_name(limit).where(*found)
    if last is not None:
        statement = statement.where(tuple_(User.sort_name, User.id) > tuple_(last.sort_name, last.id))
    return db.session.scalars(statement).all()


@prepared
def _first(limit: int) -> AnySelect:
    return _by_name(limit)


def _by_name(limit: int) -> Select[User]:
    return select(User).order_by(User.sort_name, User.id).limit(limit)


def _is_named(word: str) -> ColumnElement[bool]:
    """Whether the parts of a word stand in a `User`'s name; a sign that is in no name is looked for in vain."""
    parts = folded(word).split()
    return and_(*(_has(User.search_name, part) for part in parts)) if parts else false()


def _has(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.contains(word, autoescape=True)
    return found


def list_helper_ties(user_id: int, *, today: date) -> list[Guardianship]:
    """The children somebody was invited to help with, each tie that nobody has ended; some may give no right today."""
    found: Sequence[Guardianship] = _helper_ties.entities(user_id=user_id, today=today)
    return sorted(found, key=lambda tie: (sort_key(tie.pupil.name), tie.id))


@prepared
def _helper_ties() -> AnySelect:
    return (
        select(Guardianship)
        .options(joinedload(Guardianship.pupil))
        .where(
            Guardianship.guardian_id == param("user_id", int),
            Guardianship.kind == GuardianshipKind.HELPER,
            lasts(Guardianship, param("today", date)),
        )
    )
