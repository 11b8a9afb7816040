"""Portals to break: each test gets a demo school of its own, on SQLite or on PostgreSQL, served by a real process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import LOCAL_SERVER
from tests.faults.serving import Portal


@pytest.fixture
def portal(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Portal]:
    """A portal on the test's database, not started yet."""
    instance = tmp_path / "instance"
    instance.mkdir()
    made = Portal(instance, "" if database == "sqlite" else request.getfixturevalue("own_schema"))
    yield made
    made.kill()


@pytest.fixture
def own_schema(worker_id: str) -> Iterator[str]:
    """The address of an empty schema, dropped afterwards; skips where no server answers."""
    server = os.environ.get("TEST_DATABASE_URL", LOCAL_SERVER)
    try:
        connection = psycopg.connect(server, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as fault:
        pytest.skip(f"no PostgreSQL: {str(fault).splitlines()[0]}")
    schema = f"faults_{worker_id}_{os.getpid()}"
    connection.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    connection.execute(f"CREATE SCHEMA {schema}")
    separator = "&" if "?" in server else "?"
    yield (
        server.replace("postgresql://", "postgresql+psycopg://", 1)
        + f"{separator}options=-csearch_path%3D{schema}&application_name={schema}"
    )
    connection.execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()
