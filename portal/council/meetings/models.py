"""A council's meetings, their agendas and minutes."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.council.models import Council
from portal.database import Model
from portal.database.types import by_value
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.kinds import AmendmentKind, AmendmentState


class MeetingState(StrEnum):
    """Where a council's meeting is on its way to approved minutes."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    MINUTES_DRAFT = "minutes_draft"
    MINUTES_APPROVED = "minutes_approved"
    CANCELLED = "cancelled"


class ItemKind(StrEnum):
    """What the council does with an agenda item."""

    INFORM = "inform"
    DISCUSS = "discuss"
    DECIDE = "decide"


class ItemState(StrEnum):
    """How far the council has come with an agenda item: what is waiting or postponed at the end is carried on."""

    WAITING = "waiting"
    CURRENT = "current"
    DONE = "done"
    POSTPONED = "postponed"


class CouncilMeeting(Model):
    """A meeting of a student council (elevrådsmøde); its minutes (referat) write themselves from what it holds.

    `starts_at` is what was planned; `held_on`, `began_at` and `ended_at` say what happened. The council's name is kept
    as it was then.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(ForeignKey("council.id"))
    state: Mapped[MeetingState] = mapped_column(by_value(MeetingState), default=MeetingState.PLANNED)
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date | None]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    kept_name: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    council: Mapped[Council] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("(state = 'minutes_approved') = (approved_at IS NOT NULL)", name="approved_has_its_time"),
        Index("ix_council_meeting_next", "council_id", "starts_at"),
    )


class MinutesCorrection(Model):
    """What had to be put right in approved minutes, with its date (rettelse). It is added, and never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("council_meeting.id"), index=True)
    text: Mapped[str]
    corrected_at: Mapped[datetime]


class AgendaItem(Model):
    """One thing on a meeting's agenda (dagsordenspunkt): free words, a section, a clause or an amendment.

    `told` is what the council is told with it (the board's answer, the leadership's question), `notes` what was said
    about it, for the minutes. What is `kept` of its amendment or clause is what the meeting saw: it is filled when the
    council is done with it, at the latest at the meeting's end, and never changes. An opener was put there by the
    meeting's beginning; `was_postponed` and `stood_at` (its place) are what a beginning has changed, should it be a
    mistake. What goes on at another meeting is copied there, and points back.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("council_meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(by_value(ItemKind))
    title: Mapped[str] = mapped_column(default="")
    heading: Mapped[str] = mapped_column(default="")
    clause_key: Mapped[str | None]
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    vote_id: Mapped[int | None] = mapped_column(ForeignKey("vote.id"), unique=True)
    state: Mapped[ItemState] = mapped_column(by_value(ItemState), default=ItemState.WAITING)
    is_opener: Mapped[bool] = mapped_column(default=False)
    was_postponed: Mapped[bool] = mapped_column(default=False, server_default=false())
    stood_at: Mapped[int | None]
    put_up_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    is_carried: Mapped[bool] = mapped_column(default=False)
    told: Mapped[str] = mapped_column(default="")
    notes: Mapped[str] = mapped_column(default="")
    kept_kind: Mapped[AmendmentKind | None] = mapped_column(by_value(AmendmentKind))
    kept_title: Mapped[str | None]
    kept_base_text: Mapped[str | None]
    kept_new_text: Mapped[str | None]
    kept_state: Mapped[AmendmentState | None] = mapped_column(by_value(AmendmentState))
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[CouncilMeeting] = relationship()
    amendment: Mapped[Amendment | None] = relationship()
    vote: Mapped[Vote | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (CheckConstraint("vote_id IS NULL OR amendment_id IS NOT NULL", name="votes_on_amendments"),)

    @property
    def council_id(self) -> int:
        """The council whose agenda this stands on."""
        return self.meeting.council_id


class Attendance(Model):
    """That a member or substitute was at a meeting, and when they left it early. Who was not there has no row."""

    meeting_id: Mapped[int] = mapped_column(ForeignKey("council_meeting.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("council_member.id"), primary_key=True, index=True)
    left_at: Mapped[datetime | None]
