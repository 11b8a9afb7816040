"""Wellbeing updates on their way from draft to home, what was confirmed about them, and who has opened or thanked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value
from portal.school.models import SchoolClass


class UpdateState(StrEnum):
    """Where an update is on its way. A withdrawn one is the team's again, and nobody else's."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class WellbeingUpdate(Model):
    """A class team's news to its homes (Nyt fra klasseteamet). The audience is the class: there is no list of readers.

    A draft belongs to the team, not to `author_id`. `revision` counts the wordings: names are confirmed for one of
    them. `version` is the optimistic lock of its text. `published_at` is empty for whatever is not to be read now, so
    that feeds need to look at nothing else. `told_again_at` is the last time homes were told of a correction.
    `written_at` says from when its words are, where they were not there from the first. `sent_with_id` is the first of
    several that went out in one go.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[UpdateState] = mapped_column(by_value(UpdateState), default=UpdateState.DRAFT)
    title: Mapped[str]
    body: Mapped[str]
    excerpt: Mapped[str]
    created_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]
    told_again_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1, server_default="1")
    version: Mapped[int] = mapped_column(default=1)
    sent_with_id: Mapped[int | None] = mapped_column(ForeignKey("wellbeing_update.id"), index=True)

    school_class: Mapped[SchoolClass] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_its_time"),
        CheckConstraint("(state = 'scheduled') = (publish_at IS NOT NULL)", name="scheduled_has_its_time"),
        Index("ix_wellbeing_update_feed", "class_id", "published_at", "id"),
        Index("ix_wellbeing_update_newest", "published_at", "id"),
        Index(
            "ix_wellbeing_update_scheduled",
            "publish_at",
            sqlite_where=text("publish_at IS NOT NULL"),
            postgresql_where=text("publish_at IS NOT NULL"),
        ),
    )

    @property
    def told_at(self) -> datetime | None:
        """When the homes were last told that there is something to read; None when there is nothing."""
        return self.told_again_at or self.published_at

    @property
    def is_published(self) -> bool:
        """Whether the homes can read it now."""
        return self.state == UpdateState.PUBLISHED

    @property
    def is_unsent(self) -> bool:
        """Whether it is still being written, with or without an hour to go out at."""
        return self.state in (UpdateState.DRAFT, UpdateState.SCHEDULED)


class UpdateRevision(Model):
    """A wording that homes could read, kept for the team: the first one, and one more for each correction."""

    update_id: Mapped[int] = mapped_column(ForeignKey("wellbeing_update.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    body: Mapped[str]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    saved_at: Mapped[datetime]


class NameConfirmation(Model):
    """That somebody of the team has agreed to the names in one wording of an update (domain 3.5: the name guard).

    `words` are those that were agreed to: a child who joins the class afterwards has not been agreed about.
    """

    update_id: Mapped[int] = mapped_column(ForeignKey("wellbeing_update.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[list[str]] = mapped_column(JSON)
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime]


class UpdateClause(Model):
    """A promise of the strategy that an update is about, by the clause's key, which outlives every edition.

    `published_at` repeats the update's, so that the strategy finds when a promise was last spoken of in one step.
    """

    update_id: Mapped[int] = mapped_column(ForeignKey("wellbeing_update.id"), primary_key=True)
    clause_key: Mapped[str] = mapped_column(primary_key=True)
    published_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_update_clause_last", "clause_key", "published_at"),)


class UpdateReceipt(Model):
    """That a person has opened an update. No time is kept: nobody's reading times exist to be shown (domain 3.5)."""

    update_id: Mapped[int] = mapped_column(ForeignKey("wellbeing_update.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class UpdateThanks(Model):
    """That a guardian has said thank you. Only their number is ever shown."""

    update_id: Mapped[int] = mapped_column(ForeignKey("wellbeing_update.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
