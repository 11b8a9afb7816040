"""The two texts a class has agreed on, every version of them, and the years in which they were talked about."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Model
from portal.database.types import by_value


class AgreementKind(StrEnum):
    """Whose agreement it is: the children's among themselves, or their parents'."""

    RULES = "rules"
    PARENTS = "parents"


class AgreementVersion(Model):
    """One wording of a class's rules or parent agreements. Rows are added and never changed, but by hiding one.

    A hidden one is read by the class team and the leadership alone: it says what the homes may not know.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("class_agreement.id"))
    number: Mapped[int]
    body: Mapped[str]
    agreed_on: Mapped[date]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    hidden_at: Mapped[datetime | None]

    agreement: Mapped[ClassAgreement] = relationship(foreign_keys=[agreement_id])
    saved_by: Mapped[User] = relationship()

    __table_args__ = (
        UniqueConstraint("agreement_id", "number"),
        CheckConstraint("number >= 1", name="number_is_positive"),
    )

    @property
    def class_id(self) -> int:
        """The class it belongs to."""
        return self.agreement.class_id

    @property
    def kind(self) -> AgreementKind:
        """Whose agreement it is."""
        return self.agreement.kind

    @property
    def is_current(self) -> bool:
        """Whether this is what holds now."""
        return self.number == self.agreement.version_count


class ClassAgreement(Model):
    """A class's rules (samværsregler) or its parents' agreements (forældreaftaler), whatever their wording.

    `version_count` is the number of the wording that holds, and the optimistic lock for two who write. A class that
    has written nothing has no row.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"))
    kind: Mapped[AgreementKind] = mapped_column(by_value(AgreementKind))
    version_count: Mapped[int] = mapped_column(default=0)

    current: Mapped[AgreementVersion | None] = relationship(
        primaryjoin=lambda: and_(
            ClassAgreement.id == foreign(AgreementVersion.agreement_id),
            AgreementVersion.number == ClassAgreement.version_count,
        ),
        viewonly=True,
        uselist=False,
    )

    __table_args__ = (UniqueConstraint("class_id", "kind"),)

    @property
    def version(self) -> int:
        """The version of the text, for whoever changes it: 0 while nothing is written."""
        return self.version_count


class AgreementRenewal(Model):
    """That a class has talked about its text in a school year: it was written anew, or it still holds."""

    agreement_id: Mapped[int] = mapped_column(ForeignKey("class_agreement.id"), primary_key=True)
    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    renewed_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
