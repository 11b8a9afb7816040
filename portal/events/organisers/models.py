"""Asking somebody to look after an event together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.events.models import ClassEvent


class OrganiserInvitation(Model):
    """That an organiser has asked somebody to be one too; it goes when they have said yes.

    Who has said no is kept, so that they are asked once and nobody sees that it was a no.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("class_event.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    invited_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]

    event: Mapped[ClassEvent] = relationship()

    __table_args__ = (UniqueConstraint("event_id", "user_id"),)
