"""What acts in a student council mean to others. A mail about them names no child and no class: a link is enough.

The council's amendments and its talk are told of here as well, since only this feature knows who sits in a council.
"""

from __future__ import annotations

from datetime import datetime

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.council import recipients as queries
from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.council.meetings.queries import get_meeting
from portal.policy import Action
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import get_amendment
from portal.strategy.comments.models import Comment
from portal.strategy.comments.queries import get_comment
from portal.strategy.kinds import AmendmentState

_WAITS = frozenset({AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED})


def _waits_for_the_council(amendment: Amendment, now: datetime) -> bool:
    return amendment.state in _WAITS


def _is_to_come(meeting: CouncilMeeting, now: datetime) -> bool:
    return meeting.state is MeetingState.PLANNED and meeting.starts_at > now


def _is_called_off(meeting: CouncilMeeting, now: datetime) -> bool:
    return meeting.state is MeetingState.CANCELLED and meeting.starts_at > now


def _is_in_sight(comment: Comment, now: datetime) -> bool:
    return comment.hidden_at is None


NOTICES = (
    Notice(
        ActKind.AMENDMENT_SUBMITTED,
        Topic.COUNCIL,
        find=get_amendment,
        recipients=queries.list_council_but_author,
        needs=Action.AMENDMENT_VIEW,
        page="strategy.amendments.show_amendment",
        page_argument="amendment_id",
        is_news=_waits_for_the_council,
    ),
    Notice(
        ActKind.AMENDMENT_MERGED,
        Topic.COUNCIL,
        find=get_amendment,
        recipients=queries.list_author,
        needs=Action.AMENDMENT_VIEW,
        page="strategy.amendments.show_amendment",
        page_argument="amendment_id",
    ),
    Notice(
        ActKind.COMMENT_REPORTED,
        Topic.SAFETY,
        find=get_comment,
        recipients=queries.list_facilitators_of_talk,
        needs=Action.COMMENT_HIDE,
        page="strategy.comments.list_reported",
        page_argument="",
        is_news=_is_in_sight,
    ),
    Notice(
        ActKind.COUNCIL_MEETING_PLANNED,
        Topic.COUNCIL,
        find=get_meeting,
        recipients=queries.list_council,
        needs=Action.MEETING_FOLLOW,
        page="council.meetings.show_meeting",
        page_argument="meeting_id",
        is_news=_is_to_come,
    ),
    Notice(
        ActKind.COUNCIL_MEETING_CANCELLED,
        Topic.COUNCIL,
        find=get_meeting,
        recipients=queries.list_council,
        needs=Action.MEETING_FOLLOW,
        page="council.meetings.show_meeting",
        page_argument="meeting_id",
        is_news=_is_called_off,
    ),
    Notice(
        ActKind.MINUTES_APPROVED,
        Topic.COUNCIL,
        find=get_meeting,
        recipients=queries.list_council_and_leadership,
        needs=Action.MEETING_VIEW,
        page="council.meetings.show_minutes",
        page_argument="meeting_id",
    ),
)
