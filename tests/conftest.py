"""What every test stands on: one application per worker, a fresh database per test, and a client like the world.

Tests marked `both` run on SQLite and on PostgreSQL, where a server answers. With NO_SKIPS=1 a skip is a failure, except
of the tests that read the school's own strategy, which is not part of the repository, and of those that mount a disk.
"""

from __future__ import annotations

import contextvars
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any

import psycopg
import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import create_app
from portal.accounts.models import User
from portal.accounts.sign_in import services as sign_in
from portal.database import db, schema
from portal.database.transactions import writing
from portal.settings import Environment, Settings
from portal.strategy import views as strategy_views
from portal.text import clock
from portal.year_wheel.glance import remembered_wheel
from tests.beginnings import Beginnings, OnPostgresql, OnSqlite
from tests.browsing import address, as_user, browser, session_cookie, visit  # noqa: F401 - fixtures
from tests.cast import Cast, make_cast
from tests.pages import World, make_world
from tests.pdfs import Answer

#: A Monday in November, at noon in Copenhagen.
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
MEMORY, ROOM = Path("/dev/shm"), 2**30  # noqa: S108 - a folder of one's own is made in it
LOCAL_SERVER = "postgresql://postgres@127.0.0.1:5432/test"


class IsolatedClient(FlaskClient):
    """Each request gets its own context and database session, as in real life; what the test arranged is committed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_wrapper = type("Answer", (Answer, self.response_wrapper), {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        is_in_a_test = has_app_context()  # and not in a thread of `at_once`, which has nothing arranged
        if is_in_a_test:
            db.session.commit()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        if is_in_a_test:
            db.session.expire_all()
        return answer

    def sign_in(self, user: User) -> IsolatedClient:
        """Sign a user in without the form, by a session row and its cookie."""
        token = sign_in.start_session(user.id, device="Firefox, Linux", remember=False, now=clock.now())
        db.session.commit()
        self.set_cookie("portal", session_cookie(self.application, user, token))
        return self

    def send(self, path: str, data: dict[str, Any] | None = None, *, key: str = "", **kwargs: Any) -> TestResponse:
        """Post a form as the page would; `key` is the form's one-time key."""
        return self.post(path, data={**(data or {}), **({"idempotency_key": key} if key else {})}, **kwargs)

    def invite(self, class_id: int, form: dict[str, Any]) -> TestResponse:
        """Prepare an event for a class and send it, as the pages would; it goes out three minutes later."""
        prepared = self.send(f"/events/classes/{class_id}/new", form)
        if prepared.status_code != 303:
            return prepared
        return self.send(prepared.location.replace("/events/", "/events/sending/") + "/publish", {"version": "1"})


ClientOf = Callable[[User], IsolatedClient]
Move = Callable[[datetime | timedelta], None]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Let several people act at the same moment, each in a thread; returns what each of them got."""
    db.session.commit()
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both") and "database" in metafunc.fixturenames:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


#: Said by the tests that want the real file, which may stand beside the repository and never in it.
NOT_OURS = "the school's own text"
#: Said by the test that fills a real disk: few machines let it make one, and a second test does without.
NO_MOUNT = "nothing may be mounted here"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    is_forgiven = hasattr(report, "wasxfail") or any(reason in str(report.longrepr) for reason in (NOT_OURS, NO_MOUNT))
    if report.skipped and os.environ.get("NO_SKIPS") and not is_forgiven:
        report.outcome = "failed"
        report.longrepr = f"skipped, but NO_SKIPS is set: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Time stands still at NOON until a test calls `wall_clock(moment)`."""
    moment = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moment[0])

    def move(to: datetime | timedelta) -> None:
        moment[0] = moment[0] + to if isinstance(to, timedelta) else to

    return move


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where this worker's database lies: in memory, where there is room, since each commit waits for its disk."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        with TemporaryDirectory(prefix="portal-", dir=MEMORY) as name:
            yield Path(name)
    else:
        yield tmp_path_factory.mktemp("portal")


