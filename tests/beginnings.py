"""What tests begin with - an empty school, the cast, a world - written once by a worker and brought back for each test.

The cast is eighty statements and a world three hundred, most of a test's time; bringing them back is a copy of a file,
or on PostgreSQL one statement.
"""

from __future__ import annotations

import pickle
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from portal.database import db

Make = Callable[[], Any]


class Beginnings(ABC):
    """The beginnings kept for one database, by name. All of it happens in the context of its application."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def bring(self, name: str, make: Make) -> Any:
        """Let the database hold what `make` writes into it, and nothing else; returns what `make` returned.

        The rows that it holds on to are known to the session as they were when they had just been written.
        """
        db.session.remove()
        if name not in self._kept:
            made = make()
            db.session.commit()
            self._kept[name] = pickle.dumps((made, list(db.session)))
            db.session.remove()
            self._keep(name)
        self._bring(name)
        made, rows = pickle.loads(self._kept[name])  # noqa: S301 - our own
        db.session.add_all(rows)
        return made

    @abstractmethod
    def _keep(self, name: str) -> None: ...

    @abstractmethod
    def _bring(self, name: str) -> None: ...


class OnSqlite(Beginnings):
    """Files beside the database's own."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def _kept_as(self, name: str) -> Path:
        return self._file.with_name(f"begins-{name}.sqlite")

    def _keep(self, name: str) -> None:
        db.engine.dispose()  # the last connection to close folds the write-ahead log into the file
        shutil.copyfile(self._file, self._kept_as(name))

    def _bring(self, name: str) -> None:
        db.engine.dispose()
        for leftover in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._file.with_name(self._file.name + leftover).unlink()
        shutil.copyfile(self._kept_as(name), self._file)


#: Deletes past the foreign keys, puts back what was kept, and lets ids go on from where they were. TRUNCATE makes each
#: table's files anew, some sixty times as slow for the few rows of a test, and waits for whoever else is at a table.
_BRING = """
CREATE FUNCTION {schema}.bring_{name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    SET LOCAL session_replication_role = replica;
    {statements}
END $$
"""


class OnPostgresql(Beginnings):
    """Tables in a schema beside the database's own, and a function that puts them back.

    It is called by a connection that stays open: a new one would first have to learn what a hundred tables are.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)

    @cached_property
    def _connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self._url, autocommit=True)

    @cached_property
    def _schema(self) -> str:
        (schema,) = self._ask("SELECT current_schema() || '_begins'")[0]
        self._connection.execute(f"CREATE SCHEMA {schema}")
        return str(schema)

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement).fetchall()

    def _keep(self, name: str) -> None:
        statements = [f"{table.delete()};" for table in db.metadata.sorted_tables]
        for table in (f'"{table.name}"' for table in db.metadata.sorted_tables):
            if self._ask(f"SELECT FROM {table} LIMIT 1"):
                kept = f'{self._schema}."{name} {table[1:]}'
                self._connection.execute(f"CREATE TABLE {kept} AS TABLE {table}")
                statements.append(f"INSERT INTO {table} TABLE {kept};")
        sequences = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
        for sequence, last in self._ask(sequences):
            statements.append(f"PERFORM setval('\"{sequence}\"', {last or 1}, {last is not None});")
        self._connection.execute(_BRING.format(schema=self._schema, name=name, statements="\n    ".join(statements)))

    def _bring(self, name: str) -> None:
        self._connection.execute(f"SELECT {self._schema}.bring_{name}()")

    def close(self) -> None:
        self._connection.execute(f"DROP SCHEMA {self._schema} CASCADE")
        self._connection.close()
