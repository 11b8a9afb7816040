"""What everything runs on: the session, and the one connection of whoever only reads, which costs a third of one."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import flask_sqlalchemy.session
from flask import current_app, g
from sqlalchemy import Connection, Engine

#: Whether the transaction about to begin will write. Commands and the worker do; a safe request says False first thing.
writing: ContextVar[bool] = ContextVar("writing", default=True)


class Session(flask_sqlalchemy.session.Session):
    """A session that runs on the connection of its request while that only reads."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """Where the transaction about to begin takes place."""
        return super().get_bind(*args, **kwargs) if writing.get() else reader()

    def rollback(self) -> None:
        """Leave nothing of what is under way, and what is read from now on is what is stored now."""
        try:
            super().rollback()
        finally:
            release()

    def close(self) -> None:
        """End for good; what was read is let go of as well."""
        try:
            super().close()
        finally:
            release()


def reader() -> Connection:
    """The connection of a request that only reads, for as long as it lasts; a page that only shows has no session."""
    connection: Connection | None = g.get("reader")
    if connection is None:
        connection = g.reader = current_app.extensions["sqlalchemy"].engine.connect()
    if not connection.in_transaction():
        connection.begin()
    return connection


def release(_: BaseException | None = None) -> None:
    """Give it back, if there is one."""
    connection: Connection | None = g.pop("reader", None)
    if connection is not None:
        connection.close()
