"""What PostgreSQL is asked for a page that only reads: its statements and nothing else, each prepared once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from psycopg import _queries as driver_queries
from sqlalchemy import text

from portal.database import db
from portal.database.transactions import writing
from portal.people import _signed_in
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.test_pages import statements

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

#: psycopg prepares what it has been asked for the sixth time.
OFTEN = 8


@pytest.fixture
def browser(cast: Cast, client_of: ClientOf, database: str) -> IsolatedClient:
    """A guardian's, whose pages take the only connection in turns and are known to it."""
    make.make_event(cast.third, cast.class_teacher)
    browser = client_of(cast.guardian)
    db.session.commit()
    db.session.remove()
    for path in PAGES * OFTEN:
        assert browser.get(path).status_code == 200
    return browser


PAGES = ["/", "/events/", "/accounts/me"]


@contextmanager
def wire(folder: Path) -> Iterator[list[str]]:
    """What the pool's connection says to the server, by kind: one Sync, or one Query, for each round trip."""
    said: list[str] = []
    pooled = db.engine.raw_connection()
    driver: Any = pooled.driver_connection
    pooled.close()
    with (folder / "wire").open("w+b") as trace:
        driver.pgconn.trace(trace.fileno())
        yield said
        driver.pgconn.untrace()
        trace.seek(0)
        said += re.findall(r"\tF\t\d+\t(\w+)", trace.read().decode())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_only_reads_is_one_round_trip_for_each_of_its_statements(
    browser: IsolatedClient, tmp_path: Path, path: str
) -> None:
    with wire(tmp_path) as said, statements() as asked:
        assert browser.get(path).status_code == 200
    assert Counter(said) == dict.fromkeys(("Bind", "Describe", "Execute", "Sync"), len(asked)), "and all are prepared"
    assert asked


def test_no_statement_is_searched_for_its_values_however_long_it_is(
    browser: IsolatedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = str(_signed_in.of().select.compile(dialect=db.engine.dialect))
    assert len(person) > driver_queries.MAX_CACHED_STATEMENT_LENGTH, "so the driver would not remember it"
    searched: list[bytes] = []
    monkeypatch.setattr(driver_queries, "_split_query", lambda query, *rest, **more: searched.append(query) or [])
    for path in PAGES:
        assert browser.get(path).status_code == 200
    assert searched == []


def test_what_has_been_prepared_is_kept_from_page_to_page(browser: IsolatedClient) -> None:
    known = text("SELECT count(*) FROM pg_prepared_statements WHERE NOT from_sql")
    token = writing.set(False)
    before = db.session.scalar(known)
    db.session.remove()
    for path in PAGES:
        assert browser.get(path).status_code == 200
    assert db.session.scalar(known) == before > len(PAGES)
    writing.reset(token)


def test_a_connection_only_reads_until_it_is_told_to_write(app: Flask, database: str) -> None:
    with db.engine.connect() as connection:
        assert connection.scalar(text("SHOW default_transaction_read_only")) == "on"
        assert connection.scalar(text("SHOW transaction_read_only")) == "off", "as whoever begins by default"
