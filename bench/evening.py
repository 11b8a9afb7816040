"""`python -m bench.evening`: what the day's mail of a whole school costs its worker, in time and in memory.

A made-up school of 750 pupils; each class has had news, an event, a moved event and new rules today. A mail server in a
process of its own takes what comes. With BENCH_DATABASE_URL it is measured on that (empty) database.
"""

from __future__ import annotations

import os
import resource
import socket
import sys
from datetime import time, timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import delete, func, select, update

from portal import create_app
from portal.accounts.models import User
from portal.acts import services as acts
from portal.acts.models import ActKind, WaitingAct
from portal.agreements.models import AgreementVersion
from portal.database import db, schema
from portal.demo.school import fill
from portal.events.models import ClassEvent, EventClass
from portal.notifications.mail.post import SmtpPost
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.school.models import Guardianship, SchoolClass
from portal.settings import Settings
from portal.text import clock
from portal.updates.models import UpdateState, WellbeingUpdate

PUPILS, KB = 750, 1024
SENDER = "Trivsel <trivsel@alslev.example>"


class _Takes:
    """A mail server that takes everything."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Say that it has arrived."""
        return "250 OK"


def _take_mail(port: int) -> None:
    Controller(_Takes(), hostname="127.0.0.1", port=port).start()
    while True:
        sleep(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(folder: str) -> Settings:
    address = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{Path(folder) / 'evening.sqlite'}")
    return Settings.read(
        {
            "PORTAL_ENV": "test",
            "PORTAL_INSTANCE": folder,
            "PORTAL_SECRET_KEY": "only-for-measuring-" * 3,
            "PORTAL_SMTP_URL": "smtp://127.0.0.1",
            "PORTAL_DATABASE_URL": address,
        }
    )


def _make_a_day() -> int:
    """Fill the school, give everybody an address, and let four things happen in each class; how many were told."""
    fill(PUPILS)
    db.session.flush()
    guardians = select(Guardianship.guardian_id)
    address = "guardian" + func.cast(User.id, User.email.type) + "@hjem.example"
    db.session.execute(update(User).where(User.id.in_(guardians), User.email.is_(None)).values(email=address))
    db.session.execute(delete(WaitingAct))
    now = clock.now()
    for school_class in db.session.scalars(select(SchoolClass)).all():
        _happen(school_class, now)
    db.session.commit()
    return int(db.session.scalar(select(func.count()).select_from(WaitingAct)) or 0)


def _happen(school_class: SchoolClass, now: Any) -> None:
    author_id = db.session.scalars(select(User.id).limit(1)).one()
    news = {"author_id": author_id, "state": UpdateState.PUBLISHED, "body": "Nyt. " * 60, "excerpt": "Nyt."}
    told = WellbeingUpdate(class_id=school_class.id, title="Uge 48", created_at=now, published_at=now, **news)
    rules = db.session.scalars(select(AgreementVersion).limit(1)).one()
    db.session.add(told)
    acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, told, now=now)
    events = select(ClassEvent).join(EventClass).where(EventClass.class_id == school_class.id)
    for event in db.session.scalars(events.where(ClassEvent.starts_at > now).limit(2)):
        acts.record(BY_ITSELF, ActKind.EVENT_REMINDER, event, now=now)
    acts.record(BY_ITSELF, ActKind.CLASS_RULES_WRITTEN, rules, now=now)


def _peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB


def _memory() -> float:
    """The memory this process has now, in MB."""
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / KB


def measure(worker: Worker) -> str:
    """Tell of the day, wait for five o'clock and send; in words."""
    while worker.tell_some():
        pass
    db.session.commit()
    before, began, at_work = _memory(), perf_counter(), process_time()
    evening = clock.at_school(clock.today() + timedelta(days=1), time(17))
    clock.now = lambda: evening
    while worker.mailing.send_some(worker.notices):
        pass
    took, worked = perf_counter() - began, process_time() - at_work
    is_mail = (Delivery.channel == Channel.MAIL, Delivery.state == DeliveryState.SENT)
    mails, rows = db.session.execute(
        select(func.count(Delivery.user_id.distinct()), func.count()).where(*is_mail)
    ).one()
    return (
        f"{mails} mails of {rows} things: {took:.1f} s, of which {worked:.1f} s of work; "
        f"memory {before:.0f} MB before, {_peak() - before:.0f} MB more at most"
    )


def main() -> None:
    """Measure once, and say what it cost."""
    port = _free_port()
    server = get_context("spawn").Process(target=_take_mail, args=(port,), daemon=True)
    server.start()
    with TemporaryDirectory() as folder:
        app = create_app(_settings(folder))
        with app.app_context():
            schema.upgrade()
            sys.stdout.write(f"{_make_a_day()} acts\n")
            worker = Worker(app, SmtpPost(f"smtp://127.0.0.1:{port}", SENDER))
            sys.stdout.write(f"{measure(worker)}\n")
    server.terminate()


if __name__ == "__main__":
    main()
