"""The database's shape over time: bringing it up to date, and whether it is."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import inspect, text

from portal.database import db
from portal.database.transactions import fold_log_in, turn_at, writing
from portal.settings import ROOT

MIGRATIONS = ROOT / "portal" / "database" / "migrations"
_REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
_NAME = re.compile(r'"(\w+)"')
_BEFORE = re.compile(r"^down_revision = (.+)", re.MULTILINE)

NEWER = "The database is newer than this portal: start the newer one again, or go back to a copy from before it."


class SchemaFault(Exception):
    """The database has a shape that this code can do nothing with; the message is one line."""


def bind(app: Flask) -> None:
    """Give Flask-Migrate the application, for `flask db` and for bringing a database up to date."""
    # Alembic is a tenth of the start, and most starts find a database that is up to date.
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)


@cache
def _migrations() -> tuple[str, ...]:
    return tuple(file.read_text(encoding="utf-8") for file in (MIGRATIONS / "versions").glob("*.py"))


@cache
def known_revisions() -> frozenset[str]:
    """Every revision that the code knows a way from."""
    return frozenset(name for source in _migrations() for name in _REVISION.findall(source))


@cache
def newest_revision() -> str:
    """The revision that the code was written for, as the migrations say; "" unless exactly one is the newest."""
    before = {name for source in _migrations() for line in _BEFORE.findall(source) for name in _NAME.findall(line)}
    newest = known_revisions() - before
    return next(iter(newest)) if len(newest) == 1 else ""


def stored_revision() -> str:
    """The revision the database is at; "" for an empty database."""
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return ""
    return db.session.scalar(text("SELECT version_num FROM alembic_version")) or ""


def is_current() -> bool:
    """Whether the database is as the code expects it."""
    return stored_revision() == newest_revision()


def is_newer() -> bool:
    """Whether a newer portal has been at the database: it is at a revision that this code has never heard of."""
    newer = stored_revision() not in {"", *known_revisions()}
    db.session.rollback()
    return newer


@contextmanager
def by_one_process() -> Iterator[None]:
    """Let processes that start at the same moment do this one after the other, also before there is any table.

    On PostgreSQL the lock lasts as long as a transaction of its own, so that it holds behind a pooler too.
    """
    if db.engine.dialect.name == "sqlite":
        folder = os.open(Path(str(db.engine.url.database)).resolve().parent, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
    else:
        with db.engine.begin() as waiting:
            waiting.execute(turn_at("one process migrates"))
            yield


def upgrade() -> None:
    """Bring the database to the newest revision; does nothing when it is there.

    Raises SchemaFault for one that a newer portal has been at.
    """
    if is_newer():
        raise SchemaFault(NEWER)
    current = is_current()
    db.session.rollback()
    if not current:
        # As in `bind`: most starts have nothing to do here.
        from flask_migrate import upgrade as migrate_upgrade

        bind(current_app._get_current_object())  # type: ignore[attr-defined]
        before = writing.set(True)
        try:
            migrate_upgrade()
        finally:
            writing.reset(before)
        fold_log_in()
