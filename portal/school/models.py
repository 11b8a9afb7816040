"""Classes, pupils and the adults around them, each with dates: a right ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.accounts.protection import Protection, shown_name, shown_names
from portal.database import Model
from portal.database.types import by_value

HUES = 12


class GuardianshipKind(StrEnum):
    """How an adult belongs to a child. A parent without custody has no login; the office answers on request."""

    CUSTODY = "custody"
    FOSTER = "foster"
    HELPER = "helper"


class TeamFunction(StrEnum):
    """What somebody is in a class team."""

    CLASS_TEACHER = "class_teacher"
    TEACHER = "teacher"
    PEDAGOGUE = "pedagogue"
    SUBSTITUTE = "substitute"


class SchoolClass(Model):
    """A class (klasse) through all its years; its label and grades belong to a school year."""

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(unique=True)
    hue: Mapped[int]

    years: Mapped[list[ClassYear]] = relationship(back_populates="school_class")

    __table_args__ = (CheckConstraint(f"hue BETWEEN 1 AND {HUES}", name="hue_is_known"),)


class ClassYear(Model):
    """What a class is called in one school year and the grades (trin) in it: "3.A", or "0.-2." for a mixed class."""

    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), primary_key=True)
    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str]
    lowest_grade: Mapped[int]
    highest_grade: Mapped[int]

    school_class: Mapped[SchoolClass] = relationship(back_populates="years")

    __table_args__ = (
        UniqueConstraint("school_year", "label"),
        CheckConstraint("lowest_grade BETWEEN 0 AND 10 AND highest_grade BETWEEN lowest_grade AND 10", name="grades"),
    )


class Pupil(Model):
    """A child at the school (elev). Has an account (`user`) only while sitting in a council."""

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    alias: Mapped[str] = mapped_column(default="")
    protection: Mapped[Protection] = mapped_column(by_value(Protection), default=Protection.NONE)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)

    user: Mapped[User | None] = relationship()
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="pupil", order_by="Enrolment.starts_on")

    __table_args__ = (CheckConstraint("protection <> 'name' OR alias <> ''", name="alias_when_name_is_protected"),)

    @property
    def name(self) -> str:
        """The name others see: the alias where the real one is protected."""
        return shown_name(self)

    @property
    def short_name(self) -> str:
        """The first name, as children call each other; the alias where the name is protected."""
        return shown_names(self)[0]


class FormerName(Model):
    """A name that a child bore openly until a moment: then it was protected, or became another one.

    Kept so that what was written while it was open is not read for ever by those who may not know it any more.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    open_until: Mapped[datetime]

    pupil: Mapped[Pupil] = relationship()


class Enrolment(Model):
    """A pupil's time in one class. A pupil who left is ended, not deleted."""

    id: Mapped[int] = mapped_column(primary_key=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    pupil: Mapped[Pupil] = relationship(back_populates="enrolments")
    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_enrolment_open",
            "pupil_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )


class Guardianship(Model):
    """An adult's tie to a child (forælder, plejeforælder, hjælper), by kind and dates (domain 3.1).

    Helpers are invited by a custody holder (`invited_by_id`); custody and foster come from the school's register.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    kind: Mapped[GuardianshipKind] = mapped_column(by_value(GuardianshipKind))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    guardian: Mapped[User] = relationship(foreign_keys=[guardian_id])
    invited_by: Mapped[User | None] = relationship(foreign_keys=[invited_by_id])
    pupil: Mapped[Pupil] = relationship()

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_guardianship_open",
            "guardian_id",
            "pupil_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )


@dataclass(frozen=True, slots=True)
class ChildHelpers:
    """A child and the helpers whose ties hold today, as the office looks at them."""

    pupil: Pupil
    helpers: tuple[Guardianship, ...]

    @property
    def id(self) -> int:
        """The child's id."""
        return self.pupil.id


class TeamMember(Model):
    """Somebody's place in a class team (klasseteam) between two days."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    function: Mapped[TeamFunction] = mapped_column(by_value(TeamFunction))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    user: Mapped[User] = relationship()
    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index(
            "uq_team_member_open",
            "user_id",
            "class_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )


class Representative(Model):
    """A guardian the class's parents have chosen (forældrerådsmedlem); stays until successors, at latest 31 October."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    user: Mapped[User] = relationship()

    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)
