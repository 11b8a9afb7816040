"""The database: what every table shares, and the session that everything runs in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase, registry

from portal.database.session import Session
from portal.database.types import UTCDateTime


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


@event.listens_for(Table, "after_parent_attach")
def give_no_id_twice(table: Table, metadata: MetaData) -> None:
    """Let SQLite give no id out again whose row was deleted: acts, lines and links name things by their ids.

    Whichever way a table comes about, by a model or by a migration that makes it anew. PostgreSQL needs no telling.
    """
    if [column.name for column in table.primary_key] == ["id"]:
        table.dialect_options["sqlite"]["autoincrement"] = True


db = SQLAlchemy(
    model_class=Base, session_options={"class_": Session, "expire_on_commit": False}, disable_autonaming=False
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
