"""The worker of `serve` is one process of its own: another when it dies, and none that is left behind."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy import func, select

from portal.acts.models import WaitingAct
from tests.faults.serving import Portal, children, is_running, wait_until
from tests.faults.visitor import Form, Visitor


def tell(portal: Portal, teacher: Visitor, title: str) -> bool:
    """Publish something; whether everybody is told of it in the end."""
    path = f"/updates/classes/{portal.class_id()}/new"
    location = teacher.send(Form.of(path, title=title, body="Alle er med i legen.")).location
    assert teacher.send(Form.of(f"{location.removesuffix('/preview')}/publish", version=1)).status == 303
    return wait_until(lambda: not portal.value(select(func.count()).select_from(WaitingAct)), 60)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_server_has_one_worker_another_when_it_dies_and_leaves_none_behind(portal: Portal, database: str) -> None:
    portal.start()
    assert portal.process is not None
    server = portal.process.pid
    teacher = Visitor(portal.port).sign_in("class_teacher")
    assert tell(portal, teacher, "Den første")
    (first,) = children(server)
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: bool(children(server) - {first})), portal.log.read_text()
    assert tell(portal, teacher, "Den næste")
    (second,) = children(server)
    os.kill(server, signal.SIGKILL)
    portal.process.wait()
    assert wait_until(lambda: not is_running(second)), "it ends with a server that had no chance to say so"
    assert "the worker has ended (-9), 1 in a row" in portal.log.read_text()
    portal.process = None
    portal.start()
    assert portal.process is not None
    assert wait_until(lambda: len(children(portal.process.pid)) == 1)  # type: ignore[union-attr]
    (third,) = children(portal.process.pid)
    portal.process.terminate()
    assert portal.process.wait(30) == 0
    assert not is_running(third)
