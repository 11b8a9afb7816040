"""That two adults around a child live together because both have said so, and that somebody has left the file's home.

Which home the register puts somebody in is `User.home_id`: a number, and no address (docs/import.md).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model


class SharedHome(Model):
    """One of a child's adults says that they live with another of them (vi bor sammen); it holds once both have.

    `declined_on` hides the question from whoever was asked, and is shown to nobody. The row goes when either of the
    two ends it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_on: Mapped[date]
    declined_on: Mapped[date | None]
    agreed_on: Mapped[date | None]

    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="each_pair_once"),
        CheckConstraint("asked_by_id IN (one_id, other_id)", name="asked_by_one_of_them"),
    )

    @property
    def asked_id(self) -> int:
        """Whose word is still missing, or was."""
        return self.other_id if self.asked_by_id == self.one_id else self.one_id


class LeftHome(Model):
    """Somebody has said that they do not live in the home of the school's file; another number there counts again."""

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    home_id: Mapped[int]
