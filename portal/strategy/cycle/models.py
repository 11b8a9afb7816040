"""The year's review of the strategy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value
from portal.strategy.kinds import Phase


class RevisionCycle(Model):
    """One year's review of the strategy (årets gennemgang); at most one is open."""

    id: Mapped[int] = mapped_column(primary_key=True)
    school_year: Mapped[int]
    base_edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    phase: Mapped[Phase] = mapped_column(by_value(Phase), default=Phase.COUNCIL)
    is_open: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("is_open = (phase <> 'closed')", name="open_until_closed"),
        Index(
            "uq_revision_cycle_open",
            "is_open",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )
