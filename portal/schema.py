"""The database's shape over time: bringing it up to date, and whether it is."""

from __future__ import annotations

from functools import cache

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import upgrade as migrate_upgrade
from sqlalchemy import inspect, text

from portal.database import db
from portal.settings import ROOT

MIGRATIONS = ROOT / "portal" / "migrations"


@cache
def newest_revision() -> str:
    """The revision that the code was written for."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    return head or ""


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
        migrate_upgrade()
