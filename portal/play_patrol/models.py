"""The play patrol's rota."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model


class PatrolTurn(Model):
    """A pupil's turn in the play patrol (legepatruljen): the week that begins on this Monday, and the place.

    Nothing has to be ended when a pupil leaves: whoever reads the rota asks who is at the school that day. A year after
    the week it says no more whose it was (domain 3.10).
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    week_on: Mapped[date]
    place: Mapped[str]
    pupil_id: Mapped[int | None] = mapped_column(ForeignKey("pupil.id"), index=True)

    __table_args__ = (UniqueConstraint("week_on", "pupil_id"),)
