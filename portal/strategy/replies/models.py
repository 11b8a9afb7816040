"""The sheets on which an answer goes back to the classes and the council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value
from portal.strategy.kinds import AmendmentState


class ReplySheet(Model):
    """An answer on its way to a class, or to a council (svarark); it waits until somebody has read it aloud.

    Title, outcome and words are copies: what was read aloud stays as it was. A sheet for a class follows the child
    whose idea it was, so that a new class hears it where the child is now; `class_id` is where the child was when it
    was sent. A council's has neither.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"))
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), index=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id"), index=True)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"))
    title: Mapped[str]
    outcome: Mapped[AmendmentState] = mapped_column(by_value(AmendmentState))
    text: Mapped[str]
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (
        CheckConstraint("(read_at IS NULL) = (read_by_id IS NULL)", name="read_by_somebody"),
        CheckConstraint("(pupil_id IS NULL) = (class_id IS NULL)", name="a_childs_class"),
        Index("ix_reply_sheet_council", "council_id", "read_at"),
        Index(
            "ix_reply_sheet_unread",
            "class_id",
            sqlite_where=sql("read_at IS NULL"),
            postgresql_where=sql("read_at IS NULL"),
        ),
    )

    @property
    def stamp(self) -> str:
        """What tells the answer it gives from any other: whoever ticks says with it what was read aloud."""
        return _stamp(self.outcome, self.text)


def _stamp(outcome: AmendmentState, text: str) -> str:
    return sha256(repr((outcome.value, text)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """A sheet as rules and pages see it today; `class_id` is the class that hears it now, None for the council's.

    A class that `has_left` the school hears nothing any more: then the council hears it in its place.
    One that `puts_right` follows a sheet that was read aloud and was wrong.
    """

    id: int
    amendment_id: int
    council_id: int
    class_id: int | None
    label: str
    has_left: bool
    title: str
    outcome: AmendmentState
    text: str
    sent_at: datetime
    read_at: datetime | None
    puts_right: bool

    @property
    def stamp(self) -> str:
        """What tells the answer it gives from any other."""
        return _stamp(self.outcome, self.text)

    @property
    def is_for_council(self) -> bool:
        """Whether the council itself reads it, at its meeting."""
        return self.class_id is None

    @property
    def sent_on(self) -> date:
        """The day it was sent."""
        return self.sent_at.date()
