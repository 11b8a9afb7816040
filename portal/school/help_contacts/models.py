"""Whom a child or parent can turn to."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value


class HelpKind(StrEnum):
    """Where a contact on the public help page belongs."""

    SCHOOL = "school"
    LINE = "line"


class HelpContact(Model):
    """Somebody a child or parent can turn to, on the public page "Få hjælp"; the office keeps it current."""

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[HelpKind] = mapped_column(by_value(HelpKind))
    position: Mapped[int]
    title: Mapped[str]
    detail: Mapped[str]
    phone: Mapped[str]
    url: Mapped[str]
    checked_on: Mapped[date | None]
