"""Wellbeing updates and the receipts that count in how many children's homes they were opened."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model, by_value
from portal.school.models import SchoolClass
from portal.updates.cadence import Stage


class UpdateState(StrEnum):
    """Where an update is on its short way."""

    DRAFT = "draft"
    PUBLISHED = "published"


class WellbeingUpdate(Model):
    """A class team's news to its homes (Nyt fra klasseteamet). The audience is the class: there is no list of readers.

    A draft belongs to the team, not to `author_id`; `version` guards two who edit one text.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[UpdateState] = mapped_column(by_value(UpdateState), default=UpdateState.DRAFT)
    title: Mapped[str]
    body: Mapped[str]
    excerpt: Mapped[str]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    school_class: Mapped[SchoolClass] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_has_its_time"),
        Index("ix_wellbeing_update_feed", "class_id", "published_at", "id"),
        Index("ix_wellbeing_update_newest", "published_at", "id"),
    )


class UpdateReceipt(Model):
    """That a person has opened an update. No time is kept: nobody's reading times exist to be shown (design 3.5)."""

    update_id: Mapped[int] = mapped_column(ForeignKey("wellbeing_update.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class ToldChannel(StrEnum):
    """Where a class's homes were told, when it was not here."""

    AULA = "aula"
    PARENT_MEETING = "parent_meeting"
    OTHER = "other"


class ToldElsewhere(Model):
    """That a class team told its homes somewhere else (delt et andet sted), with the day; it counts like news here."""

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    told_on: Mapped[date]
    channel: Mapped[ToldChannel] = mapped_column(by_value(ToldChannel))
    note: Mapped[str]
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    registered_at: Mapped[datetime]

    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (UniqueConstraint("class_id", "told_on", "channel"),)


class CadenceReminder(Model):
    """That a class's class teacher was reminded of one due day: once when it comes near, once when it has passed."""

    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    stage: Mapped[Stage] = mapped_column(by_value(Stage), primary_key=True)
    reminded_at: Mapped[datetime]
