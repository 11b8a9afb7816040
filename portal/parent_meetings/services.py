"""Calling a class's parent meeting, moving it, calling it off, and noting that the school's material was shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row, wait_for_turn_at
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.name_guard.cover import Cover, written_at
from portal.name_guard.guard import check_agreed, look_for_names
from portal.notifications.services import recall
from portal.parent_meetings import queries
from portal.parent_meetings.left_behind import list_gone_over_to, list_left_behind
from portal.parent_meetings.material.queries import get_for_meeting
from portal.parent_meetings.models import ParentMeeting
from portal.people import BY_ITSELF, Actor, Person
from portal.school.queries import has_children
from portal.text import clock

FARTHEST_AHEAD = timedelta(days=400)
#: What the homes are told of a meeting itself; only the newest of these is worth knowing.
TOLD_OF_MEETING = (ActKind.PARENT_MEETING_CALLED, ActKind.PARENT_MEETING_MOVED)


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What the team typed, in the school's own wall clock."""

    day: date
    begins: time
    ends: time
    place: str
    items: str


def call_meeting(
    class_id: int, plan: MeetingPlan, *, agreed: Collection[str] = (), actor: Person, now: datetime
) -> ParentMeeting:
    """Call every home of a class to a meeting; its guardians are told, helpers and pupils are not.

    Raises RuleViolation for a class without children, a time that is over, too far ahead or not on the clock, a second
    meeting of the class on that day, and names of children that nobody has agreed to.
    """
    wait_for_turn_at(f"parent meetings of class {class_id}")
    if not has_children(class_id, today=clock.day_of(now)):
        raise RuleViolation(N_("No child is in the class any more. Plan it for a class of this year."))
    starts_at, ends_at = _times(plan, now)
    _check_alone(class_id, plan.day, None)
    _check_names(class_id, plan, agreed, actor, now)
    meeting = ParentMeeting(
        class_id=class_id,
        starts_at=starts_at,
        ends_at=ends_at,
        place=plan.place,
        items=plan.items,
        saved_at=now,
        cancelled_at=None,
        material_id=None,
        shown_on=None,
    )
    db.session.add(meeting)
    acts.record(actor, ActKind.PARENT_MEETING_CALLED, meeting, now=now)
    return meeting


def edit_meeting(
    meeting: ParentMeeting,
    plan: MeetingPlan,
    *,
    version: int,
    agreed: Collection[str] = (),
    actor: Person,
    now: datetime,
) -> None:
    """Change a meeting. Another time or place is told to every home, another agenda to nobody.

    Raises Conflict when a colleague saved it since `version`; RuleViolation as when it is called, and once it has begun
    or is called off.
    """
    wait_for_turn_at(f"parent meetings of class {meeting.class_id}")
    check_version(meeting, version)
    _check_open(meeting, now)
    starts_at, ends_at = _times(plan, now)
    _check_alone(meeting.class_id, plan.day, meeting.id)
    _check_names(meeting.class_id, plan, agreed, actor, now)
    stood = (meeting.items, meeting.place)
    words_are_from = written_at("parent meetings", [meeting.class_id], stood, stood_at=meeting.saved_at, now=now)
    before = meeting.starts_at
    is_moved = (before, meeting.ends_at, meeting.place) != (starts_at, ends_at, plan.place)
    meeting.starts_at, meeting.ends_at, meeting.place = starts_at, ends_at, plan.place
    meeting.items, meeting.saved_at = plan.items, words_are_from
    if not is_moved:
        acts.note(actor, ActKind.PARENT_MEETING_CHANGED, meeting, now=now)
        return
    recall(TOLD_OF_MEETING, meeting.id)
    is_urgent = acts.is_at_short_notice(before, starts_at, now=now)
    acts.record(actor, ActKind.PARENT_MEETING_MOVED, meeting, now=now, is_urgent=is_urgent)


