"""The class list: every child, its guardians' names, and of each guardian only what they let the class see.

Whether somebody lives under protection, and whether a tie still holds, is asked each time the list is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Row, and_, exists, false, func, or_, select

from portal.accounts.models import User
from portal.accounts.protection import Protection, shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.school.contacts.models import ContactChoice, GuardianPhone
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.school.ties import holds, lives_under_protection
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class Contact:
    """A guardian as the class sees them; phone and e-mail are "" unless they let it."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class ChildContacts:
    """A child of the class with the guardians of every home, who stand side by side."""

    name: str
    guardians: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """What a guardian has to show and shows to one class; `is_protected` when nothing may be shown of them."""

    email: str
    phone: str = ""
    is_protected: bool = False
    shown: frozenset[str] = field(default_factory=frozenset)


def list_contacts(class_id: int, *, today: date) -> list[ChildContacts]:
    """The children of a class by name, each with its guardians: one statement, and the same for whoever reads it.

    Of somebody who lives under protection, or whose child does, there is neither name nor number. A foster parent is
    named once they have chosen to show something: where a foster child lives is not for the school to tell.
    """
    found = _contacts.rows(class_id=class_id, today=today)
    rows = sorted(found, key=lambda row: (row.pupil_id, sort_key(row.name or ""), row.guardian_id or 0))
    children = [
        ChildContacts(group[0].child, tuple(_contact(row) for row in group if row.is_named))
        for group in (list(rows) for _, rows in groupby(rows, key=lambda row: row.pupil_id))
    ]
    return sorted(children, key=lambda child: sort_key(child.name))


def list_named(class_id: int, *, today: date) -> set[tuple[int, str, str]]:
    """The guardians whom the class list names: account, name, and the name of the child that each stands by."""
    rows = _contacts.rows(class_id=class_id, today=today)
    return {(row.guardian_id, row.name, row.child) for row in rows if row.is_named}


def choice_in_force() -> ColumnElement[bool]:
    """Whether a `ContactChoice` is what a `User` shows to the `Enrolment`'s class: one from before the tie is none."""
    return and_(
        ContactChoice.user_id == User.id,
        ContactChoice.class_id == Enrolment.class_id,
        ContactChoice.chosen_on >= Enrolment.starts_on,
        ContactChoice.chosen_on >= Guardianship.starts_on,
    )


def is_named(today: BindParameter[date]) -> ColumnElement[bool]:
    """Whether the class list names the `User` of this `Guardianship`, their `ContactChoice` in force beside it."""
    shows = or_(ContactChoice.shows_phone, ContactChoice.shows_email)
    return and_(
        User.id.is_not(None),
        ~lives_under_protection(User, today),
        or_(Guardianship.kind != GuardianshipKind.FOSTER, func.coalesce(shows, false())),
    )


def _contact(row: Row[*tuple[Any, ...]]) -> Contact:
    return Contact(
        name=row.name,
        phone=(row.phone or "") if row.shows_phone else "",
        email=(row.email or "") if row.shows_email else "",
    )


@prepared
def _contacts() -> AnySelect:
    today, class_id = param("today", date), param("class_id", int)
    return (
        select(
            Pupil.id.label("pupil_id"),
            shown_name_of(Pupil).label("child"),
            User.id.label("guardian_id"),
            shown_name_of(User).label("name"),
            User.email,
            is_named(today).label("is_named"),
            GuardianPhone.number.label("phone"),
            ContactChoice.shows_phone,
            ContactChoice.shows_email,
        )
        .select_from(Enrolment)
        .join(Pupil, Pupil.id == Enrolment.pupil_id)
        .outerjoin(
            Guardianship,
            and_(
                Guardianship.pupil_id == Pupil.id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Guardianship, today),
                Pupil.protection == Protection.NONE,
            ),
        )
        .outerjoin(User, and_(User.id == Guardianship.guardian_id, User.deactivated_at.is_(None)))
        .outerjoin(ContactChoice, choice_in_force())
        .outerjoin(GuardianPhone, GuardianPhone.user_id == User.id)
        .where(Enrolment.class_id == class_id, holds(Enrolment, today))
    )


def get_own_choice(user_id: int, class_id: int, *, today: date) -> OwnChoice:
    """What a guardian shows to one class, as the class sees it today: a choice from before a new tie is none."""
    email, phone, is_protected, *shows = _own_choice.row(user_id=user_id, class_id=class_id, today=today)
    shown = frozenset(what for what, is_shown in zip(("phone", "email"), shows, strict=True) if is_shown)
    return OwnChoice(email, phone, bool(is_protected), frozenset() if is_protected else shown)


@prepared
def _own_choice() -> AnySelect:
    return (
        select(
            func.trim(func.coalesce(User.email, "")),
            func.coalesce(GuardianPhone.number, ""),
            lives_under_protection(User, param("today", date)),
            _in_force(ContactChoice.shows_phone),
            _in_force(ContactChoice.shows_email),
        )
        .outerjoin(GuardianPhone, GuardianPhone.user_id == User.id)
        .where(User.id == param("user_id", int))
    )


def _in_force(what: Any) -> Any:
    """Whether a `User`'s choice says `what` and was made under a tie that still holds."""
    today = param("today", date)
    return exists().where(
        choice_in_force(),
        what,
        Guardianship.guardian_id == User.id,
        Guardianship.kind != GuardianshipKind.HELPER,
        holds(Guardianship, today),
        Enrolment.pupil_id == Guardianship.pupil_id,
        Enrolment.class_id == param("class_id", int),
        holds(Enrolment, today),
    )


def shows_phone_anywhere(user_id: int) -> bool:
    """Whether some class may see the guardian's number."""
    return bool(db.session.scalar(select(exists().where(ContactChoice.user_id == user_id, ContactChoice.shows_phone))))
