"""The year's review of the strategy."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

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


class PhaseMove(Model):
    """That a review went from one phase to another, and why it went on with rows open. A record."""

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("revision_cycle.id"), index=True)
    old: Mapped[Phase] = mapped_column(by_value(Phase))
    new: Mapped[Phase] = mapped_column(by_value(Phase))
    reason: Mapped[str] = mapped_column(default="")
    moved_at: Mapped[datetime]
    moved_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class OpenEnd(StrEnum):
    """What may still wait in a phase when the review moves on."""

    TO_DECIDE = "to_decide"
    TO_FORWARD = "to_forward"
    NO_WORD = "no_word"
    NO_ADVICE = "no_advice"
    NO_STATEMENT = "no_statement"
    NO_COUNCIL_WORD = "no_council_word"
    SENT_BACK = "sent_back"
    NOT_DECIDED = "not_decided"
    NO_EDITION = "no_edition"


class PassedRow(Model):
    """One thing that waited when the review moved on, named and confirmed with the move's reason."""

    id: Mapped[int] = mapped_column(primary_key=True)
    move_id: Mapped[int] = mapped_column(ForeignKey("phase_move.id"), index=True)
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    what: Mapped[OpenEnd] = mapped_column(by_value(OpenEnd))
