"""An agenda as people read it, and what can be chosen for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from portal.council.meetings.models import AgendaItem, ItemKind
from portal.strategy.amendments.models import Vote
from portal.strategy.amendments.presenters import kind_words, state_tag, title_of, words_html
from portal.strategy.kinds import ClauseKind
from portal.strategy.presenters import heading_words, plain_words
from portal.strategy.queries import TextRow, section_titles
from portal.web.language import gettext

LONGEST_CHOICE = 90


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One item of an agenda as pages show it; `tag` is the state of its amendment."""

    id: int
    position: int
    kind: str
    title: str
    words: Markup | str
    amendment_id: int | None
    clause_key: str | None
    tag: tuple[str, str] | None
    is_open: bool
    notes: str
    vote: Vote | None
    result: tuple[str, str] | None


def kind_name(kind: ItemKind) -> str:
    """What the council does with an item."""
    return {
        ItemKind.INFORM: gettext("we listen"),
        ItemKind.DISCUSS: gettext("we talk about it"),
        ItemKind.DECIDE: gettext("we decide"),
    }[kind]


def item_cards(items: Iterable[AgendaItem]) -> list[ItemCard]:
    """The items in order, numbered from 1."""
    return [_card(item, number) for number, item in enumerate(items, start=1)]


def _card(item: AgendaItem, number: int) -> ItemCard:
    amendment = item.amendment
    waits = item.kind is ItemKind.DECIDE and item.vote is None
    return ItemCard(
        id=item.id,
        position=number,
        kind=kind_name(item.kind),
        title=_title(item),
        words=words_html(amendment) if amendment else "",
        amendment_id=item.amendment_id,
        clause_key=item.clause_key,
        tag=state_tag(amendment.state) if amendment else None,
        is_open=waits and amendment is not None and amendment.has_open_vote,
        notes=item.notes,
        vote=item.vote,
        result=state_tag(item.vote.result) if item.vote else None,
    )


def _title(item: AgendaItem) -> str:
    if item.amendment:
        about = gettext("%(wants)s: %(words)s", wants=kind_words(item.amendment.kind), words=title_of(item.amendment))
        return f"{item.title}. {about}" if item.title else about
    return item.title or item.heading


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an agenda item is about."""

    amendment_id: int = 0
    clause_key: str | None = None
    heading: str = ""


def agenda_choices(amendments: Sequence[Row[*tuple[Any, ...]]], text: Sequence[TextRow]) -> list[tuple[str, str]]:
    """What can stand on an agenda: the council's amendments first, then the sections and clauses of the strategy."""
    choices = [
        (_amendment_choice(row.id), _cut(gettext("Suggestion: %(words)s", words=title_of(row)))) for row in amendments
    ]
    titles = section_titles({row.section: row.heading for row in text if row.heading})
    choices += [
        (f"section {title}", _cut(gettext("Section: %(words)s", words=heading_words(title))))
        for title in titles.values()
    ]
    choices += [
        (f"clause {row.key} {_cut(plain_words(row.kind, row.text))}", _cut(plain_words(row.kind, row.text)))
        for row in text
        if row.key and row.kind is ClauseKind.BULLET
    ]
    return choices


def waiting_choices(
    amendments: Sequence[Row[*tuple[Any, ...]]], taken: Collection[int | None]
) -> list[tuple[str, str]]:
    """The amendments that wait and do not stand on the agenda yet: what a press sends, and the words."""
    return [(_amendment_choice(row.id), title_of(row)) for row in amendments if row.id not in taken]


def _amendment_choice(amendment_id: int) -> str:
    return f"amendment {amendment_id}"


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_CHOICE else f"{words[:LONGEST_CHOICE].rstrip()} …"


def read_choice(choice: str) -> Chosen:
    """What a choice of `agenda_choices` stands for; nothing for an empty one."""
    kind, _, rest = choice.partition(" ")
    if kind == "amendment":
        return Chosen(amendment_id=int(rest))
    if kind == "section":
        return Chosen(heading=heading_words(rest))
    if kind == "clause":
        key, _, words = rest.partition(" ")
        return Chosen(clause_key=key, heading=words)
    return Chosen()
