"""The worker: does what has come due, turns acts into deliveries and sends the mail, until it is told to stop.

`serve` runs one in a thread, `flask worker` runs one by itself, and any number may run at the same time. It claims,
commits, sends, marks and commits, so nothing slow happens inside a transaction. A worker that is killed between sending
and marking has that one mail sent again, under the same Message-ID.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from typing import Any

from flask import Flask
from sqlalchemy import Row

from portal.acts.chores import Chore
from portal.acts.notices import Notices
from portal.database import db
from portal.database.transactions import AWAY, reading_only, why_away, writing
from portal.notifications import queries, services
from portal.notifications.mail.letter import Letter, UnusableAddress, make_letter
from portal.notifications.mail.post import CutOff, Post, PutOff, Refused, Unreachable, post_of
from portal.settings import Settings
from portal.text import clock

log = logging.getLogger(__name__)

ACTS_PER_ROUND = 20
MAILS_PER_ROUND = 50
SECONDS_BETWEEN_ROUNDS = 2.0
LONGEST_REST = 60.0
SECONDS_TO_STOP = 0.8
AFTER_A_FAULT = timedelta(minutes=1)
NOT_USABLE = "address not usable"
#: Well within the claim, so nobody else takes the rest of a batch while a slow server is still at it.
SECONDS_FOR_A_BATCH = services.CLAIM / timedelta(seconds=2)


_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What came of the claimed rows: mails, rows whose address is none, and rows that could not be written."""

    letters: list[Letter]
    unusable: list[tuple[_Row, str]]
    broken: list[_Row]


