"""Amendments, and what a council decided about each."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState
from portal.strategy.models import Edition


class Amendment(Model):
    """A change that a student council proposes to one clause, or something new in a section (ændringsforslag).

    `title` is what its author calls it, empty until they do. `clause_key` is empty for something new, which stands
    behind the clause `after_key`, or last in its section; for a summary it is the first clause of its section, which
    says which section that is in every edition. `base_text` is what the text said when this was written. `revision`
    counts the wordings the council has seen: a vote holds for one of them. `version` is its optimistic lock. One that
    was merged says what it became a part of, and one that was given back what that was until then.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[AmendmentKind] = mapped_column(by_value(AmendmentKind))
    clause_key: Mapped[str | None] = mapped_column(index=True)
    after_key: Mapped[str | None]
    heading: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    base_edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    base_text: Mapped[str]
    new_text: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[AmendmentState] = mapped_column(by_value(AmendmentState), default=AmendmentState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    has_open_vote: Mapped[bool] = mapped_column(default=False)
    closing_note: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    parted_from_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
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

    It keeps the words it was about (domain 3.3). It stands beside the amendment, whose page shows it; the meeting's
    agenda item points here. A result that was typed wrongly is not changed: another one replaces it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("vote.id"))
    revision: Mapped[int]
    result: Mapped[AmendmentState] = mapped_column(by_value(AmendmentState))
    is_agreed: Mapped[bool] = mapped_column(default=False)
    yes_count: Mapped[int] = mapped_column(default=0)
    no_count: Mapped[int] = mapped_column(default=0)
    abstain_count: Mapped[int] = mapped_column(default=0)
    present_count: Mapped[int]
    base_text: Mapped[str] = mapped_column(default="")
    new_text: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("yes_count >= 0 AND no_count >= 0 AND abstain_count >= 0", name="no_hands_below_none"),
        CheckConstraint("yes_count + no_count + abstain_count <= present_count", name="no_more_hands_than_present"),
        CheckConstraint("result IN ('adopted', 'not_adopted', 'postponed')", name="result"),
        Index("ix_vote_replaces_id", "replaces_id", unique=True),
    )


class FollowedAmendment(NamedTuple):
    """An amendment as its own page reads it: its columns, its author's name and class, and the council's last vote.

    A draft whose `author_has_left` is the council's to move on. Without a vote there is no `decided_at`.
    """

    id: int
    kind: AmendmentKind
    clause_key: str | None
    heading: str
    title: str
    base_text: str
    new_text: str
    reason: str
    state: AmendmentState
    revision: int
    has_open_vote: bool
    closing_note: str
    merged_into_id: int | None
    source: AmendmentSource
    council_id: int | None
    author_id: int
    created_at: datetime
    changed_at: datetime
    version: int
    author_has_left: bool
    author_name: str
    author_label: str
    voted_revision: int | None
    is_agreed: bool | None
    yes_count: int | None
    no_count: int | None
    abstain_count: int | None
    present_count: int | None
    decided_at: datetime | None


#: An amendment as a stored row, or as its page reads it.
AnyAmendment: TypeAlias = Amendment | FollowedAmendment
