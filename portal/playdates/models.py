"""Open offers to a whole class to come and play, and which children come.

There is no table of the invited: whoever is in the class when a page is read sees the offer (domain 3.7).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.school.models import SchoolClass

FEWEST_PLACES = 5


class Playdate(Model):
    """An offer from one home to a whole class (legeaftale): what and where, which day, from when to when.

    `places` is how many children there is room for, none when there is room for all; never so few that it could be
    for some. `written_at` says from when its words are, missing in those from before it was kept.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    what: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    places: Mapped[int | None]
    offered_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    school_class: Mapped[SchoolClass] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint(f"places IS NULL OR places >= {FEWEST_PLACES}", name="room_for_a_group"),
        Index("ix_playdate_class_id_ends_at", "class_id", "ends_at"),
    )

    @property
    def is_taken_back(self) -> bool:
        """Whether it has been called off."""
        return self.taken_back_at is not None


class PlaydateGuest(Model):
    """That an adult comes with a child. Two homes may both say so of one child, who takes one place."""

    playdate_id: Mapped[int] = mapped_column(ForeignKey("playdate.id"), primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), primary_key=True, index=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    said_at: Mapped[datetime]
