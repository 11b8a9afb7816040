"""News as pages show it: cards with their time in words, and what stands beside the text of one update."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row

from portal.people import ClassRef, Person
from portal.school import queries as school
from portal.strategy.presenters import plain_words
from portal.text import clock, richtext
from portal.updates.desk import queries as writing_queries
from portal.updates.models import WellbeingUpdate
from portal.updates.queries import Cursor
from portal.web.dates import calendar
from portal.web.language import gettext, ngettext
from portal.web.urls import address_of, url_for

CLAUSE_LENGTH = 160


class NewsItem(NamedTuple):
    """One card. `is_new` only for those it was written for: not for a leader, nor for a home that has come since."""

    url: str
    title: str
    excerpt: str
    when: str
    class_label: str
    hue: int
    is_new: bool


def news_items(rows: Iterable[Row[*tuple[Any, ...]]], reader: Person) -> list[NewsItem]:
    """The cards of these rows, in their order."""
    joined_on = reader.joined_on
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
            is_new=not row.is_opened and joined_on.get(row.class_id, date.max) <= clock.day_of(row.told_at),
        )
        for row in rows
    ]


def older_than(rows: Sequence[Row[*tuple[Any, ...]]], limit: int) -> str:
    """The cursor of the next page (keyset paging), or "" when this page is not full."""
    return str(Cursor(rows[-1].published_at, rows[-1].id)) if len(rows) == limit else ""


def ref_of(update: WellbeingUpdate, reader: Person) -> ClassRef:
    """The class of an update, without asking the database when it is one of the reader's own."""
    return reader.classes.get(update.class_id) or school.get_class_ref(update.class_id, today=clock.today())


def list_clauses(update_id: int) -> list[tuple[str, str]]:
    """What of the strategy an update is about: the address and the first words of each point."""
    return [
        (url_for("strategy.show_clause", key=row.key), richtext.excerpt(plain_words(row.kind, row.text), CLAUSE_LENGTH))
        for row in writing_queries.list_pointed_clauses(update_id)
    ]


def list_sent_along(update: WellbeingUpdate, reader: Person) -> list[tuple[str, str]]:
    """Where else the same text went in one go, as far as the reader is in those teams: label and address."""
    others = [class_id for class_id in reader.teams if class_id != update.class_id]
    rows = writing_queries.list_sent_along(update, others)
    return [
        (reader.teams[class_id].label, url_for("updates.show_update", update_id=update_id))
        for update_id, class_id in rows
    ]


def audience_in_words(ref: ClassRef) -> str:
    """Who will get it, in words and numbers, before it is sent."""
    return gettext(
        "Goes to %(audience)s", audience=audience_of(ref.label, *school.count_homes(ref.id, today=clock.today()))
    )


def audience_of(label: str, guardians: int, children: int) -> str:
    """The homes of a class in words and numbers: "42 guardians of 24 children in 3.A"."""
    return gettext(
        "%(guardians)s of %(children)s in %(label)s",
        guardians=ngettext("%(num)s guardian", "%(num)s guardians", guardians),
        children=ngettext("%(num)s child", "%(num)s children", children),
        label=label,
    )
