"""Two children who are in no group together until a day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.school.models import Pupil, SchoolClass


class PartedPair(Model):
    """Two children of a class who are kept apart (holdt hver for sig) in its plans, the day included.

    No reason is kept. `asked_on` is when the team was last asked whether it still holds.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    one_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    until: Mapped[date] = mapped_column(index=True)
    asked_on: Mapped[date]

    school_class: Mapped[SchoolClass] = relationship()
    one: Mapped[Pupil] = relationship(foreign_keys=one_id)
    other: Mapped[Pupil] = relationship(foreign_keys=other_id)

    __table_args__ = (
        UniqueConstraint("class_id", "one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="each_pair_once"),
    )
