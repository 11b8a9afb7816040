"""Finding what an edition changed, and which edition holds a suggestion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, func, select

from portal.accounts.models import User
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.database.tagged import constant
from portal.strategy.amendments.models import Amendment
from portal.strategy.decisions.models import Decision
from portal.strategy.forwarding.models import Forwarding
from portal.strategy.models import Edition
from portal.strategy.publishing.models import EditionChange, Settlement


class InEdition(NamedTuple):
    """The edition a suggestion stands in."""

    number: int
    approved_on: date
    clause_key: str


def edition_of(amendment_id: int) -> InEdition | None:
    """The edition that brought what the board decided about an amendment."""
    row = _edition_of.row(amendment_id=amendment_id)
    return InEdition(*row) if row and row.approved_on else None


@prepared
def _edition_of() -> AnySelect:
    return (
        select(Edition.number, Edition.approved_on, EditionChange.clause_key)
        .join(EditionChange, EditionChange.edition_id == Edition.id)
        .where(EditionChange.amendment_id == param("amendment_id", int))
    )


def get_edition(edition_id: int) -> Edition | None:
    """An edition by its row."""
    return by_id(Edition, edition_id)


def list_everybody(edition: Edition, today: date) -> set[int]:
    """Everybody with an open account: the strategy binds all of them."""
    return set(db.session.scalars(select(User.id).where(User.deactivated_at.is_(None))))


def list_changes(edition_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Whose suggestion each change of an edition was: the decision, and the council's name or "" for the staff's."""
    return _changes_of_edition.rows(edition_id=edition_id)


@prepared
def _changes_of_edition() -> AnySelect:
    return _changes().where(EditionChange.edition_id == param("edition_id", int))


def list_changes_of_council(council_id: int, first: date, last: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a council changed in the editions that were approved between two days, edition by edition."""
    return _changes_of_council.rows(council_id=council_id, first=first, last=last)


@prepared
def _changes_of_council() -> AnySelect:
    is_in_time = Edition.approved_on.between(param("first", date), param("last", date))
    return _changes().where(Amendment.council_id == param("council_id", int), is_in_time)


def _changes() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Edition.number,
            EditionChange.amendment_id,
            EditionChange.clause_key,
            EditionChange.proposed_by,
            Amendment.title,
            Amendment.kind,
            Decision.base_text,
            Decision.new_text,
            Decision.final_text,
            Decision.reason,
            Decision.outcome,
        )
        .join(Decision, Decision.id == EditionChange.decision_id)
        .join(Amendment, Amendment.id == EditionChange.amendment_id)
        .join(Edition, Edition.id == EditionChange.edition_id)
        .order_by(Edition.number, EditionChange.id)
    )


def list_decided_to_publish(cycle_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Each yes of a review with its amendment, and what its council was called when it was sent on."""
    return _to_publish.pairs(cycle_id=cycle_id)


@prepared
def _to_publish() -> AnySelect:
    last_name = (
        select(func.max(Forwarding.council_name)).where(Forwarding.amendment_id == Amendment.id).scalar_subquery()
    )
    return (
        select(Decision, Amendment, func.coalesce(last_name, constant("")).label("council"))
        .join(Amendment, Amendment.id == Decision.amendment_id)
        .where(Decision.cycle_id == param("cycle_id", int), Decision.outcome.in_(("approved", "approved_changed")))
        .order_by(Decision.id)
    )


def list_settlements(cycle_id: int) -> Sequence[Settlement]:
    """The board's words where two decided texts clashed in a review."""
    return _settlements.entities(cycle_id=cycle_id)


@prepared
def _settlements() -> AnySelect:
    return select(Settlement).where(Settlement.cycle_id == param("cycle_id", int)).order_by(Settlement.id)
