"""The duties of the year wheel, edition by edition, and what somebody noted by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import Keys, by_value
from portal.proofs import Per


class Owner(StrEnum):
    """Who sees to a duty."""

    LEADERSHIP = "leadership"
    AKT = "akt"
    BOARD_SECRETARY = "board_secretary"
    MED = "med"
    OFFICE = "office"
    CLASS_TEAM = "class_team"
    REPRESENTATIVES = "representatives"
    CONTACT_TEACHER = "contact_teacher"


#: Among a duty's proofs: what no room knows, so that somebody notes it.
BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as pages and rules read it, the school's own or as it was delivered: then it has no `id` and no `title`.

    What its columns mean stands at `Duty`.
    """

    key: str
    title: str
    owner: Owner
    per: Per
    opens_in: int
    closes_in: int
    proofs: tuple[str, ...]
    points: tuple[str, ...] = ()
    times: int = 1
    is_by_weeks: bool = False
    holds_years: int = 1
    window_since: date | None = None
    id: int = 0
    version: int = 0

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody notes it as done."""
        return BY_HAND in self.proofs


@dataclass(frozen=True, slots=True)
class WheelYear:
    """A school year whose wheel can be looked at."""

    school_year: int


class Duty(Model):
    """Something that an edition of the strategy obliges the school to in every school year (opgave i årshjulet).

    The same `key` in another edition's wheel is the same duty, so what proved it goes on counting. It is to be done
    `times` times between the first day of the month `opens_in` and the last of `closes_in`, or, when it `is_by_weeks`,
    again and again in the school's own rhythm of news. One proof holds for `holds_years` school years. `proofs` are the
    kinds of what rooms know that prove it; with `by_hand` among them somebody may note it. `window_since` is the day
    on which this window was set: one that had gone by then is nobody's fault.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    key: Mapped[str]
    title: Mapped[str]
    points: Mapped[tuple[str, ...]] = mapped_column(Keys, default=())
    owner: Mapped[Owner] = mapped_column(by_value(Owner))
    per: Mapped[Per] = mapped_column(by_value(Per))
    opens_in: Mapped[int]
    closes_in: Mapped[int]
    times: Mapped[int] = mapped_column(default=1)
    is_by_weeks: Mapped[bool] = mapped_column(default=False)
    holds_years: Mapped[int] = mapped_column(default=1)
    proofs: Mapped[tuple[str, ...]] = mapped_column(Keys, default=())
    window_since: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("edition_id", "key"),
        CheckConstraint("opens_in BETWEEN 1 AND 12 AND closes_in BETWEEN 1 AND 12", name="months"),
        CheckConstraint("times >= 1 AND holds_years >= 1", name="at_least_once"),
    )


class NotedProof(Model):
    """That somebody noted a duty as done, with the day and a line: for the school, a class or a council, once a year.

    The duty is named by its key, since editions come and go. Who noted it is kept and shown on no page: proof speaks
    of classes and days.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    school_year: Mapped[int] = mapped_column(index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"), index=True)
    council_id: Mapped[int | None] = mapped_column(ForeignKey("council.id"), index=True)
    done_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    noted_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("key", "school_year", "class_id"),
        UniqueConstraint("key", "school_year", "council_id"),
        Index(
            "uq_noted_proof_of_the_school",
            "key",
            "school_year",
            unique=True,
            sqlite_where=text("class_id IS NULL AND council_id IS NULL"),
            postgresql_where=text("class_id IS NULL AND council_id IS NULL"),
        ),
        CheckConstraint("class_id IS NULL OR council_id IS NULL", name="of_one_of_them"),
    )
