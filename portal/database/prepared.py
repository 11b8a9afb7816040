"""Statements that are built once, with named places for their values, and run for a fraction of the price."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, cached_property, lru_cache, partial
from typing import Any, Generic, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    Boolean,
    CompoundSelect,
    Connection,
    Date,
    Dialect,
    Integer,
    Select,
    String,
    bindparam,
    inspect,
    select,
)
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from portal.database import db
from portal.database.session import reader, writing
from portal.database.types import UTCDateTime

AnySelect: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Kind = TypeVar("Kind", int, str, bool, date, datetime)
Entity = TypeVar("Entity")
Arguments = TypeVarTuple("Arguments")

_TYPES: dict[type, TypeEngine[Any]] = {
    int: Integer(),
    str: String(),
    bool: Boolean(),
    date: Date(),
    datetime: UTCDateTime(),
}


def param(name: str, kind: type[Kind]) -> BindParameter[Kind]:
    """The place of a value in a prepared statement; wherever it stands, its name is asked for once."""
    return bindparam(name, type_=_TYPES[kind])


def params(name: str, kind: type[Kind]) -> BindParameter[Kind]:
    """The place of any number of values, for `in_`; a statement has one text for each number of them."""
    return bindparam(name, type_=_TYPES[kind], expanding=True)


class Statement:
    """A select that is built by a function without arguments, once; of one that gives rows its text alone is kept.

    SQLAlchemy's own form of a statement takes many times the memory of its text, and all pages together have hundreds.
    """

    def __init__(self, build: Callable[[], AnySelect]) -> None:
        self.build = build

    @cached_property
    def select(self) -> AnySelect:
        """It as SQLAlchemy has it, kept: for entities, and where a list of values gives it a text for each length."""
        return self.build()

    def rows(self, **values: Any) -> Sequence[Any]:
        """Its rows for these values, as named tuples."""
        return fetch(self, values)

    def row(self, **values: Any) -> Any:
        """The first of its rows, or None."""
        return next(iter(fetch(self, values)), None)

    def value(self, **values: Any) -> Any:
        """The first thing in the first of its rows, or None."""
        row = self.row(**values)
        return row[0] if row else None

    def entities(self, **values: Any) -> Sequence[Any]:
        """What it selects as entities of the session, to be changed: slower than rows."""
        return db.session.scalars(self.select, values).unique().all()

    def entity(self, **values: Any) -> Any:
        """The first of these entities, or None."""
        return next(iter(self.entities(**values)), None)

    def pairs(self, **values: Any) -> Sequence[Any]:
        """Its rows where an entity stands beside something else."""
        return db.session.execute(self.select, values).unique().all()


class Prepared(Generic[*Arguments]):
    """A statement under the name of the function that builds it, which is called when its rows are first asked for.

    One with arguments, such as a number of classes, is a statement for each: `_news.of(3).rows(...)`.
    """

    def __init__(self, build: Callable[[*Arguments], AnySelect]) -> None:
        self._made: Callable[..., Statement] = cache(lambda *arguments: Statement(partial(build, *arguments)))

    def of(self, *arguments: *Arguments) -> Statement:
        """The statement for these arguments."""
        return self._made(*arguments)

    def rows(self, **values: Any) -> Sequence[Any]:
        """The rows of a statement without arguments, for these values."""
        return self._made().rows(**values)

    def row(self, **values: Any) -> Any:
        """The first of them, or None."""
        return self._made().row(**values)

    def value(self, **values: Any) -> Any:
        """The first thing in the first of them, or None."""
        return self._made().value(**values)

    def entities(self, **values: Any) -> Sequence[Any]:
        """The same as entities of the session, to be changed."""
        return self._made().entities(**values)

    def entity(self, **values: Any) -> Any:
        """The first of these entities, or None."""
        return self._made().entity(**values)

    def pairs(self, **values: Any) -> Sequence[Any]:
        """The rows of one in which an entity stands beside something else."""
        return self._made().pairs(**values)


def prepared(build: Callable[[*Arguments], AnySelect]) -> Prepared[*Arguments]:
    """Build a statement once and keep it: what every page asks for costs its rows alone (docs/performance.md)."""
    return Prepared(build)


def by_id(model: type[Entity], key: int) -> Entity | None:
    """A stored row as an entity, by its id: what `session.get` finds, without a statement that is built for it."""
    known = db.session.identity_map.get(db.session.identity_key(model, key))
    if known is not None:  # `get` also sees whether it has been deleted, or has to be read again
        return db.session.get(model, key)
    found: Entity | None = _with_id.of(model).entity(id=key)
    return found


@prepared
def _with_id(model: Any) -> AnySelect:
    (key,) = inspect(model).primary_key
    return select(model).where(key == param("id", int))


def fetch(statement: Statement, values: Mapping[str, Any]) -> Sequence[Any]:
    """Run a prepared select: its rows as named tuples, past the ORM, at a fifth of its price.

    SQLAlchemy compiles it once, and what came out goes straight to the driver. Left out is finding it again at every
    call in SQLAlchemy's cache, by a key as long as the statement, and describing the result anew: each takes longer
    than SQLite's answer.
    """
    if writing.get():
        db.session.flush()  # what the session would have done itself
        connection = db.session.connection()
    else:
        connection = reader()
    many = tuple([(name, len(value)) for name, value in values.items() if isinstance(value, list)])
    return _compiled(statement, connection.dialect, many).fetch(connection, values)


@lru_cache(maxsize=1024)
def _compiled(statement: Statement, dialect: Dialect, many: tuple[tuple[str, int], ...]) -> _Compiled:
    """The statement for a database, and for so many values in each of its lists."""
    select: Any = statement.select if many else statement.build()
    return _Compiled(select, select.compile(dialect=dialect), dict(many))


class _Compiled:
    """A select as the driver takes it, with what makes the driver's values of ours, and our rows of its."""

    def __init__(self, statement: Any, compiled: SQLCompiler, many: Mapping[str, int]) -> None:
        self.dialect = compiled.dialect
        self.asked = {bind.key for bind in compiled.bind_names if bind.required}
        state = compiled.construct_expanded_state({n: [None] * many[n] if n in many else None for n in self.asked})
        self.sql, self.order = state.statement, state.positiontup
        self.lists = {name: state.parameter_expansion[name] for name in many}
        self.writers: dict[str, Callable[[Any], Any]] = {}  # by name: what is asked for in two places is written once
        for bind, name in compiled.bind_names.items():
            if write := bind.type.dialect_impl(self.dialect).bind_processor(self.dialect):
                self.writers.update((place, write) for place in state.parameter_expansion.get(name, [name]))
        given = {place for name in self.asked for place in self.lists.get(name, [name])}
        self.constants = {  # values that stand in the statement itself are written here
            name: self.writers.pop(name)(value) if name in self.writers else value
            for name, value in state.parameters.items()
            if name not in given
        }
        named = namedtuple("Row", statement.selected_columns.keys(), rename=True)  # type: ignore[misc]
        self.row = partial(tuple.__new__, named)  # `_make` without a call of Python's for each row
        self.kinds = [column.type.dialect_impl(self.dialect) for column in statement.selected_columns]
        self.readers: list[tuple[int, Callable[[Any], Any]]] | None = None

    def fetch(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows for these values."""
        if not self.asked <= values.keys():
            raise InvalidRequestError(f"values are missing: {sorted(self.asked - values.keys())}")
        bound: Any = {**self.constants, **values}
        for name, places in self.lists.items():
            bound.update(zip(places, bound.pop(name), strict=True))
        for name, write in self.writers.items():
            bound[name] = write(bound[name])
        if self.order is not None:
            bound = tuple([bound[name] for name in self.order])
        try:
            cursor = self._run(connection, bound)
            rows: Iterable[Any] = cursor.fetchall()
        except self.dialect.loaded_dbapi.Error as fault:
            connection._handle_dbapi_exception(fault, self.sql, bound, None, None)  # SQLAlchemy's words, whoever asks
        if self.readers is None:
            self.readers = self._readers(cursor)
        if rows and self.readers:
            columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
            for place, read in self.readers:
                columns[place] = map(read, columns[place])
            rows = zip(*columns, strict=True)
        return list(map(self.row, rows))

    def _run(self, connection: Connection, bound: Any) -> Any:
        """The driver's cursor with the rows; SQLAlchemy is asked for it where somebody listens for statements."""
        if connection.engine._has_events:
            return connection.exec_driver_sql(self.sql, bound).cursor
        cursor = connection.connection.cursor()
        cursor.execute(self.sql, bound)
        return cursor

    def _readers(self, cursor: Any) -> list[tuple[int, Callable[[Any], Any]]]:
        """What reads the values of a column, where they are not taken as the driver gives them."""
        types = [about[1] for about in cursor.description]
        readers = [kind.result_processor(self.dialect, of) for kind, of in zip(self.kinds, types, strict=True)]
        return [(place, read) for place, read in enumerate(readers) if read]
