"""What acts on a class team's news mean to others."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.policy import Action
from portal.school.queries import get_class
from portal.updates import queries
from portal.updates.cadence.presenters import teachers_to_remind
from portal.updates.cadence.rhythm import Stage
from portal.updates.models import UpdateState, WellbeingUpdate


def _is_withdrawn(update: WellbeingUpdate, now: datetime) -> bool:
    return update.state == UpdateState.WITHDRAWN


NOTICES = (
    Notice(
        ActKind.UPDATE_PUBLISHED,
        find=queries.get_update,
        recipients=queries.list_recipients,
        needs=Action.UPDATE_VIEW,
        page="updates.show_update",
        page_argument="update_id",
        titles=queries.titles_of,
    ),
    Notice(
        ActKind.UPDATE_CORRECTED_AND_TOLD,
        find=queries.get_update,
        recipients=queries.list_recipients,
        needs=Action.UPDATE_VIEW,
        page="updates.show_update",
        page_argument="update_id",
        titles=queries.titles_of,
    ),
    Notice(
        ActKind.UPDATE_HELD,
        find=queries.get_update,
        recipients=queries.list_team_ids,
        needs=Action.UPDATE_EDIT,
        page="updates.show_update",
        page_argument="update_id",
    ),
    Notice(
        ActKind.UPDATE_WITHDRAWN,
        find=queries.get_update,
        recipients=queries.list_team_ids,
        needs=Action.UPDATE_EDIT,
        page="updates.desk.show_preview",
        page_argument="update_id",
        is_news=_is_withdrawn,
    ),
    Notice(
        ActKind.UPDATE_DUE,
        find=get_class,
        recipients=partial(teachers_to_remind, stages={Stage.DUE, Stage.OVERDUE}),
        needs=Action.UPDATE_WRITE,
        page="updates.desk.draft_update",
        page_argument="class_id",
        class_of=lambda school_class, person: school_class.id,
    ),
    Notice(
        ActKind.UPDATE_OVERDUE,
        find=get_class,
        recipients=partial(teachers_to_remind, stages={Stage.OVERDUE}),
        needs=Action.UPDATE_WRITE,
        page="updates.desk.draft_update",
        page_argument="class_id",
        class_of=lambda school_class, person: school_class.id,
    ),
)
