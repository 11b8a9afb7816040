"""How migrations run: in one transaction, on SQLite with foreign keys off so that rebuilt tables keep their rows."""

from __future__ import annotations

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db
engine = database.engine


def run() -> None:
    """Run the migrations on the application's own engine."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # Before the transaction begins: inside one the pragma does nothing, and rebuilding a table (batch mode)
            # would delete the rows that point at it.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transactional_ddl=True,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()
        if engine.dialect.name == "sqlite":
            faults = connection.connection.driver_connection.execute("PRAGMA foreign_key_check").fetchall()
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
            if faults:
                raise RuntimeError(f"the migration left rows without their parents: {faults[:5]}")


run()
