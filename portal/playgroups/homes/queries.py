"""Who takes part in a class's playgroups, and which homes can host: asked whenever it is read (domain 3.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.database.prepared import AnySelect, param, params, prepared
from portal.playgroups.models import PlaygroupAbstention, PlaygroupHome
from portal.school.homes.queries import homes_of
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.school.ties import holds, lives_under_protection
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class Host:
    """A home that would host: the adult who said so, their children in the class, and the room there is."""

    guardian_id: int
    pupil_ids: frozenset[int]
    room: int
    is_outdoors_only: bool


@dataclass(frozen=True, slots=True)
class Roll:
    """A class as it can be planned: who takes part, by name, twins and others with an adult in common, and the hosts.

    `answered` is in how many children's homes somebody has said something.
    """

    names: dict[int, str]
    siblings: frozenset[tuple[int, int]]
    hosts: tuple[Host, ...]
    answered: int


def get_roll(class_id: int, *, today: date) -> Roll:
    """Who takes part in a class's playgroups, and which homes can host: two statements."""
    rows = _roll.rows(class_id=class_id, today=today)
    names = told_apart((row.pupil_id, row.first_name, row.name) for row in rows if not row.abstains)
    home = homes_of({row.guardian_id for row in rows if row.guardian_id is not None}, today=today)
    adults: dict[int, set[int]] = {}
    children: dict[int, set[int]] = {}
    for row in rows:
        if row.guardian_id is not None:
            adults.setdefault(row.pupil_id, set()).add(row.guardian_id)
            children.setdefault(home[row.guardian_id], set()).add(row.pupil_id)
    siblings = {
        (one, other)
        for one in names
        for other in names
        if one < other and not adults.get(one, set()).isdisjoint(adults.get(other, set()))
    }
    said: dict[int, Any] = {}  # under one roof the last word counts
    for row in sorted((row for row in rows if row.said_at is not None), key=lambda row: row.said_at):
        said[home[row.guardian_id]] = row
    shielded = {home[row.guardian_id] for row in rows if row.guardian_id is not None and row.is_protected}
    hosts = tuple(
        Host(row.guardian_id, frozenset(children[number] & names.keys()), row.room, row.is_outdoors_only)
        for number, row in sorted(said.items())
        if row.can_host and number not in shielded and children[number] & names.keys()
    )
    return Roll(names, frozenset(siblings), hosts, len({row.pupil_id for row in rows if row.said_at is not None}))


@prepared
def _roll() -> AnySelect:
    today = param("today", date)
    return (
        select(
            Pupil.id.label("pupil_id"),
            shown_name_of(Pupil, Pupil.first_name).label("first_name"),
            shown_name_of(Pupil).label("name"),
            PlaygroupAbstention.pupil_id.is_not(None).label("abstains"),
            User.id.label("guardian_id"),
            lives_under_protection(User, today).label("is_protected"),
            PlaygroupHome.can_host,
            PlaygroupHome.room,
            PlaygroupHome.is_outdoors_only,
            PlaygroupHome.said_at,
        )
        .select_from(Enrolment)
        .join(Pupil, Pupil.id == Enrolment.pupil_id)
        .outerjoin(
            PlaygroupAbstention,
            and_(PlaygroupAbstention.pupil_id == Pupil.id, PlaygroupAbstention.class_id == Enrolment.class_id),
        )
        .outerjoin(
            Guardianship,
            and_(
                Guardianship.pupil_id == Pupil.id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Guardianship, today),
            ),
        )
        .outerjoin(User, and_(User.id == Guardianship.guardian_id, User.deactivated_at.is_(None)))
        .outerjoin(
            PlaygroupHome,
            and_(PlaygroupHome.guardian_id == User.id, PlaygroupHome.class_id == Enrolment.class_id),
        )
        .where(Enrolment.class_id == param("class_id", int), holds(Enrolment, today))
        .order_by(Pupil.id, User.id)
    )


def told_apart(children: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """The first name of each child, and the whole one where two are called alike; in Danish order."""
    found = {pupil_id: (first, whole) for pupil_id, first, whole in children}
    many = Counter(first for first, _ in found.values())
    names = {pupil_id: first if many[first] == 1 else whole for pupil_id, (first, whole) in found.items()}
    return dict(sorted(names.items(), key=lambda one: (sort_key(one[1]), one[0])))


def hosts_in(guardian_id: Any, class_id: Any, day: Any) -> ColumnElement[bool]:
    """Whether an adult may be met at home by a class: with a child in it today, and not under protection.

    What a page shows of a host and what that home may do are both asked by this.
    """
    tie, place, adult = aliased(Guardianship), aliased(Enrolment), aliased(User)
    return exists().where(
        adult.id == guardian_id,
        tie.guardian_id == guardian_id,
        tie.kind != GuardianshipKind.HELPER,
        holds(tie, day),
        place.pupil_id == tie.pupil_id,
        place.class_id == class_id,
        holds(place, day),
        ~lives_under_protection(adult, day),
    )


def may_host(guardian_id: int, class_id: int, *, today: date) -> bool:
    """Whether somebody still has a child in the class and does not live under protection."""
    return bool(_may_host.rows(guardian_id=guardian_id, class_id=class_id, today=today))


@prepared
def _may_host() -> AnySelect:
    return select(User.id).where(
        User.id == param("guardian_id", int), hosts_in(User.id, param("class_id", int), param("today", date))
    )


def get_answer(guardian_id: int, class_id: int) -> PlaygroupHome | None:
    """What an adult has said about hosting in a class."""
    said: PlaygroupHome | None = _answer.entity(guardian_id=guardian_id, class_id=class_id)
    return said


@prepared
def _answer() -> AnySelect:
    said = (PlaygroupHome.guardian_id == param("guardian_id", int), PlaygroupHome.class_id == param("class_id", int))
    return select(PlaygroupHome).where(*said)


def list_answered(guardian_ids: Iterable[int]) -> set[int]:
    """The classes about which one of these adults has said something."""
    return {row.class_id for row in _answered.rows(guardian_ids=sorted(guardian_ids))}


@prepared
def _answered() -> AnySelect:
    return select(PlaygroupHome.class_id).where(PlaygroupHome.guardian_id.in_(params("guardian_ids", int)))


def list_abstaining(pupil_ids: Iterable[int], class_id: int) -> set[int]:
    """Those of somebody's own children who take no part."""
    return {row.pupil_id for row in _abstaining.rows(pupil_ids=list(pupil_ids), class_id=class_id)}


@prepared
def _abstaining() -> AnySelect:
    among = PlaygroupAbstention.pupil_id.in_(params("pupil_ids", int))
    return select(PlaygroupAbstention.pupil_id).where(PlaygroupAbstention.class_id == param("class_id", int), among)