def cancel_meeting(meeting: ParentMeeting, *, actor: Actor, now: datetime) -> None:
    """Call a meeting off: it stays in sight, and every home is told that and nothing older.

    Where the class has gone over into others, that is the homes of those who went; they hear it in their new class.
    Raises RuleViolation once it has begun or is called off.
    """
    lock_row(meeting)
    _check_open(meeting, now)
    meeting.cancelled_at = now
    recall(TOLD_OF_MEETING, meeting.id)
    is_urgent = acts.is_at_short_notice(meeting.starts_at, now=now)
    acts.record(actor, ActKind.PARENT_MEETING_CANCELLED, meeting, now=now, is_urgent=is_urgent)
    today = clock.day_of(now)
    if not has_children(meeting.class_id, today=today):
        for class_id in list_gone_over_to(meeting.class_id, today=today):
            subject = acts.Known(class_id)
            acts.record(actor, ActKind.PARENT_MEETING_LEFT_BEHIND, subject, now=now, is_urgent=is_urgent)


def call_off_left_behind(meeting_id: int, *, now: datetime) -> None:
    """Call off a meeting to come of a class in which no child is any more; any other stays as it is."""
    meeting = queries.get_meeting(meeting_id)
    if meeting is None:
        return
    wait_for_turn_at(f"parent meetings of class {meeting.class_id}")
    if meeting_id in list_left_behind(now):
        cancel_meeting(meeting, actor=BY_ITSELF, now=now)


def mark_shown(meeting: ParentMeeting, *, actor: Person, now: datetime) -> None:
    """Note that the school's material was shown: the version that was out by the meeting's end, on the meeting's day.

    Twice is once. Raises RuleViolation before the meeting has begun, when it is called off, and when there was no
    material to show.
    """
    lock_row(meeting)
    if meeting.shown_on is not None:
        return
    if meeting.is_cancelled:
        raise RuleViolation(N_("The meeting has been called off."))
    if meeting.starts_at > now:
        raise RuleViolation(N_("The meeting has not begun. Note it when the material has been shown."))
    material = get_for_meeting(meeting.school_year, meeting.ends_at)
    if material is None:
        raise RuleViolation(N_("The school had not published any material when the meeting was held."))
    meeting.material, meeting.shown_on = material, clock.day_of(meeting.starts_at)
    acts.note(actor, ActKind.MEETING_MATERIAL_SHOWN, meeting, now=now)


def unmark_shown(meeting: ParentMeeting, *, actor: Person, now: datetime) -> None:
    """Take back that the material was shown: somebody pressed by mistake. Twice is once."""
    lock_row(meeting)
    if meeting.shown_on is None:
        return
    meeting.material, meeting.shown_on = None, None
    acts.note(actor, ActKind.MEETING_MATERIAL_NOT_SHOWN, meeting, now=now)


def cover_names(class_id: int, cover: Cover, now: datetime) -> None:
    """Cover a name that has become protected in what a class had on its agendas, also long ago. Nobody is told."""
    for meeting in queries.list_to_cover(class_id):
        for column in ("items", "place"):
            setattr(meeting, column, cover.over(getattr(meeting, column), saved_at=meeting.saved_at))


def _check_names(class_id: int, plan: MeetingPlan, agreed: Collection[str], actor: Person, now: datetime) -> None:
    names = look_for_names(plan.place, plan.items, [class_id], reader=actor, today=clock.day_of(now))
    check_agreed(names, agreed)


def _check_open(meeting: ParentMeeting, now: datetime) -> None:
    if meeting.is_cancelled:
        raise RuleViolation(N_("The meeting has been called off."))
    if meeting.starts_at <= now:
        raise RuleViolation(N_("The meeting has begun, so nothing more can be changed."))


def _check_alone(class_id: int, day: date, but_id: int | None) -> None:
    first, last = clock.at_school(day, time()), clock.at_school(day, time(23, 59))
    if queries.has_meeting_on(class_id, first, last, but_id=but_id):
        raise RuleViolation(N_("The class has a parent meeting that day already. Change that one instead."))


def _times(plan: MeetingPlan, now: datetime) -> tuple[datetime, datetime]:
    today = clock.day_of(now)
    if plan.day < today:
        raise RuleViolation(N_("That day is over. Choose a day to come."))
    if plan.day > today + FARTHEST_AHEAD:
        raise RuleViolation(N_("That is more than a year away. Is the year right?"))
    if plan.ends <= plan.begins:
        raise RuleViolation(N_("The meeting ends before it begins. Look at the two times."))
    starts_at, ends_at = clock.at_school(plan.day, plan.begins), clock.at_school(plan.day, plan.ends)
    if starts_at <= now:
        raise RuleViolation(N_("That time is over. Choose a time to come."))
    return starts_at, ends_at
