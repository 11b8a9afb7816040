"""An agenda as people read it, and what can be chosen for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from portal.council.meetings.models import AgendaItem, ItemKind
from portal.policy.predicates import LEFT_THE_COUNCIL
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.amendments.presenters import kind_words, state_tag, words_html
from portal.strategy.amendments.titles import title_of
from portal.strategy.kinds import AmendmentKind, AmendmentState, ClauseKind
from portal.strategy.presenters import heading_words, plain_words
from portal.strategy.queries import TextRow, section_titles
from portal.strategy.replies.models import Reply
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
    reply_id: int


def kind_name(kind: ItemKind) -> str:
    """What the council does with an item."""
    return {
        ItemKind.INFORM: gettext("we listen"),
        ItemKind.DISCUSS: gettext("we talk about it"),
        ItemKind.DECIDE: gettext("we decide"),
    }[kind]


def item_cards(items: Iterable[AgendaItem], unread: Iterable[Reply] = ()) -> list[ItemCard]:
    """The items in order, numbered from 1; `unread` are answers the council has not heard yet."""
    sheets = {reply.amendment_id: reply.id for reply in unread if reply.is_for_council}
    return [_card(item, number, sheets.get(item.amendment_id or 0, 0)) for number, item in enumerate(items, start=1)]


def _card(item: AgendaItem, number: int, reply_id: int) -> ItemCard:
    amendment = item.amendment
    seen = _seen(item)
    waits = item.kind is ItemKind.DECIDE and item.vote is None
    return ItemCard(
        id=item.id,
        position=number,
        kind=kind_name(item.kind),
        title=_title(item),
        words=words_html(seen) if seen and not _is_answer(item) else "",
        amendment_id=item.amendment_id,
        clause_key=item.clause_key,
        tag=state_tag(seen.state) if seen else None,
        is_open=waits and amendment is not None and amendment.has_open_vote,
        notes=item.notes,
        vote=item.vote,
        result=state_tag(item.vote.result) if item.vote else None,
        reply_id=reply_id if item.kind is ItemKind.INFORM else 0,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """An amendment as the meeting saw it, in place of what it says today."""

    kind: AmendmentKind
    title: str
    base_text: str
    new_text: str
    state: AmendmentState


def _seen(item: AgendaItem) -> Amendment | _Seen | None:
    if item.kept_state is None or item.kept_kind is None:
        return item.amendment
    return _Seen(
        item.kept_kind,
        item.kept_title or "",
        item.kept_base_text or "",
        item.kept_new_text or "",
        item.vote.result if item.vote else item.kept_state,
    )


def _is_answer(item: AgendaItem) -> bool:
    """Whether it is the board's answer that is read aloud, and not the suggestion that is talked about."""
    seen = _seen(item)
    return item.kind is ItemKind.INFORM and seen is not None and seen.state in LEFT_THE_COUNCIL


def _title(item: AgendaItem) -> str:
    if seen := _seen(item):
        if _is_answer(item):
            return gettext("The answer to: %(title)s", title=title_of(seen))
        about = gettext("%(wants)s: %(words)s", wants=kind_words(seen.kind), words=title_of(seen))
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
