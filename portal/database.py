"""The database's manners: base class, column types, names of constraints, and how a transaction begins.

SQLite and PostgreSQL run the same code. What differs stands here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, Executable, MetaData, Row, String, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

#: Whether the transaction about to begin will write. Commands and the worker do; a safe request says False first thing.
writing: ContextVar[bool] = ContextVar("writing", default=True)

#: What is raised while the database is away, locked for too long, or without room. It passes by itself.
AWAY = (OperationalError, NoConnectionInTime)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and always aware; a naive datetime is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC for storing."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored moment its time zone back (SQLite keeps none)."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class LowerCase(TypeDecorator[str]):
    """A text whose case means nothing, such as an e-mail address: stored and compared in lower case, by its index."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Lower the text, stored or sought."""
        return value.lower() if value is not None else None


def by_value(kind: type[StrEnum]) -> Enum:
    """A column type that stores a StrEnum by its value, as text, so that adding a member needs no migration."""
    return Enum(kind, native_enum=False, length=40, values_callable=lambda members: [m.value for m in members])


class Base(DeclarativeBase):
    """What every table shares: named constraints (SQLite's batch migrations need them) and the column types."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(metadata=metadata, type_annotation_map={datetime: UTCDateTime()})


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False}, disable_autonaming=False)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def why_away(fault: Exception) -> str:
    """The database's own words for a fault, for the log: nothing that anybody wrote."""
    return str(getattr(fault, "orig", None) or fault)


def careless_settings() -> list[str]:
    """Settings of the database server under which it may lose what it has acknowledged."""
    if db.engine.dialect.name == "sqlite":  # a connection of ours sets its own, and a test holds them
        return []
    return [name for name in ("fsync", "synchronous_commit") if db.session.scalar(text(f"SHOW {name}")) == "off"]


def insert_if_absent(model: type[Model], **values: Any) -> None:
    """Insert a row unless one with its key is there; who inserts the same row at this moment waits for us."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    db.session.execute(insert(model).values(**values).on_conflict_do_nothing())


def lock_row(row: Any) -> None:
    """Take a stored row until the transaction ends, and read what it holds now: whoever comes second waits.

    Unlike `refresh` it leaves related rows alone, which PostgreSQL would not lock through an outer join.
    """
    kind = type(row)
    again = select(kind).where(kind.id == row.id).with_for_update().execution_options(populate_existing=True)
    db.session.scalars(again).one_or_none()  # reading the row is what refreshes it


def lock_table(model: type[Model]) -> None:
    """Let one at a time write to a table until the transaction ends: for a rule about rows that are not there yet.

    On SQLite whoever writes is alone anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"LOCK TABLE {model.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def fetch(statement: Executable, values: Mapping[str, Any]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows of a statement that was built once, as every page needs some: past the ORM, at half its price."""
    db.session.flush()  # what the session would have done itself
    return db.session.connection().execute(statement, values).all()


@contextmanager
def reading_only() -> Iterator[None]:
    """Leave the transaction under way, undone, and read without holding up anybody who writes.

    For what takes its time: comparing texts, reading files. Nothing is left open afterwards, also after a fault.
    """
    db.session.rollback()
    before = writing.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        writing.reset(before)


def prepare_engine(engine: Engine) -> None:
    """Teach an engine our manners: WAL, full sync, foreign keys, and who takes the write lock when.

    A read that turns into a write under a plain BEGIN fails at once when another writer committed in between, whatever
    the timeout; so a writing transaction takes SQLite's one write lock when it begins (design section 4).
    """
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=15000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
