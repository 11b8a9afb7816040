"""What classes said, as pages and paper show it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portal.council.class_inputs.models import Ending
from portal.council.meetings.presenters import ItemCard
from portal.web.language import gettext


@dataclass(frozen=True, slots=True)
class InputCard:
    """What a class said, and what came of it: `ending` is its tag, `doing` who does it and when."""

    id: int
    class_id: int
    label: str
    hue: int
    item_id: int | None
    about: str
    text: str
    ending: tuple[str, str] | None
    reply: str
    doing: str
    suggestion_id: int | None
    meeting_id: int | None


def ending_tag(ending: Ending) -> tuple[str, str]:
    """What came of it, and the colour of its tag."""
    return {
        Ending.USED: (gettext("we used it"), "good"),
        Ending.IN_SUGGESTION: (gettext("part of a suggestion"), "good"),
        Ending.DOING: (gettext("something we do"), "good"),
        Ending.NOT_NOW: (gettext("not now"), ""),
    }[ending]


def input_cards(rows: Iterable[Any]) -> list[InputCard]:
    """The rows as pages show them."""
    return [
        InputCard(
            id=row.id,
            class_id=row.class_id,
            label=row.label,
            hue=row.hue,
            item_id=row.item_id,
            about=row.about,
            text=row.text,
            ending=ending_tag(row.ending) if row.ending else None,
            reply=row.reply,
            doing=doing_words(row),
            suggestion_id=row.suggestion_id,
            meeting_id=row.meeting_id,
        )
        for row in rows
    ]


def cards_of_class(rows: Iterable[Any], *, follows: Collection[int]) -> list[InputCard]:
    """The rows as somebody who follows these councils sees them.

    Of what it is about in another one, whose agenda they do not read, only a clause is said.
    """
    rows = list(rows)
    is_said = {
        row.id: row.council_id in follows or (row.clause_key is not None and row.amendment_id is None) for row in rows
    }
    return [card if is_said[card.id] else replace(card, about="") for card in input_cards(rows)]


def doing_words(row: Any) -> str:
    """Who does it, and when."""
    return gettext("%(who)s, %(when)s", who=row.who, when=row.when) if row.who and row.when else str(row.who)


def by_item(cards: Iterable[InputCard], items: Sequence[ItemCard]) -> dict[int, list[InputCard]]:
    """What classes said, by the agenda item it is about; 0 holds the rest."""
    found: dict[int, list[InputCard]] = {}
    ids = {item.id for item in items}
    for card in cards:
        found.setdefault(card.item_id if card.item_id in ids else 0, []).append(card)
    return found


def topics(items: Iterable[ItemCard]) -> list[tuple[str, str]]:
    """What a class can speak about: the things on the coming agendas."""
    return [(f"item {item.id}", item.title) for item in items]
