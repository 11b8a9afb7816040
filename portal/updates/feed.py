"""News as cards show it: rows with their address, their time in words and whether they are new to the reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row

from portal.people import Person
from portal.updates.queries import Cursor
from portal.web.filters import calendar
from portal.web.urls import address_of


class NewsItem(NamedTuple):
    """One card. `is_new` only for those it was written for: a leader's reading is no duty."""

    url: str
    title: str
    excerpt: str
    when: str
    class_label: str
    hue: int
    is_new: bool


def news_items(rows: Iterable[Row[*tuple[Any, ...]]], reader: Person) -> list[NewsItem]:
    """The cards of these rows, in their order."""
    own = reader.guardian_classes
    when = calendar().when
    address = address_of("updates.show_update", "update_id")
    return [
        NewsItem(
            url=address(row.id),
            title=row.title,
            excerpt=row.excerpt,
            when=when(row.published_at),
            class_label=row.label or "",
            hue=row.hue,
            is_new=not row.is_opened and row.class_id in own,
        )
        for row in rows
    ]


def older_than(rows: Sequence[Row[*tuple[Any, ...]]], limit: int) -> str:
    """The cursor of the next page, or "" when this page is not full."""
    return str(Cursor(rows[-1].published_at, rows[-1].id)) if len(rows) == limit else ""
