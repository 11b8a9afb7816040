"""The parents of a year group, and what a year group is.

A year group is known by the school year in which its children began in 0th grade: a number that stays theirs while
they move up, so that what was planned in June is for the same children in August.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Model


class YearGroupParent(Model):
    """A guardian who plans for all classes of a year (årgangsforælder); until successors, at latest 31 October.

    `year_group` is a `YearGroup`'s id. It gives nothing to whoever has no child in the year any more.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    year_group: Mapped[int] = mapped_column(index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    user: Mapped[User] = relationship()

    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)


@dataclass(frozen=True, slots=True)
class YearGroupRef:
    """A year group as links name it: its id, and the grade in which it is now."""

    id: int
    grade: int


@dataclass(frozen=True, slots=True)
class YearGroup:
    """The classes of one year as they are called today (årgang): a class of several grades is in several of them.

    `id` is the school year in which these children began in 0th grade, `grade` where they are now.
    """

    id: int
    grade: int
    hue: int
    labels: tuple[str, ...]
    class_ids: frozenset[int]
