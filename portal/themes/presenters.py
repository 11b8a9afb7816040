"""A theme as a page shows it: its points by where they are needed, short words, and what classes have agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from portal.agreements.models import AgreementKind
from portal.agreements.presenters import KIND_NAMES
from portal.errors import N_
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.strategy.kinds import ClauseKind
from portal.strategy.presenters import Paragraph, Part, Reading, Run
from portal.themes.delivered import TITLES, speaks_of, words_in
from portal.themes.models import Place, ThemeLine
from portal.themes.queries import list_agreed
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

PLACE_NAMES = {
    Place.AT_HOME: N_("At home"),
    Place.IF_IT_HAPPENS: N_("If something happens"),
    Place.IN_CLASS: N_("In the class and at school"),
    Place.GOOD_TO_KNOW: N_("Good to know"),
}


def title_of(line: ThemeLine) -> str:
    """What a theme is called: the school's own words, or the delivered ones in the reader's language."""
    return line.title or gettext(TITLES[line.key])


class AtPlace(NamedTuple):
    """The points of a theme that are needed somewhere, in the order of the strategy."""

    place: Place
    name: str
    points: tuple[Paragraph, ...]

    @property
    def runs(self) -> list[Run]:
        """The same as a text: lists of what has a number, and paragraphs between them."""
        return [Run(is_list, tuple(group)) for is_list, group in groupby(self.points, key=lambda one: bool(one.number))]


@dataclass(frozen=True, slots=True)
class ShownTheme:
    """A theme with its points as the strategy words them now; `gone_count` is how many of them it holds no longer."""

    title: str
    places: tuple[AtPlace, ...]
    in_short: tuple[Part, ...]
    gone_count: int

    @property
    def count(self) -> int:
        """How many points it shows."""
        return sum(len(each.points) for each in self.places)


def show(line: ThemeLine, text: Reading) -> ShownTheme:
    """A theme in the words of a text. Short words are those of the sections that are mostly about it."""
    place_of = line.places
    found: dict[Place, list[Paragraph]] = {place: [] for place in PLACE_NAMES}
    in_short = []
    for part in text.parts:
        points = points_of(part)
        chosen = [point for point in points if point.key in place_of]
        for point in chosen:
            found[place_of[point.key]].append(point)
        if part.summary and 2 * len(chosen) > len(points):
            in_short.append(part)
    shown = sum(map(len, found.values()))
    return ShownTheme(
        title_of(line),
        tuple(AtPlace(place, gettext(PLACE_NAMES[place]), tuple(points)) for place, points in found.items() if points),
        tuple(in_short),
        len(place_of) - shown,
    )


def points_of(part: Part) -> list[Paragraph]:
    """The points of a section that can belong to a theme: all but its subheadings."""
    return [each for run in part.runs for each in run.paragraphs if each.kind is not ClauseKind.SUBHEADING]


class Agreed(NamedTuple):
    """A text of a class in which something about a theme stands."""

    ref: ClassRef
    title: str
    url: str


class _Text(NamedTuple):
    """A text of a class as rules look at it."""

    class_id: int
    kind: AgreementKind


def agreed_about(line: ThemeLine, person: Person | None) -> list[Agreed]:
    """What the person's own classes have agreed on about a theme, as far as they may read it: one statement."""
    words = words_in(line.words)
    if person is None or not words:
        return []
    in_order = list(person.classes)
    return [
        Agreed(
            person.classes[row.class_id],
            gettext(KIND_NAMES[row.kind]),
            url_for("agreements.show_agreement", class_id=row.class_id, kind=row.kind.value),
        )
        for row in sorted(list_agreed(person.classes), key=lambda row: in_order.index(row.class_id))
        if speaks_of(row.body, words) and can(person, Action.AGREEMENT_VIEW, _Text(row.class_id, row.kind))
    ]


def in_words(line: ThemeLine) -> str:
    """What somebody chose, in lines: its name, its words, and how many points are where."""
    counts = [
        ngettext("%(place)s: %(num)s point", "%(place)s: %(num)s points", len(line.points(place)), place=gettext(name))
        for place, name in PLACE_NAMES.items()
    ]
    return "\n".join([title_of(line), line.words, *counts])
