"""Portals to break: each test gets a demo school of its own, on SQLite or on PostgreSQL, served by a real process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import postgres_schema
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
    """A schema of the test's own, whose connections are called after it."""
    schema = f"faults_{worker_id}_{os.getpid()}"
    with postgres_schema(schema) as url:
        yield f"{url}&application_name={schema}"
