"""What classes say to their council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.council.models import Council
from portal.database import Model
from portal.database.types import by_value
from portal.strategy.amendments.models import Amendment


class Ending(StrEnum):
    """What came of what a class said: it was used, is part of a suggestion, is something we do, or not now."""

    USED = "used"
    IN_SUGGESTION = "in_suggestion"
    DOING = "doing"
    NOT_NOW = "not_now"


class ClassInput(Model):
    """What a class said to its council (fra klassen): about an agenda item, a clause, an amendment, or on its own.

    `about` are the words of what it is about, as they stood there. It belongs to its class, and names no child; who
    typed it is kept, and shown to nobody. It ends in one of four ways, with `reply` as the line back to the class; what
    the council does itself says who and when. The meeting at which it ended locks it with its minutes.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    clause_key: Mapped[str | None]
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    about: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    written_at: Mapped[datetime]
    ending: Mapped[Ending | None] = mapped_column(by_value(Ending))
    reply: Mapped[str] = mapped_column(default="")
    who: Mapped[str] = mapped_column(default="")
    when: Mapped[str] = mapped_column(default="")
    suggestion_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    ended_at: Mapped[datetime | None]
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("council_meeting.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)

    council: Mapped[Council] = relationship()
    meeting: Mapped[CouncilMeeting | None] = relationship()
    amendment: Mapped[Amendment | None] = relationship(foreign_keys=[amendment_id])

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ended_some_day"),
        CheckConstraint("(ending IS NULL) = (reply = '')", name="ends_with_a_line_back"),
        CheckConstraint("(ending = 'doing') = (who <> '')", name="somebody_does_it"),
        CheckConstraint("ending = 'in_suggestion' OR suggestion_id IS NULL", name="suggestion_of_its_ending"),
        Index("ix_class_input_council", "council_id", "ended_at"),
    )


@dataclass(frozen=True, slots=True)
class ClassVoice:
    """A class as it speaks to its council: what rules about writing for it read."""

    council_id: int
    council_name: str
    class_id: int
    label: str
    hue: int

    @property
    def id(self) -> int:
        """Its page is its class's."""
        return self.class_id


@dataclass(frozen=True, slots=True)
class ClassSheet:
    """The sheet for a class about one meeting (til min klasse); `state` is how far its minutes have come."""

    council_id: int
    class_id: int
    label: str
    meeting: CouncilMeeting

    @property
    def state(self) -> MeetingState:
        """Where the meeting is."""
        return self.meeting.state
