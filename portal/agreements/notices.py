"""What a new wording means to others: the homes of the class are told of it."""

from __future__ import annotations

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.agreements import queries
from portal.policy import Action

NOTICES = (
    Notice(
        ActKind.CLASS_RULES_WRITTEN,
        find=queries.get_version,
        recipients=queries.list_recipients,
        needs=Action.AGREEMENT_VIEW,
        page="agreements.show_version",
        page_argument="version_id",
    ),
    Notice(
        ActKind.PARENT_AGREEMENTS_WRITTEN,
        find=queries.get_version,
        recipients=queries.list_recipients,
        needs=Action.AGREEMENT_VIEW,
        page="agreements.show_version",
        page_argument="version_id",
    ),
)
