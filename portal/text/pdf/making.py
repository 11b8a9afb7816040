"""Making PDFs, in a process of their own: typst would stay in the server's memory, and cannot be told to stop."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import OrderedDict
from hashlib import sha256
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
TYPESETTER = Path(__file__).with_name("typesetter.py")
#: So many are set at the same time, so long one waits for its turn, and so long it may take, in seconds.
AT_ONCE = 2
MOST_WAITING = 3.0
MOST_SECONDS = 20.0
#: What is kept of them together, in bytes: the strategy in both languages and a few more.
MOST_KEPT = 1024 * 1024


class NotMade(Exception):
    """There is no PDF this time: `is_busy` when others were being made, else it took too long or broke."""

    def __init__(self, why: str, *, is_busy: bool = False) -> None:
        super().__init__(why)
        self.is_busy = is_busy


def make_pdf(template: str, data: dict[str, Any]) -> bytes:
    """A tagged PDF (PDF/UA-1) of plain data, set by a template such as "strategy/download_pdf.typ".

    Texts are shown as they are, whatever they look like; `data` holds what components/paper.typ and the template ask
    for. The same data is the same file, remembered by its content. It takes a quarter of a second, so nothing may be
    locked meanwhile. Raises NotMade.
    """
    text = json.dumps({"template": str(TEMPLATES / template), "root": str(TEMPLATES), "data": data})
    key = sha256(text.encode()).digest()
    if (kept := _kept.get(key)) is not None:
        return kept
    if not _turns.acquire(timeout=MOST_WAITING):
        raise NotMade("others are being made", is_busy=True)
    try:
        # whoever waited may have waited for this one
        return _kept.get(key) or _kept.keep(key, _made(text))
    finally:
        _turns.release()


def _made(text: str) -> bytes:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    try:
        done = subprocess.run(  # noqa: S603 - our own file; what people wrote goes in as data
            [sys.executable, "-I", str(TYPESETTER)],
            input=text.encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            env=own,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotMade(f"it took more than {MOST_SECONDS:g} s") from None
    except OSError as fault:
        raise NotMade(f"its process could not be started: {fault}") from None
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise NotMade(done.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return done.stdout


class _Kept:
    """Files by their content, the one that was asked for longest ago going first."""

    def __init__(self) -> None:
        self._files: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, key: bytes) -> bytes | None:
        """The file of this content, if there is one."""
        with self._lock:
            if key in self._files:
                self._files.move_to_end(key)
            return self._files.get(key)

    def keep(self, key: bytes, file: bytes) -> bytes:
        """The file, kept until there is no more room for it."""
        with self._lock:
            if key not in self._files:
                self._files[key] = file
                self._size += len(file)
            while self._size > MOST_KEPT:
                self._size -= len(self._files.popitem(last=False)[1])
        return file


_turns = BoundedSemaphore(AT_ONCE)
_kept = _Kept()
