"""What is said in a council's talk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.strategy.amendments.models import Amendment


class Comment(Model):
    """Something said in a council's talk about a clause or an amendment; seen inside that council only.

    A hidden one keeps its text for the facilitator, who is asked whom they `told` (domain 3.4).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    clause_key: Mapped[str | None]
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime]
    reported_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    told: Mapped[str] = mapped_column(default="")

    amendment: Mapped[Amendment | None] = relationship()

    __table_args__ = (
        CheckConstraint("(clause_key IS NULL) <> (amendment_id IS NULL)", name="about_one_thing"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_by_id IS NULL)", name="hidden_by_somebody"),
        Index("ix_comment_clause", "clause_key", "council_id"),
        Index(
            "ix_comment_reported",
            "council_id",
            sqlite_where=sql("reported_at IS NOT NULL AND hidden_at IS NULL"),
            postgresql_where=sql("reported_at IS NOT NULL AND hidden_at IS NULL"),
        ),
    )
