"""What is sent on, as packets and desks show it: nothing in it says who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from portal.people import Person
from portal.policy import Action, can
from portal.school.days_off.queries import school_days
from portal.strategy.amendments.presenters import kind_title, words_html
from portal.strategy.amendments.titles import title_of
from portal.strategy.forwarding import queries
from portal.strategy.forwarding.deadline import answer_by, is_on_the_desk
from portal.strategy.kinds import Phase
from portal.strategy.presenters import heading_words
from portal.text import clock
from portal.web.dates import long_date, near_date
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for


@dataclass(frozen=True, slots=True)
class PacketItem:
    """One suggestion of a packet: what it wants, the words with the changes marked, why, and whose it is."""

    id: int
    number: int
    title: str
    wants: str
    words: Markup
    reason: str
    from_whom: str
    hands: str


def packet_items(rows: Sequence[Row[*tuple[Any, ...]]], votes: Mapping[int, str]) -> list[PacketItem]:
    """The suggestions of a packet, numbered."""
    return [
        PacketItem(
            id=row.id,
            number=number,
            title=title_of(row),
            wants=kind_title(row.kind, heading_words(row.heading) or gettext("the introduction")),
            words=words_html(row),
            reason=row.reason,
            from_whom=row.council or gettext("The grown-ups at the school"),
            hands=votes.get(row.id, ""),
        )
        for number, row in enumerate(rows, start=1)
    ]


def hands_in_words(votes: Iterable[Any]) -> dict[int, str]:
    """How each council voted, for the packet: hands and no names."""
    return {
        vote.amendment_id: gettext("All agreed.")
        if vote.is_agreed
        else gettext(
            "%(yes)s yes, %(no)s no, %(abstain)s do not know",
            yes=vote.yes_count,
            no=vote.no_count,
            abstain=vote.abstain_count,
        )
        for vote in votes
    }


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One thing that waits for a grown-up on the way of the suggestions, and the page that does it."""

    text: str
    url: str
    is_late: bool = False


def desk_of(person: Person, today: date) -> list[DeskLine]:
    """What waits for leadership, AKT and board secretary, the children's answers first; nothing for others."""
    if not can(person, Action.ADVICE_WRITE):
        return []
    lines = _to_answer(today) if can(person, Action.AMENDMENT_ANSWER) else []
    count = queries.count_with_adults()
    if count.phase is Phase.HEARING and count.no_advice:
        lines.append(_hearing_line(_no_advice(count.no_advice)))
    if count.phase is Phase.HEARING and count.no_statement and can(person, Action.MED_RECORD):
        lines.append(_hearing_line(_no_statement(count.no_statement)))
    if count.phase is Phase.BOARD and can(person, Action.BOARD_RECORD):
        lines.append(_board_line(count.forwarded))
    return lines


def _to_answer(today: date) -> list[DeskLine]:
    """What has waited ten school days for the leadership's word, the oldest first."""
    rows = [(row, clock.day_of(row.first_at)) for row in queries.list_unanswered()]
    days = school_days(today) if rows else None
    return [
        _answer_line(row, sent_on, answer_by(sent_on, days), today)
        for row, sent_on in rows
        if days and is_on_the_desk(sent_on, days, today=today)
    ]


def _answer_line(row: Row[*tuple[Any, ...]], sent_on: date, by: date, today: date) -> DeskLine:
    words, url = title_of(row), url_for("strategy.forwarding.new_word", amendment_id=row.id)
    if by < today:
        text = gettext(
            "The pupils have waited for your answer since %(day)s: %(words)s", day=long_date(sent_on), words=words
        )
        return DeskLine(text, url, is_late=True)
    return DeskLine(gettext("Answer the pupils by %(day)s: %(words)s", day=near_date(by), words=words), url)


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


def _hearing_line(text: str) -> DeskLine:
    return DeskLine(text, url_for("strategy.hearing.list_hearing"))


def _board_line(forwarded: int) -> DeskLine:
    if not forwarded:
        text = gettext("Everything is decided. The new edition can be published.")
        return DeskLine(text, url_for("strategy.publishing.publish_edition"))
    text = ngettext(
        "%(num)s suggestion waits for the board's decision.",
        "%(num)s suggestions wait for the board's decision.",
        forwarded,
    )
    return DeskLine(text, url_for("strategy.decisions.record_decisions"))
