"""What has left a council, as it left, and what the leadership wrote back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model


class Forwarding(Model):
    """That an amendment was sent on to the adults: one row for each time, with the words that left (domain 3.3).

    It is a record and keeps what stood there, and what the council was called; the staff's own have none. A `question`
    of the leadership ends it: then the amendment is before its council again, and the next row is its next way out.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), index=True)
    revision: Mapped[int]
    base_text: Mapped[str]
    new_text: Mapped[str]
    reason: Mapped[str]
    council_name: Mapped[str] = mapped_column(default="")
    forwarded_at: Mapped[datetime]
    forwarded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    sent_back_at: Mapped[datetime | None]
    question: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("(sent_back_at IS NOT NULL) = (question <> '')", name="sent_back_with_a_question"),
    )


class LeadershipWord(Model):
    """What the leadership wrote to the children about an amendment, long before the board decides. Rows are added.

    `thinks` says what it thinks of the idea, `happens` what happens now.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), index=True)
    thinks: Mapped[str]
    happens: Mapped[str]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
