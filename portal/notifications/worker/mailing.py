"""Mail goes out here: claimed, written, sent and marked, each step committed before the next."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from typing import Any

from sqlalchemy import Row

from portal.acts.notices import Notice, Notices
from portal.database import db
from portal.database.transactions import changing, reading_only
from portal.notifications import queries, services
from portal.notifications.mail.letter import Letter, UnusableAddress, Withheld, make_letter
from portal.notifications.mail.post import CutOff, Post, PutOff, Refused, Unreachable
from portal.text import clock

log = logging.getLogger(__name__)

MAILS_PER_ROUND = 50
LONGEST_REST = 60.0
#: Well within the claim, so nobody else takes the rest of a batch while a slow server is still at it.
SECONDS_FOR_A_BATCH = services.CLAIM / timedelta(seconds=2)

_Row = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Batch:
    """What came of the claimed rows: mails, rows whose address is none, and rows that could not be written."""

    letters: list[Letter]
    unusable: list[tuple[_Row, str]]
    broken: list[_Row]


class Mailing:
    """Sends what waits by `post`, until `stop` is set; `rests_until` is when a server that failed is asked again."""

    def __init__(self, post: Post, stop: threading.Event) -> None:
        self.rests_until = 0.0
        self._post = post
        self._stop = stop
        self._name = secrets.token_hex(8)
        self._faults = 0

    def send_some(self, notices: Notices) -> bool:
        """Claim some mail and send it; whether there was any and the server kept up. A server at rest is left alone."""
        if monotonic() < self.rests_until:
            return False
        now = clock.now()
        with reading_only():
            is_due = queries.has_due_mail(now=now)
        if not is_due:
            return False
        with changing():
            claimed = services.claim_mail(self._name, now=now, limit=MAILS_PER_ROUND)
        letters = self._letters(claimed, notices, now)
        return bool(claimed) and self._send(letters)

    def _letters(self, claimed: list[int], notices: Notices, now: datetime) -> list[Letter]:
        """The mails of this batch. Rights, addresses and wishes are checked now; those who lost one are left out."""
        batch = _Batch([], [], [])
        with reading_only():
            for _, group in groupby(queries.list_mail(claimed), key=lambda row: row.act_id):
                rows = list(group)
                try:
                    _write_about(rows, notices.get(rows[0].kind), batch, now)
                except Exception:
                    db.session.rollback()
                    log.exception("the mails about act %d could not be written", rows[0].act_id)
                    batch.broken.extend(rows)
        kept = {letter.delivery_id for letter in batch.letters} | {row.id for row in batch.broken}
        kept |= {row.id for row, _ in batch.unusable}
        with changing():
            services.mark_dropped(set(claimed) - kept, self._name)
            for row, email in batch.unusable:
                services.mark_failed(row.id, self._name, email=email, why="address not usable", now=now)
            for row in batch.broken:
                services.put_off(
                    row.id, self._name, attempts=row.attempts, acted_at=row.at, why="could not be written", now=now
                )
        return batch.letters

    def _send(self, letters: list[Letter]) -> bool:
        """Send them one by one, each marked as soon as it is gone; whether the server kept up."""
        began = monotonic()
        rest = list(letters)
        keeps_up = True
        while rest and keeps_up and not self._stop.is_set() and monotonic() - began < SECONDS_FOR_A_BATCH:
            letter = rest.pop(0)
            with reading_only():
                is_wanted = queries.is_claimed(letter.delivery_id, self._name)  # it may have been recalled meanwhile
            keeps_up = self._hand_over(letter) if is_wanted else keeps_up
        with changing():
            services.forget_faults([letter.delivery_id for letter in letters])
            if rest:
                services.release([letter.delivery_id for letter in rest], self._name, now=clock.now())
        return keeps_up

    def _hand_over(self, letter: Letter) -> bool:
        """Send one mail and mark what became of it; False when the server is not to be bothered for a while."""
        fault: Exception | None = None
        try:
            self._post.send(letter.message, letter.address)
        except (Unreachable, CutOff, PutOff, Refused) as known:
            fault = known
        except Exception as unknown:
            log.exception("delivery %d could not be sent", letter.delivery_id)
            fault = unknown
        with changing():
            self._mark(letter, fault)
        if isinstance(fault, Unreachable | CutOff):
            self._faults += 1
            self.rests_until = monotonic() + min(2.0**self._faults, LONGEST_REST)
            log.warning("the mail server does not keep up: %s", fault)
            return False
        self._faults = 0
        return True

    def _mark(self, letter: Letter, fault: Exception | None) -> None:
        now = clock.now()
        match fault:
            case None:
                services.mark_sent(letter.delivery_id, self._name, now=now)
            case Unreachable():
                services.release([letter.delivery_id], self._name, now=now, why=str(fault))
            case Refused():
                services.mark_failed(letter.delivery_id, self._name, email=letter.email, why=str(fault), now=now)
            case _:
                is_known = isinstance(fault, CutOff | PutOff)
                services.put_off(
                    letter.delivery_id,
                    self._name,
                    attempts=letter.attempts,
                    acted_at=letter.acted_at,
                    why=str(fault) if is_known else "could not be sent",
                    now=now,
                    email=letter.email if isinstance(fault, PutOff) else "",
                )


def _write_about(rows: Sequence[_Row], notice: Notice | None, batch: _Batch, now: datetime) -> None:
    """The mails about one act."""
    today = clock.day_of(now)
    subject = queries.get_news(notice, rows[0].subject_id, now=now) if notice else None
    if notice is None or subject is None:
        return
    unread = [row for row in rows if not row.is_opened]
    only = {row.user_id for row in unread}
    told = {person.id: person for person in queries.list_told(notice, subject, today=today, only=only)}
    addresses = queries.list_addresses(told, today=today, is_proved=notice.mailed_path is None)
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
            except Withheld:
                continue
            except UnusableAddress:
                batch.unusable.append((row, addresses[row.user_id].email))
    batch.letters.extend(written)
