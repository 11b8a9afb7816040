"""Who is told that an answer waits to be read aloud."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.people import Person
from portal.policy import Action
from portal.strategy.replies import queries
from portal.strategy.replies.models import Reply


def _recipients(reply: Reply, today: date) -> set[int]:
    return queries.list_class_teachers(reply.class_id, today=today)


def _is_unread(reply: Reply, now: datetime) -> bool:
    return reply.read_at is None


def _no_class(subject: Any, person: Person) -> int | None:
    """Mail about a council names no class."""
    return None


NOTICES = (
    Notice(
        ActKind.REPLY_SENT,
        Topic.WORK,
        find=queries.get_reply,
        recipients=_recipients,
        needs=Action.REPLY_READ,
        within=(Action.PORTAL_USE,),  # the line names no class, so nothing narrower can be asked of it
        page="strategy.replies.show_reply",
        page_argument="sheet_id",
        class_of=_no_class,
        is_news=_is_unread,
    ),
)
