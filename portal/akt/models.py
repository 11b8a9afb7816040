"""What classes ask AKT for, and what AKT and leadership note together."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value
from portal.school.models import SchoolClass


class AktRequest(Model):
    """A class team's "we would like help from AKT", in one line about the class, and what AKT has answered.

    The team, AKT and the leadership read it, and nobody else. It is open until it is answered.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    line: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)

    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_somebody"),)


class NoteKind(StrEnum):
    """What is noted by its day: a meeting of AKT and leadership, or a look at the supervision in the breaks."""

    MEETING = "meeting"
    BREAKS = "breaks"


class AktNote(Model):
    """That AKT and the leadership have met, or looked at the breaks, on a day, with a line about it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[NoteKind] = mapped_column(by_value(NoteKind))
    done_on: Mapped[date]
    line: Mapped[str]
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)

    __table_args__ = (UniqueConstraint("kind", "done_on"),)
