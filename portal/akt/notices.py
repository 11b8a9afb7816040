"""What acts between a class team and AKT mean to the other: AKT is told of a request, the team of the answer."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from operator import attrgetter

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.akt import queries
from portal.akt.models import AktRequest
from portal.policy import Action


def _is_open(asked: AktRequest, now: datetime) -> bool:
    return asked.answered_at is None


_about_request = partial(
    Notice,
    topic=Topic.WORK,
    find=queries.get_request,
    needs=Action.AKT_REQUEST_VIEW,
    within=(Action.AKT_REQUEST_VIEW,),
    page="akt.list_class_requests",
    page_argument="class_id",
    class_of=lambda asked, person: asked.class_id,
    shown=attrgetter("school_class"),
)

NOTICES = (
    _about_request(ActKind.AKT_ASKED, recipients=queries.list_akt, is_news=_is_open),
    _about_request(ActKind.AKT_ANSWERED, recipients=queries.list_team),
)
