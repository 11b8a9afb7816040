"""Class events, the children's answers and how many come along from each home.

There is no table of the invited and no column that could hold a part of a class: the audience of an event is whoever
is enrolled in its classes when a page is read, so that leaving somebody out cannot be expressed (domain 3.6).
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Model
from portal.database.types import by_value
from portal.school.models import SchoolClass
from portal.text import clock

#: About what was called off people still ask: whether there is another day, what becomes of what was bought.
ASKED_AFTER_CANCELLING = timedelta(weeks=3)


class EventKind(StrEnum):
    """What a class does together."""

    GATHERING = "gathering"
    DINNER = "dinner"
    OUTING = "outing"
    SHARED_BIRTHDAY = "shared_birthday"
    WORK_DAY = "work_day"


class Audience(StrEnum):
    """Whom an event is for: some classes, all classes of a year (årgang), or the school. Never a part of a class."""

    CLASSES = "classes"
    YEAR_GROUP = "year_group"
    SCHOOL = "school"


class EventState(StrEnum):
    """Whether the event is going to happen."""

    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Answer(StrEnum):
    """A child's answer, in iCalendar's words (PARTSTAT). Unanswered is its own state and never a no."""

    NEEDS_ACTION = "NEEDS-ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


def stamp_of(moved_at: datetime | None, terms_changed_at: datetime | None) -> str:
    """A stamp of when homes were last asked something new of an event; "" where they never were."""
    changes = [moment for moment in (moved_at, terms_changed_at) if moment is not None]
    return max(changes).isoformat() if changes else ""


class ClassEvent(Model):
    """Something that whole classes are invited to (fællesarrangement).

    `classes` are the rows of an event for `Audience.CLASSES`, `year_group` is the year of one for a year. Which classes
    that is today, `class_ids`, has to be looked up for the other two; whoever finds an event tells it (`knows`).

    `out_at` is missing in a draft. Once it is sent it is the moment, some minutes ahead, at which it goes out: until
    then its organisers alone see it and may undo it, and then it is out by itself, since the moment is looked at
    whenever somebody reads.

    `touched_at` is when somebody last wrote on it or took it back, `written_at` from when its words are. Both are
    missing in those from before they were kept.

    Who has paid is stored nowhere. `moved_at` is the last time the hour or the place changed: whoever answered before
    is asked anew. `terms_changed_at` is the last time it became dearer, closed to siblings or due earlier. `version` is
    the optimistic lock for two who edit one.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(by_value(EventKind))
    state: Mapped[EventState] = mapped_column(by_value(EventState), default=EventState.PUBLISHED)
    title: Mapped[str]
    description: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[str]
    cost_per_child: Mapped[int]
    rsvp_deadline: Mapped[date | None]
    siblings_welcome: Mapped[bool]
    bring: Mapped[str] = mapped_column(default="", server_default="")
    map_url: Mapped[str] = mapped_column(default="", server_default="")
    audience: Mapped[Audience] = mapped_column(
        by_value(Audience), default=Audience.CLASSES, server_default=Audience.CLASSES.value, index=True
    )
    year_group: Mapped[int | None]
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime | None]
    written_at: Mapped[datetime | None]
    out_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    terms_changed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    classes: Mapped[dict[int, EventClass]] = relationship(
        back_populates="event", collection_class=attribute_keyed_dict("class_id")
    )
    organisers: Mapped[list[EventOrganiser]] = relationship(back_populates="event")

    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("cost_per_child >= 0", name="cost_is_not_negative"),
    )

    @property
    def class_ids(self) -> AbstractSet[int]:
        """The classes that are invited, whole; asked for once for each of thousands who are told."""
        return self.classes.keys() if self.audience == Audience.CLASSES else self._class_ids

    def knows(self, class_ids: Iterable[int]) -> None:
        """Tell the event which classes it is for today."""
        self._class_ids: frozenset[int] = frozenset(class_ids)

    @property
    def organiser_ids(self) -> set[int]:
        """Those who look after the event."""
        return {row.user_id for row in self.organisers}

    @property
    def last_touched_at(self) -> datetime:
        """When somebody last wrote on it, or took it back."""
        return self.touched_at or self.created_at

    @property
    def asked_anew(self) -> str:
        """A stamp of the last move or change of terms, "" before the first: what an answer has to have seen."""
        return stamp_of(self.moved_at, self.terms_changed_at)

    @property
    def is_out(self) -> bool:
        """Whether everybody it is for may see it by now."""
        return self.is_out_at(clock.now())

    def is_out_at(self, moment: datetime) -> bool:
        """Whether everybody it is for may see it at that moment."""
        return self.out_at is not None and self.out_at <= moment

    @property
    def is_cancelled(self) -> bool:
        """Whether it has been called off."""
        return self.state == EventState.CANCELLED


