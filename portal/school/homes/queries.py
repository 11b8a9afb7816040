"""Who lives with whom today: asked anew whenever it is read, so that a home ends with what it came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.people import Person
from portal.school.access.models import AccessClosure
from portal.school.homes.models import LeftHome, SharedHome
from portal.school.models import Guardianship, GuardianshipKind, Pupil
from portal.school.ties import holds, is_closed, lives_under_protection
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class OtherAdult:
    """Another adult of the same kind around one's own children; `name` is "" where there is no right to it."""

    id: int
    name: str
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnHome:
    """What somebody may see of their own home.

    `joined` are those of the others they live with, `said` those who have not answered, or never will, and `asked`
    those who ask. `has_register_home` when the school's file has put somebody else with them.
    """

    is_protected: bool
    others: tuple[OtherAdult, ...]
    joined: frozenset[int]
    said: frozenset[int]
    asked: frozenset[int]
    has_register_home: bool

    @property
    def is_shared(self) -> bool:
        """Whether there is anything to end."""
        return bool(self.joined or self.said or self.has_register_home)


def homes_of(user_ids: Collection[int], *, today: date) -> dict[int, int]:
    """The home of each of these adults: those under one roof have one number, everybody else their own id.

    One statement, and none for a single adult.
    """
    home = {user_id: user_id for user_id in user_ids}
    if len(home) < 2:
        return home
    for one, other in _pairs.rows(user_ids=list(home), today=today):
        kept, merged = sorted((home.get(one, one), home.get(other, other)))
        home |= {one: kept, other: kept}
        home = {user_id: kept if number == merged else number for user_id, number in home.items()}
    return {user_id: home[user_id] for user_id in user_ids}


def list_roof(user_id: int, *, today: date) -> set[int]:
    """Everybody under one roof with an adult, and the adult."""
    roof = {user_id}
    for one, other in _pairs.rows(user_ids=[user_id], today=today):
        roof |= {one, other}
    return roof


@prepared
def _pairs() -> AnySelect:
    """The pairs under one roof of which one at least is among `user_ids`."""
    today, user_ids = param("today", date), params("user_ids", int)
    one, other = aliased(User), aliased(User)
    agreed = (
        select(SharedHome.one_id, SharedHome.other_id)
        .join(one, one.id == SharedHome.one_id)
        .join(other, other.id == SharedHome.other_id)
        .where(
            or_(SharedHome.one_id.in_(user_ids), SharedHome.other_id.in_(user_ids)),
            _share_a_child_since(SharedHome.agreed_on, today),
            ~_is_parted_since(SharedHome.agreed_on, today),
            ~lives_under_protection(one, today),
            ~lives_under_protection(other, today),
        )
    )
    return union_all(agreed, _register_pairs(user_ids, today))


def _register_pairs(user_ids: Any, today: Any) -> Select[*tuple[Any, ...]]:
    """Those whom the file puts in one home: none who left it, is protected, or may not get near a child."""
    one, other = aliased(User), aliased(User)
    alone = (
        condition
        for each in (one, other)
        for condition in (
            ~exists().where(LeftHome.user_id == each.id, LeftHome.home_id == each.home_id),
            ~exists().where(AccessClosure.guardian_id == each.id, is_closed(AccessClosure, today)),
            ~lives_under_protection(each, today),
        )
    )
    same = and_(other.home_id == one.home_id, other.id != one.id)
    return select(one.id, other.id).join(other, same).where(one.id.in_(user_ids), *alone)


def _share_a_child_since(day: Any, today: Any) -> ColumnElement[bool]:
    """Whether the two of a `SharedHome` are of one kind to a child, by the very ties they had on a day."""
    first, second = aliased(Guardianship), aliased(Guardianship)
    return exists().where(
        first.guardian_id == SharedHome.one_id,
        second.guardian_id == SharedHome.other_id,
        second.pupil_id == first.pupil_id,
        second.kind == first.kind,
        first.kind != GuardianshipKind.HELPER,
        holds(first, today),
        holds(second, today),
        first.starts_on <= day,
        second.starts_on <= day,
    )


def _is_parted_since(day: Any, today: Any) -> ColumnElement[bool]:
    """Whether access of either of a `SharedHome` to any child is closed, or was closed on that day or since.

    Also where they share another child who is open to both: what one of them may not know would reach them by the
    other. It does not come back with the access: both say so anew.
    """
    closure = aliased(AccessClosure)
    return exists().where(
        closure.guardian_id.in_((SharedHome.one_id, SharedHome.other_id)),
        or_(is_closed(closure, today), closure.starts_on >= day),
    )


