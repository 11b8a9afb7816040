"""What a question about a helper means to others: the office is told, with a way to what it is about."""

from __future__ import annotations

from datetime import datetime

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.policy import Action
from portal.school.helpers import queries
from portal.school.models import ChildHelpers


def _is_helped(child: ChildHelpers, now: datetime) -> bool:
    return bool(child.helpers)


NOTICES = (
    Notice(
        ActKind.HELPER_REPORTED,
        Topic.SAFETY,
        find=queries.get_child_helpers,
        recipients=queries.list_office_ids,
        needs=Action.HELPER_OVERSEE,
        within=(Action.HELPER_OVERSEE,),
        page="school.helpers.list_helpers",
        page_argument="pupil_id",
        is_news=_is_helped,
    ),
)