@dataclass(frozen=True, slots=True)
class EventToRead:
    """An event as its page reads it, with all that rules ask of a `ClassEvent`.

    `refs` are the classes it is for today, each a `ClassRef`, by label.
    """

    is_out: bool
    refs: tuple[Any, ...]
    class_ids: frozenset[int]
    organiser_ids: frozenset[int]
    id: int
    kind: EventKind
    state: EventState
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    place: str
    cost_per_child: int
    rsvp_deadline: date | None
    siblings_welcome: bool
    bring: str
    map_url: str
    audience: Audience
    year_group: int | None
    out_at: datetime | None
    moved_at: datetime | None
    terms_changed_at: datetime | None
    last_touched_at: datetime
    version: int

    @property
    def asked_anew(self) -> str:
        """A stamp of the last move or change of terms, as `ClassEvent` has it."""
        return stamp_of(self.moved_at, self.terms_changed_at)

    @property
    def is_cancelled(self) -> bool:
        """Whether it has been called off."""
        return self.state == EventState.CANCELLED


AnyEvent: TypeAlias = ClassEvent | EventToRead


def is_still_on(event: AnyEvent, now: datetime) -> bool:
    """Whether it is neither over nor called off: somebody has to look after it, and questions are answered."""
    return event.ends_at > now and not event.is_cancelled


def can_be_asked_about(event: AnyEvent, now: datetime) -> bool:
    """Whether its organisers are asked about it: until it is over, and of what was called off for three weeks after."""
    return event.ends_at + (ASKED_AFTER_CANCELLING if event.is_cancelled else timedelta()) > now


class EventClass(Model):
    """A class that an event is for: all of it, whoever is in it on the day somebody looks."""

    event_id: Mapped[int] = mapped_column(ForeignKey("class_event.id"), primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), primary_key=True)

    event: Mapped[ClassEvent] = relationship(back_populates="classes")
    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (Index("ix_event_class_class_id", "class_id", "event_id"),)


class EventOrganiser(Model):
    """Somebody who looks after an event: they may change, move and cancel it while they belong to its classes.

    A phone number stands on the event only where they have chosen so.
    """

    event_id: Mapped[int] = mapped_column(ForeignKey("class_event.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    shows_phone: Mapped[bool] = mapped_column(default=False, server_default=false())

    event: Mapped[ClassEvent] = relationship(back_populates="organisers")
    user: Mapped[User] = relationship()


class Rsvp(Model):
    """The one answer of one child (svar): from either home, the latest counts. No reason is asked, so none is stored.

    `is_by_team` says that the class team entered it by agreement with the home.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("class_event.id"))
    pupil_id: Mapped[int] = mapped_column(ForeignKey("pupil.id"), index=True)
    answer: Mapped[Answer] = mapped_column(by_value(Answer))
    answered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    answered_at: Mapped[datetime]
    is_by_team: Mapped[bool]

    event: Mapped[ClassEvent] = relationship()

    __table_args__ = (UniqueConstraint("event_id", "pupil_id"),)


class HomeCount(Model):
    """How many come along from a guardian's home besides the child; the homes of a child are added.

    Of several from under one roof the newest counts. `counted_at` is missing in those from before it was kept.
    """

    event_id: Mapped[int] = mapped_column(ForeignKey("class_event.id"), primary_key=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    adults: Mapped[int]
    siblings: Mapped[int]
    counted_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("adults >= 0 AND siblings >= 0", name="counts_are_not_negative"),)


class EventReminder(Model):
    """That the homes were reminded of an event for the first or the second time; never more often (domain 3.6).

    Whom it went to is not kept here: who has answered is looked at when the mail goes out.
    """

    event_id: Mapped[int] = mapped_column(ForeignKey("class_event.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reminded_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("number IN (1, 2)", name="at_most_twice"),)


class EventNewcomer(Model):
    """That somebody who joined a class on a day was told, once, of what it has planned already.

    They join with their child, or by becoming one of the child's adults; whoever leaves and comes back joins anew. For
    a class that another one was merged into it is the day on which the other's events came to it.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("school_class.id"), index=True)
    joined_on: Mapped[date]
    told_at: Mapped[datetime]

    school_class: Mapped[SchoolClass] = relationship()

    __table_args__ = (UniqueConstraint("user_id", "class_id", "joined_on"),)
