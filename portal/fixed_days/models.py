"""The school's fixed days, and each day on which one of them is."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Model
from portal.database.types import Keys
from portal.school.days_off.usual_holidays import is_usual_holiday


class FixedDay(Model):
    """Something the school always does (fast dag): on a weekday every so many weeks, or else on each day of a span.

    Both ends of the span lie in one school year. `points` are the keys of the strategy's clauses that it keeps.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    weekday: Mapped[int | None]
    every_weeks: Mapped[int] = mapped_column(default=1)
    lowest_grade: Mapped[int]
    highest_grade: Mapped[int]
    points: Mapped[tuple[str, ...]] = mapped_column(Keys, default=())
    version: Mapped[int] = mapped_column(default=1)

    dates: Mapped[list[FixedDate]] = relationship(cascade="all, delete-orphan", order_by="FixedDate.held_on")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 4", name="on_a_weekday"),
        CheckConstraint("every_weeks >= 1", name="at_least_weekly"),
        CheckConstraint("lowest_grade <= highest_grade", name="grades_in_order"),
    )


def _is_usually_off(context: DefaultExecutionContext) -> bool:
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return is_usual_holiday(row["held_on"])


class FixedDate(Model):
    """A day on which a fixed day is by its rhythm. On days off it falls out, so whoever reads asks the calendar too.

    `is_usually_off` says that most schools have holidays then: it falls out until somebody has entered this school's.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    fixed_day_id: Mapped[int] = mapped_column(ForeignKey("fixed_day.id"))
    held_on: Mapped[date] = mapped_column(index=True)
    is_usually_off: Mapped[bool] = mapped_column(default=_is_usually_off, server_default=false())

    __table_args__ = (UniqueConstraint("fixed_day_id", "held_on"),)
