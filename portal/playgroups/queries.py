"""Reading playgroups: the plan under way, its rounds, and who sits where.

Whether a child is in the class, an adult is a guardian and a home may host is asked whenever it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import contains_eager

from portal.accounts.protection import Protection, shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.playgroups.homes.queries import hosts_in, may_host, told_apart
from portal.playgroups.models import (
    ClassToPlan,
    GroupAtHome,
    MeetingPlace,
    Playgroup,
    PlaygroupMember,
    PlaygroupPermission,
    PlaygroupPlan,
    PlaygroupRound,
)
from portal.school.homes.queries import list_roof
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.school.queries import get_grades
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(slots=True)
class Seat:
    """A child in a group; `is_shielded` where the register protects it, under whatever name it is shown."""

    pupil_id: int
    name: str
    is_shielded: bool
    is_held: bool
    comes: bool | None
    was_there: bool | None


@dataclass(slots=True)
class Group:
    """A group with the children who are in the class today, by name. What of it is shown to whom, its page decides."""

    id: int
    number: int
    host_id: int | None
    host_pupil_id: int | None
    place: MeetingPlace
    address: str
    starts_at: datetime | None
    ends_at: datetime | None
    took_place: bool | None
    version: int
    seats: list[Seat] = field(default_factory=list)

    @property
    def pupil_ids(self) -> frozenset[int]:
        """Who is in it."""
        return frozenset(seat.pupil_id for seat in self.seats)


@dataclass(slots=True)
class Round:
    """A round with its groups in order."""

    id: int
    number: int
    grouping: int
    starts_on: date
    ends_on: date
    is_published: bool
    groups: list[Group] = field(default_factory=list)

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.ends_on < today


def get_plan(class_id: int) -> PlaygroupPlan | None:
    """The plan under way in a class."""
    plan: PlaygroupPlan | None = _plan.entity(class_id=class_id)
    return plan


@prepared
def _plan() -> AnySelect:
    under_way = select(PlaygroupPlan).where(PlaygroupPlan.ended_at.is_(None))
    return under_way.where(PlaygroupPlan.class_id == param("class_id", int))


def get_class_to_plan(class_id: int) -> ClassToPlan | None:
    """A class of today, to plan its playgroups."""
    grades = get_grades(class_id, today=clock.today())
    if grades is None:
        return None
    return ClassToPlan(class_id, grades, by_id(PlaygroupPermission, class_id) is not None)


def get_round(round_id: int) -> PlaygroupRound | None:
    """A round of a plan under way."""
    found: PlaygroupRound | None = _round.entity(round_id=round_id)
    return found


@prepared
def _round() -> AnySelect:
    with_plan = select(PlaygroupRound).join(PlaygroupRound.plan).options(contains_eager(PlaygroupRound.plan))
    return with_plan.where(PlaygroupPlan.ended_at.is_(None), PlaygroupRound.id == param("round_id", int))


def get_group(group_id: int) -> Playgroup | None:
    """A group of a published round, also when its plan has ended since."""
    group: Playgroup | None = _published_group.entity(group_id=group_id)
    return group


@prepared
def _published_group() -> AnySelect:
    with_plan = contains_eager(Playgroup.round).contains_eager(PlaygroupRound.plan)
    found = select(Playgroup).join(Playgroup.round).join(PlaygroupRound.plan).options(with_plan)
    return found.where(PlaygroupRound.published_at.is_not(None), Playgroup.id == param("group_id", int))


def get_group_at_home(group_id: int, *, today: date) -> GroupAtHome | None:
    """A published group with its children of today and the home that hosts it; a protected home hosts none."""
    group = get_group(group_id)
    if group is None:
        return None
    rows = _children_of_group.rows(group_id=group_id, today=today)
    host = group.host_id if group.host_id is not None and may_host(group.host_id, group.class_id, today=today) else None
    return GroupAtHome(
        group,
        frozenset(row.pupil_id for row in rows),
        frozenset(list_roof(host, today=today)) if host is not None else frozenset(),
    )


@prepared
def _children_of_group() -> AnySelect:
    return (
        select(PlaygroupMember.pupil_id)
        .join(Playgroup, Playgroup.id == PlaygroupMember.group_id)
        .join(
            Enrolment,
            and_(
                Enrolment.pupil_id == PlaygroupMember.pupil_id,
                Enrolment.class_id == Playgroup.class_id,
                holds(Enrolment, param("today", date)),
            ),
        )
        .where(PlaygroupMember.group_id == param("group_id", int))
    )


def list_rounds(plan_id: int, *, today: date) -> list[Round]:
    """Every round of a plan, draft or not, with its groups and those of their children who are in the class today."""
    return _gathered(_rounds.rows(plan_id=plan_id, today=today))


def list_class_rounds(class_id: int, *, today: date) -> list[Round]:
    """The published rounds of a class, also of plans that have ended since: what has been, and what homes can see."""
    return _gathered(_class_rounds.rows(class_id=class_id, today=today))


@prepared
def _rounds() -> AnySelect:
    return _with_groups().where(PlaygroupRound.plan_id == param("plan_id", int))


@prepared
def _class_rounds() -> AnySelect:
    return _with_groups().where(
        PlaygroupRound.class_id == param("class_id", int), PlaygroupRound.published_at.is_not(None)
    )


def _with_groups() -> Select[*tuple[Any, ...]]:
    """Rounds, their groups and the children: one row a child."""
    today = param("today", date)
    return (
        select(
            PlaygroupRound.id.label("round_id"),
            PlaygroupRound.number.label("round_number"),
            PlaygroupRound.grouping,
            PlaygroupRound.starts_on,
            PlaygroupRound.ends_on,
            PlaygroupRound.published_at,
            Playgroup.id.label("group_id"),
            Playgroup.number.label("group_number"),
            Playgroup.host_id,
            Playgroup.host_pupil_id,
            Playgroup.place,
            Playgroup.address,
            Playgroup.starts_at,
            Playgroup.ends_at,
            Playgroup.took_place,
            Playgroup.version,
            PlaygroupMember.is_held,
            PlaygroupMember.comes,
            PlaygroupMember.was_there,
            Pupil.id.label("pupil_id"),
            shown_name_of(Pupil, Pupil.first_name).label("first_name"),
            shown_name_of(Pupil).label("name"),
            (Pupil.protection != Protection.NONE).label("is_child_shielded"),
            # a home whose child, custody or access is gone, or that has come under protection since, hosts no more
            hosts_in(Playgroup.host_id, PlaygroupRound.class_id, today).label("still_hosts"),
        )
        .select_from(PlaygroupRound)
        .join(Playgroup, Playgroup.round_id == PlaygroupRound.id)
        .outerjoin(PlaygroupMember, PlaygroupMember.group_id == Playgroup.id)
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.pupil_id == PlaygroupMember.pupil_id,
                Enrolment.class_id == PlaygroupRound.class_id,
                holds(Enrolment, today),
            ),
        )
        .outerjoin(Pupil, Pupil.id == Enrolment.pupil_id)
        .order_by(PlaygroupRound.starts_on, PlaygroupRound.id, Playgroup.number)
    )


def _gathered(rows: Sequence[Any]) -> list[Round]:
    names = told_apart((row.pupil_id, row.first_name, row.name) for row in rows if row.pupil_id is not None)
    rounds: dict[int, Round] = {}
    groups: dict[int, Group] = {}
    for row in rows:
        if row.round_id not in rounds:
            is_published = row.published_at is not None
            rounds[row.round_id] = Round(
                row.round_id, row.round_number, row.grouping, row.starts_on, row.ends_on, is_published
            )
        if row.group_id not in groups:
            groups[row.group_id] = _group(row)
            rounds[row.round_id].groups.append(groups[row.group_id])
        if row.pupil_id is not None:
            seat = Seat(row.pupil_id, names[row.pupil_id], row.is_child_shielded, row.is_held, row.comes, row.was_there)
            groups[row.group_id].seats.append(seat)
    for group in groups.values():
        group.seats.sort(key=lambda seat: (sort_key(seat.name), seat.pupil_id))
    return list(rounds.values())


def _group(row: Any) -> Group:
    hosts = row.still_hosts
    return Group(
        id=row.group_id,
        number=row.group_number,
        host_id=row.host_id if hosts else None,
        host_pupil_id=row.host_pupil_id if hosts else None,
        place=row.place if hosts or row.place != MeetingPlace.HOME else MeetingPlace.SCHOOL,
        address=row.address if hosts else "",
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        took_place=row.took_place,
        version=row.version,
    )


def get_group_with_seats(group: Playgroup, *, today: date) -> Group:
    """A group with the children who are in it today."""
    rounds = list_rounds(group.round.plan_id, today=today)
    return next(each for one in rounds for each in one.groups if each.id == group.id)


def list_guardians_of_round(playgroup_round: PlaygroupRound, today: date) -> set[int]:
    """Whom a published round is told: the custody and foster guardians of the children in it."""
    return {row.guardian_id for row in _guardians_of_round.rows(round_id=playgroup_round.id, today=today)}


def list_guardians_of(playgroup_round: PlaygroupRound, pupil_ids: Collection[int], today: date) -> set[int]:
    """The guardians of some of the children in a round."""
    rows = _guardians_of_round.rows(round_id=playgroup_round.id, today=today)
    return {row.guardian_id for row in rows if row.pupil_id in pupil_ids}


def list_guardians_of_group(group: Playgroup, today: date) -> set[int]:
    """Whom news of one group is told."""
    rows = _guardians_of_round.rows(round_id=group.round_id, today=today)
    return {row.guardian_id for row in rows if row.group_id == group.id}


@prepared
def _guardians_of_round() -> AnySelect:
    today = param("today", date)
    return (
        select(PlaygroupMember.group_id, PlaygroupMember.pupil_id, Guardianship.guardian_id)
        .join(PlaygroupRound, PlaygroupRound.id == PlaygroupMember.round_id)
        .join(
            Enrolment,
            and_(
                Enrolment.pupil_id == PlaygroupMember.pupil_id,
                Enrolment.class_id == PlaygroupRound.class_id,
                holds(Enrolment, today),
            ),
        )
        .join(
            Guardianship,
            and_(
                Guardianship.pupil_id == PlaygroupMember.pupil_id,
                Guardianship.kind != GuardianshipKind.HELPER,
                holds(Guardianship, today),
            ),
        )
        .where(PlaygroupMember.round_id == param("round_id", int))
    )


def list_members(group_ids: Collection[int]) -> Sequence[PlaygroupMember]:
    """The rows of those in some groups, to be changed."""
    return db.session.scalars(select(PlaygroupMember).where(PlaygroupMember.group_id.in_(group_ids))).all()


def find_round(round_id: int) -> PlaygroupRound | None:
    """A round, whether or not its plan has ended."""
    return by_id(PlaygroupRound, round_id)


def find_plan(plan_id: int) -> PlaygroupPlan | None:
    """A plan, whether or not it has ended."""
    return by_id(PlaygroupPlan, plan_id)


def list_old_addresses(today: date) -> list[int]:
    """The groups with an address that nobody needs any more: the day they met is over, or all of their round's."""
    met_before = Playgroup.ends_at < clock.at_school(today, time())
    is_over = or_(met_before, and_(Playgroup.ends_at.is_(None), PlaygroupRound.ends_on < today))
    wanted = select(Playgroup.id).join(Playgroup.round).where(Playgroup.address != "", is_over)
    return list(db.session.scalars(wanted.order_by(Playgroup.id)))


def list_old_plans(first_day: date) -> list[int]:
    """The plans that were made, and whose last round was over, before a school year began."""
    goes_on = exists().where(PlaygroupRound.plan_id == PlaygroupPlan.id, PlaygroupRound.ends_on >= first_day)
    made_before = PlaygroupPlan.made_at < clock.at_school(first_day, time())
    return list(db.session.scalars(select(PlaygroupPlan.id).where(made_before, ~goes_on).order_by(PlaygroupPlan.id)))
