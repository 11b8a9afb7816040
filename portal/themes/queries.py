"""The themes of the strategy, and what classes have agreed on that speaks of one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import and_, select

from portal.agreements.models import AgreementVersion, ClassAgreement
from portal.database.prepared import AnySelect, param, params, prepared
from portal.strategy.models import Clause, Edition
from portal.strategy.queries import TextRow
from portal.themes.delivered import DELIVERED, delivered_themes
from portal.themes.models import Theme, ThemeLine


def list_themes(text: Sequence[TextRow]) -> list[ThemeLine]:
    """The school's own themes, after those that were delivered: of these its own, or as this text has them."""
    own = {line.key: line for line in (ThemeLine(**row._asdict()) for row in _themes.rows())}
    first = [own.pop(line.key, line) for line in delivered_themes(text)]
    return [*first, *own.values()]


def find_theme(text: Sequence[TextRow], key: str) -> ThemeLine | None:
    """One of these themes, by its key."""
    return next((line for line in list_themes(text) if line.key == key), None)


@prepared
def _themes() -> AnySelect:
    return select(*[getattr(Theme, each.name) for each in fields(ThemeLine)]).order_by(Theme.id)


def get_theme(key: str) -> Theme | None:
    """A theme of the school's own, to be changed."""
    found: Theme | None = _theme.entity(key=key)
    return found


@prepared
def _theme() -> AnySelect:
    return select(Theme).where(Theme.key == param("key", str))


def is_delivered(key: str) -> bool:
    """Whether it came with the portal."""
    return any(line.key == key for line in DELIVERED)


def list_keys_of(edition: int) -> frozenset[str]:
    """The keys of all clauses of an edition, by its number."""
    return frozenset(row.key for row in _keys_of.rows(number=edition))


@prepared
def _keys_of() -> AnySelect:
    return (
        select(Clause.key).join(Edition, Edition.id == Clause.edition_id).where(Edition.number == param("number", int))
    )


def list_agreed(class_ids: Collection[int]) -> Sequence[Any]:
    """What these classes have agreed on, as it holds now: one statement."""
    return _agreed.rows(class_ids=sorted(class_ids)) if class_ids else []


@prepared
def _agreed() -> AnySelect:
    holds_now = and_(
        AgreementVersion.agreement_id == ClassAgreement.id, AgreementVersion.number == ClassAgreement.version_count
    )
    return (
        select(ClassAgreement.class_id, ClassAgreement.kind, AgreementVersion.body)
        .join(AgreementVersion, holds_now)
        .where(ClassAgreement.class_id.in_(params("class_ids", int)))
        .order_by(ClassAgreement.class_id, ClassAgreement.kind)
    )
