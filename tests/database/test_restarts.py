"""A PostgreSQL server that is started anew has ended every connection of the pool: whoever reads notices nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event

from portal.database import db
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

READERS = 8

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def end_connections(app: Flask) -> Iterator[Callable[[], int]]:
    """End every connection that the application has used, as a server does that stops; says how many those were."""
    used: set[int] = set()
    server = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def note(connection: Any, *rest: object) -> None:
        used.add(connection.info.backend_pid)

    def end() -> int:
        db.session.remove()
        with psycopg.connect(server, autocommit=True) as another:
            for pid in used:
                another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return len(used)

    db.engine.dispose()  # an earlier test's connections would serve as well, and outlive the end of these
    event.listen(db.engine, "checkout", note)
    yield end
    event.remove(db.engine, "checkout", note)
    db.session.remove()
    db.engine.dispose()


def test_a_restart_of_the_server_costs_a_reader_nothing(
    cast: Cast, client_of: ClientOf, end_connections: Callable[[], int], caplog: pytest.LogCaptureFixture, database: str
) -> None:
    browsers = [client_of(cast.guardian) for _ in range(READERS)]
    db.session.commit()
    pages = [partial(browser.get, "/events/") for browser in browsers]
    assert {page.status_code for page in at_once(*pages)} == {200}
    assert end_connections() > 1
    assert {page.status_code for page in at_once(*pages)} == {200}
    assert "tried once more on events" in caplog.text
    assert caplog.records[-1].levelno == logging.WARNING


def test_a_form_that_meets_the_restart_is_not_sent_twice_by_the_portal(
    cast: Cast, client_of: ClientOf, end_connections: Callable[[], int], database: str
) -> None:
    browser = client_of(cast.guardian)
    path, form = f"/events/classes/{cast.third.id}/new", {"title": "Suppe for alle"}
    assert browser.get("/events/").status_code == 200
    end_connections()
    answer = browser.send(path, form)
    assert (answer.status_code, "Suppe for alle" in answer.text) == (503, True)
    assert browser.send(path, form).status_code == 422