class Worker:
    """One worker; `post` is where its mail goes, by default where the settings say."""

    def __init__(self, app: Flask, post: Post | None = None) -> None:
        self.app = app
        self.settings: Settings = app.extensions["portal.settings"]
        self.notices: Notices = app.extensions["portal.notices"]
        self.chores: Sequence[Chore] = app.extensions["portal.chores"]
        self.name = secrets.token_hex(8)
        self.post = post or post_of(self.settings)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._rests_until = 0.0
        self._faults = 0
        self._looks_again_at: dict[str, datetime] = {}

    def start(self) -> None:
        """Work in a thread of its own, which ends with the process."""
        self._thread = threading.Thread(target=self.run, name="outbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop within a second, also in the middle of waiting for a mail server."""
        self._stop.set()
        self.post.interrupt()
        if self._thread is not None:
            self._thread.join(SECONDS_TO_STOP)

    def run(self) -> None:
        """Work until told to stop. No fault ends it: what failed is tried again."""
        while not self._stop.is_set():
            try:
                has_more = self.round()
            except AWAY as fault:
                log.error("the outbox waits, the database is not available: %s", why_away(fault))
                has_more = False
            except Exception:
                log.exception("a round of the outbox failed")
                has_more = False
            if not has_more:
                self._stop.wait(SECONDS_BETWEEN_ROUNDS)
        self.post.close()

    def round(self) -> bool:
        """Do what is due, tell of some acts and send some mail; whether there may be more to do at once."""
        with self.app.app_context():
            self._do_chores()
            has_told = self._tell_some()
            has_sent = monotonic() >= self._rests_until and self._send_some()
        return has_told or has_sent

    def _do_chores(self) -> None:
        """Do everything that has come due, each in a transaction of its own. What fails is tried again later."""
        now = clock.now()
        for chore in self.chores:
            if now < self._looks_again_at.get(chore.name, now):
                continue
            self._looks_again_at[chore.name] = now + chore.every
            if not self._do(chore, now):
                self._looks_again_at[chore.name] = now + max(chore.every, AFTER_A_FAULT)

    @staticmethod
    def _do(chore: Chore, now: datetime) -> bool:
        """Do what is due of one kind, one by one; False when some of it failed, which stands in nobody's way."""
        is_done = True
        try:
            with reading_only():
                due = list(chore.find(now))
        except Exception:
            log.exception("what is due could not be found: %s", chore.name)
            return False
        for row_id in due:
            try:
                with _writing():
                    chore.do(row_id, now)
            except AWAY as fault:
                log.error("%s: %d waits, %s", chore.name, row_id, why_away(fault))
                is_done = False
            except Exception:
                log.exception("%s: %d failed", chore.name, row_id)
                is_done = False
        return is_done

    def _tell_some(self) -> bool:
        now = clock.now()
        with reading_only():
            acts = queries.list_waiting_acts(now=now, limit=ACTS_PER_ROUND)
        for act in acts:
            try:
                self._tell(act, now)
            except AWAY as fault:  # in one line: a full disk is not to be filled further by the log
                log.error("act %d could not be told: %s", act.id, why_away(fault))
                with _writing():
                    services.put_act_off(act.id, now=now, pause=services.TELL_AGAIN_SOON)
            except Exception:
                log.exception("act %d could not be told", act.id)
                with _writing():
                    services.put_act_off(act.id, now=now)
        return bool(acts)

    def _tell(self, act: _Row, now: datetime) -> None:
        """Make the deliveries of one act; who did it is not told of it."""
        today, notice = clock.local(now).date(), self.notices.get(act.kind)
        told: dict[int, int | None] = {}
        with_mail: set[int] = set()
        page_id: int | None = None
        if notice is not None:
            with reading_only():
                subject = queries.get_news(notice, act.subject_id, now=now)
                everybody = queries.list_told(notice, subject, today=today) if subject is not None else []
                told = {one.id: notice.class_of(subject, one) for one in everybody if one.id != act.actor_id}
                page_id = notice.shown(subject).id if subject is not None else None
                if self.settings.sends_mail:
                    with_mail = set(queries.list_addresses(told, today=today))
        with _writing():
            if services.take_waiting(act.id):
                services.keep_deliveries(act.id, told, with_mail=with_mail, now=now, page_id=page_id)

    def _send_some(self) -> bool:
        now = clock.now()
        with reading_only():
            is_due = queries.has_due_mail(now=now)
        if not is_due:
            return False
        with _writing():
            claimed = services.claim_mail(self.name, now=now, limit=MAILS_PER_ROUND)
        letters = self._letters(claimed, now)
        return bool(claimed) and self._send(letters)

    def _letters(self, claimed: list[int], now: datetime) -> list[Letter]:
        """The mails of this batch. Rights, addresses and wishes are looked at now; who has lost one is left out."""
        batch = _Batch([], [], [])
        with reading_only():
            for _, group in groupby(queries.list_mail(claimed), key=lambda row: row.act_id):
                rows = list(group)
                try:
                    self._write_about(rows, batch, now)
                except Exception:
                    db.session.rollback()
                    log.exception("the mails about act %d could not be written", rows[0].act_id)
                    batch.broken.extend(rows)
        kept = {letter.delivery_id for letter in batch.letters} | {row.id for row in batch.broken}
        kept |= {row.id for row, _ in batch.unusable}
        with _writing():
            services.mark_dropped(set(claimed) - kept, self.name)
            for row, email in batch.unusable:
                services.mark_failed(row.id, self.name, email=email, why=NOT_USABLE, now=now)
            for row in batch.broken:
                services.put_off(
                    row.id, self.name, attempts=row.attempts, acted_at=row.at, why="could not be written", now=now
                )
        return batch.letters

    def _write_about(self, rows: Sequence[_Row], batch: _Batch, now: datetime) -> None:
        """The mails about one act."""
        today, notice = clock.local(now).date(), self.notices.get(rows[0].kind)
        subject = queries.get_news(notice, rows[0].subject_id, now=now) if notice else None
        if notice is None or subject is None:
            return
        unread = [row for row in rows if not row.is_opened]
        only = {row.user_id for row in unread}
        told = {person.id: person for person in queries.list_told(notice, subject, today=today, only=only)}
        addresses = queries.list_addresses(told, today=today)
        page_id, written = notice.shown(subject).id, list[Letter]()
        for row in unread:
            if row.user_id in addresses:
                try:
                    written.append(
                        make_letter(
                            notice,
                            told[row.user_id],
                            addresses[row.user_id],
                            delivery_id=row.id,
                            page_id=page_id,
                            class_id=row.class_id,
                            acted_at=row.at,
                            attempts=row.attempts,
                        )
                    )
                except UnusableAddress:
                    batch.unusable.append((row, addresses[row.user_id].email))
        batch.letters.extend(written)

    def _send(self, letters: list[Letter]) -> bool:
        """Send them one by one, each marked as soon as it is gone; whether the server kept up."""
        began = monotonic()
        rest = list(letters)
        keeps_up = True
        while rest and keeps_up and not self._stop.is_set() and monotonic() - began < SECONDS_FOR_A_BATCH:
            letter = rest.pop(0)
            with reading_only():
                is_wanted = queries.is_claimed(letter.delivery_id, self.name)  # it may have been recalled meanwhile
            keeps_up = self._hand_over(letter) if is_wanted else keeps_up
        if rest:
            with _writing():
                services.release([letter.delivery_id for letter in rest], self.name, now=clock.now())
        return keeps_up

    def _hand_over(self, letter: Letter) -> bool:
        """Send one mail and mark what became of it; False when the server is not to be bothered for a while."""
        fault: Exception | None = None
        try:
            self.post.send(letter.message, letter.address)
        except (Unreachable, CutOff, PutOff, Refused) as known:
            fault = known
        except Exception as unknown:
            log.exception("delivery %d could not be sent", letter.delivery_id)
            fault = unknown
        with _writing():
            self._mark(letter, fault)
        if isinstance(fault, Unreachable | CutOff):
            self._faults += 1
            self._rests_until = monotonic() + min(2.0**self._faults, LONGEST_REST)
            log.warning("the mail server does not keep up: %s", fault)
            return False
        self._faults = 0
        return True

    def _mark(self, letter: Letter, fault: Exception | None) -> None:
        now = clock.now()
        match fault:
            case None:
                services.mark_sent(letter.delivery_id, self.name, now=now)
            case Unreachable():
                services.release([letter.delivery_id], self.name, now=now, why=str(fault))
            case Refused():
                services.mark_failed(letter.delivery_id, self.name, email=letter.email, why=str(fault), now=now)
            case _:
                is_known = isinstance(fault, CutOff | PutOff)
                services.put_off(
                    letter.delivery_id,
                    self.name,
                    attempts=letter.attempts,
                    acted_at=letter.acted_at,
                    why=str(fault) if is_known else "could not be sent",
                    now=now,
                    email=letter.email if isinstance(fault, PutOff) else "",
                )


@contextmanager
def _writing() -> Iterator[None]:
    """Change something, all or nothing."""
    before = writing.set(True)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        writing.reset(before)
