"""Parent meetings in words: on the front page, on a class's page, and on their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from portal.acts.notices import Headline
from portal.parent_meetings import queries
from portal.parent_meetings.models import ParentMeeting
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.text import clock
from portal.web.dates import long_date, sentence_case, short_month, time_span
from portal.web.language import gettext
from portal.web.urls import url_for


@dataclass(frozen=True, slots=True)
class MeetingCard:
    """One meeting in a list."""

    url: str
    title: str
    starts_at: datetime
    when: str
    place: str
    day: int
    month: str
    hue: int
    status: str
    is_cancelled: bool


def coming_meetings(person: Person, class_ids: Collection[int], *, now: datetime) -> list[MeetingCard]:
    """The meetings to come to which the person is called in these classes, as a guardian: one statement."""
    own = [class_id for class_id in class_ids if class_id in person.guardian_classes]
    return [_card(row, ClassRef(row.class_id, row.label, row.hue)) for row in queries.list_coming(own, now=now)]


def meetings_of_year(person: Person, class_ids: Collection[int], *, now: datetime) -> list[MeetingCard]:
    """The meetings to come in all classes of a year: those of other classes are a day, and lead nowhere.

    One that is called off says so, since its day is free again.
    """
    found = []
    for row in queries.list_coming(class_ids, now=now):
        ref = ClassRef(row.class_id, row.label, row.hue)
        card = _card(row, ref)
        is_own = can(person, Action.PARENT_MEETING_VIEW, ref)
        found.append(card if is_own else replace(card, url="", status=card.status if card.is_cancelled else ""))
    return found


def every_meeting(ref: ClassRef) -> list[MeetingCard]:
    """A class's meetings of all years, the latest first."""
    return [_card(row, ref, shown_line(row)) for row in queries.list_of_class(ref.id)]


def _card(row: Row[*tuple[Any, ...]], ref: ClassRef, shown: str = "") -> MeetingCard:
    day = clock.day_of(row.starts_at)
    is_cancelled = row.cancelled_at is not None
    return MeetingCard(
        url=url_for("parent_meetings.show_meeting", meeting_id=row.id),
        title=gettext("Parent meeting in %(label)s", label=ref.label),
        starts_at=row.starts_at,
        when=sentence_case(time_span(row.starts_at, row.ends_at)),
        place=row.place,
        day=day.day,
        month=short_month(day),
        hue=ref.hue,
        status=gettext("Cancelled") if is_cancelled else shown or row.place,
        is_cancelled=is_cancelled,
    )


def shown_line(row: Row[*tuple[Any, ...]]) -> str:
    """That the school's material was shown, and which version; nothing where it was not."""
    if row.shown_on is None:
        return ""
    return gettext("The material was shown (version %(number)s)", number=row.number)


def shown_in_words(meeting: ParentMeeting) -> str:
    """The same on the meeting's own page, with its day."""
    if meeting.material is None or meeting.shown_on is None:
        return ""
    return gettext(
        "Version %(number)s was shown on %(day)s.", number=meeting.material.number, day=long_date(meeting.shown_on)
    )


def meeting_headline(meeting: ParentMeeting) -> Headline:
    """What a mail says of a meeting: that it is one, and from when to when."""
    return Headline(
        gettext("Parent meeting"), sentence_case(time_span(meeting.starts_at, meeting.ends_at)), meeting.starts_at
    )
