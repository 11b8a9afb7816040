"""The strategy's text with keys that outlive every edition, and what the student councils say and propose about it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value
from portal.strategy.kinds import ClauseKind, EditionState


class Edition(Model):
    """One edition (udgave) of the strategy. Approved editions never change; exactly one is current (domain 3.2)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    school_year: Mapped[int]
    title: Mapped[str]
    state: Mapped[EditionState] = mapped_column(by_value(EditionState))
    approved_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(default="")
    revised_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(default="da")
    imported_at: Mapped[datetime]

    sections: Mapped[list[Section]] = relationship(back_populates="edition", order_by="Section.position")

    __table_args__ = (
        Index(
            "uq_edition_approved",
            "state",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
        Index(
            "uq_edition_draft",
            "state",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    @property
    def is_current(self) -> bool:
        """Whether this is the text that holds now."""
        return self.state == EditionState.APPROVED

    @property
    def is_draft(self) -> bool:
        """Whether nobody has decided on this text yet; the only state in which its words may change."""
        return self.state == EditionState.DRAFT

    @property
    def stamp(self) -> str:
        """What a form sends back, so that nobody replaces or approves a text they have not seen."""
        return f"{self.number}-{self.state}-{self.imported_at:%Y%m%d%H%M%S%f}"


class Section(Model):
    """A section (afsnit); the introduction is the one without a heading. `plain_summary` is "Kort fortalt"."""

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    position: Mapped[int]
    heading: Mapped[str]
    plain_summary: Mapped[str] = mapped_column(default="")

    edition: Mapped[Edition] = relationship(back_populates="sections")
    clauses: Mapped[list[Clause]] = relationship(back_populates="section", order_by="Clause.position")

    __table_args__ = (UniqueConstraint("edition_id", "position"),)


class Clause(Model):
    """A clause (punkt) as one edition words it. The same `key` in another edition is the same promise (domain 3.2)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    kind: Mapped[ClauseKind] = mapped_column(by_value(ClauseKind))
    position: Mapped[int]
    text: Mapped[str]

    section: Mapped[Section] = relationship(back_populates="clauses")

    __table_args__ = (UniqueConstraint("edition_id", "key"),)


class DeadLink(Model):
    """A link of the strategy that the office has marked as dead; readers are told beside it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="")
    marked_on: Mapped[date]
