"""What children have said of a round: who has been heard, and how often each answer was given. Nothing ties the two."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value


class Feeling(StrEnum):
    """How it was."""

    GOOD = "good"
    SO_SO = "so_so"
    NOT_GOOD = "not_good"


class PlaygroupHeard(Model):
    """A child has been heard about a round, also with "no thanks". Deleted when the round can be answered no more."""

    round_id: Mapped[int] = mapped_column(ForeignKey("playgroup_round.id"), primary_key=True, autoincrement=False)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), primary_key=True, autoincrement=False, index=True)


class PlaygroupVoices(Model):
    """How many children gave an answer about a round: a number that goes up, with no time and no order in it."""

    round_id: Mapped[int] = mapped_column(ForeignKey("playgroup_round.id"), primary_key=True, autoincrement=False)
    feeling: Mapped[Feeling] = mapped_column(by_value(Feeling), primary_key=True)
    children: Mapped[int]
