"""Finding what the bodies have said, and what of it a person may read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from portal.database import db
from portal.strategy.hearing.models import Body, Statement


def get_statement(amendment_id: int, body: Body, council_id: int | None = None) -> Statement | None:
    """What a body has said about an amendment."""
    return db.session.scalar(
        select(Statement).where(
            Statement.amendment_id == amendment_id,
            Statement.body == body,
            Statement.council_id.is_not_distinct_from(council_id),
        )
    )


def list_statements(amendment_ids: Collection[int]) -> Sequence[Statement]:
    """What all bodies have said about these amendments, in the order of the bodies."""
    if not amendment_ids:
        return []
    return db.session.scalars(
        select(Statement)
        .where(Statement.amendment_id.in_(sorted(amendment_ids)))
        .order_by(Statement.amendment_id, Statement.body, Statement.id)
    ).all()
