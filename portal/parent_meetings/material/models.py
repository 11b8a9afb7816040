"""The school's fixed material for parent meetings, every version of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model
from portal.database.types import by_value


class FileKind(StrEnum):
    """What a file may be: something that is only looked at. The value is what browsers are told that it is."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


class MaterialFile(Model):
    """The bytes of a file that goes with the material, as they came: in a table of their own, since pages need none."""

    id: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class MeetingMaterial(Model):
    """One version of what every parent meeting shows in a school year (det faste materiale). Rows never change.

    `links` holds one a line: the address, and after a space what it is called. A file may belong to several versions;
    its kind was seen in its bytes and not in its name.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    school_year: Mapped[int]
    number: Mapped[int]
    body: Mapped[str]
    links: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("material_file.id"), index=True)
    file_name: Mapped[str]
    file_kind: Mapped[FileKind | None] = mapped_column(by_value(FileKind))
    published_at: Mapped[datetime]
    published_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)

    __table_args__ = (
        UniqueConstraint("school_year", "number"),
        CheckConstraint("number >= 1", name="number_is_positive"),
    )


@dataclass(frozen=True, slots=True)
class MaterialYear:
    """A school year with the version that holds in it, or with none yet."""

    school_year: int
    current: MeetingMaterial | None

    @property
    def version(self) -> int:
        """The number of the version that holds, for whoever writes the next: 0 while there is none."""
        return self.current.number if self.current is not None else 0
