"""What was told elsewhere, and which reminders have gone out."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import by_value
from portal.school.models import SchoolClass
from portal.updates.cadence.rhythm import Stage


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
