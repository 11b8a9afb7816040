"""The points of the strategy of which nothing was seen for a year, and what would bring each of them to life."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.measures import A_YEAR, Measure
from portal.proofs import Proof
from portal.strategy.presenters import heading_words, plain_words
from portal.text import clock
from portal.web.language import gettext
from portal.year_wheel import queries
from portal.year_wheel.delivered import delivered_wheel
from portal.year_wheel.forms import OWNER_NAMES
from portal.year_wheel.models import DutyLine
from portal.year_wheel.presenters import title_of
from portal.year_wheel.wheel import proving


@dataclass(frozen=True, slots=True)
class QuietDuty:
    """A duty that a quiet point asks for: whose it is, and by what it would show."""

    key: str
    title: str
    owner: str
    shown_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuietPoint:
    """A point of which nothing was seen for a year, neither of its duties nor by any room."""

    key: str
    words: str
    heading: str
    duties: tuple[QuietDuty, ...]


def list_quiet(proofs: tuple[Proof, ...], measures: Iterable[Measure], *, now: datetime) -> list[QuietPoint] | None:
    """The quiet points in the order of the strategy; None while the portal is younger than a year (domain 3.9).

    One that holds for several years alone is not among them. Four statements, and one for each room that measures.
    """
    today = clock.day_of(now)
    since = today - A_YEAR
    if not queries.was_used_before(since):
        return None
    clauses = queries.list_clauses()
    every = queries.list_duties(clock.school_year(today)) or delivered_wheel((row.key, row.text) for row in clauses)
    duties = [duty for duty in every if duty.points]
    asked = proving(duties, proofs)
    kinds = {one.kind for one in queries.list_signs(since, asked, [duty.key for duty in duties], now=now)}
    alive = {key for measure in measures for key in measure.seen(since, today)}
    waiting: dict[str, list[DutyLine]] = {}
    for duty in duties:
        if not kinds.isdisjoint((duty.key, *duty.proofs)):
            alive.update(duty.points)
        elif duty.holds_years == 1:
            for key in duty.points:
                waiting.setdefault(key, []).append(duty)
    words = {proof.kind: proof.words for proof in proofs}
    return [
        QuietPoint(
            row.key,
            plain_words(row.kind, row.text),
            heading_words(row.heading),
            tuple(_quiet(duty, words) for duty in waiting[row.key]),
        )
        for row in clauses
        if row.key in waiting and row.key not in alive
    ]


def _quiet(duty: DutyLine, words: dict[str, str]) -> QuietDuty:
    shown_by = [words[kind] for kind in duty.proofs if kind in words]
    return QuietDuty(
        duty.key,
        title_of(duty),
        gettext(OWNER_NAMES[duty.owner]),
        tuple(gettext(each) for each in dict.fromkeys(shown_by)),
    )
