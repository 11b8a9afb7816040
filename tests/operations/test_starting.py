"""Processes that start at the same moment, on an empty database and on an older one: all of them serve."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from portal.settings import ROOT
from tests.conftest import postgres_schema
from tests.notifications.post_office import free_port

TOGETHER = 3
OLDER = "0009_meetings"
SECONDS_TO_START = 90
#: The other half runs with `make test-faults`: a start costs more than anything else in this folder.
LONG = pytest.mark.faults


def environ_of(instance: Path, url: str, **settings: object) -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    values = {"instance": instance, "database_url": url, **settings}
    return environ | {f"PORTAL_{name.upper()}": str(value) for name, value in values.items()}


@contextmanager
def started(environ: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as said:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environ, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(20)


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.mark.parametrize(
    ("kind", "is_empty"),
    [
        ("sqlite", True),
        ("postgresql", False),
        pytest.param("sqlite", False, marks=LONG),
        pytest.param("postgresql", True, marks=LONG),
    ],
)
def test_three_that_start_together_all_serve_and_one_migrates(tmp_path: Path, kind: str, is_empty: bool) -> None:
    with ExitStack() as running:
        url = f"sqlite:///{tmp_path / 'portal.sqlite'}"
        if kind == "postgresql":
            url = running.enter_context(postgres_schema(f"portal_start_{os.getpid()}"))
        if not is_empty:
            older = [sys.executable, "-m", "flask", "--app", "app", "db", "upgrade", OLDER]
            subprocess.run(older, cwd=ROOT, env=environ_of(tmp_path, url), capture_output=True, check=True)
        ports = [free_port() for _ in range(TOGETHER)]
        logs = [tmp_path / f"{port}.log" for port in ports]
        processes = [
            running.enter_context(started(environ_of(tmp_path, url, port=port, demo=int(is_empty)), log))
            for port, log in zip(ports, logs, strict=True)
        ]
        end = time.monotonic() + SECONDS_TO_START
        while not all(is_ready(port) for port in ports) and time.monotonic() < end:
            assert all(process.poll() is None for process in processes), [log.read_text() for log in logs]
            time.sleep(0.2)
        assert all(is_ready(port) for port in ports), [log.read_text() for log in logs]
        for file in tmp_path.glob("portal.sqlite*"):
            assert file.stat().st_mode & 0o777 == 0o600, file
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            assert len(connection.execute(text("SELECT version_num FROM alembic_version")).all()) == 1
            schools = connection.execute(text("SELECT count(*) FROM act WHERE kind = 'roster_applied'")).scalar()
        assert schools == int(is_empty), "the demo school is there once"
