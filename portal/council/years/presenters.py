"""A council's year in a child's words: for the page, and for the meeting of all pupils."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from portal.council.class_inputs.presenters import doing_words
from portal.council.years.models import CouncilYear
from portal.council.years.queries import YearCounts
from portal.initiatives.presenters import YearDeed
from portal.people import Person
from portal.policy import Action, can
from portal.policy.predicates import LEFT_THE_COUNCIL
from portal.strategy.amendments.titles import title_of
from portal.strategy.amendments.tracker import place_of
from portal.strategy.kinds import AmendmentState
from portal.strategy.publishing.presenters import ChangeLine, kept_lines
from portal.strategy.replies.presenters import outcome_words
from portal.text import clock
from portal.text.pdf.content import content_of
from portal.web.dates import long_date
from portal.web.language import gettext, ngettext


@dataclass(frozen=True, slots=True)
class Proposal:
    """One suggestion of the year: what it is called, what came of it that year, and the board's answer to the children.

    `now` is where it is today, for what the board put off then and has taken up since. Whoever may not open it has no
    link to it.
    """

    id: int
    title: str
    became: str
    now: str
    answer: str
    answered_on: date | None
    has_link: bool


def proposals(rows: Iterable[Any], person: Person) -> tuple[list[Proposal], list[Proposal]]:
    """What has left the council, and what is the council's own still."""
    sent_on: list[Proposal] = []
    inside: list[Proposal] = []
    for row in rows:
        has_left = row.state in LEFT_THE_COUNCIL
        place = gettext(place_of(row.state, row.phase).heading)
        was_put_off = row.outcome is AmendmentState.DEFERRED
        proposal = Proposal(
            id=row.id,
            title=title_of(row),
            became=outcome_words(row.outcome) if was_put_off else place,
            now=place if was_put_off and has_left and row.state is not AmendmentState.DEFERRED else "",
            answer=row.child_reply or "",
            answered_on=row.decided_on,
            has_link=can(person, Action.AMENDMENT_VIEW, row),
        )
        (sent_on if has_left or row.outcome else inside).append(proposal)
    return sent_on, inside


@dataclass(frozen=True, slots=True)
class Deed:
    """Something the school did or does because of the council, without a change of the text: who, when, about what."""

    words: str
    who: str
    on: date
    about: str = ""


def leaders_deeds(rows: Iterable[Any]) -> list[Deed]:
    """What the leadership has told the council that happens."""
    who = gettext("The school's leadership")
    return [Deed(row.happens, who, clock.day_of(row.written_at), title_of(row)) for row in rows]


def pupils_deeds(rows: Iterable[Any]) -> list[Deed]:
    """What the classes asked for and somebody does, without the class."""
    return [Deed(row.reply, doing_words(row), clock.day_of(row.ended_at), row.about) for row in rows]


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """What the council changed in one edition of the strategy."""

    number: int
    lines: list[ChangeLine]


def edition_changes(rows: Sequence[Any]) -> list[EditionChanges]:
    """The council's changes, edition by edition."""
    return [EditionChanges(number, kept_lines(list(those))) for number, those in groupby(rows, lambda row: row.number)]


def year_numbers(counts: YearCounts) -> list[tuple[int, str]]:
    """The year in numbers, each with what it counts; meetings and answers only when there are some."""
    numbers = [
        (counts.came, ngettext("suggestion in the council", "suggestions in the council", counts.came)),
        (counts.sent_on, gettext("sent to the grown-ups")),
    ]
    if counts.answers:
        words = ngettext("of %(num)s answer is read aloud", "of %(num)s answers are read aloud", counts.answers)
        numbers.append((counts.heard, words))
    if counts.meetings:
        numbers.insert(
            0, (counts.meetings, ngettext("meeting of the council", "meetings of the council", counts.meetings))
        )
    return numbers


@dataclass(frozen=True, slots=True)
class YearReport:
    """All that has left the council, for whoever may see the year, on the page and on paper."""

    year: CouncilYear
    numbers: list[tuple[int, str]]
    editions: list[EditionChanges]
    deeds: list[Deed]
    school_initiatives: list[YearDeed]
    own_deeds: list[Deed]
    initiatives: list[YearDeed]
    sent_on: list[Proposal]


def year_title(year: CouncilYear) -> str:
    """What the report is called."""
    return gettext("Our year %(year)s", year=year.name)


def year_on_paper(report: YearReport, today: date, base_url: str, address: str) -> dict[str, Any]:
    """The report as its PDF is made of it; `address` is where it is read in the portal that is at `base_url`."""
    sections = [
        _section(
            gettext("This is new in the strategy"),
            [entry for edition in report.editions for entry in _edition_entries(edition, base_url)],
            note=gettext("Underlined is new. Crossed out goes away."),
        ),
        _section(gettext("This is what the school did"), _deed_entries(report.deeds, report.school_initiatives)),
        _section(gettext("This is what we do ourselves"), _deed_entries(report.own_deeds, report.initiatives)),
        _section(gettext("This is what we suggested"), [_proposal_entry(each) for each in report.sent_on]),
    ]
    if not (report.sent_on or report.own_deeds or report.initiatives):
        words = gettext("When the council sends a suggestion on, it stands here, with the answer.")
        sections.append(_section(gettext("Nothing has come this far yet"), [_entry(words=words)]))
    return {
        "eyebrow": report.year.council_name,
        "lead": gettext("What we suggested, and what came of it."),
        "figures": report.numbers,
        "sections": [section for section in sections if section["entries"]],
        "printed": gettext("Printed %(day)s.", day=long_date(today)),
        "address": base_url + address,
    }


def _section(title: str, entries: list[dict[str, Any]], note: str = "") -> dict[str, Any]:
    return {"title": title, "entries": entries, "note": note}


def _entry(title: str = "", **given: Any) -> dict[str, Any]:
    return {"title": title, "became": "", "now": "", "content": [], "words": "", "small": ""} | given


def _edition_entries(edition: EditionChanges, base_url: str) -> list[dict[str, Any]]:
    where = gettext("It stands in edition %(number)s.", number=edition.number)
    lines = [_entry(line.title, content=content_of(line.words, base_url)) for line in edition.lines]
    return [*lines, _entry(small=where)]


def _deed_entries(deeds: Iterable[Deed], initiatives: Iterable[YearDeed]) -> list[dict[str, Any]]:
    return [
        *(_entry(deed.about, words=deed.words, small=f"{deed.who} · {long_date(deed.on)}") for deed in deeds),
        *(_entry(deed.title, words=deed.words, small=f"{deed.who} · {deed.days}") for deed in initiatives),
    ]


def _proposal_entry(each: Proposal) -> dict[str, Any]:
    answered = (
        gettext("Answer from the school board, %(day)s", day=long_date(each.answered_on)) if each.answered_on else ""
    )
    return _entry(
        each.title,
        became=f"{each.became}.",
        now=gettext("Now: %(place)s.", place=each.now) if each.now else "",
        words=each.answer,
        small=answered if each.answer else "",
    )
