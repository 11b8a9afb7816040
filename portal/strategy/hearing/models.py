"""What a body says in the hearing."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value


class Body(StrEnum):
    """Who is heard: the leadership with the AKT team, the MED committee, and a council about the staff's own ideas."""

    LEADERSHIP = "leadership"
    MED = "med"
    COUNCIL = "council"


class Stance(StrEnum):
    """What a body thinks of an amendment."""

    FOR = "for"
    OTHER_WORDS = "other_words"
    AGAINST = "against"
    NONE = "none"


class Statement(Model):
    """The leadership's advice (anbefaling), the MED committee's statement (udtalelse) or a council's word on one thing.

    Whoever records it says when and at which meeting it was said. Its words may change until the board has decided.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"), index=True)
    body: Mapped[Body] = mapped_column(by_value(Body))
    council_id: Mapped[int | None] = mapped_column(ForeignKey("council.id"))
    stance: Mapped[Stance] = mapped_column(by_value(Stance))
    text: Mapped[str]
    said_on: Mapped[date]
    meeting: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(body = 'council') = (council_id IS NOT NULL)", name="council_of_its_body"),
        Index(
            "uq_statement_adults",
            "amendment_id",
            "body",
            unique=True,
            sqlite_where=sql("council_id IS NULL"),
            postgresql_where=sql("council_id IS NULL"),
        ),
        Index(
            "uq_statement_council",
            "amendment_id",
            "council_id",
            unique=True,
            sqlite_where=sql("council_id IS NOT NULL"),
            postgresql_where=sql("council_id IS NOT NULL"),
        ),
    )
