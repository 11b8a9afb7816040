"""The year wheel in words and as a picture: months around it, a token for each duty, the same numbers in the list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin
from typing import Any

from portal.errors import N_
from portal.proofs import Per
from portal.text import clock
from portal.web.dates import calendar, long_date
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for
from portal.year_wheel.delivered import TITLES
from portal.year_wheel.models import DutyLine
from portal.year_wheel.states import MONTHS, State, Year, place_in_year, window_of
from portal.year_wheel.wheel import DutyStanding, Wheel

STATE_NAMES = {
    State.LATE: N_("Late"),
    State.OPEN: N_("Now"),
    State.SOON: N_("Soon"),
    State.DONE: N_("Done"),
    State.LATER: N_("Later in the year"),
    State.NOT_NOTED: N_("Not noted"),
}
#: The kind of `tag` each of them is shown as.
STATE_KINDS = {State.LATE: "warn", State.DONE: "good"}
#: Of the classes that lack something so many are named on one line.
NAMED = 5

CENTRE, OUTER, INNER, GAP = 300, 292, 244, 0.9
#: Where the tokens of one month stand: how far from the middle, and how many degrees from the month's own.
PLACES = ((212, -7.5), (212, 7.5), (165, -7.5), (165, 7.5), (120, 0))


def title_of(duty: DutyLine) -> str:
    """What a duty is called: the school's own words, or the delivered ones in the reader's language."""
    return duty.title or gettext(TITLES[duty.key])


@dataclass(frozen=True, slots=True)
class Item:
    """One duty as lists show it, under the number of its token; without a page in a year that is over."""

    number: int
    title: str
    state: State
    line: str
    share: str
    url: str
    may_note: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A duty's token in the ring."""

    number: int
    x: float
    y: float
    state: State


@dataclass(frozen=True, slots=True)
class Month:
    """A month's part of the ring, with its short name; `kind` is past, present or none."""

    path: str
    x: float
    y: float
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Ring:
    """The whole picture; `hand` points at today, and is missing in a year that is over."""

    months: tuple[Month, ...]
    tokens: tuple[Token, ...]
    hand: str
    day: str
    week: str


def items_of(wheel: Wheel, may_note: Iterable[str] = ()) -> list[Item]:
    """The duties in the order in which they are due."""
    in_order = sorted(wheel.duties, key=lambda one: window_of(one.duty, wheel.year.school_year).closes_on)
    noting = frozenset(may_note)
    return [
        Item(
            number,
            title_of(one.duty),
            one.state,
            _line(one, wheel.year),
            _share(one),
            "" if wheel.year.is_over else url_for("year_wheel.show_duty", key=one.duty.key),
            one.duty.key in noting and one.state in (State.LATE, State.OPEN),
        )
        for number, one in enumerate(in_order, start=1)
    ]


def grouped(items: Iterable[Item]) -> list[tuple[State, list[Item]]]:
    """The same by how they stand, what is late first."""
    by_state: dict[State, list[Item]] = defaultdict(list)
    for item in items:
        by_state[item.state].append(item)
    return [(state, by_state[state]) for state in STATE_NAMES if state in by_state]


def figures(wheel: Wheel) -> tuple[int, int, int]:
    """How many are done, to be done now, and late."""
    return wheel.count(State.DONE), wheel.count(State.OPEN), wheel.count(State.LATE)


def _share(one: DutyStanding) -> str:
    if one.duty.per is Per.SCHOOL:
        return ""
    total = len(one.standings)
    if one.duty.per is Per.COUNCIL:
        return ngettext("%(done)s of %(num)s council", "%(done)s of %(num)s councils", total, done=one.done_count)
    return ngettext("%(done)s of %(num)s class", "%(done)s of %(num)s classes", total, done=one.done_count)


def _line(one: DutyStanding, year: Year) -> str:
    if one.state is State.DONE and one.last_on and not one.duty.is_by_weeks:
        return gettext("Done %(day)s", day=calendar().date_and_month(one.last_on))
    late = [whose.label for whose in one.late if whose.label]
    when = window_words(one.duty, year)
    if not late:
        return when
    if len(late) <= NAMED:
        return gettext("%(when)s · lacking in %(names)s", when=when, names=", ".join(late))
    return ngettext(
        "%(when)s · lacking in %(num)s class", "%(when)s · lacking in %(num)s classes", len(late), when=when
    )


