"""What acts on playgroups mean to others: the homes of a round hear that it is published, those of a group its day."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from operator import attrgetter

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.errors import N_
from portal.playgroups import queries
from portal.playgroups.models import Playgroup, PlaygroupRound
from portal.playgroups.parted.queries import get_pair, list_team_ids
from portal.playgroups.voices.queries import OPEN_FOR
from portal.playgroups.voices.services import list_homes_to_ask
from portal.policy import Action
from portal.text import clock


def _is_coming(playgroup_round: PlaygroupRound, now: datetime) -> bool:
    return playgroup_round.is_published and playgroup_round.ends_on >= clock.day_of(now)


def _has_not_met(group: Playgroup, now: datetime) -> bool:
    return _is_coming(group.round, now) and (group.ends_at is None or group.ends_at > now)


def _can_be_answered(playgroup_round: PlaygroupRound, now: datetime) -> bool:
    return playgroup_round.ends_on + OPEN_FOR >= clock.day_of(now)


#: What all that is told of playgroups has in common: it leads to the home's own groups in the class.
_about_groups = partial(
    Notice,
    topic=Topic.EVENTS,
    needs=Action.PLAYGROUP_FOLLOW,
    within=(Action.PLAYGROUP_FOLLOW,),
    page="playgroups.rounds.list_rounds",
    page_argument="class_id",
    shown=attrgetter("school_class"),
)

NOTICES = (
    _about_groups(
        ActKind.PLAYGROUPS_PUBLISHED,
        find=queries.find_round,
        recipients=queries.list_guardians_of_round,
        is_news=_is_coming,
    ),
    _about_groups(
        ActKind.PLAYGROUP_ARRANGED,
        find=queries.get_group,
        recipients=queries.list_guardians_of_group,
        is_news=_has_not_met,
    ),
    _about_groups(
        ActKind.PLAYGROUP_CHANGED,
        find=queries.get_group,
        recipients=queries.list_guardians_of_group,
        is_news=_has_not_met,
    ),
    _about_groups(
        ActKind.PLAYGROUP_VOICES_ASKED,
        find=queries.find_round,
        recipients=list_homes_to_ask,
        needs=Action.PLAYGROUP_LOOK_BACK,
        within=(Action.PLAYGROUP_LOOK_BACK,),
        page="playgroups.voices.list_questions",
        is_news=_can_be_answered,
        button=N_("Let your child say how it was"),
    ),
    Notice(
        ActKind.PLAYGROUP_PARTED_DUE,
        Topic.WORK,
        find=get_pair,
        recipients=list_team_ids,
        needs=Action.PLAYGROUP_MANAGE,
        within=(Action.PLAYGROUP_MANAGE,),
        page="playgroups.parted.edit_pairs",
        page_argument="class_id",
        shown=attrgetter("school_class"),
    ),
)
