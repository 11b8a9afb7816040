"""The office's roster files between preview and apply."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Model


class RosterUpload(Model):
    """The office's roster files between preview and apply: kept so that what is applied is what was shown."""

    id: Mapped[int] = mapped_column(primary_key=True)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    files: Mapped[dict[str, Any]] = mapped_column(JSON)
