"""What acts in a student council mean to others. A mail about them names no child and no class: a link is enough.

The council's amendments and its talk are told of here as well, since only this feature knows who sits in a council.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from portal.accounts.notices import personal
from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.council import recipients as queries
from portal.council.class_inputs.queries import get_voice
from portal.council.meetings.models import CouncilMeeting, MeetingState
from portal.council.meetings.queries import get_meeting
from portal.people import Person
from portal.policy import Action
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import get_amendment
from portal.strategy.comments.models import Comment
from portal.strategy.comments.queries import get_comment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.cycle.queries import get_cycle_by_id
from portal.strategy.decisions.models import Decision
from portal.strategy.decisions.queries import get_decision_by_id
from portal.strategy.kinds import AmendmentState, Phase

_WAITS = frozenset({AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED})


def _waits_for_the_council(amendment: Amendment, now: datetime) -> bool:
    return amendment.state in _WAITS


def _is_to_come(meeting: CouncilMeeting, now: datetime) -> bool:
    return meeting.state is MeetingState.PLANNED and meeting.starts_at > now


def _is_called_off(meeting: CouncilMeeting, now: datetime) -> bool:
    return meeting.state is MeetingState.CANCELLED and meeting.starts_at > now


def _is_in_sight(comment: Comment, now: datetime) -> bool:
    return comment.hidden_at is None


def _is_with_adults(amendment: Amendment, now: datetime) -> bool:
    return amendment.state is AmendmentState.FORWARDED


def _is_in(phase: Phase) -> Callable[[RevisionCycle, datetime], bool]:
    return lambda cycle, now: cycle.phase is phase


def _amendment_of(decision: Decision) -> Any:
    return get_amendment(decision.amendment_id)


def _no_class(subject: Any, person: Person) -> int | None:
    """Mail about a council names no class."""
    return None


#: What is told of a suggestion, or of what became of one: its page is what it leads to.
_about_amendment = partial(
    Notice,
    topic=Topic.COUNCIL,
    needs=Action.AMENDMENT_VIEW,
    page="strategy.amendments.show_amendment",
    page_argument="amendment_id",
)
#: Whoever hears of it sits in a council or advises the board.
_HEARS = (Action.MEETING_FOLLOW, Action.ADVICE_WRITE)

NOTICES = (
    personal(ActKind.FACILITATOR_NAMED, "council.list_councils"),
    personal(ActKind.FACILITATOR_ENDED),
    _about_amendment(
        ActKind.AMENDMENT_SUBMITTED,
        find=get_amendment,
        recipients=queries.list_council_but_author,
        within=(Action.MEETING_FOLLOW,),
        is_news=_waits_for_the_council,
    ),
    _about_amendment(
        ActKind.AMENDMENT_MERGED,
        find=get_amendment,
        recipients=queries.list_author,
        within=(Action.MEETING_FOLLOW,),
    ),
    _about_amendment(
        ActKind.AMENDMENT_FORWARDED,
        find=get_amendment,
        recipients=queries.list_who_hear,
        within=_HEARS,
        is_news=_is_with_adults,
    ),
    _about_amendment(
        ActKind.AMENDMENT_ANSWERED,
        find=get_amendment,
        recipients=queries.list_whose_it_is,
        within=_HEARS,
    ),
    _about_amendment(
        ActKind.AMENDMENT_SENT_BACK,
        find=get_amendment,
        recipients=queries.list_whose_it_is,
        within=_HEARS,
        is_news=_waits_for_the_council,
    ),
    _about_amendment(
        ActKind.DECISION_RECORDED,
        find=get_decision_by_id,
        recipients=queries.list_answered,
        within=_HEARS,
        shown=_amendment_of,
    ),
    _about_amendment(
        ActKind.DECISION_CORRECTED,
        find=get_decision_by_id,
        recipients=queries.list_answered,
        within=_HEARS,
        shown=_amendment_of,
    ),
    Notice(
        ActKind.REVIEW_OPENED,
        Topic.COUNCIL,
        find=get_cycle_by_id,
        recipients=queries.list_every_council,
        needs=Action.REVIEW_FOLLOW,
        within=(Action.REVIEW_FOLLOW,),
        page="strategy.amendments.list_amendments",
        page_argument="",
        is_news=_is_in(Phase.COUNCIL),
    ),
    Notice(
        ActKind.HEARING_OPENED,
        Topic.COUNCIL,
        find=get_cycle_by_id,
        recipients=queries.list_who_are_heard,
        needs=Action.REVIEW_FOLLOW,
        within=(Action.REVIEW_FOLLOW,),
        page="strategy.hearing.list_hearing",
        page_argument="",
        is_news=_is_in(Phase.HEARING),
    ),
    Notice(
        ActKind.BOARD_PHASE_OPENED,
        Topic.COUNCIL,
        find=get_cycle_by_id,
        recipients=queries.list_secretaries,
        needs=Action.BOARD_RECORD,
        within=(Action.BOARD_RECORD,),
        page="strategy.decisions.record_decisions",
        page_argument="",
        is_news=_is_in(Phase.BOARD),
    ),
    _about_amendment(
        ActKind.AMENDMENT_PARTED,
        find=get_amendment,
        recipients=queries.list_author,
        within=(Action.MEETING_FOLLOW,),
        is_news=_waits_for_the_council,
    ),
    _about_amendment(
        ActKind.AMENDMENT_HANDED_OVER,
        find=get_amendment,
        recipients=queries.list_whose_it_is,
        within=(Action.MEETING_FOLLOW,),
        is_news=_waits_for_the_council,
    ),
    Notice(
        ActKind.COMMENT_REPORTED,
        Topic.SAFETY,
        find=get_comment,
        recipients=queries.list_facilitators_of_talk,
        needs=Action.COMMENT_HIDE,
        within=(Action.MEETING_FOLLOW,),
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
        within=(Action.MEETING_FOLLOW,),
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
        within=(Action.MEETING_FOLLOW,),
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
        within=(Action.MEETING_FOLLOW, Action.COUNCIL_OVERVIEW),
        page="council.meetings.show_minutes",
        page_argument="meeting_id",
    ),
    Notice(
        ActKind.CLASS_SHEET_READY,
        Topic.WORK,
        find=get_voice,
        recipients=queries.list_team_of,
        needs=Action.CLASS_INPUT_VIEW,
        within=(Action.PORTAL_USE,),  # the line names no class, so nothing narrower can be asked of it
        page="council.class_inputs.new_input",
        page_argument="class_id",
        class_of=_no_class,
    ),
)
