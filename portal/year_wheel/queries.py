"""The duties of a school year and what proves them: one statement for what all rooms know, one for what was noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, ScalarSelect, Select, cast, func, null, or_, select, union_all

from portal.acts.models import Act, ActKind
from portal.council.models import Council
from portal.database.prepared import AnySelect, Statement, by_id, param, params, prepared
from portal.database.tagged import constant
from portal.database.types import UTCDateTime
from portal.proofs import Proof
from portal.strategy.kinds import EditionState
from portal.strategy.models import Clause, Edition, Section
from portal.text import clock
from portal.year_wheel.models import Duty, DutyLine, NotedProof


class Proven(NamedTuple):
    """Something a room knows to have been done on a day: for a class or a council by its id, or for all of them."""

    kind: str
    whose: int | None
    done_on: date


def list_proven(school_year: int, proofs: tuple[Proof, ...], *, now: datetime) -> list[Proven]:
    """What these rooms know to have been done in a school year until now, in order: one statement for all rooms."""
    if not proofs:
        return []
    return _in_order(_proven.of(proofs), clock.first_day(school_year), clock.last_day(school_year), now)


def list_signs(first: date, proofs: tuple[Proof, ...], keys: list[str], *, now: datetime) -> list[Proven]:
    """What rooms know to have been done from a day on, and what was noted of these duties by hand, under their keys.

    One statement.
    """
    return _in_order(_signs.of(proofs), first, clock.day_of(now), now, keys=keys)


def was_used_before(day: date) -> bool:
    """Whether anybody had done anything in the portal before a day."""
    first = _first_act.value()
    return first is not None and clock.day_of(first) < day


def id_of_first_act() -> ScalarSelect[int]:
    """The id of the first thing that anybody has done in the portal, for a select that asks about it."""
    return select(func.min(Act.id)).scalar_subquery()


@prepared
def _first_act() -> AnySelect:
    return select(Act.at).order_by(Act.id).limit(1)


#: What is done all day long and changes no wheel.
OF_EVERY_DAY = (
    ActKind.SIGNED_IN,
    ActKind.SIGN_IN_FAILED,
    ActKind.SESSION_ENDED,
    ActKind.SIGNED_OUT_EVERYWHERE,
    ActKind.PASSWORD_SET,
    ActKind.ADDRESS_TO_PROVE,
    ActKind.LINK_MADE,
    ActKind.CONTACTS_CHOSEN,
    ActKind.COMMENT_WRITTEN,
    ActKind.PLAYDATE_CAME_ALONG,
    ActKind.PLAYDATE_LEFT_BEHIND,
    ActKind.RSVP_CHANGED_BY_OTHER_HOME,
)


def last_act_id() -> int | None:
    """The last thing that anybody has done that can have changed the wheel: until the next one it is as it was."""
    last: int | None = _last_act.value()
    return last


@prepared
def _last_act() -> AnySelect:
    return select(Act.id).where(Act.kind.not_in(OF_EVERY_DAY)).order_by(Act.id.desc()).limit(1)


def _in_order(statement: Statement, first: date, last: date, now: datetime, **more: list[str]) -> list[Proven]:
    last = min(last, clock.day_of(now))
    rows = statement.rows(
        first=first,
        last=last,
        since=clock.at_school(first, time()),
        until=min(now, clock.at_school(last + timedelta(days=1), time())),
        **more,
    )
    found = (Proven(row.kind, row.whose, row.done_on or clock.day_of(row.done_at)) for row in rows)
    return sorted(found, key=lambda one: one.done_on)


@prepared
def _proven(proofs: tuple[Proof, ...]) -> AnySelect:
    return union_all(*(_within(proof) for proof in proofs))


@prepared
def _signs(proofs: tuple[Proof, ...]) -> AnySelect:
    noted = select(
        NotedProof.key.label("kind"),
        func.coalesce(NotedProof.class_id, NotedProof.council_id).label("whose"),
        NotedProof.done_on,
        cast(null(), UTCDateTime()).label("done_at"),
    ).where(
        NotedProof.key.in_(params("keys", str)),
        NotedProof.done_on >= param("first", date),
        NotedProof.done_on <= param("last", date),
    )
    return union_all(*(_within(proof) for proof in proofs), noted)


def _within(proof: Proof) -> Select[*tuple[Any, ...]]:
    """What one room knows, of this school year alone and in the columns that all share."""
    whose, when = proof.done.subquery().c
    no_day, no_moment = cast(null(), Date), cast(null(), UTCDateTime())
    is_moment = isinstance(when.type, UTCDateTime)
    said = select(
        constant(proof.kind).label("kind"),
        cast(whose, Integer).label("whose"),
        (no_day if is_moment else when).label("done_on"),
        (when if is_moment else no_moment).label("done_at"),
    )
    if is_moment:
        return said.where(when >= param("since", datetime), when <= param("until", datetime))
    return said.where(when >= param("first", date), when <= param("last", date))


def list_duties(school_year: int) -> list[DutyLine]:
    """The wheel of a school year: the newest that an edition approved by its end has of its own, or none (domain 3.9).

    Each edition keeps its own: a change in a later one's wheel leaves earlier years as they were, and one that is made
    while an edition holds is seen in all its years.
    """
    return [DutyLine(**row._asdict()) for row in _duties.rows(last=clock.last_day(school_year))]


@prepared
def _duties() -> AnySelect:
    is_in_time = or_(Edition.approved_on.is_(None), Edition.approved_on <= param("last", date))
    newest = (
        select(func.max(Edition.number))
        .join(Duty, Duty.edition_id == Edition.id)
        .where(Edition.state != EditionState.DRAFT, is_in_time)
        .scalar_subquery()
    )
    columns = [getattr(Duty, each.name) for each in fields(DutyLine)]
    of_it = select(*columns).join(Edition, Edition.id == Duty.edition_id).where(Edition.number == newest)
    return of_it.order_by(Duty.id)


def get_duty(duty_id: int) -> Duty | None:
    """A duty of the school's own wheel, to be changed."""
    return by_id(Duty, duty_id)


