"""What waits for the grown-ups on the way of the suggestions: an answer to the pupils, hearing, board, new edition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func

from portal.people import Person
from portal.policy import Action, can
from portal.school.days_off.queries import school_days
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.titles import title_of_words
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.forwarding.deadline import answer_by, is_on_the_desk
from portal.strategy.forwarding.queries import is_unanswered, last_sent
from portal.strategy.hearing.models import Body, Statement
from portal.strategy.kinds import AmendmentKind, AmendmentState, Phase
from portal.text import clock
from portal.waiting import Line, Waiting, waits
from portal.web.dates import long_date, near_date
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for


def _whole(text: Callable[[int], str], page: str) -> Callable[..., list[Line]]:
    """The one line of a kind that counts for the whole school."""
    return lambda rows, person, today: [Line(text(row.many), url_for(page)) for row in rows]


def _no_advice(many: int) -> str:
    return ngettext(
        "%(num)s suggestion has no advice from the leadership yet.",
        "%(num)s suggestions have no advice from the leadership yet.",
        many,
    )


def _no_statement(many: int) -> str:
    return ngettext(
        "%(num)s suggestion has no statement from the MED committee yet.",
        "%(num)s suggestions have no statement from the MED committee yet.",
        many,
    )


def _for_board(many: int) -> str:
    return ngettext(
        "%(num)s suggestion waits for the board's decision.",
        "%(num)s suggestions wait for the board's decision.",
        many,
    )


def _all_decided(many: int) -> str:
    return gettext("Everything is decided. The new edition can be published.")


def _to_answer(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    """What has waited ten school days for the leadership's word, who has waited longest first."""
    days = school_days(today)
    sent = [(row, clock.day_of(row.since)) for row in sorted(rows, key=lambda row: (row.since, row.subject_id))]
    return [
        _answer_line(row, sent_on, answer_by(sent_on, days), today)
        for row, sent_on in sent
        if is_on_the_desk(sent_on, days, today=today)
    ]


def _answer_line(row: Any, sent_on: date, by: date, today: date) -> Line:
    words = row.words if row.many == 1 else title_of_words(row.words)
    url = url_for("strategy.forwarding.new_word", amendment_id=row.subject_id)
    if by >= today:
        return Line(gettext("Answer the pupils by %(day)s: %(words)s", day=near_date(by), words=words), url)
    text = gettext(
        "The pupils have waited for your answer since %(day)s: %(words)s", day=long_date(sent_on), words=words
    )
    return Line(text, url, is_late=True)


def _is_phase(phase: Phase) -> ColumnElement[bool]:
    return exists().where(RevisionCycle.is_open, RevisionCycle.phase == phase)


def _has_said(body: Body) -> ColumnElement[bool]:
    return exists().where(Statement.amendment_id == Amendment.id, Statement.body == body)


_is_with_adults = Amendment.state == AmendmentState.FORWARDED
_nothing_is_with_adults = ~exists().where(_is_with_adults)
_counted = partial(waits, many=func.count())

WAITING = (
    Waiting(
        "to_answer",
        asks=lambda person: can(person, Action.AMENDMENT_ANSWER),
        found=waits(
            "to_answer",
            subject_id=Amendment.id,
            since=last_sent(),
            many=case((Amendment.title != "", 1), else_=2),  # 2: the words are how it begins, and no title
            words=case(
                (Amendment.title != "", Amendment.title),
                (Amendment.kind == AmendmentKind.REMOVE, Amendment.base_text),
                else_=Amendment.new_text,
            ),
        ).where(is_unanswered()),
        lines=_to_answer,
    ),
    Waiting(
        "no_advice",
        asks=lambda person: can(person, Action.ADVICE_WRITE),
        found=_counted("no_advice").where(_is_phase(Phase.HEARING), _is_with_adults, ~_has_said(Body.LEADERSHIP)),
        lines=_whole(_no_advice, "strategy.hearing.list_hearing"),
    ),
    Waiting(
        "no_statement",
        asks=lambda person: can(person, Action.MED_RECORD),
        found=_counted("no_statement").where(_is_phase(Phase.HEARING), _is_with_adults, ~_has_said(Body.MED)),
        lines=_whole(_no_statement, "strategy.hearing.list_hearing"),
    ),
    Waiting(
        "for_board",
        asks=lambda person: can(person, Action.BOARD_RECORD),
        found=_counted("for_board").where(_is_phase(Phase.BOARD), _is_with_adults),
        lines=_whole(_for_board, "strategy.decisions.record_decisions"),
    ),
    Waiting(
        "all_decided",
        asks=lambda person: can(person, Action.BOARD_RECORD),
        found=waits("all_decided").where(_is_phase(Phase.BOARD), _nothing_is_with_adults),
        lines=_whole(_all_decided, "strategy.publishing.publish_edition"),
    ),
)
