"""A full disk and a database that hangs up: a friendly page with the typed text, nothing by halves, and it passes."""

from __future__ import annotations

import html
import resource
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from portal.accounts.models import IdempotencyKey
from portal.acts.models import Act, ActKind, WaitingAct
from portal.notifications.models import Channel, Delivery
from portal.updates.models import WellbeingUpdate
from tests.conftest import NO_MOUNT
from tests.faults.serving import OTHER_SESSIONS, Portal, children, wait_until
from tests.faults.visitor import Answer, Form, Visitor

BODY = 'Alle har leget med en ny, og "ild & vand" <b>byggede</b> en hule.'
DISK = 16 * 1024 * 1024
#: The write-ahead log is longer than this as soon as the demo school is in it; the server's own log is shorter.
LONGEST_FILE = 64 * 1024


class Room(Protocol):
    """Where the portal keeps its file."""

    def fill(self) -> None:
        """Nothing more can be written."""

    def free(self) -> None:
        """There is room again."""


class SmallDisk:
    """A disk of its own, filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.filler = folder / "filler"

    def fill(self) -> None:
        with self.filler.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)

    def free(self) -> None:
        self.filler.unlink()


class ShortFiles:
    """A limit on how long a file of the server and its worker may be: for machines on which nobody may make a disk."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def _limit(self, size: int) -> None:
        assert self.portal.process is not None
        server = self.portal.process.pid
        for process_id in (server, *children(server)):
            resource.prlimit(process_id, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def fill(self) -> None:
        self._limit(LONGEST_FILE)

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)


@pytest.fixture(params=["small disk", "short files"])
def room(request: pytest.FixtureRequest, portal: Portal) -> Iterator[Room]:
    if request.param == "short files":
        yield ShortFiles(portal)
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(portal.instance)]
    made = subprocess.run(mount, capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"{NO_MOUNT}: {made.stderr.strip()}")
    yield SmallDisk(portal.instance)
    portal.kill()
    subprocess.run(["umount", "--lazy", str(portal.instance)], check=True)


def publish(portal: Portal, teacher: Visitor, title: str) -> None:
    location = teacher.send(draft(portal, title)).location
    assert teacher.send(Form.of(f"{location.removesuffix('/preview')}/publish", version=1)).status == 303


def draft(portal: Portal, title: str) -> Form:
    return Form.of(f"/updates/classes/{portal.class_id()}/new", title=title, body=BODY)


def waiting(portal: Portal) -> int:
    return int(portal.value(select(func.count()).select_from(WaitingAct)))


def told(portal: Portal) -> list[int]:
    """How many were told in the portal of each piece of this test's news."""
    rows = portal.rows(
        select(func.count().label("number"))
        .select_from(Delivery)
        .join(Act, Act.id == Delivery.act_id)
        .join(WellbeingUpdate, WellbeingUpdate.id == Act.subject_id)
        .where(Act.kind == ActKind.UPDATE_PUBLISHED, Delivery.channel == Channel.PORTAL, WellbeingUpdate.body == BODY)
        .group_by(Act.id)
    )
    return [row.number for row in rows]


def stored(portal: Portal) -> Counter[str]:
    tables = (WellbeingUpdate, Act, IdempotencyKey, Delivery, WaitingAct)
    return Counter({table.__name__: portal.value(select(func.count()).select_from(table)) for table in tables})


def gives_the_text_back(answer: Answer) -> bool:
    is_kind = "Portalen holder en lille pause" in answer.text and "genindlæs siden" in answer.text
    return answer.status == 503 and is_kind and html.escape(BODY, quote=True).replace("&quot;", "&#34;") in answer.text


def fill_while_news_waits(portal: Portal, teacher: Visitor, room: Room) -> None:
    """Leave no room at a moment when the worker still has somebody to tell."""
    for number in range(5):
        publish(portal, teacher, f"Nyt {number}")
        room.fill()
        if waiting(portal):
            return
        room.free()
    raise AssertionError("the worker was always faster")


def test_a_full_disk_costs_nobody_a_text_and_the_portal_recovers(portal: Portal, room: Room, database: str) -> None:
    portal.start()
    teacher = Visitor(portal.port).sign_in("class_teacher")
    fill_while_news_waits(portal, teacher, room)
    before, form = stored(portal), draft(portal, "Da disken var fuld")
    for _ in range(5):
        assert gives_the_text_back(teacher.send(form))
    for path in ("/", "/updates/", "/events/", "/healthz"):
        assert teacher.get(path).status == 200, "reading goes on"
    assert wait_until(lambda: "the database is not available" in portal.log.read_text(), 60), "the worker tries too"
    assert portal.is_alive
    assert stored(portal) == before
    portal.check_whole()

    room.free()
    answer = teacher.send(form)
    assert answer.status == 303, "the same form, sent again"
    assert teacher.get(answer.location).status == 200
    assert len(portal.rows(select(WellbeingUpdate.id).where(WellbeingUpdate.title == form.fields["title"]))) == 1
    publish(portal, teacher, "Efter pausen")
    assert wait_until(lambda: not waiting(portal)), "the worker goes on by itself"
    assert len(set(told(portal))) == 1, "everybody was told of each"
    portal.check_whole()
    assert "Traceback" not in portal.log.read_text(), "a full disk is not filled further by a long log"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_hangs_up_costs_nobody_a_text_either(portal: Portal, database: str) -> None:
    """What a restart of PostgreSQL looks like from here: every connection ends at once."""
    portal.start()
    teacher = Visitor(portal.port).sign_in("class_teacher")
    for number in range(5):
        publish(portal, teacher, f"Nyt {number}")
        for session in portal.rows(OTHER_SESSIONS):
            portal.rows(select(func.pg_terminate_backend(session.pid)))
        form = draft(portal, f"Da forbindelsen røg {number}")
        answer = teacher.send(form)
        if answer.status != 303:
            assert gives_the_text_back(answer)
            answer = teacher.send(form)
        assert answer.status == 303
        assert len(portal.rows(select(WellbeingUpdate.id).where(WellbeingUpdate.title == form.fields["title"]))) == 1
    assert wait_until(lambda: not waiting(portal)), "the worker goes on by itself"
    assert len(told(portal)) == 5
    assert len(set(told(portal))) == 1


def test_a_full_disk_of_postgresql_is_the_same_kind_of_fault() -> None:
    """The server is not ours to fill; what it says then is what the page above answers to."""
    full = OperationalError.instance("COMMIT", {}, psycopg.errors.DiskFull("no space left"), psycopg.Error)
    assert isinstance(full, OperationalError)