def window_words(duty: DutyLine, year: Year) -> str:
    """When a duty is to be done: by a day, from a month on, or in the school's rhythm of news."""
    if duty.is_by_weeks:
        return ngettext("Every %(num)s school week", "Every %(num)s school weeks", year.every_weeks)
    window, words = window_of(duty, year.school_year), calendar()
    if year.today < window.opens_on and duty.opens_in != duty.closes_in:
        return gettext(
            "From %(first)s to %(last)s", first=words.months[duty.opens_in], last=words.months[duty.closes_in]
        )
    return gettext("By %(day)s", day=words.date_and_month(window.closes_on))


def ring_of(wheel: Wheel, items: Sequence[Item]) -> Ring:
    """The wheel as a picture; a month has room for five, and the list beside it has them all."""
    year, words = wheel.year, calendar()
    by_number = sorted(wheel.duties, key=lambda one: window_of(one.duty, year.school_year).closes_on)
    now = MONTHS if year.is_over else place_in_year(year.today.month)
    taken: Counter[int] = Counter()
    tokens = []
    for item, one in zip(items, by_number, strict=True):
        place = min(now, MONTHS - 1) if one.duty.is_by_weeks else place_in_year(one.duty.closes_in)
        if taken[place] < len(PLACES):
            radius, turn = PLACES[taken[place]]
            tokens.append(Token(item.number, *_at(radius, _middle(place) + turn), item.state))
        taken[place] += 1
    months = tuple(
        Month(
            _segment(place),
            *_at((OUTER + INNER) / 2, _middle(place)),
            words.short_months[_month(place)],
            "past" if place < now else "present" if place == now else "",
        )
        for place in range(MONTHS)
    )
    if year.is_over:
        return Ring(months, tuple(tokens), "", clock.school_year_name(year.school_year), "")
    angle = _angle_of(year.today, year.school_year)
    hand = "M{} {}L{} {}".format(*_at(70, angle), *_at(INNER - 6, angle))
    day = f"{year.today.day}{words.dot} {words.short_months[year.today.month]}"
    return Ring(months, tuple(tokens), hand, day, gettext("week %(week)s", week=year.today.isocalendar().week))


def _month(place: int) -> int:
    return (place + clock.FIRST_MONTH_OF_SCHOOL_YEAR - 1) % MONTHS + 1


def _middle(place: int) -> float:
    return (place + 0.5) * 360 / MONTHS


def _angle_of(day: date, school_year: int) -> float:
    first = clock.first_day(school_year)
    return (day - first).days / ((clock.last_day(school_year) - first).days + 1) * 360


def _at(radius: float, degrees: float) -> tuple[float, float]:
    turned = degrees * pi / 180
    return round(CENTRE + radius * sin(turned), 1), round(CENTRE - radius * cos(turned), 1)


def _segment(place: int) -> str:
    first, last = place * 360 / MONTHS + GAP, (place + 1) * 360 / MONTHS - GAP
    (a, b), (c, d), (e, f), (g, h) = _at(OUTER, first), _at(OUTER, last), _at(INNER, last), _at(INNER, first)
    return f"M{a} {b}A{OUTER} {OUTER} 0 0 1 {c} {d}L{e} {f}A{INNER} {INNER} 0 0 0 {g} {h}z"


def sheet_eyebrow(wheel: Wheel, school: str) -> str:
    """What stands above the board's sheet: which school, which year, which day."""
    year = gettext("School year %(year)s", year=clock.school_year_name(wheel.year.school_year))
    return f"{school} · {year} · {long_date(wheel.year.today)}"


def sheet_on_paper(wheel: Wheel, school: str) -> dict[str, Any]:
    """The board's sheet as its PDF is made of it: the words of the page, and how each duty stands."""
    return {
        "eyebrow": sheet_eyebrow(wheel, school),
        "figures": list(zip(figures(wheel), [gettext("done"), gettext("now"), gettext("late")], strict=True)),
        "heads": [gettext("What"), gettext("When"), gettext("How it stands"), gettext("How many")],
        "rows": [
            {
                "title": item.title,
                "line": item.line,
                "state": item.state.value,
                "state-words": gettext(STATE_NAMES[item.state]),
                "share": item.share or "–",
            }
            for item in items_of(wheel)
        ],
        "note": gettext(
            "What stands here is about classes and days, never about persons. “Not noted” is no reproach: "
            "the portal was not there yet."
        ),
    }
