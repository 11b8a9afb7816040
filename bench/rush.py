"""`python -m bench.rush`: what readers feel while a school's mail goes out, against a quiet minute before.

The portal serves a made-up school of 600 pupils as `serve` does, with its worker beside it. Readers ask for six pages,
80 times a second whether answered or not, as long as it is quiet; then something has happened in each class, everybody
wants it at once, and they go on asking until the last mail has left.
"""

from __future__ import annotations

import http.client
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from queue import Queue
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter, sleep

from flask import Flask
from sqlalchemy import delete, func, insert, select, update

from bench import data, load
from bench.__main__ import PAGES, SECRET
from bench.evening import _take_mail
from bench.measure import cookie_of
from portal import create_app
from portal.accounts.models import User
from portal.acts import services as acts
from portal.acts.models import ActKind, WaitingAct
from portal.acts.topics import Rhythm, Topic
from portal.database import db
from portal.database.transactions import reading_only
from portal.notifications.choices.models import MailChoice
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.people import BY_ITSELF
from portal.school.models import Guardianship
from portal.settings import Settings
from portal.text import clock
from portal.updates.models import WellbeingUpdate

A_SECOND, READERS, WARM_SECONDS, QUIET_SECONDS, LONGEST = 80, 32, 2.0, 8.0, 90.0
MAILED = (Delivery.channel == Channel.MAIL, Delivery.state == DeliveryState.SENT)


def _want_mail_at_once() -> None:
    """Every guardian has an address and wants each mail at once."""
    guardians = select(Guardianship.guardian_id).distinct()
    address = "guardian" + func.cast(User.id, User.email.type) + "@hjem.example"
    db.session.execute(update(User).where(User.id.in_(guardians)).values(email=address))
    chosen = [
        {"user_id": one, "topic": Topic.EVERYTHING, "rhythm": Rhythm.AT_ONCE} for one in db.session.scalars(guardians)
    ]
    db.session.execute(delete(MailChoice))
    db.session.execute(insert(MailChoice), chosen)
    db.session.execute(delete(WaitingAct))
    db.session.execute(update(Delivery).where(Delivery.channel == Channel.MAIL).values(state=DeliveryState.DROPPED))
    db.session.commit()


def _something_happens() -> None:
    """The newest text of each class is told of."""
    newest = select(func.max(WellbeingUpdate.id)).group_by(WellbeingUpdate.class_id)
    for told in db.session.scalars(select(WellbeingUpdate).where(WellbeingUpdate.id.in_(newest))).all():
        acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, told, now=clock.now())
    db.session.commit()


def _ask(port: int, paths: Sequence[str], cookie: str, goes_on: Callable[[], bool]) -> list[float]:
    """How long each answer took, from when it was due to be asked for: what waits for a free reader waits too."""
    due: Queue[float | None] = Queue()
    took: list[float] = []

    def read(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        turn = number
        while (at := due.get()) is not None:
            connection.request("GET", paths[turn % len(paths)], headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            took.append(perf_counter() - at)
            turn += 1

    readers = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    began, asked = perf_counter(), 0
    while goes_on():
        at = began + asked / A_SECOND
        sleep(max(0.0, at - perf_counter()))
        due.put(at)
        asked += 1
    for _ in readers:
        due.put(None)
    for reader in readers:
        reader.join()
    return took


def _in_words(name: str, took: list[float]) -> str:
    cuts = quantiles(took, n=100)
    p50, p95, p99 = (1000 * cuts[place] for place in (49, 94, 98))
    return f"{name}: {len(took)} pages, p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms"


@contextmanager
def _mail_server() -> Iterator[int]:
    port = load.free_port()
    process = get_context("spawn").Process(target=_take_mail, args=(port,), daemon=True)
    process.start()
    yield port
    process.terminate()


def _sent() -> int:
    with reading_only():
        return int(db.session.scalar(select(func.count()).where(*MAILED)) or 0)


def measure(app: Flask, readers: data.Readers, port: int) -> Iterator[str]:
    """The quiet time, then the mail; in words."""
    paths = [kind.address.format(**asdict(readers.busy)) for kind in PAGES]
    cookie = cookie_of(app, readers.busy.token, readers.busy.user_id)
    warm = monotonic() + WARM_SECONDS
    _ask(port, paths, cookie, lambda: monotonic() < warm)
    ends = monotonic() + QUIET_SECONDS
    yield _in_words("quiet", _ask(port, paths, cookie, lambda: monotonic() < ends))
    with app.app_context():
        _something_happens()
        told, ends, gone = monotonic(), monotonic() + LONGEST, threading.Event()

        def watch() -> None:
            with app.app_context():
                while monotonic() < ends and not (_sent() and _is_all_sent()):
                    sleep(0.2)
            gone.set()

        watcher = threading.Thread(target=watch)
        watcher.start()
        took = _ask(port, paths, cookie, lambda: not gone.is_set())
        watcher.join()
        yield _in_words(f"while {_sent()} mails go out in {monotonic() - told:.0f} s", took)


def _is_all_sent() -> bool:
    waits = select(func.count()).where(Delivery.channel == Channel.MAIL, Delivery.state == DeliveryState.WAITING)
    with reading_only():
        return not db.session.scalar(waits) and not db.session.scalar(select(func.count()).select_from(WaitingAct))


def main() -> None:
    """Measure once, and say what it was."""
    with TemporaryDirectory() as folder, _mail_server() as mail_port:
        port = load.free_port()
        environ = {
            "PORTAL_ENV": "test",
            "PORTAL_INSTANCE": folder,
            "PORTAL_SECRET_KEY": SECRET,
            "PORTAL_DATABASE_URL": f"sqlite:///{Path(folder) / 'rush.sqlite'}",
            "PORTAL_SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
            "PORTAL_PORT": str(port),
        }
        app = create_app(Settings.read(environ))
        readers = data.make_school(app)
        with app.app_context():
            _want_mail_at_once()
        with load.server(["app.py"], port, environ) as (process_id, _):
            for line in measure(app, readers, port):
                sys.stdout.write(f"{line}\n")
            sys.stdout.write(f"unique memory of the server then: {load.unique_memory(process_id):.0f} MB\n")


if __name__ == "__main__":
    main()
