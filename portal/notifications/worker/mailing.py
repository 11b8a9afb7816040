"""Mail goes out here: claimed, written, sent and marked, each step committed before the next."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic

from portal.acts.notices import Notices
from portal.database.transactions import changing, reading_only
from portal.notifications import queries, services
from portal.notifications.mail.hours import quiet_until
from portal.notifications.mail.letter import Letter
from portal.notifications.mail.post import CutOff, Post, PutOff, Refused, Unreachable
from portal.notifications.worker.writing import MailRow, Writer
from portal.text import clock

log = logging.getLogger(__name__)

#: Many are claimed at once, so that an act's recipients are asked for once, and few of them written at a time.
MAILS_PER_CLAIM, MAILS_AT_A_TIME = 400, 50
LONGEST_REST = 60.0
#: Well within the claim, so nobody else takes the rest of a batch while a slow server is still at it.
SECONDS_FOR_A_CLAIM = services.CLAIM / timedelta(seconds=2)


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
            claimed = services.claim_mail(self._name, now=now, limit=MAILS_PER_CLAIM)
        return bool(claimed) and self._send_claimed(claimed, notices, now)

    def _send_claimed(self, claimed: Sequence[int], notices: Notices, now: datetime) -> bool:
        """Write and send what is claimed, some mails at a time; whether the server kept up. The rest is given back."""
        ends = monotonic() + SECONDS_FOR_A_CLAIM
        writer, keeps_up = Writer(notices, now), True
        with reading_only():
            rest = _portions(queries.list_mail(claimed))
        while rest and keeps_up and self._may_go_on(ends):
            rows = rest.pop(0)
            keeps_up = self._send(self._letters(rows, writer, now), ends)
        if rest:
            with changing():
                services.release([row.id for rows in rest for row in rows], self._name, now=clock.now())
        return keeps_up

    def _may_go_on(self, ends: float) -> bool:
        return not self._stop.is_set() and monotonic() < ends

    def _letters(self, rows: Sequence[MailRow], writer: Writer, now: datetime) -> list[Letter]:
        """The mails of these rows. What is not to be sent any more is dropped, what cannot be written put off."""
        with reading_only():
            batch = writer.write(rows)
        with changing():
            services.mark_dropped({row.id for row in rows} - batch.kept, self._name)
            for unusable, email in batch.unusable:
                ids = [row.id for row in unusable]
                services.mark_failed(ids, self._name, email=email, why="address not usable", now=now)
            for row in batch.broken:
                services.set_aside(row.id, self._name, attempts=row.attempts, since=row.at, now=now)
            if batch.resting:
                services.delay([row.id for row in batch.resting], self._name, until=quiet_until(now) or now)
        return batch.letters

    def _send(self, letters: list[Letter], ends: float) -> bool:
        """Send them one by one, each marked as soon as it is gone; whether the server kept up."""
        rest = list(letters)
        keeps_up = True
        while rest and keeps_up and self._may_go_on(ends):
            letter = rest.pop(0)
            with reading_only():
                held = queries.list_claimed(letter.delivery_ids, self._name)  # some may have been recalled meanwhile
            if held == set(letter.delivery_ids):
                keeps_up = self._hand_over(letter)
            elif held:  # and the mail is to be written without it
                with changing():
                    services.release(held, self._name, now=clock.now())
        with changing():
            services.forget_faults([delivery_id for letter in letters for delivery_id in letter.delivery_ids])
            if rest:
                ids = [delivery_id for letter in rest for delivery_id in letter.delivery_ids]
                services.release(ids, self._name, now=clock.now())
        return keeps_up

    def _hand_over(self, letter: Letter) -> bool:
        """Send one mail and mark what became of it; False when the server is not to be bothered for a while."""
        fault: Exception | None = None
        try:
            self._post.send(letter.message, letter.address)
        except (Unreachable, CutOff, PutOff, Refused) as known:
            fault = known
        except Exception as unknown:
            log.exception("delivery %d could not be sent", letter.delivery_ids[0])
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
        now, ids = clock.now(), letter.delivery_ids
        match fault:
            case None:
                services.mark_sent(ids, self._name, now=now)
            case Unreachable():
                services.release(ids, self._name, now=now, why=str(fault))
            case Refused():
                services.mark_failed(ids, self._name, email=letter.email, why=str(fault), now=now)
            case _:
                is_known = isinstance(fault, CutOff | PutOff)
                services.put_off(
                    ids,
                    self._name,
                    attempts=letter.stamp.attempts,
                    since=letter.stamp.due_at,
                    why=str(fault) if is_known else "could not be sent",
                    now=now,
                    email=letter.email if isinstance(fault, PutOff) else "",
                )


def _portions(rows: Sequence[MailRow]) -> list[list[MailRow]]:
    """Rows that hold whole letters, some letters in each."""
    letters = [list(group) for _, group in groupby(rows, key=lambda row: row.letter)]
    starts = range(0, len(letters), MAILS_AT_A_TIME)
    return [[row for letter in letters[start : start + MAILS_AT_A_TIME] for row in letter] for start in starts]
