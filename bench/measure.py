"""Measuring in this process: the portal's pages and the bare page called in turns, so that the machine's moods cancel.

A figure is a median over rounds of "time of the bare page / time of ours" (0.5 means half its throughput), with its
quartiles. Nothing is compressed on either side, as a bare page would not be.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from portal.database import db
from portal.text import clock
from portal.web.idle import SEEN_AT
from portal.web.typed_text import csrf_secret

ROUNDS, CALLS, WARM_UP = 60, 4, 20
NO_QUERY = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Spread:
    """A median with the quartiles around it."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """The spread of some values."""
        low, median, high = quantiles(values, n=4)
        return cls(median, low, high)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f})"


class Page:
    """A page of an application, called without a server between."""

    def __init__(self, app: Flask, path: str, cookie: str = "", *, accepts: str = "identity") -> None:
        self.app, self.path = app, path
        headers = Headers({"Cookie": cookie, "Accept-Encoding": accepts, "Accept-Language": "da"})
        self.environ = EnvironBuilder(path=path, headers=headers).get_environ()

    def get(self) -> bytes:
        """The answer's body; anything but 200 raises."""
        answer: list[str] = []
        body = self.app(dict(self.environ), lambda status, *_: answer.append(status))  # type: ignore[arg-type]
        whole = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        if not answer[0].startswith("200"):
            raise RuntimeError(f"{self.path}: {answer[0]}")
        return whole

    def seconds(self) -> float:
        """How long some calls take."""
        start = perf_counter()
        for _ in range(CALLS):
            self.get()
        return perf_counter() - start

    def work(self, calls: int) -> float:
        """How long some calls keep the processor, in seconds."""
        start = process_time()
        for _ in range(calls):
            self.get()
        return process_time() - start


def cookie_of(app: Flask, token: str, user_id: int) -> str:
    """The cookie of a signed-in browser that has seen a form and was heard of a moment ago, as every one soon has."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    held = {"_user_id": token, "_fresh": True, "csrf_token": csrf_secret(user_id)}
    held[SEEN_AT] = int(clock.now().timestamp())
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(held)}"


def paired(bare: Page, pages: dict[str, Page], rounds: int = ROUNDS) -> dict[str, Spread]:
    """The throughput of each page against the bare one, called in turns."""
    for page in (bare, *pages.values()):
        for _ in range(WARM_UP):
            page.get()
    ratios: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, page in pages.items():
            ratios[name].append(bare.seconds() / page.seconds())
    return {name: Spread.of(values) for name, values in ratios.items()}


@contextmanager
def _statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NO_QUERY):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def count_queries(page: Page) -> int:
    """How many statements a page sends, the identity included."""
    page.get()
    with _statements(page.app) as seen:
        page.get()
    return len(seen)


def weight(app: Flask, path: str, cookie: str) -> tuple[int, int]:
    """Bytes over the wire, compressed: the first visit with all it brings, and a later one."""
    page = Page(app, path, cookie, accepts="gzip").get()
    fetched: dict[str, int] = {}
    waiting = _static_addresses(gzip.decompress(page).decode(), "")
    while waiting:
        address = waiting.pop()
        if address not in fetched:
            body = Page(app, address, accepts="gzip").get()
            fetched[address] = len(body)
            if address.endswith(".css"):
                waiting |= _static_addresses(gzip.decompress(body).decode(), address.rpartition("/")[0] + "/")
    return len(page) + sum(fetched.values()), len(page)


def _static_addresses(source: str, folder: str) -> set[str]:
    if folder:
        return {folder + name for name in re.findall(r"url\(\"?([^)\"#:]+)", source)}
    return {address.partition("#")[0] for address in re.findall(r"(?:href|src)=\"(/static/[^\"]+)", source)}
