"""What guardians let the homes of a class see of them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model


class GuardianPhone(Model):
    """The phone number a guardian wants other parents to have: kept while some class may see it, and no longer."""

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    number: Mapped[str]


class ContactChoice(Model):
    """What a guardian lets the homes of one class see (klassens kontaktliste). Without a row they see a name alone.

    A choice holds for the ties of the day it was made, `chosen_on`: whoever leaves the class and comes back later
    chooses anew.
    """

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    class_id: Mapped[int] = mapped_column(
        ForeignKey("school_class.id"), primary_key=True, autoincrement=False, index=True
    )
    shows_phone: Mapped[bool]
    shows_email: Mapped[bool]
    chosen_on: Mapped[date]

    __table_args__ = (CheckConstraint("shows_phone OR shows_email", name="shows_something"),)
