"""What everything runs on: the session, and the one connection of whoever only reads, which costs a third of one."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import flask_sqlalchemy.session
from flask import current_app, g
from sqlalchemy import Connection, Engine, event

#: Whether the transaction about to begin will write. Commands and the worker do; a safe request says False first thing.
writing: ContextVar[bool] = ContextVar("writing", default=True)


class WouldBeLost(RuntimeError):
    """The portal's own fault: something was changed where nothing is kept. Nobody is told that it is stored."""


class Session(flask_sqlalchemy.session.Session):
    """A session that runs on the connection of its request while that only reads."""

    #: Whether something has been written since the transaction began.
    has_written = False

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Engine | Connection:
        """Where the transaction about to begin takes place. Raises WouldBeLost for a change by whoever only reads."""
        if clause is not None and clause.is_dml:
            self.note_a_change()
        if not writing.get():
            return reader()
        if "reader" in g:
            raise WouldBeLost("what is to be written was read before: roll back first, and read it again")
        return super().get_bind(mapper, clause, bind, **kwargs)

    def note_a_change(self) -> None:
        """Remember that something is being written. Raises WouldBeLost where that would be kept nowhere."""
        if not writing.get():
            raise WouldBeLost("something is changed by whoever only reads: `changing()` is for that")
        self.has_written = True

    def rollback(self) -> None:
        """Leave nothing of what is under way, and what is read from now on is what is stored now."""
        try:
            super().rollback()
        finally:
            self.has_written = False
            release()

    def close(self) -> None:
        """End for good; what was read is let go of as well."""
        try:
            super().close()
        finally:
            self.has_written = False
            release()

    def has_changes(self) -> bool:
        """Whether a rollback would undo something."""
        return self.has_written or bool(self.new or self.deleted or any(map(self.is_modified, self.dirty)))


@event.listens_for(Session, "before_flush")
def _note_what_is_flushed(session: Session, *_: object) -> None:
    session.note_a_change()


@event.listens_for(Session, "after_commit")
def _note_that_all_is_stored(session: Session) -> None:
    if not session.in_nested_transaction():
        session.has_written = False


def is_reading() -> bool:
    """Whether something has been read that is older than what would be read now."""
    return "reader" in g


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
