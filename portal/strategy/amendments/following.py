"""Finding one amendment as its own page shows it, in one statement."""

from __future__ import annotations

from datetime import date

from sqlalchemy import and_, case, false, func, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.database.prepared import AnySelect, param, prepared
from portal.strategy.amendments.models import Amendment, FollowedAmendment, Vote
from portal.strategy.amendments.queries import author_sits, class_label, spoken_name, with_class
from portal.strategy.kinds import AmendmentState
from portal.text import clock

_READ_OF_AMENDMENT = FollowedAmendment._fields[: FollowedAmendment._fields.index("author_has_left")]


def follow_amendment(amendment_id: int) -> FollowedAmendment | None:
    """An amendment with whose it is and what its council decided last."""
    today = clock.today()
    row = _followed.row(amendment_id=amendment_id, today=today, school_year=clock.school_year(today))
    return FollowedAmendment(*row) if row else None


@prepared
def _followed() -> AnySelect:
    other = aliased(Vote)
    last_vote = select(func.max(other.id)).where(other.amendment_id == Amendment.id).scalar_subquery()
    is_left_behind = and_(Amendment.council_id.is_not(None), ~author_sits(param("today", date)))
    return with_class(
        select(
            *(getattr(Amendment, name) for name in _READ_OF_AMENDMENT),
            case((Amendment.state == AmendmentState.DRAFT, is_left_behind), else_=false()).label("author_has_left"),
            spoken_name().label("author_name"),
            class_label().label("author_label"),
            Vote.revision.label("voted_revision"),
            Vote.is_agreed,
            Vote.yes_count,
            Vote.no_count,
            Vote.abstain_count,
            Vote.present_count,
            Vote.decided_at,
        )
        .select_from(Amendment)
        .join(User, User.id == Amendment.author_id)
        .outerjoin(Vote, Vote.id == last_vote)
    ).where(Amendment.id == param("amendment_id", int))
