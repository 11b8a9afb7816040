"""How `serve` looks after its worker: started again when it ends, later each time, and ended with the rest."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from portal.operations import worker_process
from portal.operations.worker_process import WorkerProcess
from portal.settings import Settings
from tests.faults.serving import wait_until

CRASHES = (sys.executable, "-c", "raise SystemExit(3)")
#: Two that say when they have begun: one that ends with its input, and one that hears nothing.
BEGINS = "import os, sys, time; open(sys.argv[1], 'w').close(); "
LISTENS, IS_DEAF = BEGINS + "os.read(0, 1)", BEGINS + "time.sleep(600)"


class Hurried(Event):
    """A wait for the stop that takes no time, is written down, and is over after so many pauses."""

    def __init__(self, pauses: int) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self.most = pauses

    def wait(self, timeout: float | None = None) -> bool:
        if timeout == worker_process.SECONDS_BETWEEN_LOOKS:
            return super().wait(0.01)
        self.pauses.append(timeout or 0.0)
        if len(self.pauses) == self.most:
            self.set()
        return self.is_set()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.read({"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(tmp_path)})


def watched(settings: Settings, command: Sequence[str], stop: Event | None = None) -> WorkerProcess:
    worker = WorkerProcess(settings, command)
    worker._stop = stop or worker._stop
    worker.start()
    return worker


def test_one_that_always_ends_is_started_again_more_and_more_slowly_and_said_each_time(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    stop = Hurried(pauses=8)
    watched(settings, CRASHES, stop)._thread.join(60)
    assert stop.pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    lines = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert lines[0] == "the worker has ended (3), 1 in a row: after 1 s it starts again"
    assert lines[-1] == "the worker has ended (3), 7 in a row: after 60 s it starts again"
    assert len(lines) == 7, "nothing is said of what was told to end"


def test_one_that_lived_well_is_started_again_at_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "SECONDS_OF_A_GOOD_LIFE", -1.0)
    stop = Hurried(pauses=3)
    watched(settings, CRASHES, stop)._thread.join(60)
    assert stop.pauses == [1, 1, 1]


def test_a_command_that_cannot_be_run_is_tried_again_too(
    settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    watched(settings, [str(tmp_path / "nothing")], Hurried(pauses=2))._thread.join(60)
    assert "the worker has ended (No such file or directory), 1 in a row" in caplog.text


@pytest.mark.parametrize(("program", "status", "patience"), [(LISTENS, 0, 20.0), (IS_DEAF, -signal.SIGKILL, 0.2)])
def test_told_to_stop_it_ends_by_itself_or_is_ended(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str, status: int, patience: float
) -> None:
    monkeypatch.setattr(worker_process, "SECONDS_TO_END", patience)
    ended: list[str] = []
    run = WorkerProcess._run
    monkeypatch.setattr(WorkerProcess, "_run", lambda self: ended.append(run(self)) or ended[-1])
    worker = watched(settings, (sys.executable, "-c", program, str(tmp_path / "begun")))
    assert wait_until((tmp_path / "begun").exists)
    worker.stop()
    assert ended == [str(int(status))]
    assert not worker._thread.is_alive()


def test_it_works_with_the_very_settings_of_the_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PORTAL_SCHOOL_NAME", "Another")
    ours = replace(settings, school_name="Ærøskøbing Skole", demo=True, playdate_grades=(1, 10), port=81)
    environ = WorkerProcess(ours)._environ
    assert Settings.read(environ) == ours
    assert environ["PATH"] == os.environ["PATH"]
