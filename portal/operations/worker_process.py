"""The worker as a process of its own: what `serve` starts, watches and ends, so that mail costs the pages nothing."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from threading import Event, Thread
from time import monotonic

from portal.settings import PREFIX, ROOT, Settings

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "flask", "--app", "app", "worker", "--while-served")
SECONDS_BETWEEN_LOOKS = 0.5
#: Told to stop, a worker ends within a second; one that does not is ended.
SECONDS_TO_END = 5.0
#: Who lived for so long before it ended is started again at once, as if for the first time.
SECONDS_OF_A_GOOD_LIFE, LONGEST_PAUSE = 60.0, 60.0


class WorkerProcess:
    """A worker that is started again whenever it ends, later each time, and that ends with us, however we end.

    Its input is a pipe to which nobody writes. Once our end is closed, by us or because we are gone, it stops.
    """

    def __init__(self, settings: Settings, command: Sequence[str] = COMMAND) -> None:
        others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        self._environ = {**others, **settings.as_environ()}
        self._command = command
        self._stop = Event()
        self._thread = Thread(target=self._watch, name="worker", daemon=True)

    def start(self) -> None:
        """Start it, and look after it from now on."""
        self._thread.start()

    def stop(self) -> None:
        """Let it finish what it is at, and wait until it has ended."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        times = 0
        while not self._stop.is_set():
            began = monotonic()
            status = self._run()
            times = 1 if monotonic() - began > SECONDS_OF_A_GOOD_LIFE else times + 1
            pause = min(2.0 ** (times - 1), LONGEST_PAUSE)
            if not self._stop.wait(pause):  # whoever ends all of us ends it first, and that is nothing to be told
                log.error("the worker has ended (%s), %d in a row: after %.0f s it starts again", status, times, pause)

    def _run(self) -> str:
        """Run one until it ends or we are to stop; how it ended, in a word."""
        try:
            with subprocess.Popen(  # noqa: S603 - the command is ours
                self._command, cwd=ROOT, env=self._environ, stdin=subprocess.PIPE
            ) as process:
                while process.poll() is None and not self._stop.wait(SECONDS_BETWEEN_LOOKS):
                    pass
                try:
                    process.communicate(timeout=SECONDS_TO_END)  # which closes its input first of all
                except subprocess.TimeoutExpired:
                    process.kill()
        except OSError as fault:
            return fault.strerror or "cannot be started"
        return str(process.returncode)
