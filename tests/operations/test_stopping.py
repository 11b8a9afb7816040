"""Told to stop, the server answers what it was asked before, and lets nobody new in."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from portal.settings import ROOT
from tests.faults.serving import wait_until
from tests.notifications.post_office import free_port
from tests.operations.test_starting import SECONDS_TO_START, environ_of, is_ready

#: The portal with a page that takes its time, and says when it was begun.
SLOW = """
import os, sys, time
from pathlib import Path
from portal import create_app
from portal.operations.serving import serve
from portal.settings import Settings

app = create_app(Settings.read(os.environ))

@app.get("/slow")
def slow():
    Path(sys.argv[1]).touch()
    time.sleep(1.5)
    return "whole" * 20_000

serve(app)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_what_was_asked_before_the_stop_is_answered_whole(tmp_path: Path, how: signal.Signals) -> None:
    port, begun = free_port(), tmp_path / "begun"
    environ = environ_of(tmp_path, f"sqlite:///{tmp_path / 'portal.sqlite'}", port=port, demo=0)
    command = [sys.executable, "-c", SLOW, str(begun)]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            assert wait_until(lambda: is_ready(port), SECONDS_TO_START)
            with ThreadPoolExecutor(1) as pool:
                asked = pool.submit(read, f"http://127.0.0.1:{port}/slow")
                assert wait_until(begun.exists)
                process.send_signal(how)
                assert asked.result() == b"whole" * 20_000
            said = process.communicate(timeout=20)[0].decode()
        finally:
            process.kill()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("portal.sqlite-wal"))
    with pytest.raises(URLError):
        read(f"http://127.0.0.1:{port}/healthz")


def read(url: str) -> bytes:
    with urlopen(url, timeout=20) as answer:
        return bytes(answer.read())
