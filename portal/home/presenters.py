"""What the front page says in words: which messages somebody has not opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import current_app

from portal.acts.models import ActKind
from portal.acts.notices import Notices
from portal.web.language import gettext

#: The rooms that have words of their own; all others share some.
NAMED = {"accounts", "agreements", "council", "events", "playdates", "updates"}


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
    return [_words(room, count) for room, count in sorted(rooms.items(), key=lambda one: (-one[1], one[0]))]


def _room(page: str) -> str:
    """The room of a page; the council speaks for the strategy's suggestions too, and not for the text itself."""
    room = page.split(".")[0]
    if page == "strategy.show_strategy":
        return room
    room = {"strategy": "council", "acts": "accounts"}.get(room, room)
    return room if room in NAMED else ""


def _words(room: str, count: int) -> str:
    if room == "updates":
        return gettext("%(num)s about news from a class", num=count)
    if room == "events":
        return gettext("%(num)s about what the class does together", num=count)
    if room == "playdates":
        return gettext("%(num)s about coming and playing", num=count)
    if room == "council":
        return gettext("%(num)s from the student council", num=count)
    if room == "strategy":
        return gettext("%(num)s about the strategy", num=count)
    if room == "agreements":
        return gettext("%(num)s about rules and agreements", num=count)
    if room == "accounts":
        return gettext("%(num)s about accounts and roles", num=count)
    return gettext("%(num)s about something else", num=count)
