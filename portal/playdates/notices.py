"""What acts on playdates mean to others: the class is told of an offer, and those who come of what becomes of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.errors import N_
from portal.people import Person
from portal.playdates import queries
from portal.playdates.following import list_new_to_it, list_separated
from portal.playdates.models import Playdate
from portal.playdates.presenters import playdate_headline, titles_and_days
from portal.policy import Action
from portal.text import clock


def _is_on(playdate: Playdate, now: datetime) -> bool:
    return not playdate.is_taken_back and playdate.ends_at > now


def _is_called_off(playdate: Playdate, now: datetime) -> bool:
    return playdate.is_taken_back and playdate.ends_at > now


def _class_now(playdate: Playdate, person: Person) -> int | None:
    """The class that the child of somebody who had said yes is in now."""
    return list_separated(playdate, clock.today()).get(person.id)


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
    Notice(
        ActKind.PLAYDATE_LEFT_BEHIND,
        Topic.EVENTS,
        find=queries.get_playdate,
        recipients=list_separated,
        needs=Action.PORTAL_USE,
        within=(Action.PLAYDATE_VIEW,),
        page="playdates.list_playdates",
        page_argument="",
        class_of=_class_now,
        is_news=_is_on,
        button=N_("See what is on"),
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
