"""The theme that is delivered: digital media, found in any strategy by its words. No Flask, no database.

It holds until the leadership looks it through; then it is the school's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from portal.errors import N_
from portal.strategy.kinds import ClauseKind
from portal.strategy.queries import TextRow
from portal.themes.models import Place, ThemeLine

DELIVERED = (
    ThemeLine(
        "digital_media",
        "",
        "digital, på nettet, internet, telefon, mobil, computer, skærm, sociale medier, chat",
    ),
)
#: What each of them is called, for those that still bear the delivered name.
TITLES = {"digital_media": N_("Digital media")}
#: In a section about the theme: what a subheading says of the points below it, the first that fits.
_BELOW = (
    (Place.AT_HOME, ("forælder", "forældre", "hjemme")),
    (Place.IF_IT_HAPPENS, ("hvis", "mobber", "mobning")),
)


def delivered_themes(text: Iterable[TextRow]) -> list[ThemeLine]:
    """The delivered themes, each with the clauses of this text that speak of it."""
    rows = list(text)
    return [_sorted(line, rows) for line in DELIVERED]


def _sorted(line: ThemeLine, rows: Iterable[TextRow]) -> ThemeLine:
    words = words_in(line.words)
    found: dict[Place, list[str]] = {place: [] for place in Place}
    section, place = -1, Place.GOOD_TO_KNOW
    for row in rows:
        if row.section != section:
            section, place = row.section, Place.GOOD_TO_KNOW
        is_about = speaks_of(row.heading, words)
        if row.kind is ClauseKind.SUBHEADING:
            place = _place_below(row.text)
        elif row.key and is_about:
            found[place].append(row.key)
        elif row.key and speaks_of(row.text, words):
            found[Place.IN_CLASS].append(row.key)
    return replace(
        line,
        at_home=tuple(found[Place.AT_HOME]),
        if_it_happens=tuple(found[Place.IF_IT_HAPPENS]),
        in_class=tuple(found[Place.IN_CLASS]),
        good_to_know=tuple(found[Place.GOOD_TO_KNOW]),
    )


def _place_below(subheading: str) -> Place:
    said = subheading.casefold()
    return next((place for place, words in _BELOW if any(word in said for word in words)), Place.GOOD_TO_KNOW)


def words_in(typed: str) -> tuple[str, ...]:
    """The words of a theme, one by one."""
    return tuple(word for each in typed.split(",") if (word := each.strip().casefold()))


def speaks_of(text: str, words: Iterable[str]) -> bool:
    """Whether a text holds one of the words."""
    said = text.casefold()
    return any(word in said for word in words)
