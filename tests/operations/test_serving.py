"""The portal as it is served: a full house of idle browsers, and what is left on the disk."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from waitress.server import create_server

from portal.database import db
from portal.database.transactions import fold_log_in
from portal.operations import serving
from portal.settings import Settings
from tests.browsing import close_all
from tests.cast import Cast

IDLE = 150
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


class NoWorker:
    """Nothing here is to be told; the worker has tests of its own."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """The address of the portal, served by `serve` itself."""
    made: list[Any] = []

    def at_any_port(*args: Any, **options: Any) -> Any:
        made.append(create_server(*args, **{**options, "port": 0}))
        return made[-1]

    monkeypatch.setattr(serving, "create_server", at_any_port)
    monkeypatch.setattr(serving, "prepare", lambda app: None)
    monkeypatch.setattr(serving, "WorkerProcess", lambda settings: NoWorker())
    thread = Thread(target=serving.serve, args=(app,))
    thread.start()
    while not made:
        thread.join(0.01)
    yield "127.0.0.1", made[0].effective_port
    made[0].trigger.pull_trigger(partial(close_all, made[0]))
    thread.join(10)
    assert not thread.is_alive()
    made[0].trigger.close()
    made[0].task_dispatcher.shutdown()


def answer(address: tuple[str, int]) -> bytes:
    with socket.create_connection(address, timeout=10) as visitor:
        visitor.sendall(HEALTH)
        return visitor.recv(1024)


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: loc"], ids=["idle", "half a head"])
def test_browsers_that_say_nothing_keep_nobody_out(served: tuple[str, int], said: bytes) -> None:
    with ExitStack() as house:
        for _ in range(IDLE):
            browser = house.enter_context(socket.create_connection(served, timeout=10))
            browser.sendall(said)
        assert answer(served).startswith(b"HTTP/1.1 200")


def test_whoever_says_nothing_makes_room_within_the_minute() -> None:
    assert serving.SECONDS_IDLE <= 30
    assert serving._room_for_connections() >= 2 * 1_100, "a browser keeps one connection or two"


def test_the_file_alone_holds_everything_once_the_log_is_folded_in(cast: Cast, folder: Path, tmp_path: Path) -> None:
    db.session.commit()
    fold_log_in()
    alone = tmp_path / "copy.sqlite"
    alone.write_bytes((folder / "portal.sqlite").read_bytes())
    with sqlite3.connect(alone) as copy:
        assert copy.execute('SELECT count(*) FROM "user"').fetchone()[0] == len(cast.users)


def test_what_the_portal_writes_is_its_users_alone(tmp_path: Path) -> None:
    home = tmp_path / "instance"
    Settings.read({"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(home)})
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "secret-key").stat().st_mode & 0o777 == 0o600
