"""What docs/operations.md says of two processes: the command it gives, run as it stands there."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from portal.accounts.models import IdempotencyKey
from portal.school.models import ClassYear
from portal.settings import ROOT
from portal.updates.models import WellbeingUpdate
from tests.faults.serving import children, is_running, wait_until
from tests.faults.visitor import Form, Visitor
from tests.notifications.post_office import free_port
from tests.operations.test_serving import IDLE, answer
from tests.operations.test_starting import SECONDS_TO_START, environ_of, is_ready
from tests.operations.test_stopping import read

PROCESSES, AT_ONCE = 2, 20
#: The portal with a page that takes its time, and says when it was begun.
SLOW = """
import time
from pathlib import Path
from app import app

@app.get("/slow")
def slow():
    Path(__file__).with_name("begun").touch()
    time.sleep(1.5)
    return "whole" * 20_000
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'portal.sqlite'}"


@pytest.fixture
def server(tmp_path: Path, url: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The recipe's server on a small demo school, and its port."""
    if importlib.util.find_spec("granian") is None:
        pytest.skip("granian is not installed")
    port = free_port()
    environ = environ_of(tmp_path, url, port=port, demo=1) | {
        "PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"
    }
    (tmp_path / "slow.py").write_text(SLOW)
    for command in ("db upgrade", "demo --pupils 60"):
        flask = [sys.executable, "-m", "flask", "--app", "app", *command.split()]
        subprocess.run(flask, cwd=ROOT, env=environ, capture_output=True, check=True)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(recipe(port), cwd=ROOT, env=environ, stdout=log, stderr=log)
        try:
            assert wait_until(lambda: is_ready(port), SECONDS_TO_START), (tmp_path / "log").read_text()
            assert wait_until(lambda: len(children(process.pid)) >= PROCESSES)
            yield process, port
        finally:
            process.kill()
            process.wait()


def recipe(port: int) -> list[str]:
    """The command of the documentation, on a port of ours."""
    (line,) = re.findall(r"^\.venv/bin/(granian .+) app:app$", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    words = shlex.split(line)
    words[words.index("--port") + 1] = str(port)
    assert words[words.index("--workers") + 1] == str(PROCESSES)
    return [sys.executable, "-m", *words, "slow:app"]


def test_two_processes_behind_one_port_serve_the_portal_and_stop_in_order(
    server: tuple[subprocess.Popen[bytes], int], url: str, tmp_path: Path
) -> None:
    process, port = server
    started = children(process.pid)
    with ExitStack() as house:
        for said in [b"", b"GET / HTTP/1.1\r\nHost: loc"] * IDLE:
            browser = house.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            browser.sendall(said)
        assert answer(("127.0.0.1", port)).startswith(b"HTTP/1.1 200"), "who says nothing keeps nobody out"
    engine = create_engine(url)
    with engine.connect() as stored:
        class_id = stored.scalar(select(ClassYear.class_id).where(ClassYear.label == "3.A"))
    teacher = Visitor(port).sign_in("class_teacher")
    form = Form.of(f"/updates/classes/{class_id}/new", title="Én gang, æøå", body="Alle er med.")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: teacher.another().send(form), range(AT_ONCE)))
    assert {one.status for one in answers} == {303}
    with engine.connect() as stored:
        rows = select(func.count()).where(WellbeingUpdate.title == form.fields["title"])
        assert stored.scalar(rows) == 1, "one form is one row, whichever process it comes to"
        assert stored.scalar(select(func.count()).where(IdempotencyKey.key == form.kept_key)) == 1
    engine.dispose()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(read, f"http://127.0.0.1:{port}/slow")
        assert wait_until((tmp_path / "begun").exists)
        process.send_signal(signal.SIGTERM)
        assert asked.result() == b"whole" * 20_000
    assert process.wait(20) == 0
    assert not any(map(is_running, started))
