"""What acts on a class team's news mean to others."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from portal.acts.models import ActKind
from portal.acts.notices import Headline, Notice
from portal.acts.topics import Topic
from portal.policy import Action
from portal.school.queries import get_class
from portal.updates import queries
from portal.updates.cadence.presenters import teachers_to_remind
from portal.updates.cadence.rhythm import Stage
from portal.updates.models import UpdateState, WellbeingUpdate


def _is_withdrawn(update: WellbeingUpdate, now: datetime) -> bool:
    return update.state == UpdateState.WITHDRAWN


def _headline(update: WellbeingUpdate) -> Headline:
    return Headline(update.title)


NOTICES = (
    Notice(
        ActKind.UPDATE_PUBLISHED,
        Topic.NEWS,
        find=queries.get_update,
        recipients=queries.list_recipients,
        needs=Action.UPDATE_VIEW,
        within=(Action.UPDATE_FEED,),
        page="updates.show_update",
        page_argument="update_id",
        titles=queries.titles_of,
        headline=_headline,
    ),
    Notice(
        ActKind.UPDATE_CORRECTED_AND_TOLD,
        Topic.NEWS,
        find=queries.get_update,
        recipients=queries.list_recipients,
        needs=Action.UPDATE_VIEW,
        within=(Action.UPDATE_FEED,),
        page="updates.show_update",
        page_argument="update_id",
        titles=queries.titles_of,
        headline=_headline,
    ),
    Notice(
        ActKind.UPDATE_HELD,
        Topic.WORK,
        find=queries.get_update,
        recipients=queries.list_team_ids,
        needs=Action.UPDATE_EDIT,
        within=(Action.UPDATE_WRITE,),
        page="updates.show_update",
        page_argument="update_id",
    ),
    Notice(
        ActKind.UPDATE_WITHDRAWN,
        Topic.WORK,
        find=queries.get_update,
        recipients=queries.list_team_ids,
        needs=Action.UPDATE_EDIT,
        within=(Action.UPDATE_WRITE,),
        page="updates.desk.show_preview",
        page_argument="update_id",
        is_news=_is_withdrawn,
    ),
    Notice(
        ActKind.UPDATE_DUE,
        Topic.WORK,
        find=get_class,
        recipients=partial(teachers_to_remind, stages={Stage.DUE, Stage.OVERDUE}),
        needs=Action.UPDATE_WRITE,
        within=(Action.UPDATE_WRITE,),
        page="updates.desk.draft_update",
        page_argument="class_id",
        class_of=lambda school_class, person: school_class.id,
    ),
    Notice(
        ActKind.UPDATE_OVERDUE,
        Topic.WORK,
        find=get_class,
        recipients=partial(teachers_to_remind, stages={Stage.OVERDUE}),
        needs=Action.UPDATE_WRITE,
        within=(Action.UPDATE_WRITE,),
        page="updates.desk.draft_update",
        page_argument="class_id",
        class_of=lambda school_class, person: school_class.id,
    ),
)
