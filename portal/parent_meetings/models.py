"""A class's parent meetings."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.parent_meetings.material.models import MeetingMaterial
from portal.text import clock


class ParentMeeting(Model):
    """A meeting to which a class team calls the guardians of its class (forældremøde): every home, and nobody else.

    There is no table of the invited: whoever has custody of a child of the class, or fosters one, on the day somebody
    looks. `items` is what the team itself has on the agenda; the school's material is shown after it, and `material`
    is the version that was shown, on `shown_on`. `version` is the optimistic lock for two who edit one.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str]
    items: Mapped[str]
    saved_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    material_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_material.id"), index=True)
    shown_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    material: Mapped[MeetingMaterial | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index("ix_parent_meeting_class_id", "class_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("(material_id IS NULL) = (shown_on IS NULL)", name="shown_on_a_day"),
    )

    @property
    def school_year(self) -> int:
        """The school year in which it is held."""
        return clock.school_year(clock.day_of(self.starts_at))

    @property
    def is_cancelled(self) -> bool:
        """Whether it has been called off."""
        return self.cancelled_at is not None
