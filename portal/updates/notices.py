"""What acts on a class team's news mean to others."""

from __future__ import annotations

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.policy import Action
from portal.updates import queries

NOTICES = (
    Notice(
        ActKind.UPDATE_PUBLISHED, find=queries.get_update, recipients=queries.list_recipients, needs=Action.UPDATE_VIEW,
        page="updates.show_update", page_argument="update_id", template="mail/update_published.html",
    ),
    Notice(
        ActKind.UPDATE_CORRECTED_AND_TOLD, find=queries.get_update, recipients=queries.list_recipients,
        needs=Action.UPDATE_VIEW, page="updates.show_update", page_argument="update_id",
        template="mail/update_corrected.html",
    ),
    Notice(
        ActKind.UPDATE_HELD, find=queries.get_update, recipients=queries.list_team_ids, needs=Action.UPDATE_EDIT,
        page="updates.show_update", page_argument="update_id", template="mail/update_held.html",
    ),
)  # fmt: skip
