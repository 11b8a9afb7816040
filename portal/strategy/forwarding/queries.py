"""Finding what has been sent on, what waits to be, and what the leadership has not answered yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, exists, func, select
from sqlalchemy.orm import aliased

from portal.council.models import CouncilMember
from portal.database.prepared import AnySelect, param, params, prepared
from portal.database.tagged import constant
from portal.errors import N_, Conflict
from portal.policy.predicates import LEFT_THE_COUNCIL
from portal.school.ties import holds
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.amendments.queries import get_amendment
from portal.strategy.forwarding.models import Forwarding, LeadershipWord
from portal.strategy.kinds import AmendmentSource, AmendmentState


def list_forwardings(amendment_id: int) -> Sequence[Forwarding]:
    """Every time an amendment was sent on, the newest first."""
    return _times.entities(amendment_id=amendment_id)


def last_forwarding(amendment_id: int) -> Forwarding | None:
    """The last time an amendment was sent on."""
    last: Forwarding | None = _times.entity(amendment_id=amendment_id)
    return last


@prepared
def _times() -> AnySelect:
    of_amendment = Forwarding.amendment_id == param("amendment_id", int)
    return select(Forwarding).where(of_amendment).order_by(Forwarding.id.desc())


def get_sent_on(amendment_id: int) -> Amendment | None:
    """An amendment as the adults write about it. Raises Conflict for one that they sent back meanwhile.

    Its page is its council's again, so they would not find it, nor learn why.
    """
    amendment = get_amendment(amendment_id)
    if amendment is not None and amendment.state not in LEFT_THE_COUNCIL:
        last = last_forwarding(amendment_id)
        if last is not None and last.sent_back_at is not None:
            raise Conflict(N_("The suggestion has gone back to the council meanwhile. Your text is kept below."))
    return amendment


def was_sent_back(amendment_id: int, *, since: datetime) -> bool:
    """Whether the leadership has sent an amendment back with a question since the review began."""
    return _is_back.row(amendment_id=amendment_id, since=since) is not None


@prepared
def _is_back() -> AnySelect:
    return select(Forwarding.id).where(
        Forwarding.amendment_id == param("amendment_id", int), Forwarding.sent_back_at >= param("since", datetime)
    )


def list_words(amendment_id: int) -> Sequence[Any]:
    """What the leadership has written back about an amendment, as rows, in order."""
    return _words.rows(amendment_id=amendment_id)


@prepared
def _words() -> AnySelect:
    of_amendment = LeadershipWord.amendment_id == param("amendment_id", int)
    return select(LeadershipWord).where(of_amendment).order_by(LeadershipWord.id)


#: What a list or a packet shows of an amendment: nothing that says who wrote it.
_COLUMNS = (
    Amendment.id,
    Amendment.kind,
    Amendment.clause_key,
    Amendment.heading,
    Amendment.title,
    Amendment.base_text,
    Amendment.new_text,
    Amendment.reason,
    Amendment.state,
    Amendment.source,
    Amendment.council_id,
    Amendment.changed_at,
)


def list_to_forward(council_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What these councils have adopted and nobody has sent on, the oldest first."""
    return _to_forward.rows(councils=sorted(council_ids)) if council_ids else []


@prepared
def _to_forward() -> AnySelect:
    return (
        select(*_COLUMNS, Amendment.author_id)
        .where(Amendment.council_id.in_(params("councils", int)), Amendment.state == AmendmentState.ADOPTED)
        .order_by(Amendment.changed_at, Amendment.id)
    )


def _council_name() -> ScalarSelect[Any]:
    """What its council was called when it was sent on."""
    names = select(func.max(Forwarding.council_name)).where(Forwarding.amendment_id == Amendment.id)
    return names.correlate(Amendment).scalar_subquery()


def list_packet() -> Sequence[Row[*tuple[Any, ...]]]:
    """Everything that is with the adults now, with what each council was called, by section and clause."""
    return _packet.rows()


@prepared
def _packet() -> AnySelect:
    return (
        select(*_COLUMNS, _council_name().label("council"))
        .where(Amendment.state == AmendmentState.FORWARDED)
        .order_by(Amendment.heading, Amendment.clause_key, Amendment.id)
    )


def list_with_adults() -> Sequence[Row[*tuple[Any, ...]]]:
    """What is with the adults now, as entities for whoever decides, each with what its council was called."""
    return _with_adults.pairs()


@prepared
def _with_adults() -> AnySelect:
    return (
        select(Amendment, func.coalesce(_council_name(), constant("")).label("council"))
        .where(Amendment.state == AmendmentState.FORWARDED)
        .order_by(Amendment.heading, Amendment.clause_key, Amendment.id)
    )


def list_last_votes() -> Sequence[Any]:
    """What each council decided last about what is with the adults now: rows of `Vote`."""
    return _last_votes.rows()


@prepared
def _last_votes() -> AnySelect:
    is_there = and_(Amendment.id == Vote.amendment_id, Amendment.state == AmendmentState.FORWARDED)
    last = select(func.max(Vote.id)).join(Amendment, is_there).group_by(Vote.amendment_id)
    return select(Vote).where(Vote.id.in_(last))


def count_on_board(today: date) -> int:
    """How many of the councils' pupils sit on the school board today and present there what the councils propose."""
    return int(_on_board.value(today=today))


@prepared
def _on_board() -> AnySelect:
    return select(func.count()).where(CouncilMember.is_on_board, holds(CouncilMember, param("today", date)))


def last_sent() -> ScalarSelect[Any]:
    """When an amendment was sent on, the last time: from then on the days count."""
    times = select(func.max(Forwarding.forwarded_at)).where(Forwarding.amendment_id == Amendment.id)
    return times.correlate(Amendment).scalar_subquery()


def is_unanswered() -> ColumnElement[bool]:
    """Whether an amendment is what a council has sent on and the leadership has not written back about since.

    What it wrote in an earlier year, or asked before the council sent it on anew, is no answer to this time.
    """
    word = aliased(LeadershipWord)
    return and_(
        Amendment.state == AmendmentState.FORWARDED,
        Amendment.source == AmendmentSource.COUNCIL,
        ~exists().where(word.amendment_id == Amendment.id, word.written_at >= last_sent()),
    )


def list_open_questions(council_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The leadership's questions that a council has not answered: what was sent back and not decided on since."""
    return _questions.rows(council_id=council_id)


@prepared
def _questions() -> AnySelect:
    later = aliased(Vote)
    return (
        select(Forwarding.amendment_id, Forwarding.question, Forwarding.sent_back_at)
        .join(Amendment, Amendment.id == Forwarding.amendment_id)
        .where(
            Amendment.council_id == param("council_id", int),
            Amendment.state.in_((AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED)),
            Forwarding.sent_back_at.is_not(None),
            ~exists().where(
                later.amendment_id == Amendment.id,
                later.decided_at > Forwarding.sent_back_at,
                later.result != AmendmentState.POSTPONED,
            ),
        )
        .order_by(Forwarding.sent_back_at, Forwarding.id)
    )
