"""How transactions begin, wait for each other and end, on SQLite and PostgreSQL alike. What differs stands here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import (
    JSON,
    Engine,
    ExceptionContext,
    Select,
    TableValuedAlias,
    event,
    exists,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from portal.database import Model, db
from portal.database.session import WouldBeLost, is_reading
from portal.database.session import writing as writing

#: What is raised while the database is away, locked for too long, or without room. It passes by itself.
AWAY = (OperationalError, NoConnectionInTime)
#: PostgreSQL's words for "somebody else was in the way": a cleaning on a standby, two who wait for each other.
PASSES_AT_ONCE = frozenset({"40001", "40P01"})
#: What the databases call a row that is there already; every other broken constraint is a fault of whoever wrote it.
REPEATS = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"})
#: The classes of PostgreSQL's faults whose words hold values: data, and constraints.
ABOUT_VALUES = frozenset({"22", "23"})
#: How many seconds a writer waits for its turn in this process, and then for another process that holds SQLite's lock.
PATIENCE = 15


def why_away(fault: Exception) -> str:
    """The database's own words for a fault, for the log: nothing that anybody wrote."""
    return str(getattr(fault, "orig", None) or fault)


def is_worth_another_try(fault: Exception) -> bool:
    """Whether what only read may be tried again at once: its connection had died, or others stood in the way."""
    in_the_way = getattr(getattr(fault, "orig", None), "sqlstate", None) in PASSES_AT_ONCE
    return in_the_way or bool(getattr(fault, "connection_invalidated", False))


def is_repeat(fault: Exception) -> bool:
    """Whether a broken constraint says that such a row is there already, as when two do one thing at once."""
    refused = getattr(fault, "orig", None)
    return not REPEATS.isdisjoint({getattr(refused, "sqlstate", None), getattr(refused, "sqlite_errorname", None)})


def careless_settings() -> list[str]:
    """Settings of the database server under which it may lose what it has acknowledged."""
    if db.engine.dialect.name == "sqlite":  # a connection of ours sets its own, and a test holds them
        return []
    return [name for name in ("fsync", "synchronous_commit") if db.session.scalar(text(f"SHOW {name}")) == "off"]


def fold_log_in() -> None:
    """Bring what stands in SQLite's log into the file, so that a copy of the file alone holds everything.

    SQLite does it by itself only after some 4 MB. While others read or write it does what it can.
    """
    if db.engine.dialect.name == "sqlite":
        connection = db.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def insert_into(model: type[Model]) -> Any:
    """An INSERT that can say what happens on a conflict; both databases can, each in its own dialect's words."""
    table: Any = model.__table__
    return (sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert)(table)


def pairs(numbers: Mapping[int, int | None]) -> TableValuedAlias:
    """Rows of a `key` and a `value`, both to be cast: however many there are, they are one value of a statement."""
    read = func.json_each if db.engine.dialect.name == "sqlite" else func.json_each_text
    return read(literal(dict(numbers), JSON())).table_valued("key", "value")


def insert_if_absent(model: type[Model], **values: Any) -> bool:
    """Insert or ignore: add a row unless its key is there, and say whether. Others who add the same one wait."""
    inserted = insert_into(model).values(**values).on_conflict_do_nothing()
    return db.session.execute(inserted.returning(*model.__table__.primary_key)).first() is not None


