"""The office's roster files between preview and apply."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from portal.database import Model


class RosterUpload(Model):
    """The office's roster files between preview and apply: kept so that what is applied is what was shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]

    files: Mapped[dict[str, RosterFile]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, collection_class=attribute_keyed_dict("name")
    )


class RosterFile(Model):
    """One file of an upload, byte for byte as it came: its encoding is found out when it is read."""

    upload_id: Mapped[int] = mapped_column(ForeignKey("roster_upload.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]
