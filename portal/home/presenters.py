"""What the front page says in words: which messages somebody has not opened, and what comes next in every room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple, Protocol

from flask import current_app

from portal.acts.models import ActKind
from portal.acts.notices import Notices
from portal.errors import N_
from portal.school.terms import open_years
from portal.web.language import gettext
from portal.web.urls import url_for

#: What is said of the messages that lead to a room; all others share some words.
ROOMS_IN_WORDS = {
    "updates": N_("%(num)s about news from a class"),
    "events": N_("%(num)s about what the class does together"),
    "parent_meetings": N_("%(num)s about parent meetings"),
    "initiatives": N_("%(num)s about what a class does for a time"),
    "akt": N_("%(num)s about help from AKT"),
    "playdates": N_("%(num)s about coming and playing"),
    "playgroups": N_("%(num)s about groups of the class"),
    "council": N_("%(num)s from the student council"),
    "strategy": N_("%(num)s about the strategy"),
    "agreements": N_("%(num)s about rules and agreements"),
    "accounts": N_("%(num)s about accounts and roles"),
}
ANY_OTHER_ROOM = N_("%(num)s about something else")
FIXED_DAYS = "fixed_days.list_fixed_days"
#: What the office does between two school years, in its order: the words and the page.
NEW_YEAR_STEPS = (
    (N_("Enter next year's holidays"), "school.days_off.show_days_off"),
    (N_("Let the school's fixed days come again next year"), FIXED_DAYS),
    (N_("Bring in the new files: classes, pupils, guardians, staff"), "school.roster.import_roster"),
    (N_("Look over the classes' names, and enter their teams"), "school.show_school"),
    (N_("Enter the contact teachers of the student councils"), "council.list_councils"),
    (N_("Print letters for those who have not signed in yet"), "accounts.users.list_users"),
    (N_("Look over the help page"), "school.help_contacts.list_help_contacts"),
)
#: In these months it stands on the office's front page.
NEW_YEAR_MONTHS = range(5, 9)


def new_year_steps(today: date) -> list[tuple[str, str]]:
    """The office's steps from one school year to the next, each with its address; none outside May to August."""
    if today.month not in NEW_YEAR_MONTHS:
        return []
    last_year = {"year": max(open_years(today)) - 1}  # what comes again stands there, in August as in May
    return [
        (gettext(words), url_for(page, **(last_year if page == FIXED_DAYS else {}))) for words, page in NEW_YEAR_STEPS
    ]


class Coming(Protocol):
    """Something with a date, whichever room it is from."""

    @property
    def url(self) -> str:
        """Where it is read."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def when(self) -> str:
        """The same in words."""

    @property
    def status(self) -> str:
        """What else is worth a word."""

    @property
    def day(self) -> int:
        """The day of its month."""

    @property
    def month(self) -> str:
        """That month, in short."""

    @property
    def hue(self) -> int:
        """The hue of its class."""


class NextLine(NamedTuple):
    """One line of "what comes next"."""

    title: str
    text: str
    url: str
    day: int
    month: str
    hue: int


def in_order(*rooms: Iterable[Coming]) -> list[NextLine]:
    """What comes next, of all these rooms together, the first thing first."""
    coming = sorted((one for room in rooms for one in room), key=lambda one: one.starts_at)
    return [
        NextLine(one.title, " · ".join(filter(None, (one.when, one.status))), one.url, one.day, one.month, one.hue)
        for one in coming
    ]


def all_notices() -> Notices:
    """What every room tells of."""
    notices: Notices = current_app.extensions["portal.notices"]
    return notices


def unopened_in_words(counts: Mapping[ActKind, int]) -> list[str]:
    """What somebody has not opened, by the room it leads to: "2 about news from the class team"."""
    notices = all_notices()
    rooms: Counter[str] = Counter()
    for kind, count in counts.items():
        rooms[_room(notices[kind].page)] += count
    in_order = sorted(rooms.items(), key=lambda one: (-one[1], one[0]))
    return [gettext(ROOMS_IN_WORDS.get(room, ANY_OTHER_ROOM), num=count) for room, count in in_order]


def _room(page: str) -> str:
    """The room of a page; the council speaks for the strategy's suggestions too, and not for the text itself."""
    room = page.split(".")[0]
    if page == "strategy.show_strategy":
        return room
    room = {"strategy": "council", "acts": "accounts"}.get(room, room)
    return room if room in ROOMS_IN_WORDS else ""
