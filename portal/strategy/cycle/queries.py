"""Finding the year's review."""

from __future__ import annotations

from sqlalchemy import select

from portal.database import db
from portal.strategy.cycle.models import RevisionCycle


def get_cycle(*, lock: bool = False) -> RevisionCycle | None:
    """The review that is open; `lock` keeps its phase from moving until this transaction ends."""
    statement = select(RevisionCycle).where(RevisionCycle.is_open)
    if lock:
        statement = statement.with_for_update(read=True).execution_options(populate_existing=True)
    return db.session.scalar(statement)
