"""What somebody asked the organisers of an event, and what they said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.events.models import ClassEvent


class EventQuestion(Model):
    """A question to the organisers alone. `shown_question` is how it stands on the event, "" where it does not.

    `answered_at` is from when the words of the answer are. `version` is the optimistic lock for two who answer one.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("class_event.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    question: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    shown_question: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    event: Mapped[ClassEvent] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answered_at_some_time"),)
