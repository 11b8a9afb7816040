"""Finding what has been sent on, what waits to be, and what the leadership has not answered yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import aliased

from portal.database import db
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.forwarding.models import Forwarding, LeadershipWord
from portal.strategy.kinds import AmendmentSource, AmendmentState


def list_forwardings(amendment_id: int) -> Sequence[Forwarding]:
    """Every time an amendment was sent on, the newest first."""
    return db.session.scalars(
        select(Forwarding).where(Forwarding.amendment_id == amendment_id).order_by(Forwarding.id.desc())
    ).all()


def last_forwarding(amendment_id: int) -> Forwarding | None:
    """The last time an amendment was sent on."""
    return db.session.scalar(
        select(Forwarding).where(Forwarding.amendment_id == amendment_id).order_by(Forwarding.id.desc())
    )


def was_sent_back(amendment_id: int, *, since: datetime) -> bool:
    """Whether the leadership has sent an amendment back with a question since the review began."""
    return bool(
        db.session.scalar(
            select(exists().where(Forwarding.amendment_id == amendment_id, Forwarding.sent_back_at >= since))
        )
    )


def list_words(amendment_id: int) -> Sequence[LeadershipWord]:
    """What the leadership has written back about an amendment, in order."""
    return db.session.scalars(
        select(LeadershipWord).where(LeadershipWord.amendment_id == amendment_id).order_by(LeadershipWord.id)
    ).all()


def list_to_forward(council_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What these councils have adopted and nobody has sent on, the oldest first."""
    return db.session.execute(
        select(*_COLUMNS)
        .where(Amendment.council_id.in_(sorted(council_ids)), Amendment.state == AmendmentState.ADOPTED)
        .order_by(Amendment.changed_at, Amendment.id)
    ).all()


#: What a list or a packet shows of an amendment: nothing that says who wrote it.
_COLUMNS = (
    Amendment.id,
    Amendment.kind,
    Amendment.clause_key,
    Amendment.heading,
    Amendment.base_text,
    Amendment.new_text,
    Amendment.reason,
    Amendment.state,
    Amendment.source,
    Amendment.council_id,
    Amendment.changed_at,
)


def list_unanswered() -> Sequence[Row[*tuple[Any, ...]]]:
    """What the councils have sent on and the leadership has neither answered nor sent back, the oldest first.

    Each with the moment it was first sent on: from then on the days count.
    """
    first_sent = (
        select(
            Forwarding.amendment_id,
            func.min(Forwarding.forwarded_at).label("first_at"),
            func.max(Forwarding.council_name).label("council"),
        )
        .group_by(Forwarding.amendment_id)
        .subquery()
    )
    word, earlier = aliased(LeadershipWord), aliased(Forwarding)
    return db.session.execute(
        select(*_COLUMNS, first_sent.c.first_at, first_sent.c.council)
        .join(first_sent, first_sent.c.amendment_id == Amendment.id)
        .where(
            Amendment.state == AmendmentState.FORWARDED,
            Amendment.source == AmendmentSource.COUNCIL,
            ~exists().where(word.amendment_id == Amendment.id),
            ~exists().where(earlier.amendment_id == Amendment.id, earlier.sent_back_at.is_not(None)),
        )
        .order_by(first_sent.c.first_at, Amendment.id)
    ).all()


def list_open_questions(council_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The leadership's questions that a council has not answered: what was sent back and not decided on since."""
    later = aliased(Vote)
    return db.session.execute(
        select(Forwarding.amendment_id, Forwarding.question, Forwarding.sent_back_at)
        .join(Amendment, Amendment.id == Forwarding.amendment_id)
        .where(
            Amendment.council_id == council_id,
            Amendment.state.in_((AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED)),
            Forwarding.sent_back_at.is_not(None),
            ~exists().where(
                later.amendment_id == Amendment.id,
                later.decided_at > Forwarding.sent_back_at,
                later.result != AmendmentState.POSTPONED,
            ),
        )
        .order_by(Forwarding.sent_back_at, Forwarding.id)
    ).all()
