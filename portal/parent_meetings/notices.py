"""What acts on parent meetings mean to others: every home of the class is told."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.parent_meetings import queries
from portal.parent_meetings.left_behind import has_left_behind, list_who_went_over
from portal.parent_meetings.models import ParentMeeting
from portal.parent_meetings.presenters import meeting_headline
from portal.policy import Action
from portal.school.queries import get_class


def _is_to_come(meeting: ParentMeeting, now: datetime) -> bool:
    return not meeting.is_cancelled and meeting.starts_at > now


def _is_called_off(meeting: ParentMeeting, now: datetime) -> bool:
    return meeting.is_cancelled and meeting.starts_at > now


_about_meeting = partial(
    Notice,
    topic=Topic.EVENTS,
    find=queries.get_meeting,
    recipients=queries.list_recipients,
    needs=Action.PARENT_MEETING_VIEW,
    within=(Action.PARENT_MEETING_VIEW,),
    page="parent_meetings.show_meeting",
    page_argument="meeting_id",
    headline=meeting_headline,
)

NOTICES = (
    _about_meeting(ActKind.PARENT_MEETING_CALLED, is_news=_is_to_come),
    _about_meeting(ActKind.PARENT_MEETING_MOVED, is_news=_is_to_come),
    _about_meeting(ActKind.PARENT_MEETING_CANCELLED, is_news=_is_called_off),
    Notice(
        ActKind.PARENT_MEETING_LEFT_BEHIND,
        Topic.EVENTS,
        find=get_class,
        recipients=list_who_went_over,
        needs=Action.PARENT_MEETING_VIEW,
        within=(Action.PARENT_MEETING_VIEW,),
        page="parent_meetings.list_class_meetings",
        page_argument="class_id",
        class_of=lambda school_class, person: school_class.id,
        is_news=has_left_behind,
    ),
)
