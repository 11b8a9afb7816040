"""Statements that are built once and run past the ORM."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Generic, TypeAlias, TypeVar, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    CursorResult,
    Date,
    Dialect,
    Integer,
    Select,
    String,
    bindparam,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from portal.database import db
from portal.database.types import UTCDateTime

AnySelect: TypeAlias = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Kind = TypeVar("Kind", int, str, date, datetime)
Arguments = TypeVarTuple("Arguments")

_TYPES: dict[type, TypeEngine[Any]] = {int: Integer(), str: String(), date: Date(), datetime: UTCDateTime()}


def param(name: str, kind: type[Kind]) -> BindParameter[Kind]:
    """The place of a value in a prepared statement; wherever it stands, its name is asked for once."""
    return bindparam(name, type_=_TYPES[kind])


def params(name: str, kind: type[Kind]) -> BindParameter[Kind]:
    """The place of any number of values, for `in_`; the text of the statement then depends on how many there are."""
    return bindparam(name, type_=_TYPES[kind], expanding=True)


class Statement:
    """A select that was built once."""

    def __init__(self, select: AnySelect) -> None:
        self.select = select

    def rows(self, **values: Any) -> Sequence[Any]:
        """Its rows for these values, as named tuples."""
        return fetch(self.select, values)


class Prepared(Generic[*Arguments]):
    """A statement under the name of the function that builds it, which is called when its rows are first asked for.

    One with arguments, such as a number of classes, is a statement for each: `_news.of(3).rows(...)`.
    """

    def __init__(self, build: Callable[[*Arguments], AnySelect]) -> None:
        self._made: Callable[..., Statement] = cache(lambda *arguments: Statement(build(*arguments)))

    def of(self, *arguments: *Arguments) -> Statement:
        """The statement for these arguments."""
        return self._made(*arguments)

    def rows(self, **values: Any) -> Sequence[Any]:
        """The rows of a statement without arguments, for these values."""
        return self._made().rows(**values)


def prepared(build: Callable[[*Arguments], AnySelect]) -> Prepared[*Arguments]:
    """Build a statement once and keep it: what every page asks for costs its rows alone (docs/performance.md)."""
    return Prepared(build)


def fetch(statement: AnySelect, values: Mapping[str, Any]) -> Sequence[Any]:
    """Run a prepared select: its rows as named tuples, past the ORM, at a third of its price.

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
