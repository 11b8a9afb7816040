"""Student councils, their members and facilitators, their meetings and minutes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Model
from portal.school.models import Pupil, SchoolClass


class Council(Model):
    """A student council (elevråd); a school often has one for the small and one for the big pupils.

    Where the pupils do not sign in themselves their contact teacher writes everything, and they have no accounts.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    lowest_grade: Mapped[int]
    highest_grade: Mapped[int]
    signs_in: Mapped[bool] = mapped_column(default=True, server_default=true())

    @property
    def stamp(self) -> str:
        """What the office can change of it, as it is seen."""
        return f"{self.lowest_grade} {self.highest_grade} {self.signs_in:d} {self.name}"

    __table_args__ = (
        CheckConstraint("lowest_grade BETWEEN 0 AND 10 AND highest_grade BETWEEN lowest_grade AND 10", name="grades"),
    )


class CouncilMember(Model):
    """A class's elected voice in the council (elevrådsrepræsentant), or the substitute (suppleant).

    Two of a school's members sit on the school board by law and present there what the councils propose.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    is_substitute: Mapped[bool] = mapped_column(default=False)
    is_chair: Mapped[bool] = mapped_column(default=False)
    is_on_board: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    council: Mapped[Council] = relationship()
    pupil: Mapped[Pupil] = relationship()
    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)


class Facilitator(Model):
    """The contact teacher (kontaktlærer for elevrådet) who helps a council meet, and has no vote in it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    council: Mapped[Council] = relationship()
    user: Mapped[User] = relationship()

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_facilitator_open",
            "council_id",
            "user_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )
