"""That a guardian's access to a child is closed for a time, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models import User
from portal.database import Model
from portal.school.models import GuardianshipKind, Pupil


class AccessClosure(Model):
    """From one day to another a guardian's ties to a child give no right, whatever the register says (domain 3.1).

    It is of the two people and not of a tie, so that no import opens it. It ends by itself after `ends_on`, or when
    somebody lifts it. Making it last longer adds a row with its own reason; none is changed but by lifting.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        Index("ix_access_closure_guardian_id_pupil_id", "guardian_id", "pupil_id"),
    )


@dataclass(frozen=True, slots=True)
class ChildAccess:
    """A guardian of a child, as the leadership decides about them; `adult_ids` are all adults tied to the child."""

    pupil: Pupil
    guardian: User
    kind: GuardianshipKind
    adult_ids: frozenset[int]
    closed_until: date | None


@dataclass(frozen=True, slots=True)
class ClosedAccess(ChildAccess):
    """The same where the access is closed, or was until lately: `id` is the decision that lasts longest.

    `remind_on` is the day from which the leadership is told that it ends: two weeks before, halfway where it lasts less
    than four, None where it lasts two days at most.
    """

    id: int
    ends_on: date
    remind_on: date | None

    def is_ending(self, today: date) -> bool:
        """Whether it is in force and ends soon."""
        return self.closed_until is not None and self.remind_on is not None and self.remind_on <= today
