"""The board's decisions, and what is typed of them before they are recorded."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value
from portal.strategy.kinds import AmendmentState


class Decision(Model):
    """What the school board decided about an amendment in one review (beslutning).

    It is changed in one way only: put right until its edition is published, and then what stood there is kept.
    `base_text` and `new_text` are what the board saw, `final_text` are the words that hold from now on: empty for a no,
    for next year, and for a clause that goes. One that was put off is decided again in another review.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    cycle_id: Mapped[int] = mapped_column(ForeignKey("revision_cycle.id"), index=True)
    outcome: Mapped[AmendmentState] = mapped_column(by_value(AmendmentState))
    reason: Mapped[str]
    child_reply: Mapped[str]
    base_text: Mapped[str]
    new_text: Mapped[str]
    final_text: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date]
    meeting: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("amendment_id", "cycle_id"),
        CheckConstraint("outcome IN ('approved', 'approved_changed', 'rejected', 'deferred')", name="outcome"),
        CheckConstraint("reason <> '' AND child_reply <> ''", name="always_a_reason_and_a_reply"),
    )


class EarlierDecision(Model):
    """What stood in a decision before it was put right, who wrote that, and why it was wrong. A record."""

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    outcome: Mapped[AmendmentState] = mapped_column(by_value(AmendmentState))
    reason: Mapped[str]
    child_reply: Mapped[str]
    final_text: Mapped[str]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    why: Mapped[str]


class DecisionDraft(Model):
    """What a secretary has typed about an amendment and not recorded yet. Nobody else reads it."""

    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), primary_key=True, autoincrement=False)
    outcome: Mapped[AmendmentState | None] = mapped_column(by_value(AmendmentState))
    reason: Mapped[str] = mapped_column(default="")
    child_reply: Mapped[str] = mapped_column(default="")
    final_text: Mapped[str] = mapped_column(default="")
