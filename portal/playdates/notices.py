"""What acts on playdates mean to others: the class is told of an offer, and those who come of what becomes of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.errors import N_
from portal.playdates import queries
from portal.playdates.following import list_new_to_it
from portal.playdates.models import Playdate
from portal.playdates.presenters import playdate_headline, titles_and_days
from portal.policy import Action


def _is_on(playdate: Playdate, now: datetime) -> bool:
    return not playdate.is_taken_back and playdate.ends_at > now


def _is_called_off(playdate: Playdate, now: datetime) -> bool:
    return playdate.is_taken_back and playdate.ends_at > now


#: What all that is said of an offer has in common.
_about_playdate = partial(
    Notice,
    topic=Topic.EVENTS,
    find=queries.get_playdate,
    needs=Action.PLAYDATE_VIEW,
    within=(Action.PLAYDATE_VIEW,),
    page="playdates.show_playdate",
    page_argument="playdate_id",
    titles=titles_and_days,
    headline=playdate_headline,
    button=N_("See it"),
)

NOTICES = (
    _about_playdate(
        ActKind.PLAYDATE_OFFERED,
        recipients=queries.list_class_guardians,
        is_news=_is_on,
    ),
    _about_playdate(
        ActKind.PLAYDATE_CAME_ALONG,
        recipients=list_new_to_it,
        is_news=_is_on,
    ),
    _about_playdate(
        ActKind.PLAYDATE_CHANGED,
        recipients=queries.list_guest_adults,
        is_news=_is_on,
    ),
    _about_playdate(
        ActKind.PLAYDATE_TAKEN_BACK,
        recipients=queries.list_guest_adults,
        is_news=_is_called_off,
    ),
)
