"""The days without school that the office keeps."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value


class PeriodKind(StrEnum):
    """Why there is no school: holidays (skoleferie), or one of the school's own closing days (lukkedag)."""

    HOLIDAY = "holiday"
    CLOSING_DAY = "closing_day"


class CalendarPeriod(Model):
    """Days without school in the school's calendar, both ends included; no two of them share a day.

    Public holidays are computed and stand in no row. `version` is the optimistic lock for two who edit one.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[PeriodKind] = mapped_column(by_value(PeriodKind))
    starts_on: Mapped[date] = mapped_column(unique=True)
    ends_on: Mapped[date] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)
