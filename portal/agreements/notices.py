"""What a new wording means to others: the homes are told of it, and the class teacher of a name it should not hold."""

from __future__ import annotations

from datetime import datetime

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.agreements import queries
from portal.agreements.models import AgreementVersion
from portal.policy import Action


def _still_holds(version: AgreementVersion, now: datetime) -> bool:
    return version.is_current


NOTICES = (
    Notice(
        ActKind.CLASS_RULES_WRITTEN,
        Topic.AGREEMENTS,
        find=queries.get_version,
        recipients=queries.list_recipients,
        needs=Action.AGREEMENT_VIEW,
        within=(Action.UPDATE_FEED,),
        page="agreements.show_version",
        page_argument="version_id",
    ),
    Notice(
        ActKind.PARENT_AGREEMENTS_WRITTEN,
        Topic.AGREEMENTS,
        find=queries.get_version,
        recipients=queries.list_recipients,
        needs=Action.AGREEMENT_VIEW,
        within=(Action.UPDATE_FEED,),
        page="agreements.show_version",
        page_argument="version_id",
    ),
    Notice(
        ActKind.PROTECTED_NAME_WRITTEN,
        Topic.SAFETY,
        find=queries.get_version,
        recipients=queries.list_keepers_of_names,
        needs=Action.NAME_KNOW,
        within=(Action.UPDATE_WRITE,),
        page="agreements.show_version",
        page_argument="version_id",
        is_news=_still_holds,
    ),
)