def get_noted(noted_id: int) -> NotedProof | None:
    """What somebody noted, to be taken back."""
    return by_id(NotedProof, noted_id)


class Noted(NamedTuple):
    """What somebody noted, of a class or council by its id or of the school."""

    id: int
    key: str
    school_year: int
    whose: int | None
    done_on: date
    note: str
    noted_by_id: int


def list_noted(school_years: Sequence[int]) -> list[Noted]:
    """What was noted by hand from the first to the last of these school years, the newest day last."""
    return [Noted(*row) for row in _noted.rows(first=min(school_years), last=max(school_years))]


@prepared
def _noted() -> AnySelect:
    return (
        select(
            NotedProof.id,
            NotedProof.key,
            NotedProof.school_year,
            func.coalesce(NotedProof.class_id, NotedProof.council_id).label("whose"),
            NotedProof.done_on,
            NotedProof.note,
            NotedProof.noted_by_id,
        )
        .where(NotedProof.school_year >= param("first", int), NotedProof.school_year <= param("last", int))
        .order_by(NotedProof.done_on, NotedProof.id)
    )


def list_councils() -> Sequence[Any]:
    """The student councils, from the youngest grades on."""
    return _councils.rows()


@prepared
def _councils() -> AnySelect:
    return select(Council.id, Council.name).order_by(Council.lowest_grade, Council.id)


def list_clauses() -> Sequence[Any]:
    """The points of the strategy that holds, in its order."""
    return _clauses.rows()


@prepared
def _clauses() -> AnySelect:
    return (
        select(Clause.key, Clause.text, Section.heading, Clause.kind)
        .join(Section, Section.id == Clause.section_id)
        .join(Edition, Edition.id == Clause.edition_id)
        .where(Edition.state == EditionState.APPROVED)
        .order_by(Section.position, Clause.position)
    )
