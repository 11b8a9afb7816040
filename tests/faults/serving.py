"""The portal as a process of its own, with a database of its own: started, killed, started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, Row, create_engine, event, select, text, update
from sqlalchemy.pool import NullPool

from portal.acts.models import Act, WaitingAct
from portal.events.models import ClassEvent
from portal.school.models import ClassYear, Pupil
from portal.settings import ROOT
from tests.faults.visitor import GONE, Visitor
from tests.notifications.post_office import free_port

SECONDS_TO_START = 60
#: The portal's own sessions in PostgreSQL, which all carry the name of the test's schema.
OTHER_SESSIONS = text(
    "SELECT pid FROM pg_stat_activity "
    "WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
)


def wait_until(is_so: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()


def _wait_and_begin_nothing(connection: Any, _: object) -> None:
    connection.isolation_level = None  # a read begins a transaction as well, so that it sees one moment
    connection.execute("PRAGMA busy_timeout=15000")


def children(process_id: int) -> set[int]:
    """The processes that a process has started and that have not ended (Linux)."""
    files = Path(f"/proc/{process_id}/task").glob("*/children")
    return {int(word) for file in files for word in file.read_text().split()}


def is_running(process_id: int) -> bool:
    """Whether a process has not ended; one that waits to be seen has (Linux)."""
    with suppress(OSError):
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


class Portal:
    """One installation in demo mode. `wrapped` is a command that runs the server, such as a tracer."""

    def __init__(self, instance: Path, database_url: str = "", *, threads: int = 4) -> None:
        self.instance = instance
        self.is_sqlite = not database_url
        self.url = database_url or f"sqlite:///{instance / 'portal.sqlite'}"
        self.port = free_port()
        self.threads = threads
        self.process: subprocess.Popen[bytes] | None = None
        self.log = instance.with_name(f"{instance.name}.log")
        self.engine = create_engine(self.url, poolclass=NullPool)
        if self.is_sqlite:
            event.listen(self.engine, "connect", _wait_and_begin_nothing)
            event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))

    def start(self, wrapped: Sequence[str] = ()) -> Portal:
        assert self.process is None
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        environ |= {
            "PORTAL_INSTANCE": str(self.instance),
            "PORTAL_DATABASE_URL": self.url,
            "PORTAL_PORT": str(self.port),
            "PORTAL_THREADS": str(self.threads),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*wrapped, sys.executable, str(ROOT / "app.py")],
                cwd=ROOT,
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        assert wait_until(self._answers, SECONDS_TO_START), self.log.read_text()
        return self

    def _answers(self) -> bool:
        assert self.is_alive, self.log.read_text()
        with suppress(*GONE):
            return Visitor(self.port).get("/healthz").status == 200
        return False

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL, to the server and what it was wrapped in: nothing of it has a chance to tidy up."""
        if self.process is not None:
            started = children(self.process.pid)
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
            assert wait_until(lambda: not any(map(is_running, started))), "the killed server's worker lives on"
            assert wait_until(self._is_hung_up), "a session of the killed server lives on in the database"

    def _is_hung_up(self) -> bool:
        """Whether PostgreSQL is done with what the server had begun: a commit under way may still go through."""
        return self.is_sqlite or not self.rows(OTHER_SESSIONS)

    def rows(self, statement: Executable) -> Sequence[Row[Any]]:
        """What is stored, read past the portal."""
        with self.engine.connect() as connection:
            return connection.execute(statement).all()

    def value(self, statement: Executable) -> Any:
        return self.rows(statement)[0][0]

    def let_out(self) -> None:
        """The minutes are over in which organisers alone see what they have sent."""
        with self.engine.begin() as connection:
            connection.execute(
                update(ClassEvent).where(ClassEvent.out_at.is_not(None)).values(out_at=ClassEvent.created_at)
            )
            acted_at = select(Act.at).where(Act.id == WaitingAct.act_id).scalar_subquery()
            connection.execute(update(WaitingAct).values(try_at=acted_at))

    def class_id(self, label: str = "3.A") -> int:
        return int(self.value(select(ClassYear.class_id).where(ClassYear.label == label)))

    def pupil_id(self, external_id: str = "demo-alma") -> int:
        return int(self.value(select(Pupil.id).where(Pupil.external_id == external_id)))

    def check_whole(self) -> None:
        """The file itself is sound; PostgreSQL looks after its own."""
        if self.is_sqlite:
            assert self.rows(text("PRAGMA integrity_check")) == [("ok",)]
            assert self.rows(text("PRAGMA foreign_key_check")) == []