def lock_row(row: Any) -> bool:
    """Lock a stored row until the transaction ends (SELECT FOR UPDATE), and read what it holds now; others wait.

    Unlike `refresh` it leaves related rows alone, which PostgreSQL would not lock through an outer join. Whether it is
    there still is given back.
    """
    kind = type(row)
    again = select(kind).where(kind.id == row.id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(again).one_or_none() is not None  # reading the row is what refreshes it


def is_referred_to(row: Any) -> bool:
    """Whether a row of some other table points at this one, so that it cannot be deleted."""
    return any(
        db.session.scalar(select(exists().where(key.parent == getattr(row, key.column.key))))
        for table in Model.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is type(row).__table__
    )


def wait_for_turn_at(rule: str) -> None:
    """Let those who keep one rule follow each other until the transaction ends: for rows that are not there yet.

    It comes before what the rule looks at is read, since of two the second has to see what the first has done. Where
    there is a row to lock (`lock_row`), that is better: it holds up fewer. On SQLite whoever writes is alone anyway.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(turn_at(rule))


def turn_at(rule: str) -> Select[Any]:
    """The statement that waits on PostgreSQL for everybody else at a rule, and holds them up until the end."""
    key = func.hashtextextended(func.concat(func.current_schema(), " ", rule), 0)
    return select(func.pg_advisory_xact_lock(key))


@contextmanager
def reading_only() -> Iterator[None]:
    """Roll back what is under way, and read without holding up anybody who writes.

    For what takes its time: comparing texts, reading files. Nothing is left open afterwards, also after a fault.
    Whoever only reads anyway goes on with what is read. Raises WouldBeLost when something was changed before: that
    would be gone without a word.
    """
    if not writing.get():
        yield
        return
    session: Any = db.session()
    if session.has_changes():
        raise WouldBeLost("something was changed before: read first, or commit it")
    session.rollback()
    before = writing.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        writing.reset(before)


@contextmanager
def changing() -> Iterator[None]:
    """Change something outside a request, all or nothing: what the block did is committed where it ends.

    Raises WouldBeLost while something is being read: what was seen there may be another thing by now.
    """
    if is_reading():
        raise WouldBeLost("something is being read: what is to be changed is read inside")
    before = writing.set(True)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        writing.reset(before)


def engine_options(url: str) -> dict[str, Any]:
    """What an engine is made with: values stand in a statement as PostgreSQL itself names them, as $1.

    psycopg's own names it has to find first: at each call anew in what is longer than 4,096 signs, as the statement
    about the person is.
    """
    if url.startswith("sqlite"):
        return {}
    from psycopg import RawCursor  # where SQLite is the database, it is never loaded

    return {"paramstyle": "numeric_dollar", "connect_args": {"cursor_factory": RawCursor}}


def prepare_engine(engine: Engine) -> None:
    """Teach an engine our manners: WAL, full sync, foreign keys, and who takes the write lock when.

    A read that turns into a write under a plain BEGIN fails at once when another writer committed in between, whatever
    the timeout; so a writing transaction takes SQLite's one write lock when it begins (docs/style.md).
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _see_a_pooler)
        event.listen(engine, "handle_error", _say_no_values)
        engine.dialect.do_begin = _begin  # type: ignore[method-assign]
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
    turn, taken, let_write = Lock(), set[int](), _refusal_to_write(engine)

    def begin(connection: Any) -> None:
        let_write(connection, writing.get())
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


def _refusal_to_write(engine: Engine) -> Callable[[Any, bool], None]:
    """What tells a connection whether it may write: SQLite itself refuses it to whoever only reads.

    A connection is told only when it changes hands, so that a page does not pay for it.
    """
    only_read = set[int]()

    def let_write(connection: Any, may_write: bool) -> None:
        driver = id(connection.dbapi_connection)
        if may_write is (driver in only_read):
            connection.execute(f"PRAGMA query_only={'OFF' if may_write else 'ON'}")
            (only_read.discard if may_write else only_read.add)(driver)

    @event.listens_for(engine, "close")
    def forget(driver: Any, *_: object) -> None:
        only_read.discard(id(driver))

    return let_write


def _say_no_values(context: ExceptionContext) -> None:
    """Leave of PostgreSQL's words about a row what names no value: it repeats what somebody wrote, and logs keep it."""
    fault: Any = context.original_exception
    state = getattr(fault, "sqlstate", None) or ""
    if state[:2] in ABOUT_VALUES:
        words = f"SQLSTATE {state}, {fault.diag.constraint_name or fault.diag.column_name or 'no constraint'}"
        fault.args = (words,)
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.args = (f"({type(fault).__name__}) {words}",)


def _see_a_pooler(connection: Any, _: object) -> None:
    """Make a new connection one that only reads unless it is told to write.

    Where a pooler, such as PgBouncer, gives each transaction another server, nothing may be set and nothing prepared:
    the next client would find the setting, and the statement of another would be run under the name of ours, without an
    error where it takes as many values.
    """
    if is_pooled(connection):
        connection.prepare_threshold = None
        return
    connection.autocommit = True  # in a transaction that is rolled back nothing stays set
    connection.execute("SET default_transaction_read_only = on")
    connection.read_only = False  # so a transaction says READ WRITE when it begins


def is_pooled(connection: Any) -> bool:
    """Whether a driver's connection leads to PostgreSQL through a pooler: another server answers than it has named."""
    (answering,) = connection.execute("SELECT pg_backend_pid()", prepare=False).fetchone()
    connection.rollback()
    return bool(answering != connection.info.backend_pid)


def _begin(dbapi_connection: Any) -> None:
    """On PostgreSQL whoever only reads needs no transaction; at a pooler that is all that keeps them from writing.

    Its statements each saw what had been committed by then inside of one as well (READ COMMITTED), and a page is two
    round trips shorter without. Nor is there a ROLLBACK, at which psycopg forgets what it has prepared.
    """
    driver = dbapi_connection.dbapi_connection  # what is set on the pool's wrapper is lost
    reads = not writing.get()
    if driver.prepare_threshold is None:
        if driver.read_only is not reads:
            driver.read_only = reads
    elif driver.autocommit is not reads:
        driver.autocommit = reads


def stands_behind_a_pooler() -> bool:
    """Whether the portal's database is PostgreSQL behind a pooler."""
    if db.engine.dialect.name == "sqlite":
        return False
    with db.engine.connect() as connection:
        return is_pooled(connection.connection.driver_connection)
