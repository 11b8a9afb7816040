"""What is sent on, as packets and desks show it: nothing in it says who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup
from sqlalchemy import Row

from portal.strategy.amendments.presenters import kind_title, words_html
from portal.strategy.amendments.titles import title_of
from portal.strategy.presenters import heading_words
from portal.text import clock
from portal.text.pdf.content import content_of
from portal.web.dates import long_date
from portal.web.language import gettext, ngettext


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


def packet_title(today: date) -> str:
    """What the packet of a school year is called."""
    return gettext("The councils' suggestions %(year)s", year=clock.school_year_name(clock.school_year(today)))


def packet_on_paper(
    items: Sequence[PacketItem], presenters_count: int, today: date, base_url: str, address: str
) -> dict[str, Any]:
    """The packet as its PDF is made of it; `address` is where it is read in the portal that is at `base_url`."""
    before = []
    if presenters_count:
        before.append(
            ngettext(
                "The councils' pupil on the school board presents them.",
                "The councils' %(num)s pupils on the school board present them.",
                presenters_count,
            )
        )
    return {
        "lead": gettext("Everything that leadership, MED committee and board have before them now."),
        "before": [*before, gettext("Underlined is new. Crossed out goes away.")]
        if items
        else [
            gettext("Nothing is with the grown-ups now"),
            gettext("When a council has adopted something and its contact teacher has sent it on, it stands here."),
        ],
        "why": gettext("Why"),
        "items": [_item_on_paper(item, base_url) for item in items],
        "printed": gettext("Printed %(day)s.", day=long_date(today)),
        "address": base_url + address,
    }


def _item_on_paper(item: PacketItem, base_url: str) -> dict[str, Any]:
    whose = gettext("Suggestion from %(whom)s", whom=item.from_whom)
    return {
        "title": f"{item.number}. {item.title}",
        "eyebrow": " · ".join(filter(None, [item.wants, whose, item.hands])),
        "words": content_of(item.words, base_url),
        "reason": item.reason,
    }
