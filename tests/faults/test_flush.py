"""Before a person is told that something is saved, it is on the disk: every acknowledgement has its flush."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.serving import Portal
from tests.faults.visitor import Form, Visitor

WRITES = 25
READS = 10
_CALL = re.compile(r"^(\d+) +(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))$")


@dataclass(frozen=True, slots=True)
class Call:
    """One finished system call: a file that was flushed, or the first line of an answer that was handed over."""

    name: str
    what: str


def calls(trace: str) -> Iterator[Call]:
    """What the server did, in order. A flush counts when it has come back, an answer when it begins to go out."""
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        found = _CALL.match(line)
        if not found:
            continue
        thread, name, arguments, resumed, rest = found.groups()
        if name in {"sendto", "send", "write", "writev", "sendmsg"} and "HTTP/1.1 " in arguments:
            yield Call("answer", arguments.split("HTTP/1.1 ")[1][:3])
        elif name in {"fsync", "fdatasync"} and "<unfinished" in arguments:
            begun[thread] = arguments
        elif name in {"fsync", "fdatasync"} and arguments.endswith("= 0"):
            yield Call("flush", arguments)
        elif resumed in {"fsync", "fdatasync"} and rest.endswith("= 0"):
            yield Call("flush", begun.pop(thread))


@pytest.fixture
def tracer(tmp_path: Path) -> list[str]:
    """strace, writing to the file named last; skips where nothing may be traced."""
    if shutil.which("strace") is None:
        pytest.skip("no strace: the flushes of SQLite cannot be counted")
    tried = subprocess.run(["strace", "-f", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"nothing may be traced here: {tried.stderr.strip()}")
    return [
        "strace",
        "-f",
        "-y",
        "-s",
        "60",
        "-e",
        "trace=fsync,fdatasync,sendto,sendmsg",
        "-o",
        str(tmp_path / "trace"),
    ]


def write_drafts(portal: Portal, count: int) -> None:
    """Texts that only the team sees: nobody is told, so the worker flushes nothing in between."""
    teacher = Visitor(portal.port).sign_in("class_teacher")
    path = f"/updates/classes/{portal.class_id()}/new"
    for number in range(count):
        assert teacher.send(Form.of(path, title=f"Skrevet {number}", body="Alle er med.")).status == 303


def test_sqlite_flushes_its_log_before_each_acknowledgement(portal: Portal, tracer: list[str]) -> None:
    portal.start(tracer)
    write_drafts(portal, WRITES)
    reader = Visitor(portal.port).sign_in("guardian")
    for _ in range(READS):
        assert reader.get("/").status == 200
    portal.kill()
    flushed = 0
    flushes: list[int] = []
    after_reading: list[int] = []
    for call in calls(Path(tracer[-1]).read_text()):
        if call.name == "flush":
            flushed += "portal.sqlite-wal" in call.what
        else:
            (flushes if call.what == "303" else after_reading).append(flushed)
            flushed = 0
    assert len(flushes) == WRITES + 2, "two people signed in as well"
    assert min(flushes) >= 1, flushes
    assert sum(after_reading[-READS:]) == 0, "reading writes nothing"
    print(
        f"sqlite: {len(flushes)} acknowledged writes, {sum(flushes)} flushes of the write-ahead log before them, "
        f"at least {min(flushes)} before each"
    )


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_has_flushed_its_log_when_it_acknowledges(portal: Portal, database: str) -> None:
    portal.start()
    for name in ("synchronous_commit", "fsync", "full_page_writes"):
        assert portal.value(text(f"SHOW {name}")) != "off", f"the server may lose what it acknowledged: {name} is off"
    teacher = Visitor(portal.port).sign_in("class_teacher")
    path = f"/updates/classes/{portal.class_id()}/new"
    for number in range(WRITES):
        begun = portal.value(text("SELECT pg_current_wal_insert_lsn()"))
        assert teacher.send(Form.of(path, title=f"Skrevet {number}", body="Alle er med.")).status == 303
        is_flushed = text("SELECT pg_current_wal_flush_lsn() > CAST(:begun AS pg_lsn)").bindparams(begun=begun)
        assert portal.value(is_flushed), number
    print(f"postgresql: synchronous_commit and fsync on, the log flushed past each of {WRITES} acknowledged writes")
