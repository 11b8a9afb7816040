"""The database's manners: base class, column types, names of constraints, and how a transaction begins.

SQLite and PostgreSQL run the same code. What differs stands here and nowhere else.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CompoundSelect,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Select,
    String,
    event,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator

#: Whether the transaction about to begin will write. Commands and the worker do; a safe request says False first thing.
writing: ContextVar[bool] = ContextVar("writing", default=True)

#: What is raised while the database is away, locked for too long, or without room. It passes by itself.
AWAY = (OperationalError, NoConnectionInTime)


#: How many seconds a writer waits for its turn in this process, and then for another process that holds SQLite's lock.
PATIENCE = 15


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


def insert_into(model: type[Model]) -> Any:
    """An INSERT that can say what happens on a conflict; both databases can, each in its own dialect's words."""
    table: Any = model.__table__
    return (sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert)(table)


def insert_if_absent(model: type[Model], **values: Any) -> bool:
    """Insert a row unless one with its key is there, and say whether; who inserts the same one now waits for us."""
    inserted = insert_into(model).values(**values).on_conflict_do_nothing()
    return db.session.execute(inserted.returning(*model.__table__.primary_key)).first() is not None


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


def fetch(
    statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]], values: Mapping[str, Any]
) -> Sequence[Any]:
    """The rows of a select that was built once, as named tuples: past the ORM, at a third of its price.

    SQLAlchemy compiles it once and runs what came out. Left out is finding it again at every call in SQLAlchemy's
    cache, by a key as long as the statement, which takes longer than SQLite's answer.
    """
    session = db.session()
    session.flush()  # what the session would have done itself
    connection = session.connection()
    compiled = _compiled(statement, connection.dialect)
    return compiled.fetch(connection, values) if compiled else connection.execute(statement, values).all()


@lru_cache(maxsize=512)
def _compiled(statement: Any, dialect: Dialect) -> _Compiled | None:
    """The statement for a database, or None for one whose text depends on its values: on how many it looks among."""
    compiled: Any = statement.compile(dialect=dialect)
    depends_on_values = compiled.post_compile_params or compiled.literal_execute_params
    return None if depends_on_values else _Compiled(statement, compiled)


class _Compiled:
    """A select as the driver takes it, with what makes the driver's values of ours, and our rows of its."""

    def __init__(self, statement: Any, compiled: SQLCompiler) -> None:
        self.compiled, self.sql = compiled, compiled.string
        self.row: Any = namedtuple("Row", statement.selected_columns.keys(), rename=True)  # type: ignore[misc]
        self.kinds = [column.type.dialect_impl(compiled.dialect) for column in statement.selected_columns]
        self.readers: list[tuple[int, Callable[[Any], Any]]] | None = None
        self.writers = {  # one per name: what is asked for in several places is made ready once
            name: write
            for bind, name in compiled.bind_names.items()
            if (write := bind.type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect))
        }

    def fetch(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows for these values."""
        bound: Any = self.compiled.construct_params(values)
        for name, write in self.writers.items():
            bound[name] = write(bound[name])
        if self.compiled.positiontup is not None:
            bound = tuple([bound[name] for name in self.compiled.positiontup])
        result = connection.exec_driver_sql(self.sql, bound)
        if self.readers is None:
            self.readers = self._readers(result)
        rows: Iterable[Any] = result.all()
        if rows and self.readers:
            columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
            for place, read in self.readers:
                columns[place] = map(read, columns[place])
            rows = zip(*columns, strict=True)
        return list(map(self.row._make, rows))

    def _readers(self, result: CursorResult[Any]) -> list[tuple[int, Callable[[Any], Any]]]:
        """What reads the values of a column, where they are not taken as the driver gives them."""
        types = [about[1] for about in result.cursor.description]
        dialect = self.compiled.dialect
        readers = [kind.result_processor(dialect, of) for kind, of in zip(self.kinds, types, strict=True)]
        return [(place, read) for place, read in enumerate(readers) if read]


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
        _keep_prepared_statements(engine)
        return

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_take_turns` does
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={PATIENCE * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    _take_turns(engine)


def _take_turns(engine: Engine) -> None:
    """Let the writers of one process wait for each other outside SQLite, which looks for its lock at odd moments.

    Whoever asks it while others write one after the other may ask for many seconds and never find it free.
    """
    turn, taken = Lock(), set[int]()

    def begin(connection: Any) -> None:
        if not writing.get():
            connection.execute("BEGIN")
            return
        if turn.acquire(timeout=PATIENCE):  # else SQLite has the last word
            taken.add(id(connection.dbapi_connection))
        try:
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            give_back(connection.dbapi_connection)
            raise

    def then_give_back(end: Callable[[Any], None]) -> Callable[[Any], None]:
        def ended(connection: Any) -> None:
            try:
                end(connection)
            finally:
                give_back(connection.dbapi_connection)

        return ended

    @event.listens_for(engine, "close")
    def give_back(driver: Any, *_: object) -> None:
        if id(driver) in taken:
            taken.remove(id(driver))
            turn.release()

    dialect: Any = engine.dialect  # a fault in these is one of SQLAlchemy's
    dialect.do_begin = begin
    dialect.do_commit, dialect.do_rollback = then_give_back(dialect.do_commit), then_give_back(dialect.do_rollback)


def _keep_prepared_statements(engine: Engine) -> None:
    """On PostgreSQL a transaction that only reads is begun READ ONLY and ended by COMMIT instead of ROLLBACK.

    psycopg forgets its prepared statements at a ROLLBACK, and planning the person's anew takes ten times as long as
    running it. Nothing can have been written, so the two ends are the same.
    """

    def begin(dbapi_connection: Any) -> None:
        driver = dbapi_connection.dbapi_connection  # what is set on the pool's wrapper is lost
        reads = not writing.get()
        if driver.read_only is not reads:
            driver.read_only = reads

    def end(dbapi_connection: Any) -> None:
        (dbapi_connection.commit if dbapi_connection.read_only else dbapi_connection.rollback)()

    engine.dialect.do_begin = begin  # type: ignore[method-assign]
    engine.dialect.do_rollback = end  # type: ignore[method-assign]
