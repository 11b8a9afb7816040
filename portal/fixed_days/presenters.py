"""Fixed days in words: their rhythm, whom they are for, and what is on this week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.fixed_days.forms import HIGHEST, rhythm_words
from portal.fixed_days.halves import is_last_half
from portal.fixed_days.queries import Held, list_days_of_their_own, list_held
from portal.text.workdays import SATURDAY, monday_of
from portal.web.dates import calendar, near_date, sentence_case, weekday_date
from portal.web.language import gettext
from portal.web.urls import url_for

LAST_GRADE_OF_MOST = 9
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class FixedLine:
    """A fixed day of a school year; `following` says when it is next, and is empty once it is over."""

    title: str
    rhythm: str
    whom: str
    following: str
    points: tuple[tuple[str, str], ...]
    edit_url: str
    again_url: str


def fixed_lines(
    rows: Sequence[Any], held: Iterable[Held], points: Mapping[str, str], *, may_edit: bool, may_repeat: bool
) -> list[FixedLine]:
    """The fixed days of a school year. `held` is what is still on, day by day, and `points` the strategy's by key.

    Of what a change has split the last half alone comes again.
    """
    following: dict[int, date] = {}
    for one in held:
        following.setdefault(one.fixed_day_id, one.held_on)
    return [
        FixedLine(
            title=row.title,
            rhythm=_rhythm(row),
            whom=grades_in_words(row.lowest_grade, row.highest_grade),
            following=near_date(following[row.id]) if row.id in following else "",
            points=tuple(
                (points[key], url_for("strategy.show_clause", key=key)) for key in row.points if key in points
            ),
            edit_url=url_for(".edit_fixed_day", fixed_day_id=row.id) if may_edit else "",
            again_url=url_for(".new_fixed_day", again=row.id) if may_repeat and is_last_half(row, rows) else "",
        )
        for row in rows
    ]


def _rhythm(row: Any) -> str:
    span = _span(row.starts_on, row.ends_on)
    if row.weekday is None or row.starts_on == row.ends_on:
        return span
    day = calendar().days[row.weekday]
    return gettext("%(often)s on %(day)s, %(span)s", often=rhythm_words(row.every_weeks), day=day, span=span)


def _span(first: date, last: date) -> str:
    if first == last:
        return sentence_case(weekday_date(first))
    words = calendar()
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{words.dot}\N{EN DASH}{words.date_and_month(last)}"
    return gettext("%(first)s to %(last)s", first=words.date_and_month(first), last=words.date_and_month(last))


def grades_in_words(lowest: int, highest: int) -> str:
    """Whom it is for: all, a year, or some years."""
    if lowest == 0 and highest >= min(LAST_GRADE_OF_MOST, HIGHEST):
        return gettext("For everybody")
    if lowest == highest:
        return gettext("For grade %(grade)s", grade=lowest)
    return gettext("For grades %(lowest)s-%(highest)s", lowest=lowest, highest=highest)


@dataclass(frozen=True, slots=True)
class WeekLine:
    """Something that is on at school in a week."""

    title: str
    line: str


@dataclass(frozen=True, slots=True)
class OwnDays:
    """Something that is fixed on days of its own, and the month in which it begins."""

    title: str
    when: str
    month: int


def days_of_their_own(class_id: int, school_year: int) -> list[OwnDays]:
    """What the school does for a class in a school year besides its rhythms, such as a day of sports: each once."""
    days: dict[int, list[Held]] = {}
    for one in list_days_of_their_own(class_id, school_year):
        days.setdefault(one.fixed_day_id, []).append(one)
    return [
        OwnDays(found[0].title, _span(found[0].held_on, found[-1].held_on), found[0].held_on.month)
        for found in days.values()
    ]


@dataclass(frozen=True, slots=True)
class Week:
    """What is fixed at school in a week, and which week that is."""

    heading: str
    lines: tuple[WeekLine, ...]


def on_this_week(today: date) -> Week:
    """What is fixed at school from today until the week is over, and on Saturdays and Sundays in the next one.

    What is on each day of the week stands there once.
    """
    is_over = today.weekday() >= SATURDAY
    monday = monday_of(today) + (_WEEK if is_over else timedelta())
    held = list_held(max(today, monday), monday + timedelta(days=SATURDAY - 1))
    days: dict[int, list[Held]] = {}
    for one in held:
        days.setdefault(one.fixed_day_id, []).append(one)
    return Week(
        gettext("At school next week") if is_over else gettext("At school this week"),
        tuple(WeekLine(found[0].title, _week_line(found)) for found in days.values()),
    )


def _week_line(found: Sequence[Held]) -> str:
    first, last = found[0], found[-1]
    when = sentence_case(near_date(first.held_on))
    if first is not last:
        when = gettext("%(first)s to %(last)s", first=when, last=near_date(last.held_on))
    return f"{when} · {grades_in_words(first.lowest_grade, first.highest_grade)}"
