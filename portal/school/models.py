"""Classes, pupils and the adults around them, each with dates: a right ends by itself."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Protection, User
from portal.database import Model, by_value

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


class HelpKind(StrEnum):
    """Where a contact on the public help page belongs."""

    SCHOOL = "school"
    LINE = "line"


class PeriodKind(StrEnum):
    """Why there is no school: holidays (skoleferie), or one of the school's own closing days (lukkedag)."""

    HOLIDAY = "holiday"
    CLOSING_DAY = "closing_day"


class TemplateKind(StrEnum):
    """Which texts a template is a beginning for."""

    UPDATE = "update"
    RULES = "rules"
    PARENTS = "parents"


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
        return self.alias if self.protection == Protection.NAME else f"{self.first_name} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """The first name, as children call each other; the alias where the name is protected."""
        return self.alias if self.protection == Protection.NAME else self.first_name


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
    """An adult's tie to a child (forælder, plejeforælder, hjælper), by kind and dates (design 3.1).

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


class HelpContact(Model):
    """Somebody a child or parent can turn to, on the public page "Få hjælp"; the office keeps it current."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[HelpKind] = mapped_column(by_value(HelpKind))
    position: Mapped[int]
    title: Mapped[str]
    detail: Mapped[str]
    phone: Mapped[str]
    url: Mapped[str]
    checked_on: Mapped[date | None]


class TextTemplate(Model):
    """A text to begin from (skabelon), the same for the whole school: headings and a few words, in Markdown.

    What is written from it is a text of its own: changing the template changes nobody's text.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TemplateKind] = mapped_column(by_value(TemplateKind), index=True)
    title: Mapped[str]
    body: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


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


class RosterUpload(Model):
    """The office's roster files between preview and apply: kept so that what is applied is what was shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    files: Mapped[dict[str, Any]] = mapped_column(JSON)


class CalendarPeriod(Model):
    """Days without school in the school's calendar, both ends included; no two of them share a day.

    Public holidays are computed and stand in no row. `version` guards two who edit one period.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[PeriodKind] = mapped_column(by_value(PeriodKind))
    starts_on: Mapped[date] = mapped_column(unique=True)
    ends_on: Mapped[date] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)
