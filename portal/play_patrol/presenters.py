"""The rota as a page and the sheet for the wall show it: week by week, place by place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from portal.play_patrol.queries import Turn
from portal.web.dates import short_month
from portal.web.language import gettext

_FRIDAY = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class RotaWeek:
    """A week of the rota: "Week 49, 30 Nov – 4 Dec", and who is where."""

    title: str
    places: list[tuple[str, list[Turn]]]


@dataclass(frozen=True, slots=True)
class RotaSheet:
    """The rota as one table for the wall: a line a week, a column a place, and who stands there."""

    places: list[str]
    weeks: list[tuple[str, list[list[Turn]]]]


def sheet_of(weeks: Iterable[RotaWeek]) -> RotaSheet:
    """The table of these weeks; a place that a week does without is empty there."""
    known = [(week.title, dict(week.places)) for week in weeks]
    places = list(dict.fromkeys(place for _, of_week in known for place in of_week))
    return RotaSheet(places, [(title, [of_week.get(place, []) for place in places]) for title, of_week in known])


def weeks_of(turns: Iterable[Turn]) -> list[RotaWeek]:
    """The weeks of these turns, which stand in order."""
    return [
        RotaWeek(_week_in_words(monday), [(place, list(some)) for place, some in groupby(of_week, _place_of)])
        for monday, of_week in groupby(turns, lambda turn: turn.week_on)
    ]


def _place_of(turn: Turn) -> str:
    return turn.place


def _week_in_words(monday: date) -> str:
    friday = monday + _FRIDAY
    return gettext(
        "Week %(number)s, %(first)s – %(last)s",
        number=monday.isocalendar().week,
        first=f"{monday.day}. {short_month(monday)}",
        last=f"{friday.day}. {short_month(friday)}",
    )
