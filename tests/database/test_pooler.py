"""The portal behind PgBouncer in transaction mode, where each transaction may get another of two servers.

Prepared statements would clash there: the one of another client is run under the name of ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, text
from sqlalchemy.exc import InternalError

from portal.accounts.sign_in import passwords
from portal.database import db, schema
from portal.database.transactions import is_pooled, stands_behind_a_pooler, writing
from portal.events.models import Rsvp
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.people import load_people
from portal.policy import Action, can
from portal.text import clock
from portal.updates.models import UpdateState
from tests import factories as make
from tests.beginnings import OnPostgresql
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, _test_app, at_once, postgres_schema
from tests.notifications.post_office import free_port
from tests.pages import PAGES, PUBLIC, Page, make_world, users_of
from tests.test_pages import path_of

POOLER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
#: Fewer than the portal has connections, so that their transactions change places all the time.
SERVERS = 2
#: psycopg prepares what it has been asked for the sixth time.
OFTEN = 8
CONFIG = """
[databases]
pooled = host={host} port={port} dbname={database} user={user} {password} connect_query='SET search_path TO {schema}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listens_on}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
"""

pytestmark = pytest.mark.parametrize("database", ["pooled"], indirect=True)


@contextmanager
def pooler(url: str) -> Iterator[str]:
    """The address of a pooler in front of a database, run by somebody who may nothing else."""
    if POOLER is None:
        pytest.skip("pgbouncer is not installed")
    server, port = make_url(url), free_port()
    config = CONFIG.format(
        host=server.host,
        port=server.port or 5432,
        database=server.database,
        user=server.username,
        password=f"password={server.password}" if server.password else "",
        schema=str(server.query["options"]).partition("search_path=")[2],
        listens_on=port,
        servers=SERVERS,
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(config)
        is_root = os.getuid() == 0
        if is_root:  # it refuses to run as root
            shutil.chown(folder, "nobody")
            shutil.chown(file, "nobody")
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen([POOLER, str(file)], stderr=log, user="nobody" if is_root else None)
        try:
            address = f"postgresql://somebody@127.0.0.1:{port}/pooled"
            _wait_for(address, Path(folder) / "log")
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(address: str, log: Path) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)


@pytest.fixture(scope="module")
def direct_app(folder: Path) -> Iterator[Flask]:
    """The same school without a pooler in between."""
    with postgres_schema(f"portal_pooled_{os.getpid()}") as url:
        app = _test_app(folder, url)
        with app.app_context():
            schema.upgrade()
            db.session.remove()
        app.extensions["beginnings"] = OnPostgresql(url)
        yield app
        with app.app_context():
            db.engine.dispose()
        app.extensions["beginnings"].close()


@pytest.fixture(scope="module")
def pooled_app(folder: Path, direct_app: Flask) -> Iterator[Flask]:
    with pooler(direct_app.config["SQLALCHEMY_DATABASE_URI"]) as address:
        app = _test_app(folder, address.replace("postgresql://", "postgresql+psycopg://"))
        app.extensions["beginnings"] = direct_app.extensions["beginnings"]
        yield app
        with app.app_context():
            db.engine.dispose()


def test_two_clients_that_prepare_are_given_each_other_s_statements(app: Flask, database: str) -> None:
    """What the portal has to be kept from; where this passes no longer, a newer pooler has learned to do it."""
    address = app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with psycopg.connect(address) as one, psycopg.connect(address) as other, pytest.raises(psycopg.Error):
        _ask_in_turns({"one": one, "other": other})


def _ask_in_turns(clients: dict[str, psycopg.Connection]) -> None:
    for _ in range(OFTEN):
        for name, client in clients.items():
            assert client.execute(f"SELECT '{name}' WHERE %s", [True]).fetchone() == (name,)
            client.commit()


def test_the_portal_sees_the_pooler_by_itself_and_prepares_nothing_there(
    app: Flask, direct_app: Flask, database: str
) -> None:
    assert stands_behind_a_pooler()
    driver: Any = db.session.connection().connection.driver_connection
    assert (is_pooled(driver), driver.prepare_threshold) == (True, None)
    is_set = db.session.scalar(text("SHOW default_transaction_read_only"))
    assert is_set == "off", "the next client of this server would find it set"
    db.session.rollback()
    token = writing.set(False)
    with pytest.raises(InternalError, match="read-only transaction"):
        db.session.execute(text("DELETE FROM role_grant"))
    db.session.rollback()
    writing.reset(token)
    db.session.rollback()
    ran = app.test_cli_runner().invoke(args=["check"])
    assert "Noted: a pooler stands in front of PostgreSQL" in ran.output
    with direct_app.app_context():
        assert not stands_behind_a_pooler()
        assert db.session.connection().connection.driver_connection.prepare_threshold  # type: ignore[union-attr]
        db.session.remove()


def test_a_pooled_database_is_brought_up_to_date_like_any_other(app: Flask, database: str) -> None:
    with schema.by_one_process():
        schema.upgrade()
    assert schema.is_current()


def words_of(page: str) -> str:
    """What somebody reads on a page; its tokens are new each time."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_every_page_says_there_what_it_says_without_a_pooler(
    app: Flask, direct_app: Flask, cast: Cast, client_of: ClientOf, database: str
) -> None:
    world = make_world(cast)
    paths: dict[str, list[str]] = {}
    for page in (page for page in PAGES if page.endpoint != "accounts.sign_in.sign_in"):
        paths.setdefault(_a_reader(page, cast), []).append(path_of(app, page, world))
    browsers = {name: client_of(getattr(cast, name)) for name in paths}
    cookies = {name: browser.get_cookie("portal").value for name, browser in browsers.items()}  # type: ignore[union-attr]

    def read(name: str) -> list[str]:
        return [f"{path} {browsers[name].get(path).status}" for path in paths[name]]

    read_there = dict(zip(paths, at_once(*(partial(read, name) for name in paths)), strict=True))
    for name, answers in read_there.items():
        assert {answer.partition(" ")[2] for answer in answers} == {"200 OK"}, [a for a in answers if "200" not in a]
        here = direct_app.test_client()
        here.set_cookie("portal", cookies[name])
        for path in paths[name]:
            assert words_of(browsers[name].get(path).text) == words_of(here.get(path).text), path


