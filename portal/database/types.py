"""The column types that all tables share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    DateTime,
    Dialect,
    Enum,
    String,
)
from sqlalchemy.types import TypeDecorator


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

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Read a stored moment with its time zone, which SQLite's texts lack."""
        return _in_utc if dialect.name == "sqlite" else self.impl_instance.result_processor(dialect, coltype)


def _in_utc(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(f"{stored}+00:00") if stored else None


class LowerCase(TypeDecorator[str]):
    """A text whose case means nothing, such as an e-mail address: stored and compared in lower case, by its index."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Lower the text, stored or sought."""
        return value.lower() if value is not None else None


class Keys(TypeDecorator[tuple[str, ...]]):
    """Some keys of ours, in order, stored as one text: few, always read together and never sought one by one."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """Put the keys into one text; none of them holds a space."""
        return " ".join(value) if value is not None else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...] | None:
        """Give the keys back."""
        return tuple(value.split()) if value is not None else None


#: A text that the database puts in order sign by sign, whatever the server's own language is.
IN_ORDER_OF_SIGNS = String().with_variant(String(collation="C"), "postgresql")


def by_value(kind: type[StrEnum]) -> Enum:
    """A column type that stores a StrEnum by its value, as text, so that adding a member needs no migration."""
    return Enum(kind, native_enum=False, length=40, values_callable=lambda members: [m.value for m in members])
