"""What the national measurement found at the school, a school year at a time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model


class NationalMeasurement(Model):
    """The school's figures of one school year, in tenths from 10 to 50, each only where it is known."""

    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    measured_on: Mapped[date]
    social: Mapped[int | None]
    learning: Mapped[int | None]
    support: Mapped[int | None]
    calm: Mapped[int | None]
    shown_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = tuple(
        CheckConstraint(f"{name} BETWEEN 10 AND 50", name=f"{name}_is_a_figure")
        for name in ("social", "learning", "support", "calm")
    )
