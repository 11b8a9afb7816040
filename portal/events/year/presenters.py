"""A class's year month by month: held, planned, what last year had in the same month, and an idea for an empty one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from portal.errors import N_
from portal.events.presenters import EventCard, coming_events
from portal.fixed_days.presenters import OwnDays
from portal.people import Person
from portal.policy import Action, can
from portal.text import clock
from portal.web.dates import calendar, sentence_case, time_span
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

#: The months of a school year in which classes meet; what falls into July stands there without an idea for it.
MONTHS = (8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7)
#: Something small for each month, which costs little and has room for all.
IDEAS = {
    8: N_("A walk around the school, so that new homes meet the others."),
    9: N_("A fire or a game of rounders at a playground, while it is still mild."),
    10: N_("An evening with soup and games, before it gets dark early."),
    11: N_("Make something together in an afternoon: lanterns or paper stars."),
    12: N_("A walk with lanterns, or gingerbread in the school kitchen."),
    1: N_("An afternoon with board games at the school: everybody brings one."),
    2: N_("Sledges if there is snow, and pancakes if there is none."),
    3: N_("A morning of helping the school: paint, plant or tidy something."),
    4: N_("One shared birthday for everybody who has had theirs since the summer."),
    5: N_("A trip by bicycle or bus to the woods or the beach."),
    6: N_("Eat together on the grass before the summer holidays."),
}


@dataclass(frozen=True, slots=True)
class YearEvent:
    """One event in a class's year; `again_url` where it can be made again."""

    title: str
    url: str
    when: str
    came: str
    is_over: bool
    again_url: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month: what is in it, what the same month of last year had and this one has not, and an idea for a gap.

    `fixed` is what the whole school does, which fills no gap: a class meets for itself.
    """

    name: str
    is_over: bool
    events: tuple[YearEvent, ...]
    last_year: tuple[YearEvent, ...]
    idea: str
    fixed: tuple[OwnDays, ...]


def months_of(
    rows: Sequence[Row[*tuple[Any, ...]]],
    fixed: Sequence[OwnDays],
    *,
    year: int,
    class_id: int,
    may_plan: bool,
    now: datetime,
) -> list[Month]:
    """A school year of a class, from rows of that year and the one before.

    A gap is a month to come that is as empty as the one before it, and for which last year has nothing to copy. A title
    that the year has already is not proposed again.
    """
    by_month: dict[tuple[int, int], list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        day = clock.day_of(row.starts_at)
        by_month.setdefault((clock.school_year(day), day.month), []).append(row)
    known = {row.title.casefold() for (of_year, _), found in by_month.items() if of_year == year for row in found}
    months = []
    for place, month in enumerate(MONTHS):
        is_over = _last_day(year, month) < clock.day_of(now)
        here = by_month.get((year, month), [])
        before = by_month.get((year, MONTHS[place - 1]), []) if place else []
        last = [row for row in by_month.get((year - 1, month), []) if row.title.casefold() not in known]
        is_gap = not (is_over or here or before or last)
        months.append(
            Month(
                name=sentence_case(calendar().months[month]),
                is_over=is_over,
                events=tuple(_event(row, class_id, may_plan, now) for row in here),
                last_year=() if is_over else tuple(_event(row, class_id, may_plan, now) for row in last),
                idea=gettext(IDEAS[month]) if is_gap and month in IDEAS else "",
                fixed=tuple(one for one in fixed if one.month == month),
            )
        )
    return months


def _last_day(year: int, month: int) -> date:
    """A day that is certainly the last of the month or after it, and before any of the next is over."""
    following = MONTHS[(MONTHS.index(month) + 1) % len(MONTHS)]
    if following == clock.FIRST_MONTH_OF_SCHOOL_YEAR:
        return clock.last_day(year)
    first = date(year if following > clock.FIRST_MONTH_OF_SCHOOL_YEAR else year + 1, following, 1)
    return date.fromordinal(first.toordinal() - 1)


def made_again(rows: Sequence[Row[*tuple[Any, ...]]], class_id: int, *, now: datetime) -> list[YearEvent]:
    """The events that are proposed to whoever plans something for the class, to be made again with one press."""
    return [_event(row, class_id, True, now) for row in rows]


def _event(row: Row[*tuple[Any, ...]], class_id: int, may_plan: bool, now: datetime) -> YearEvent:
    is_over = row.ends_at <= now
    came = (
        ngettext("%(num)s child had said yes", "%(num)s children had said yes", row.came)
        if is_over
        else ngettext("%(num)s child has said yes", "%(num)s children have said yes", row.came)
    )
    return YearEvent(
        title=row.title,
        url=url_for("events.show_event", event_id=row.id),
        when=sentence_case(time_span(row.starts_at, row.ends_at)),
        came=came,
        is_over=is_over,
        again_url=url_for("events.new_event", class_id=class_id, again=row.id) if is_over and may_plan else "",
    )


def coming_of_year(person: Person, class_ids: Collection[int], *, now: datetime, limit: int) -> list[EventCard]:
    """What the classes of a year have on, for whoever plans for all of them: one statement.

    What is for other classes alone is a day and the class: its title is their own, and so is its page.
    """
    cards = coming_events(person, class_ids, now=now, limit=limit)
    return [
        card if any(can(person, Action.EVENT_FEED, ref) for ref in card.classes) else _unnamed(card) for card in cards
    ]


def _unnamed(card: EventCard) -> EventCard:
    labels = ", ".join(ref.label for ref in card.classes)
    return replace(card, title=gettext("%(label)s has something on", label=labels), url="", status=card.shared_with)
