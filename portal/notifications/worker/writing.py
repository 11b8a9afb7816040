"""The mails of one claim are written here, in portions: who may be told what is asked as late as that."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from portal.acts.notices import Notice, Notices
from portal.acts.topics import Rhythm
from portal.database import db
from portal.notifications import queries
from portal.notifications.choices.queries import Chosen, list_chosen
from portal.notifications.mail.day import Item
from portal.notifications.mail.hours import quiet_until
from portal.notifications.mail.letter import Letter, Stamp, UnusableAddress, Withheld, make_letter
from portal.notifications.queries import Address
from portal.notifications.words import named
from portal.people import Person, load_people
from portal.policy import can
from portal.text import clock

log = logging.getLogger(__name__)

MailRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of some claimed rows. What is in none of these lists is not to be sent.

    `unusable` are the rows of a mail with its address, which is none; `broken` those that could not be written;
    `resting` those that wait for the morning.
    """

    letters: list[Letter] = field(default_factory=list)
    unusable: list[tuple[Sequence[MailRow], str]] = field(default_factory=list)
    broken: list[MailRow] = field(default_factory=list)
    resting: list[MailRow] = field(default_factory=list)

    @property
    def kept(self) -> set[int]:
        """The deliveries that something has come of."""
        rows = [*self.broken, *self.resting, *(row for rows, _ in self.unusable for row in rows)]
        return {row.id for row in rows}.union(*(letter.delivery_ids for letter in self.letters))


@dataclass(frozen=True, slots=True)
class _News:
    """What an act is about, and whom it is for."""

    notice: Notice
    subject: Any
    recipients: Collection[int]


@dataclass(frozen=True, slots=True)
class _Readers:
    """Those a portion is for, as they are now."""

    people: Mapping[int, Person]
    addresses: Mapping[int, Address]
    chosen: Mapping[int, Chosen]


class Writer:
    """Writes the mails of one claim. An act's recipients are asked for once, the rights of each portion's anew."""

    def __init__(self, notices: Notices, now: datetime) -> None:
        self._notices = notices
        self._now = now
        self._today: date = clock.day_of(now)
        self._news: dict[int, _News | None] = {}
        self._broken: set[int] = set()

    def write(self, rows: Sequence[MailRow]) -> Batch:
        """The mails of these rows, which hold whole letters."""
        batch = Batch()
        ids = {row.user_id for row in rows}
        readers = _Readers(
            {person.id: person for person in load_people(ids, today=self._today)},
            queries.list_addresses(ids, today=self._today),
            list_chosen(ids),
        )
        for _, group in groupby(rows, key=lambda row: row.letter):
            letter = list(group)
            try:
                self._write_letter(letter, readers, batch)
            except Exception:
                db.session.rollback()
                log.exception("the mail of delivery %d could not be written", letter[0].id)
                batch.broken.extend(letter)
        return batch

    def _write_letter(self, rows: Sequence[MailRow], readers: _Readers, batch: Batch) -> None:
        person, address = readers.people.get(rows[0].user_id), readers.addresses.get(rows[0].user_id)
        if person is None or address is None:
            return
        chosen = readers.chosen.get(person.id, {})
        told = [(row, item) for row in rows if (item := self._item(row, person, address, chosen, batch))]
        if not told:
            return
        first = rows[0]
        if not first.is_gathered and told[0][1].notice.topic.is_work and quiet_until(self._now):
            batch.resting.extend(rows)
            return
        stamp = Stamp(first.letter, first.due_at if first.is_gathered else first.at, first.due_at, first.attempts)
        items = [item for _, item in told]
        ids = tuple(row.id for row, _ in told)
        try:
            letter = make_letter(person, address, items, stamp, delivery_ids=ids, is_gathered=first.is_gathered)
            batch.letters.append(letter)
        except Withheld:
            return
        except UnusableAddress:
            batch.unusable.append(([row for row, _ in told], address.email))

    def _item(self, row: MailRow, person: Person, address: Address, chosen: Chosen, batch: Batch) -> Item | None:
        """One thing of a mail, if this person is still to be told of it: unread, wanted, true and theirs to see."""
        if row.is_opened:
            return None
        news = self._news_of(row)
        if row.act_id in self._broken:
            batch.broken.append(row)
            return None
        if news is None or row.user_id not in news.recipients:
            return None
        notice, subject = news.notice, news.subject
        is_to_be_told = (
            address.is_proved is (notice.mailed_path is None)
            and notice.topic.rhythm(chosen) != Rhythm.OFF
            and notice.is_news(subject, self._now)
            and can(person, notice.needs, notice.shown(subject))
        )
        if not is_to_be_told:
            return None
        return Item(notice, subject, named(person, row.class_id, notice.children_of(subject, person)), row.act_id)

    def _news_of(self, row: MailRow) -> _News | None:
        """What the act is about; looked for once, also when that fails."""
        if row.act_id not in self._news:
            self._news[row.act_id] = None
            try:
                self._news[row.act_id] = self._find(row)
            except Exception:
                db.session.rollback()
                log.exception("the mails about act %d could not be written", row.act_id)
                self._broken.add(row.act_id)
        return self._news[row.act_id]

    def _find(self, row: MailRow) -> _News | None:
        notice = self._notices.get(row.kind)
        subject = queries.get_news(notice, row, now=self._now) if notice else None
        if notice is None or subject is None:
            return None
        return _News(notice, subject, frozenset(notice.recipients(subject, self._today)))
