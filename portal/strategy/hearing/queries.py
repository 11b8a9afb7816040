"""Finding what the bodies have said, and what of it a person may read."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import String, select, type_coerce

from portal.database.prepared import AnySelect, param, params, prepared
from portal.strategy.hearing.models import Body, Statement


def get_statement(amendment_id: int, body: Body, council_id: int | None = None) -> Statement | None:
    """What a body has said about an amendment."""
    said: Statement | None = _statement.of(council_id is None).entity(
        amendment_id=amendment_id, body=body, council_id=council_id
    )
    return said


@prepared
def _statement(is_of_adults: bool) -> AnySelect:
    is_bodys = type_coerce(Statement.body, String) == param("body", str)
    is_councils = Statement.council_id == param("council_id", int)
    said = select(Statement).where(Statement.amendment_id == param("amendment_id", int), is_bodys)
    return said.where(Statement.council_id.is_(None) if is_of_adults else is_councils)


def list_statements(amendment_ids: Collection[int]) -> Sequence[Statement]:
    """What all bodies have said about these amendments, in the order of the bodies."""
    return _statements.entities(ids=sorted(amendment_ids)) if amendment_ids else []


@prepared
def _statements() -> AnySelect:
    in_order = (Statement.amendment_id, Statement.body, Statement.id)
    return select(Statement).where(Statement.amendment_id.in_(params("ids", int))).order_by(*in_order)
