"""What a class, a council or the school has begun for everybody's wellbeing, and which points it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.text import clock


class Initiative(Model):
    """Something that a class, a council or, with neither, the school does for a time (trivselstiltag, tiltag).

    It runs from `starts_on` and is meant to end on `ends_on`. Once it is closed `closed_on` is the last day on which it
    was done, and `outcome` says how it went; one that was closed by itself, since its class is empty, has no
    `closed_by_id` and no outcome. Of one that was opened again `outcome` is only kept, to be closed with. `with_akt`
    says that AKT helps. `version` is the optimistic lock of two who edit it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    council_id: Mapped[int | None] = mapped_column(ForeignKey("council.id"), index=True)
    title: Mapped[str]
    details: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    with_akt: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    closed_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    outcome: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (
        CheckConstraint("class_id IS NULL OR council_id IS NULL", name="of_one_of_them"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("closed_on >= starts_on", name="closed_after_start"),
        CheckConstraint("(closed_on IS NULL) = (closed_at IS NULL)", name="closed_on_a_day"),
    )

    @property
    def is_closed(self) -> bool:
        """Whether it is over, and said how it went."""
        return self.closed_on is not None

    @property
    def text(self) -> str:
        """All that stands in it."""
        return f"{self.title}\n{self.details}\n{self.outcome}"

    @property
    def school_year(self) -> int:
        """The school year it belongs to: none lasts longer than one."""
        return clock.school_year(self.starts_on)


class InitiativeClause(Model):
    """A promise of the strategy that an initiative is about, by the clause's key, which outlives every edition."""

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), primary_key=True)
    clause_key: Mapped[str] = mapped_column(primary_key=True, index=True)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose an initiative is: a class's, a council's or, with neither, the school's."""

    class_id: int | None = None
    council_id: int | None = None


@dataclass(frozen=True, slots=True)
class CouncilRef:
    """A council by its name, as everybody at the school may know it."""

    council_id: int
    name: str


@dataclass(frozen=True, slots=True)
class InitiativeToRead:
    """An initiative as its page reads it, with all that rules ask of one, and what its class or council is called."""

    id: int
    class_id: int | None
    council_id: int | None
    title: str
    details: str
    starts_on: date
    ends_on: date
    with_akt: bool
    started_at: datetime
    closed_on: date | None
    closed_at: datetime | None
    closed_by_id: int | None
    outcome: str
    version: int
    label: str
    hue: int
    council_name: str

    @property
    def is_closed(self) -> bool:
        """Whether it is over."""
        return self.closed_on is not None

    @property
    def school_year(self) -> int:
        """The school year it belongs to."""
        return clock.school_year(self.starts_on)


AnyInitiative = Initiative | InitiativeToRead


def can_be_corrected(initiative: AnyInitiative, today: date) -> bool:
    """Whether how it went may be put right: in its school year, and on the day it was closed."""
    return initiative.closed_at is not None and (
        clock.school_year(today) == initiative.school_year or clock.day_of(initiative.closed_at) == today
    )


def is_fresh(initiative: AnyInitiative, today: date) -> bool:
    """Whether it was written today, or has not begun: it can be taken back as if it had never been."""
    return clock.day_of(initiative.started_at) == today or initiative.starts_on > today
