"""What acts on initiatives mean to others: a class's homes hear of its beginning and its end, AKT that it is in one."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from flask import g

from portal.acts.models import ActKind
from portal.acts.notices import Headline, Notice
from portal.acts.topics import Topic
from portal.initiatives import queries
from portal.initiatives.models import Initiative
from portal.name_guard.guard import protected_names_of_school
from portal.policy import Action
from portal.text import clock


def _is_open(initiative: Initiative, now: datetime) -> bool:
    return not initiative.is_closed and initiative.starts_on <= clock.day_of(now)


def _names_somebody(initiative: Initiative, now: datetime) -> bool:
    return bool(protected_names_of_school(initiative.text, today=clock.day_of(now)))


def _is_closed(initiative: Initiative, now: datetime) -> bool:
    return initiative.is_closed


def _akt_is_in_it(initiative: Initiative, now: datetime) -> bool:
    return initiative.with_akt and not initiative.is_closed


def _headline(initiative: Initiative) -> Headline:
    return Headline(_title_for_mail(initiative.title, today=clock.today()))


def _title_for_mail(title: str, *, today: date) -> str:
    """The title, or nothing while it holds a protected real name (domain 3.5).

    A page can be put right by those who know the name, and a mail that has left cannot. So it says that there is
    something new, and the title is in the next one once the name is out of it. Only staff write titles of initiatives:
    of what homes write a missing title would answer whoever tries names. The school's names are looked at once for a
    title in each of the worker's rounds.
    """
    known: dict[tuple[str, date], str] = g.setdefault("titles_for_mail", {})
    if (title, today) not in known:
        known[title, today] = "" if protected_names_of_school(title, today=today) else title
    return known[title, today]


_about_initiative = partial(
    Notice,
    find=queries.get_initiative,
    needs=Action.INITIATIVE_VIEW,
    within=(Action.INITIATIVE_FEED,),
    page="initiatives.show_initiative",
    page_argument="initiative_id",
    titles=queries.titles_of,
    headline=_headline,
)

NOTICES = (
    _about_initiative(
        ActKind.INITIATIVE_STARTED, topic=Topic.NEWS, recipients=queries.list_recipients, is_news=_is_open
    ),
    _about_initiative(
        ActKind.INITIATIVE_CLOSED,
        topic=Topic.NEWS,
        recipients=queries.list_recipients,
        is_news=_is_closed,
        replaces=(ActKind.INITIATIVE_STARTED, ActKind.INITIATIVE_WITH_AKT),
    ),
    _about_initiative(
        ActKind.INITIATIVE_WITH_AKT, topic=Topic.WORK, recipients=queries.list_akt, is_news=_akt_is_in_it
    ),
    Notice(
        ActKind.INITIATIVE_NAMES_PROTECTED,
        Topic.SAFETY,
        find=queries.get_initiative,
        recipients=queries.list_keepers_of_names,
        needs=Action.INITIATIVE_NAMES,
        within=(Action.INITIATIVE_NAMES,),
        page="initiatives.show_initiative",
        page_argument="initiative_id",
        is_news=_names_somebody,
    ),
)
