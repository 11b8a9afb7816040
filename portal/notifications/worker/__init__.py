"""The worker: does what has come due, turns acts into deliveries and sends the mail, until it is told to stop.

`flask worker` runs one, `serve` starts that as a process of its own, and any number may run at the same time. It
claims, commits, sends, marks and commits, so nothing slow happens inside a transaction. A worker that is killed between
sending and marking has that one mail sent again, under the same Message-ID.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from flask import Flask

from portal.acts.chores import Chore
from portal.acts.notices import Notices
from portal.database.transactions import AWAY, why_away
from portal.notifications.mail.post import Post, post_of
from portal.notifications.worker.chores import Diary
from portal.notifications.worker.mailing import Mailing
from portal.notifications.worker.telling import tell_some
from portal.settings import Settings

log = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 2.0
SECONDS_TO_STOP = 0.8


class Worker:
    """One worker; `post` is where its mail goes, by default where the settings say."""

    def __init__(self, app: Flask, post: Post | None = None) -> None:
        self.app = app
        self.settings: Settings = app.extensions["portal.settings"]
        self.notices: Notices = app.extensions["portal.notices"]
        self.chores: Sequence[Chore] = app.extensions["portal.chores"]
        self.post = post or post_of(self.settings)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.diary = Diary()
        self.mailing = Mailing(self.post, self._stop)

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
            self.do_chores()
            has_told = self.tell_some()
            has_sent = self.mailing.send_some(self.notices)
        return has_told or has_sent

    def do_chores(self) -> None:
        """The part of a round in which that is done which has come due."""
        self.diary.do_due(self.chores)

    def tell_some(self) -> bool:
        """The part of a round that turns acts into deliveries; whether there were any."""
        return tell_some(self.notices, sends_mail=self.settings.sends_mail)
