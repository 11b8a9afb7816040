"""The plan of a class's playgroups: its rounds, the groups in them, and what homes have said.

What is not published is a draft that the class team alone sees. Which children are parted stands in `parted/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value
from portal.school.models import SchoolClass

FEWEST_IN_A_GROUP, MOST_IN_A_GROUP = 2, 8


class Manner(StrEnum):
    """How the groups change: after a visit to each home (visiting), or every time (mixing)."""

    VISITING = "visiting"
    MIXING = "mixing"


class MeetingPlace(StrEnum):
    """Where a group meets."""

    HOME = "home"
    SCHOOL = "school"
    PLAYGROUND = "playground"


class PlaygroupPlan(Model):
    """A class's plan (legegrupper; in older classes spisegrupper): one at a time until it has ended.

    `is_interrupted`: the search was stopped by the clock, and the plan stands as it was then. Whatever changes in it
    moves `changed_at`, and so the version that two who plan at once are told apart by.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    manner: Mapped[Manner] = mapped_column(by_value(Manner))
    is_meal: Mapped[bool]
    smallest: Mapped[int]
    largest: Mapped[int]
    weeks_apart: Mapped[int]
    is_interrupted: Mapped[bool]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint(f"smallest >= {FEWEST_IN_A_GROUP} AND largest >= smallest", name="sizes"),
        Index(
            "ix_playgroup_plan_under_way",
            "class_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class PlaygroupRound(Model):
    """A round (runde): the days within which each of its groups meets once. A draft until it is published.

    Rounds of one `grouping` have the same groups: one round when groups mix, several when they visit.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("playgroup_plan.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    number: Mapped[int]
    grouping: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
    published_at: Mapped[datetime | None]

    plan: Mapped[PlaygroupPlan] = relationship()
    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    @property
    def is_published(self) -> bool:
        """Whether homes can see it."""
        return self.published_at is not None


class Playgroup(Model):
    """A group of a round, in the home of one of its children or in a neutral place.

    `host_id` is the adult who said that there is room, `host_pupil_id` the child who lives there. `address` is what
    the host typed for this round alone; it is deleted the day after.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("playgroup_round.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    number: Mapped[int]
    host_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    host_pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id"), index=True)
    place: Mapped[MeetingPlace] = mapped_column(by_value(MeetingPlace))
    address: Mapped[str] = mapped_column(default="", server_default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    took_place: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[PlaygroupRound] = relationship()
    school_class: Mapped[SchoolClass] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(starts_at IS NULL) = (ends_at IS NULL)", name="from_and_to"),
        CheckConstraint("(host_id IS NULL) = (host_pupil_id IS NULL)", name="a_host_has_a_child"),
    )


class PlaygroupMember(Model):
    """A child in a group. A child has one group in a round: the key says so.

    `is_held`: the team has put the child there, and planning leaves it. `comes` is what its home said beforehand,
    `was_there` what is known afterwards.
    """

    round_id: Mapped[int] = mapped_column(ForeignKey("playgroup_round.id"), primary_key=True, autoincrement=False)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), primary_key=True, autoincrement=False, index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("playgroup.id"), index=True)
    is_held: Mapped[bool] = mapped_column(default=False)
    comes: Mapped[bool | None]
    was_there: Mapped[bool | None]


class PlaygroupHome(Model):
    """What an adult has said about hosting in a class: whether, for how many children, and whether only outdoors."""

    guardian_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    class_id: Mapped[int] = mapped_column(
        ForeignKey("school_class.id"), primary_key=True, autoincrement=False, index=True
    )
    can_host: Mapped[bool]
    room: Mapped[int]
    is_outdoors_only: Mapped[bool]
    said_at: Mapped[datetime]


class PlaygroupAbstention(Model):
    """A child takes no part in a class's playgroups. No reason is asked, and no page lists it."""

    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), primary_key=True, autoincrement=False)
    class_id: Mapped[int] = mapped_column(
        ForeignKey("school_class.id"), primary_key=True, autoincrement=False, index=True
    )


class PlaygroupPermission(Model):
    """The class team lets the parents' representatives make a plan; what is drafted they do not see."""

    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), primary_key=True, autoincrement=False)


@dataclass(frozen=True, slots=True)
class ClassToPlan:
    """A class as somebody may plan its playgroups: its grades this year, and whether its representatives may."""

    class_id: int
    grades: tuple[int, int]
    lets_representatives: bool


@dataclass(frozen=True, slots=True)
class GroupAtHome:
    """A published group as its homes may deal with it: the children in it today, and the adults of the home that hosts.

    Without a host, whoever has a child in the group may choose the day.
    """

    group: Playgroup
    pupil_ids: frozenset[int]
    host_ids: frozenset[int]

    @property
    def class_id(self) -> int:
        """The class it belongs to."""
        return self.group.class_id
