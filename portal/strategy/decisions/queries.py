"""Finding the board's decisions, and what is typed of those to come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.strategy.amendments.models import Amendment
from portal.strategy.amendments.queries import get_amendment
from portal.strategy.decisions.models import Decision, DecisionDraft, EarlierDecision


def get_decision(amendment_id: int) -> Decision | None:
    """What the board decided last about an amendment."""
    found: Decision | None = _newest.entity(amendment_id=amendment_id)
    return found


@prepared
def _newest() -> AnySelect:
    of_amendment = Decision.amendment_id == param("amendment_id", int)
    return select(Decision).where(of_amendment).order_by(Decision.id.desc())


def was_decided_in(amendment_id: int, cycle_id: int) -> bool:
    """Whether an amendment's newest decision is of this review."""
    newest: int | None = _newest_review.value(amendment_id=amendment_id)
    return newest == cycle_id


@prepared
def _newest_review() -> AnySelect:
    of_amendment = Decision.amendment_id == param("amendment_id", int)
    return select(Decision.cycle_id).where(of_amendment).order_by(Decision.id.desc())


def get_decided(amendment_id: int) -> Amendment | None:
    """An amendment that the board has answered."""
    return get_amendment(amendment_id) if get_decision(amendment_id) else None


def list_earlier(decision_id: int) -> Sequence[Any]:
    """What stood in a decision before it was put right, the oldest first."""
    return _earlier.rows(decision_id=decision_id)


@prepared
def _earlier() -> AnySelect:
    of_decision = EarlierDecision.decision_id == param("decision_id", int)
    return select(EarlierDecision).where(of_decision).order_by(EarlierDecision.id)


def get_decision_by_id(decision_id: int) -> Decision | None:
    """A decision of the board."""
    return by_id(Decision, decision_id)


def list_decisions(amendment_ids: Collection[int]) -> Sequence[Decision]:
    """All decisions about these amendments, the oldest first."""
    if not amendment_ids:
        return []
    return _decisions.entities(ids=sorted(amendment_ids))


@prepared
def _decisions() -> AnySelect:
    return select(Decision).where(Decision.amendment_id.in_(params("ids", int))).order_by(Decision.id)


def list_decided(cycle_id: int) -> Sequence[Decision]:
    """Every decision of one review, in order."""
    return _decided.entities(cycle_id=cycle_id)


@prepared
def _decided() -> AnySelect:
    return select(Decision).where(Decision.cycle_id == param("cycle_id", int)).order_by(Decision.id)


def get_draft(amendment_id: int) -> DecisionDraft | None:
    """What is typed about an amendment and not recorded."""
    return by_id(DecisionDraft, amendment_id)


def list_drafts(amendment_ids: Collection[int]) -> dict[int, DecisionDraft]:
    """What is typed about these amendments and not recorded, by amendment."""
    if not amendment_ids:
        return {}
    return {draft.amendment_id: draft for draft in _drafts.entities(ids=sorted(amendment_ids))}


@prepared
def _drafts() -> AnySelect:
    return select(DecisionDraft).where(DecisionDraft.amendment_id.in_(params("ids", int)))