def _settings(folder: Path, database_url: str) -> Settings:
    return replace(
        Settings.read({"PORTAL_ENV": "test", "PORTAL_INSTANCE": str(folder), "PORTAL_SECRET_KEY": "s" * 40}),
        database_url=database_url,
        env=Environment.TEST,
        demo=True,
        neutral_mail_from="Nyt til dig <nyt@post.example>",
    )


def _test_app(folder: Path, database_url: str) -> Flask:
    app = create_app(_settings(folder, database_url))
    app.config["WTF_CSRF_ENABLED"] = False  # its own tests turn it on
    app.test_client_class = IsolatedClient
    return app


@pytest.fixture(scope="session")
def sqlite_app(folder: Path) -> Flask:
    app = _test_app(folder, f"sqlite:///{folder / 'portal.sqlite'}")
    with app.app_context():
        schema.upgrade()
        db.session.remove()
    app.extensions["beginnings"] = OnSqlite(folder / "portal.sqlite")
    return app


@contextmanager
def postgres_schema(schema: str) -> Iterator[str]:
    """The address of an empty schema, dropped afterwards; skips where no server answers."""
    server = os.environ.get("TEST_DATABASE_URL", LOCAL_SERVER)
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as fault:
        pytest.skip(f"no PostgreSQL: {str(fault).splitlines()[0]}")
    connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    connection.execute(f"CREATE SCHEMA {schema}")
    separator = "&" if "?" in server else "?"
    yield server.replace("postgresql://", "postgresql+psycopg://", 1) + f"{separator}options=-csearch_path%3D{schema}"
    connection.execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    """A schema of this worker's own."""
    with postgres_schema(f"portal_{worker_id}_{os.getpid()}") as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_app(folder: Path, postgres_url: str) -> Iterator[Flask]:
    app = _test_app(folder, postgres_url)
    with app.app_context():
        schema.upgrade()
        db.session.remove()
    app.extensions["beginnings"] = OnPostgresql(postgres_url)
    yield app
    with app.app_context():
        db.engine.dispose()
    app.extensions["beginnings"].close()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def begun(database: str, request: pytest.FixtureRequest) -> Iterator[tuple[Flask, Any]]:
    """The application with a context for the test's own rows, and what its database begins with.

    That is the world or the cast where the test asks for it; at another time than NOON these are written anew.
    """
    app: Flask = request.getfixturevalue(f"{database}_app")
    names = [name for name in BEGINNINGS if name in request.fixturenames] if clock.now() == NOON else []
    with app.app_context():
        writing.set(True)
        forget()
        yield app, begin(app.extensions["beginnings"], names[0] if names else "nothing")
        db.session.remove()


def forget() -> None:
    """Forget what the application remembers of its database: the clock stands still, and stamps tell no two apart."""
    for remembered in (strategy_views._decided, remembered_wheel):
        remembered.cache_clear()


def begin(beginnings: Beginnings, name: str) -> Any:
    def write() -> Any:
        begin(beginnings, "nothing")  # which is first kept of a database that nobody has written to
        return BEGINNINGS[name]()

    return beginnings.bring(name, write if name in BEGINNINGS else lambda: None)


#: What is kept of what tests ask for, the most first.
BEGINNINGS: dict[str, Callable[[], Any]] = {"world": lambda: make_world(make_cast()), "cast": make_cast}


@pytest.fixture
def app(begun: tuple[Flask, Any]) -> Flask:
    """The application with an empty database, but for the cast or world that the test asks for."""
    return begun[0]


@pytest.fixture
def client(app: Flask) -> IsolatedClient:
    """A browser nobody has signed in to."""
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def client_of(app: Flask) -> ClientOf:
    """A browser of its own for each user, signed in."""
    return lambda user: app.test_client().sign_in(user)  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def cast(begun: tuple[Flask, Any]) -> Cast:
    """The fixed cast, stored."""
    made = begun[1]
    return made.cast if isinstance(made, World) else made or make_cast()


@pytest.fixture
def world(cast: Cast, begun: tuple[Flask, Any]) -> World:
    """The cast with something on every page."""
    made = begun[1]
    return made if isinstance(made, World) else make_world(cast)


@pytest.fixture
def everybody_reads_english(cast: Cast) -> None:
    """For tests that read what a page says."""
    for user in cast.users.values():
        user.language = "en"
