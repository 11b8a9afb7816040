"""What the end of a closed access means: the leadership is told in good time, without the adults of that child.

It names nobody, and leads to the leadership's list: whoever decides about the child reads there which one it is.
"""

from __future__ import annotations

from datetime import datetime

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.policy import Action
from portal.school.access import queries
from portal.school.access.models import ClosedAccess
from portal.text import clock


def _is_ending(access: ClosedAccess, now: datetime) -> bool:
    return access.is_ending(clock.day_of(now))


NOTICES = (
    Notice(
        ActKind.ACCESS_ENDS_SOON,
        Topic.SAFETY,
        find=queries.get_closed,
        recipients=queries.list_deciders,
        needs=Action.ACCESS_CLOSE,
        within=(Action.ACCESS_CLOSE,),
        page="school.access.list_closed",
        page_argument="",
        is_news=_is_ending,
    ),
)
