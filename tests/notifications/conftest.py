"""A mail server, a worker that sends to it, and news that is about to be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from portal.database import db
from portal.notifications.worker import Worker
from portal.people import load_people
from portal.text import clock
from portal.updates import services
from portal.updates.desk.sending import Sending, read_over
from portal.updates.models import WellbeingUpdate
from tests import factories as make
from tests.cast import Cast
from tests.notifications.post_office import Inbox, free_port, mail_server, post_to, want_mail

Publish = Callable[[], WellbeingUpdate]


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port(inbox: Inbox) -> Iterator[int]:
    port = free_port()
    with mail_server(inbox, port):
        yield port


@pytest.fixture
def worker(app: Flask, port: int) -> Iterator[Worker]:
    """A worker that has only acts and mail to do: what comes due by itself has tests of its own."""
    worker = Worker(app, post_to(port))
    worker.chores = []
    yield worker
    worker.post.close()


@pytest.fixture
def homes(cast: Cast) -> Cast:
    """The cast, with an address for every guardian of 3.A, who want each mail at once."""
    for name in ("guardian", "other_home", "guardian_of_two", "foster_parent"):
        cast.users[name].email = f"{name.replace('_', '-')}@hjem.example"
        want_mail(cast.users[name])
    db.session.commit()
    return cast


@pytest.fixture
def publish(homes: Cast) -> Publish:
    """Publish news for 3.A, committed, as its class teacher."""

    def publish() -> WellbeingUpdate:
        update = make.make_update(homes.third, homes.class_teacher, "Hemmelig overskrift", published_at=None)
        (teacher,) = load_people([homes.class_teacher.id], today=clock.today())
        ready = read_over(update, Sending(update.version), today=clock.today())
        services.publish_update(update, ready, actor=teacher, now=clock.now())
        db.session.commit()
        return update

    return publish


@pytest.fixture
def addressed(cast: Cast) -> Cast:
    """The cast, with an address for everybody, who want each mail at once."""
    for name, user in cast.users.items():
        user.email = f"{name.replace('_', '-')}@hjem.example"
        want_mail(user)
    db.session.commit()
    return cast
