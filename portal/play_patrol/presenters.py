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
