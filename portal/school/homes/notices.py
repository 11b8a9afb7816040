"""What a word about living together means to the other: a question, of which only they are told."""

from __future__ import annotations

from datetime import datetime

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.policy import Action
from portal.school.homes import queries
from portal.school.homes.models import SharedHome


def _is_open(shared_home: SharedHome, now: datetime) -> bool:
    return shared_home.agreed_on is None and shared_home.declined_on is None


NOTICES = (
    Notice(
        ActKind.HOME_ASKED,
        Topic.EVENTS,
        find=queries.get_shared_home,
        recipients=queries.list_asked,
        needs=Action.HOME_SHARE,
        within=(Action.HOME_SHARE,),
        page="school.homes.show_home",
        page_argument="",
        is_news=_is_open,
    ),
)
