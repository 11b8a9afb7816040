"""Measuring over HTTP: both applications behind the same server on loopback, and clients that ask as fast as answered.

The clients run in a process of their own. They are closed loops (each waits for its answer), so the p99 is optimistic;
windows of the two applications alternate, and only ratios inside one run mean anything.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 4
SLOWEST_START = 60


@dataclass(frozen=True)
class Target:
    """Addresses of one server, asked for in turn, as one signed-in browser."""

    port: int
    paths: Sequence[str]
    cookies: Sequence[str] = ("",)


@dataclass
class Window:
    """What some seconds of asking came to."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.times) / self.seconds

    @property
    def p50(self) -> float:
        """The median answer, in milliseconds."""
        return 1000 * median(self.times)

    @property
    def p99(self) -> float:
        """The answer that 99 of 100 are faster than, in milliseconds."""
        return 1000 * quantiles(self.times, n=100)[98]


@contextmanager
def server(command: list[str], port: int, environ: dict[str, str]) -> Iterator[tuple[int, float]]:
    """A server in a process of its own: its process id, and the seconds from its start to the first answer."""
    began = perf_counter()
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as at a school
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env={**kept, **environ}, stdout=subprocess.DEVNULL)
    try:
        while not _answers(port):
            if process.poll() is not None or perf_counter() - began > SLOWEST_START:
                raise RuntimeError(f"{' '.join(command)} did not start")
            sleep(0.005)
        yield process.pid, perf_counter() - began
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(target: Target, seconds: float, connections: int = CONNECTIONS) -> Window:
    """Ask for some seconds from a process of its own."""
    return _in_a_process(_ask_until, target, seconds, connections)


def ask_times(target: Target, count: int, connections: int = CONNECTIONS) -> Window:
    """Ask so many times."""
    return _in_a_process(_ask_count, target, count, connections)


@contextmanager
def asking(target: Target) -> Iterator[None]:
    """Keep one browser asking while something else is measured."""
    process = multiprocessing.get_context("spawn").Process(target=_ask_until, args=(target, 600.0, 1, None))
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _in_a_process(act: Callable[..., None], *args: object) -> Window:
    spawn = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[Window] = spawn.Queue()
    process = spawn.Process(target=act, args=(*args, answers))
    process.start()
    window = answers.get(timeout=600)
    process.join()
    return window


def _ask_until(target: Target, seconds: float, connections: int, answers: multiprocessing.Queue[Window] | None) -> None:
    end = perf_counter() + seconds
    _run(target, connections, lambda done: perf_counter() < end, answers)


def _ask_count(target: Target, count: int, connections: int, answers: multiprocessing.Queue[Window] | None) -> None:
    each = count // connections
    _run(target, connections, lambda done: done < each, answers)


def _run(
    target: Target,
    connections: int,
    goes_on: Callable[[int], bool],
    answers: multiprocessing.Queue[Window] | None,
) -> None:
    window = Window()
    began = perf_counter()
    threads = [threading.Thread(target=_browse, args=(target, goes_on, n, window)) for n in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    window.seconds = perf_counter() - began
    if answers is not None:
        answers.put(window)


def _browse(target: Target, goes_on: Callable[[int], bool], start: int, window: Window) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", target.port, timeout=30)
    done = 0
    while goes_on(done):
        turn = start + done
        headers = {"Cookie": target.cookies[turn % len(target.cookies)], "Accept-Language": "da"}
        asked = perf_counter()
        connection.request("GET", target.paths[turn // len(target.cookies) % len(target.paths)], headers=headers)
        answer = connection.getresponse()
        answer.read()
        window.times.append(perf_counter() - asked)
        window.failures += answer.status != 200
        done += 1
    connection.close()


def unique_memory(process_id: int) -> float:
    """The memory that a process shares with nobody, in MB (Linux)."""
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024