def is_parted(user_ids: Collection[int], *, today: date) -> bool:
    """Whether access of one of these to a child is closed: they live under no roof with anybody, and hear no reason."""
    return bool(_parted.value(user_ids=list(user_ids), today=today))


@prepared
def _parted() -> AnySelect:
    one_of_these = AccessClosure.guardian_id.in_(params("user_ids", int))
    return select(exists().where(one_of_these, is_closed(AccessClosure, param("today", date))))


def list_other_adults(person: Person, *, today: date) -> tuple[OtherAdult, ...]:
    """Who else is to one's own children what one is oneself: by name where both have custody, by the children alone
    where they are foster parents, and nobody else, since whom a home has let help is its own.
    """
    names: dict[int, str] = {}
    children: dict[int, list[str]] = {}
    for user_id, name, kind, child in _other_adults.rows(person_id=person.id, today=today):
        names[user_id] = names.get(user_id) or (name if kind == GuardianshipKind.CUSTODY else "")
        children.setdefault(user_id, []).append(child)
    found = (OtherAdult(key, name, _in_order(children[key])) for key, name in names.items())
    return tuple(sorted(found, key=lambda other: (sort_key(other.name), other.id)))


@prepared
def _other_adults() -> AnySelect:
    mine, theirs = aliased(Guardianship), aliased(Guardianship)
    person_id, today = param("person_id", int), param("today", date)
    return (
        select(User.id, shown_name_of(User).label("name"), theirs.kind, shown_name_of(Pupil, Pupil.first_name))
        .join(theirs, theirs.guardian_id == User.id)
        .join(mine, and_(mine.pupil_id == theirs.pupil_id, mine.kind == theirs.kind))
        .join(Pupil, Pupil.id == theirs.pupil_id)
        .where(
            mine.guardian_id == person_id,
            User.id != person_id,
            User.deactivated_at.is_(None),
            theirs.kind != GuardianshipKind.HELPER,
            holds(mine, today),
            holds(theirs, today),
        )
    )


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=sort_key))


def get_own_home(person: Person, *, today: date) -> OwnHome:
    """A guardian's home as they may see it; to somebody under protection there is nothing but that."""
    if is_protected(person.id, today=today):
        return OwnHome(True, (), frozenset(), frozenset(), frozenset(), has_register_home=False)
    roof = list_roof(person.id, today=today) - {person.id}
    others = list_other_adults(person, today=today)
    known = {other.id for other in others} - roof
    said, asked = set(), set()
    for row in list_words(person.id):
        other_id = row.other_id if row.one_id == person.id else row.one_id
        if row.agreed_on is None and other_id in known:
            if row.asked_by_id == person.id:
                said.add(other_id)
            elif row.declined_on is None and not _is_silent(person.id, other_id, today=today):
                asked.add(other_id)
    joined = frozenset(roof & {other.id for other in others})
    return OwnHome(False, others, joined, frozenset(said), frozenset(asked), has_register_home=bool(roof - joined))


def _is_silent(asked_id: int, asker_id: int, *, today: date) -> bool:
    return is_protected(asker_id, today=today) or is_parted((asked_id, asker_id), today=today)


def is_protected(user_id: int, *, today: date) -> bool:
    """Whether somebody, or a child of theirs, lives under protection."""
    return bool(_protected.value(user_id=user_id, today=today))


@prepared
def _protected() -> AnySelect:
    return select(lives_under_protection(User, param("today", date))).where(User.id == param("user_id", int))


def list_words(user_id: int) -> list[SharedHome]:
    """What an adult and others have said about living together."""
    return list(_words.entities(user_id=user_id))


@prepared
def _words() -> AnySelect:
    user_id = param("user_id", int)
    mine = or_(SharedHome.one_id == user_id, SharedHome.other_id == user_id)
    return select(SharedHome).where(mine).order_by(SharedHome.id)


def get_shared_home(shared_home_id: int) -> SharedHome | None:
    """What two adults have said, or one of them."""
    return by_id(SharedHome, shared_home_id)


def list_asked(shared_home: SharedHome, today: date) -> set[int]:
    """Who is asked whether they live together: nobody under protection, which whoever asks is not told."""
    still = select(SharedHome.id).where(
        SharedHome.id == shared_home.id, _share_a_child_since(SharedHome.asked_on, today)
    )
    pair = (shared_home.one_id, shared_home.other_id)
    if is_protected(shared_home.asked_id, today=today) or is_parted(pair, today=today):
        return set()
    if db.session.scalar(still) is None:
        return set()
    return {shared_home.asked_id}
