"""Whose suggestion each change of an edition was, and the board's words where two decided texts clash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model


class EditionChange(Model):
    """That an edition holds what the board decided about an amendment: its change list. A record.

    `proposed_by` is the council's name as it was, never a class or a pupil; empty for the staff's own.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), index=True)
    clause_key: Mapped[str]
    proposed_by: Mapped[str] = mapped_column(default="")


class Settlement(Model):
    """Which words a clause gets in a review in which the board said yes to two texts for it; empty: it goes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("revision_cycle.id"))
    clause_key: Mapped[str]
    text: Mapped[str]
    settled_at: Mapped[datetime]
    settled_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    __table_args__ = (UniqueConstraint("cycle_id", "clause_key"),)
