"""What is sent on, as packets and desks show it: nothing in it says who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from portal.strategy.amendments.presenters import kind_title, words_html
from portal.strategy.amendments.titles import title_of
from portal.strategy.presenters import heading_words
from portal.web.language import gettext


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
