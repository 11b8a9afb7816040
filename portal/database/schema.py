"""The database's shape over time: bringing it up to date, and whether it is."""

from __future__ import annotations

import re
from functools import cache

from flask import Flask, current_app
from sqlalchemy import inspect, text

from portal.database import db
from portal.database.transactions import fold_log_in, writing
from portal.settings import ROOT

MIGRATIONS = ROOT / "portal" / "database" / "migrations"
_REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
_BEFORE = re.compile(r"^down_revision = (.+)", re.MULTILINE)


def bind(app: Flask) -> None:
    """Give Flask-Migrate the application, for `flask db` and for bringing a database up to date."""
    # Alembic is a tenth of the start, and most starts find a database that is up to date.
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)


@cache
def newest_revision() -> str:
    """The revision that the code was written for, as the migrations say; "" unless exactly one is the newest."""
    sources = [file.read_text(encoding="utf-8") for file in (MIGRATIONS / "versions").glob("*.py")]
    newest = {name for source in sources for name in _REVISION.findall(source)}
    newest -= {name for source in sources for line in _BEFORE.findall(source) for name in re.findall(r'"(\w+)"', line)}
    return newest.pop() if len(newest) == 1 else ""


def stored_revision() -> str:
    """The revision the database is at; "" for an empty database."""
    if not inspect(db.session.connection()).has_table("alembic_version"):
        return ""
    return db.session.scalar(text("SELECT version_num FROM alembic_version")) or ""


def is_current() -> bool:
    """Whether the database is as the code expects it."""
    return stored_revision() == newest_revision()


def upgrade() -> None:
    """Bring the database to the newest revision; does nothing when it is there."""
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
