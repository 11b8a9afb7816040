"""When people want mail about what."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.acts.topics import Rhythm, Topic
from portal.database import Model
from portal.database.types import by_value


class MailChoice(Model):
    """When somebody wants mail about one topic, or about everything without a row of its own."""

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    topic: Mapped[Topic] = mapped_column(by_value(Topic), primary_key=True)
    rhythm: Mapped[Rhythm] = mapped_column(by_value(Rhythm))
