"""What waits for those who plan: an event that was begun and never sent, and questions to its organisers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_

from portal.database.prepared import param, params
from portal.events.audience.queries import invites_one_of
from portal.events.models import ClassEvent, EventOrganiser, EventState
from portal.events.questions.models import EventQuestion
from portal.people import Person
from portal.policy import Action, can
from portal.waiting import Line, Waiting, waits
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for


def _plans(person: Person) -> bool:
    """Whether somebody can be an organiser: with a child or a class here, or for the whole school."""
    return bool(person.guardian_classes or person.teams) or can(person, Action.EVENT_CREATE_SCHOOL)


def _drafts(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            gettext("Send your invitation: %(title)s", title=row.words),
            url_for("events.show_event", event_id=row.subject_id),
        )
        for row in sorted(rows, key=lambda row: (row.since, row.subject_id))
    ]


def _questions(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    return [
        Line(
            ngettext(
                "%(num)s question about %(title)s waits for an answer.",
                "%(num)s questions about %(title)s wait for an answer.",
                row.many,
                title=row.words,
            ),
            url_for("events.questions.list_questions", event_id=row.subject_id),
        )
        for row in sorted(rows, key=lambda row: (row.since, row.subject_id))
    ]


_is_on = and_(ClassEvent.ends_at > param("now", datetime), ClassEvent.state != EventState.CANCELLED)
#: About what was called off one is asked as long as `can_be_asked_about` says.
_is_called_off = and_(ClassEvent.ends_at > param("three_weeks_ago", datetime), ClassEvent.state == EventState.CANCELLED)
_is_mine = (
    EventOrganiser.user_id == param("user_id", int),
    or_(param("sees_all_classes", bool), invites_one_of(params("belongs_to", int), param("school_year", int))),
)

WAITING = (
    Waiting(
        "event_drafts",
        asks=_plans,
        found=waits("event_drafts", subject_id=ClassEvent.id, since=ClassEvent.starts_at, words=ClassEvent.title)
        .select_from(EventOrganiser)
        .join(ClassEvent, ClassEvent.id == EventOrganiser.event_id)
        .where(ClassEvent.out_at.is_(None), _is_on, *_is_mine),
        lines=_drafts,
    ),
    Waiting(
        "event_questions",
        asks=_plans,
        found=waits(
            "event_questions",
            subject_id=ClassEvent.id,
            since=ClassEvent.starts_at,
            many=func.count(EventQuestion.id),
            words=ClassEvent.title,
        )
        .select_from(EventOrganiser)
        .join(ClassEvent, ClassEvent.id == EventOrganiser.event_id)
        .join(EventQuestion, EventQuestion.event_id == ClassEvent.id)
        .where(EventQuestion.answered_at.is_(None), or_(_is_on, _is_called_off), *_is_mine)
        .group_by(ClassEvent.id, ClassEvent.starts_at, ClassEvent.title),
        lines=_questions,
    ),
)
