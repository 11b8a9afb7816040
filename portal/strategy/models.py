"""The strategy's text with keys that outlive every edition, and what the student councils say and propose about it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model, by_value
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, ClauseKind, EditionState, Phase


class Edition(Model):
    """One edition (udgave) of the strategy. Approved editions never change; exactly one is current (design 3.2)."""

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
    """A clause (punkt) as one edition words it. The same `key` in another edition is the same promise (design 3.2)."""

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
            "uq_revision_cycle_open", "is_open", unique=True, sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )  # fmt: skip


class Amendment(Model):
    """A change that a student council proposes to one clause, or something new in a section (ændringsforslag).

    `clause_key` is empty for something new. `base_text` is what the clause said when this was written. `revision`
    counts the wordings the council has seen: a vote holds for one of them. `version` guards two who edit one text. One
    that was merged says what it became a part of.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AmendmentKind] = mapped_column(by_value(AmendmentKind))
    clause_key: Mapped[str | None] = mapped_column(index=True)
    heading: Mapped[str]
    base_edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    base_text: Mapped[str]
    new_text: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[AmendmentState] = mapped_column(by_value(AmendmentState), default=AmendmentState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    has_open_vote: Mapped[bool] = mapped_column(default=False)
    closing_note: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    source: Mapped[AmendmentSource] = mapped_column(by_value(AmendmentSource), default=AmendmentSource.COUNCIL)
    council_id: Mapped[int | None] = mapped_column(ForeignKey("council.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    base_edition: Mapped[Edition] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(kind = 'add') = (clause_key IS NULL)", name="new_or_about_a_clause"),
        CheckConstraint("(source = 'council') = (council_id IS NOT NULL)", name="council_of_its_source"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_something"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
        Index("ix_amendment_council", "council_id", "state"),
    )


class Vote(Model):
    """What a council decided about one revision of an amendment: hands counted, or agreed without a vote.

    It stands beside the amendment, whose page shows it; the meeting's agenda item points here.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), index=True)
    revision: Mapped[int]
    result: Mapped[AmendmentState] = mapped_column(by_value(AmendmentState))
    is_agreed: Mapped[bool] = mapped_column(default=False)
    yes_count: Mapped[int] = mapped_column(default=0)
    no_count: Mapped[int] = mapped_column(default=0)
    abstain_count: Mapped[int] = mapped_column(default=0)
    present_count: Mapped[int]
    decided_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("yes_count >= 0 AND no_count >= 0 AND abstain_count >= 0", name="no_hands_below_none"),
        CheckConstraint("yes_count + no_count + abstain_count <= present_count", name="no_more_hands_than_present"),
        CheckConstraint("result IN ('adopted', 'not_adopted', 'postponed')", name="result"),
    )


class Comment(Model):
    """Something said in a council's talk about a clause or an amendment; seen inside that council only.

    A hidden one keeps its text for the facilitator, who is asked whom they `told` (design 3.4).
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
    )