def _a_reader(page: Page, cast: Cast) -> str:
    readers = users_of(page, cast)
    if page.readers == PUBLIC:
        return "guardian"
    return next(
        (name for name in ("guardian", "class_teacher", "office", "facilitator") if name in readers), min(readers)
    )


def test_the_main_journeys_go_their_way_there(
    app: Flask, cast: Cast, client: IsolatedClient, client_of: ClientOf, database: str
) -> None:
    """Signing in, writing home, being told, answering, inviting, planning a meeting: all of it several at once."""
    cast.guardian.password_hash = passwords.hash_password("en lang sætning om heste")
    form = {"login": cast.guardian.user_name, "password": "en lang sætning om heste"}
    assert client.send("/accounts/sign-in", form).status_code == 303
    teacher, homes = client_of(cast.class_teacher), [client_of(cast.guardian), client_of(cast.other_home)]
    event = make.make_event(cast.third, cast.guardian)
    drafts = [make.make_update(cast.third, cast.class_teacher, f"Nyt {place}", published_at=None) for place in range(4)]
    path, press = f"/events/{event.id}/answers/choose", {"pupil_id": cast.alma.id, "answer": "ACCEPTED"}
    sends = [
        *(partial(teacher.send, f"/updates/{draft.id}/publish", {"version": 1}) for draft in drafts),
        *(partial(home.send, path, press) for home in homes * 3),
        partial(client_of(cast.facilitator).send, f"/council/{cast.council.id}/meetings/new", _meeting()),
        partial(client_of(cast.office).send, "/accounts/users/new", {"first_name": "Ane", "last_name": "Lund"}),
    ]
    assert [answer.status_code for answer in at_once(*sends)] == [303] * len(sends)
    db.session.expire_all()
    assert [draft.state for draft in drafts] == [UpdateState.PUBLISHED] * 4
    assert db.session.query(Rsvp).count() == 1
    while Worker(app).round():
        pass
    (home,) = load_people([cast.guardian.id], today=clock.today())
    assert can(home, Action.UPDATE_VIEW, drafts[0])
    told = db.session.query(Delivery).filter_by(user_id=cast.guardian.id, channel=Channel.PORTAL).count()
    assert told >= len(drafts)
    assert "Nyt 3" in homes[0].get("/notifications/").text


def _meeting() -> dict[str, str]:
    return {"day": "2026-12-01", "time": "10:00", "place": "Biblioteket"}
