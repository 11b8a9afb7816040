"""Surveys as pages show them: how far a class has come, and its answers as shares in tens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.errors import N_
from portal.people import ClassRef
from portal.surveys.bank.models import Band
from portal.surveys.figures import Tally, of_school, tens
from portal.surveys.models import ANSWERS, Answer, ClassSurvey
from portal.text import clock
from portal.web.dates import long_date
from portal.web.language import gettext

#: The answers as a child presses them, and as the sums of them are called.
PRESSES = {
    Answer.YES: N_("Yes"),
    Answer.SO_SO: N_("In between"),
    Answer.NO: N_("No"),
    Answer.ALWAYS: N_("Always"),
    Answer.OFTEN: N_("Often"),
    Answer.SELDOM: N_("Seldom"),
    Answer.NEVER: N_("Never so"),
    Answer.SKIP: N_("I pass"),
}
SUMS = {**PRESSES, Answer.SKIP: N_("Passed")}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of ten gave an answer."""

    answer: Answer
    label: str
    tens: int


@dataclass(frozen=True, slots=True)
class QuestionShares:
    """A question with its shares; without any where too few have answered."""

    text: str
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class BandShares:
    """What the small or the big ones of the school answered; without shares where it would tell of a few.

    `is_waiting` says that shares come when the classes have seen their own, or have had the time to.
    """

    band: Band
    class_count: int
    answer_count: int
    questions: Sequence[QuestionShares]
    is_shown: bool
    is_waiting: bool


def question_shares(band: Band, asked: Iterable[Any], tally: Tally | None) -> list[QuestionShares]:
    """Each question of a band with its shares, in the order in which they were asked."""
    return [
        QuestionShares(row.text, _shares(band, tally, row.id) if tally else ()) for row in asked if row.band is band
    ]


def _shares(band: Band, tally: Tally, wording_id: int) -> list[Share]:
    sums = tally.of(wording_id)
    return [
        Share(answer, gettext(SUMS[answer]), tens(sums.get(answer, 0), tally.answer_count)) for answer in ANSWERS[band]
    ]


def tally_of(part: ClassSurvey | Any) -> Tally:
    """A class's sums."""
    return Tally(part.answer_count or 0, part.counts or {}, part.shown_on is not None)


def school_shares(asked: Sequence[Any], parts: Sequence[Any], *, has_waited: bool) -> list[BandShares]:
    """What the school answered, the small ones and the big ones apart, of classes whose hour is over."""
    bands = []
    for band in Band:
        tallies = [tally_of(part) for part in parts if part.band is band and part.answer_count]
        if tallies:
            shown = of_school(tallies, has_waited=has_waited)
            bands.append(
                BandShares(
                    band=band,
                    class_count=len(tallies),
                    answer_count=shown.answer_count if shown else 0,
                    questions=question_shares(band, asked, shown),
                    is_shown=shown is not None,
                    is_waiting=shown is None and of_school(tallies, has_waited=True) is not None,
                )
            )
    return bands


@dataclass(frozen=True, slots=True)
class ClassLine:
    """How far a class has come in a survey, in words, and where its team goes on."""

    survey_id: int
    title: str
    state: str
    words: str
    is_held: bool
    is_shown: bool
    is_to_hold: bool
    held_on: date | None


def class_lines(rows: Iterable[Any], *, now: datetime) -> list[ClassLine]:
    """The surveys of a class that it can still answer or has answered, the newest first."""
    lines = []
    for row in rows:
        is_open = _is_open(row, now)
        is_held = bool(row.answer_count) and not is_open
        is_over = row.ended_on is not None or row.closes_on < clock.day_of(now)
        if is_held or is_open or not is_over:
            lines.append(
                ClassLine(
                    survey_id=row.id,
                    title=gettext("Our class") if row.only_class_id else gettext("The whole school"),
                    state=state_line(row, is_open=is_open, is_held=is_held),
                    words=row.words or "",
                    is_held=is_held,
                    is_shown=row.shown_on is not None,
                    is_to_hold=not is_held,
                    held_on=row.held_on if is_held else None,
                )
            )
    return lines


def _is_open(row: Any, now: datetime) -> bool:
    return row.open_until is not None and row.open_until > now


def state_line(row: Any, *, is_open: bool, is_held: bool) -> str:
    """How far a class has come, in one line; of an answered survey its day."""
    if is_open:
        return gettext("The hour is running")
    if is_held:
        return gettext("Answered on %(day)s", day=long_date(row.held_on))
    return gettext("Can be answered until %(day)s", day=long_date(row.closes_on))


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A class in a survey of the school: how far it has come and what it works on, and no figure."""

    ref: ClassRef
    state: str
    is_held: bool
    is_shown: bool
    words: str


def school_lines(classes: Iterable[tuple[ClassRef, Any]], *, now: datetime) -> list[SchoolLine]:
    """Every class, with how far it has come."""
    lines = []
    for ref, part in classes:
        is_held = bool(part.answer_count) and not _is_open(part, now)
        state = gettext("Answered on %(day)s", day=long_date(part.held_on)) if is_held else gettext("Not yet")
        lines.append(SchoolLine(ref, state, is_held, part.shown_on is not None, part.words or ""))
    return lines
