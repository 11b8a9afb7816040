"""Initiatives in words: as lines of a list, and what their own page says of their days and points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from portal.initiatives import queries
from portal.initiatives.models import Initiative, InitiativeToRead
from portal.name_guard.guard import knows_names, protected_names_of_school
from portal.people import Person
from portal.strategy.presenters import point_words
from portal.text import clock
from portal.web.dates import calendar, weekday_date
from portal.web.language import gettext
from portal.web.urls import url_for

AnyInitiative = Initiative | InitiativeToRead | Any


@dataclass(frozen=True, slots=True)
class InitiativeLine:
    """One initiative in a list; `is_due` says that its last day is gone and nobody has said how it went."""

    id: int
    title: str
    days: str
    outcome: str
    is_due: bool
    with_akt: bool
    label: str = ""
    hue: int = 0


@dataclass(frozen=True, slots=True)
class InitiativeList:
    """What is under way, what begins soon, and what is over by the school year in which it was begun, newest first."""

    running: Sequence[InitiativeLine]
    soon: Sequence[InitiativeLine]
    over: Sequence[tuple[str, Sequence[InitiativeLine]]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all."""
        return not (self.running or self.soon or self.over)


def in_list(rows: Iterable[Any], *, today: date) -> InitiativeList:
    """These rows, in their order, as a page lists them."""
    known = list(rows)
    over = sorted(
        (row for row in known if row.closed_on is not None), key=lambda row: (row.starts_on, row.id), reverse=True
    )
    by_year = groupby(over, lambda row: clock.school_year(row.starts_on))
    still = [row for row in known if row.closed_on is None]
    return InitiativeList(
        running=lines((row for row in still if row.starts_on <= today), today=today),
        soon=lines(sorted((row for row in still if row.starts_on > today), key=lambda row: row.starts_on), today=today),
        over=[(clock.school_year_name(year), lines(those, today=today)) for year, those in by_year],
    )


def lines(rows: Iterable[Any], *, today: date) -> list[InitiativeLine]:
    """These rows in words, those of a list of several classes with the class of each."""
    return [
        InitiativeLine(
            id=row.id,
            title=row.title,
            days=days_in_words(row, today),
            outcome=outcome_in_words(row),
            is_due=is_due(row, today),
            with_akt=row.with_akt,
            label=getattr(row, "label", ""),
            hue=getattr(row, "hue", 0),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Group:
    """What the school or one council does and has done; without a name it is the school's."""

    council_id: int
    name: str
    listed: InitiativeList


def groups(rows: Iterable[Any], own_councils: dict[int, str], *, today: date) -> list[Group]:
    """The school first, then the councils; those that one helps stand there also with nothing begun."""
    found = {
        (council_id or 0): Group(council_id or 0, those[0].council_name, in_list(those, today=today))
        for council_id, those in ((key, list(some)) for key, some in groupby(rows, lambda row: row.council_id))
    }
    nothing = InitiativeList((), (), ())
    names = {0: "", **{one.council_id: one.name for one in found.values()}, **own_councils}
    return [found.get(council_id, Group(council_id, name, nothing)) for council_id, name in names.items()]


def is_due(row: AnyInitiative, today: date) -> bool:
    """Whether its last day is gone, and nobody has said how it went."""
    return row.closed_on is None and row.ends_on < today


def days_in_words(row: AnyInitiative, today: date) -> str:
    """From when to when, as far as it matters today."""
    if row.closed_on is not None:
        short = calendar().date_and_month
        if row.closed_on == row.starts_on:
            return short(row.starts_on)
        return gettext("%(first)s to %(last)s", first=short(row.starts_on), last=short(row.closed_on))
    if row.starts_on > today:
        return gettext(
            "Begins %(first)s, until %(last)s", first=weekday_date(row.starts_on), last=weekday_date(row.ends_on)
        )
    if row.ends_on < today:
        return gettext("Was to last until %(last)s", last=weekday_date(row.ends_on))
    return gettext("Until %(last)s", last=weekday_date(row.ends_on))


def both_days(row: AnyInitiative) -> str:
    """The first day and the last, as somebody planned them."""
    return gettext("%(first)s to %(last)s", first=weekday_date(row.starts_on), last=weekday_date(row.ends_on))


def begun_in_words(initiative: Initiative, today: date) -> str:
    """What one is told after having begun something: that it is under way, or when it begins, and who hears of it."""
    if initiative.starts_on > today:
        day = weekday_date(initiative.starts_on)
        if initiative.class_id is not None:
            return gettext("It begins %(day)s. The homes of the class hear of it then.", day=day)
        return gettext("It begins %(day)s. Everybody at the school can read it already.", day=day)
    if initiative.class_id is not None:
        return gettext("It is under way. The homes of the class hear of it.")
    return gettext("It is under way. Everybody at the school can read it.")


def protected_names_in(initiative: InitiativeToRead, reader: Person, today: date) -> list[str]:
    """What in it is the real name of a child who lives under an alias, as far as the reader knows such names."""
    text = f"{initiative.title}\n{initiative.details}\n{initiative.outcome}"
    found = protected_names_of_school(text, today=today)
    return [words for words, classes in found.items() if any(knows_names(reader, class_id) for class_id in classes)]


def outcome_in_words(row: AnyInitiative) -> str:
    """How it went, and nothing while it lasts; of one that nobody closed, why it ended."""
    if row.closed_on is None:
        return ""
    return row.outcome or gettext("It ended when no child was in the class any more.")


def points_of(initiative_id: int) -> list[tuple[str, str]]:
    """The address and the first words of each promise it is about; one that has gone from the strategy says so."""
    return [
        (url_for("strategy.show_clause", key=row.clause_key), _point_in_words(row))
        for row in queries.list_points(initiative_id)
    ]


def kept_points_of(initiative_id: int) -> list[str]:
    """The first words of each point that it keeps, although nobody can choose it any more."""
    return [_point_in_words(row) for row in queries.list_kept_points(initiative_id)]


def _point_in_words(row: Any) -> str:
    return point_words(row.kind, row.text) if row.text is not None else gettext("A point of an earlier strategy")


@dataclass(frozen=True, slots=True)
class YearDeed:
    """Something that a council or the school did in a year, for the report to all pupils.

    Its words are how it went, and what it is while that is to come.
    """

    title: str
    words: str
    who: str
    days: str


def year_deeds(council_id: int, first: date, last: date, *, today: date) -> tuple[list[YearDeed], list[YearDeed]]:
    """What the council itself did from one day to another, and what the whole school did: one statement."""
    council: list[YearDeed] = []
    school: list[YearDeed] = []
    for row in queries.list_in_year(council_id, first, last):
        if row.starts_on <= today:
            who = row.council_name or gettext("The whole school")
            deed = YearDeed(row.title, outcome_in_words(row) or row.details, who, days_in_words(row, today))
            (council if row.council_id else school).append(deed)
    return council, school
