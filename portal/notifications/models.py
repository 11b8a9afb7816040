"""Who is told of an act, over which channel, and how far that has come."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value


class Channel(StrEnum):
    """How somebody is told."""

    PORTAL = "portal"
    MAIL = "mail"


class DeliveryState(StrEnum):
    """How far telling somebody has come."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"
    FAILED = "failed"


#: The conditions of the partial indexes. Queries use these very words: a bound value would not find the index.
UNOPENED = text("channel = 'portal' AND is_opened = false")
WAITING = text("state = 'waiting'")


class Delivery(Model):
    """One person told of one act over one channel. The list in the portal is these rows, and mail is these rows.

    `due_at` is when it should go out, `try_at` when the next try may be: a worker that claims a row moves `try_at` on,
    so the row is free again by itself when that worker is killed. `attempts` counts the answers of mail servers.
    Whether it was opened is kept, when is not: nobody's reading times exist to be shown (domain 3.5). `page_id` is the
    id of what the line leads to, so that a list need not look for it; empty for the act's own subject. `class_id` and
    `council_id` say where that is: whether somebody may still go there is asked of them each time it is listed.

    What is gathered waits for an evening and goes in one mail with whatever else waits then: a batch, called by the id
    of its first row. A batch is made once, so that a mail that is sent again is the same.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    channel: Mapped[Channel] = mapped_column(by_value(Channel))
    state: Mapped[DeliveryState] = mapped_column(by_value(DeliveryState))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("school_class.id"))
    council_id: Mapped[int | None]
    page_id: Mapped[int | None]
    due_at: Mapped[datetime]
    try_at: Mapped[datetime]
    is_gathered: Mapped[bool] = mapped_column(default=False)
    batch_id: Mapped[int | None]
    claimed_by: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
    is_opened: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("act_id", "user_id", "channel"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_its_time"),
        Index("ix_delivery_list", "user_id", "channel", "id"),
        Index(  # all three columns, or SQLite would rather walk a person's whole list
            "ix_delivery_unopened", "user_id", "channel", "is_opened", sqlite_where=UNOPENED, postgresql_where=UNOPENED
        ),
        Index("ix_delivery_waiting", "try_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )
