"""Finding amendments, what a council says about them, and how far the year's review has come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.council.models import CouncilMember, Facilitator
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.people import Person
from portal.policy.predicates import LEFT_THE_COUNCIL, at_school, hears
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.school.ties import Day, holds
from portal.strategy.amendments.models import Amendment, AnyAmendment, Vote
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, EditionState
from portal.strategy.models import Clause, Edition

#: Amendments that still can become something; two of them on one clause are shown with both texts.
LIVE = (
    AmendmentState.DRAFT,
    AmendmentState.IN_COUNCIL,
    AmendmentState.POSTPONED,
    AmendmentState.ADOPTED,
    AmendmentState.FORWARDED,
    AmendmentState.APPROVED,
    AmendmentState.APPROVED_CHANGED,
    AmendmentState.DEFERRED,
)
AMENDMENTS_PER_PAGE = 100
AMENDMENTS_ON_HOME = 3


def get_amendment(amendment_id: int) -> Amendment | None:
    """An amendment."""
    found: Amendment | None = by_id(Amendment, amendment_id)
    return found


def _is_visible() -> ColumnElement[bool]:
    """Whether a reader may see an amendment: the same rule as `Action.AMENDMENT_VIEW`, for the values of `_sees`."""
    return or_(
        Amendment.council_id.in_(params("councils", int)),
        and_(param("is_at_school", bool), Amendment.state.in_(sorted(LEFT_THE_COUNCIL))),
        and_(param("hears", bool), Amendment.source == AmendmentSource.STAFF),
    )


def _sees(person: Person) -> dict[str, Any]:
    return {
        "councils": sorted(person.councils | person.facilitates),
        "is_at_school": at_school(person, None),
        "hears": hears(person, None),
    }


def _visible() -> Select[*tuple[Any, ...]]:
    return select(
        Amendment.id,
        Amendment.kind,
        Amendment.clause_key,
        Amendment.heading,
        Amendment.title,
        Amendment.base_text,
        Amendment.new_text,
        Amendment.state,
        Amendment.author_id,
        Amendment.council_id,
        Amendment.merged_into_id,
        Amendment.changed_at,
    ).where(_is_visible())


_NEWEST_FIRST = (Amendment.changed_at.desc(), Amendment.id.desc())


def list_amendments(person: Person, *, before: int | None = None) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """A page of the amendments the person may see, what changed last first, and the one to go on after, 0 at the end.

    `before` is the last one already shown; one that the person may not see is as good as none.
    """
    sees = _sees(person)
    last = _one_visible.row(**sees, id=before) if before else None
    place = {"changed_at": last.changed_at, "id": last.id} if last else {}
    rows = _page.of(last is not None).rows(**sees, **place)
    shown = rows[:AMENDMENTS_PER_PAGE]
    return shown, shown[-1].id if len(rows) > len(shown) else 0


@prepared
def _one_visible() -> AnySelect:
    return _visible().where(Amendment.id == param("id", int))


@prepared
def _page(is_later_page: bool) -> AnySelect:
    page = _visible().order_by(*_NEWEST_FIRST).limit(AMENDMENTS_PER_PAGE + 1)
    last = tuple_(param("changed_at", datetime), param("id", int))
    return page.where(tuple_(Amendment.changed_at, Amendment.id) < last) if is_later_page else page


def list_newest_of(person: Person) -> Sequence[Any]:
    """The few of the person's own amendments that changed last, for the front page."""
    return _newest.rows(**_sees(person), author_id=person.id)


@prepared
def _newest() -> AnySelect:
    own = _visible().where(Amendment.author_id == param("author_id", int))
    return own.order_by(*_NEWEST_FIRST).limit(AMENDMENTS_ON_HOME)


def list_on_clause(person: Person, clause_key: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """The live amendments on one clause that the person may see; what is about its section's summary is not."""
    return _on_clause.rows(**_sees(person), key=clause_key)


@prepared
def _on_clause() -> AnySelect:
    is_here = (Amendment.clause_key == param("key", str), Amendment.kind != AmendmentKind.SUMMARY)
    return _visible().where(*is_here, Amendment.state.in_(LIVE)).order_by(*_NEWEST_FIRST)


class Related(NamedTuple):
    """The amendments beside one: other live ones for the same words, and those it was put together with."""

    rivals: Sequence[Row[*tuple[Any, ...]]]
    merged: Sequence[Row[*tuple[Any, ...]]]


def list_related(person: Person, amendment: AnyAmendment) -> Related:
    """What the person may see of the amendments beside one, in one statement; what is new has no rivals."""
    rows = _related.of(amendment.kind is AmendmentKind.SUMMARY).rows(
        **_sees(person), id=amendment.id, key=amendment.clause_key or "", host_id=amendment.merged_into_id or 0
    )
    merged = [row for row in rows if row.merged_into_id == amendment.id or row.id == amendment.merged_into_id]
    return Related([row for row in rows if row not in merged], merged)


@prepared
def _related(is_summary: bool) -> AnySelect:
    own_id = param("id", int)
    is_rival = and_(
        Amendment.clause_key == param("key", str),
        (Amendment.kind == AmendmentKind.SUMMARY) == is_summary,
        Amendment.state.in_(LIVE),
        Amendment.id != own_id,
    )
    is_merged = or_(Amendment.merged_into_id == own_id, Amendment.id == param("host_id", int))
    return _visible().where(or_(is_rival, is_merged)).order_by(*_NEWEST_FIRST)


#: What a council has before it, now or at its next meeting.
STAND_BEFORE_THE_COUNCIL = (AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED)


def list_to_decide(council_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The amendments that stand before these councils, the oldest first."""
    return _to_decide.rows(councils=sorted(council_ids)) if council_ids else []


@prepared
def _to_decide() -> AnySelect:
    return (
        select(
            Amendment.id,
            Amendment.council_id,
            Amendment.kind,
            Amendment.heading,
            Amendment.title,
            Amendment.base_text,
            Amendment.new_text,
            Amendment.state,
        )
        .where(Amendment.council_id.in_(params("councils", int)), Amendment.state.in_(STAND_BEFORE_THE_COUNCIL))
        .order_by(Amendment.changed_at, Amendment.id)
    )


def author_sits(today: Day) -> ColumnElement[bool]:
    """Whether whoever wrote an amendment is in its council today, as a pupil or as a contact teacher."""
    sits = exists().where(
        Pupil.user_id == Amendment.author_id,
        CouncilMember.pupil_id == Pupil.id,
        CouncilMember.council_id == Amendment.council_id,
        holds(CouncilMember, today),
        Enrolment.pupil_id == Pupil.id,
        Enrolment.class_id == CouncilMember.class_id,
        holds(Enrolment, today),
    )
    helps = exists().where(
        Facilitator.user_id == Amendment.author_id,
        Facilitator.council_id == Amendment.council_id,
        holds(Facilitator, today),
    )
    return or_(sits, helps)


def list_with_council(person: Person, council_id: int, *, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a council has in hand, the oldest first, each with whether its author still sits there (`author_sits`)."""
    return _with_council.rows(**_sees(person), council_id=council_id, today=today)


@prepared
def _with_council() -> AnySelect:
    in_hand = Amendment.state.in_((AmendmentState.DRAFT, *STAND_BEFORE_THE_COUNCIL, AmendmentState.ADOPTED))
    return (
        _visible()
        .add_columns(author_sits(param("today", date)).label("author_sits"))
        .where(Amendment.council_id == param("council_id", int), in_hand)
        .order_by(Amendment.id)
    )


def list_live(council_id: int) -> Sequence[Any]:
    """A council's suggestions that still can become something, as rows with what names them, the newest first."""
    return _live.rows(council_id=council_id)


@prepared
def _live() -> AnySelect:
    return (
        select(Amendment.id, Amendment.kind, Amendment.title, Amendment.base_text, Amendment.new_text)
        .where(Amendment.council_id == param("council_id", int), Amendment.state.in_(LIVE))
        .order_by(Amendment.id.desc())
    )


def list_merge_targets(person: Person, amendment: Amendment) -> Sequence[Row[*tuple[Any, ...]]]:
    """What an amendment can become a part of: the others before its council, those on the same clause first."""
    return _merge_targets.rows(
        **_sees(person), id=amendment.id, council_id=amendment.council_id, key=amendment.clause_key or ""
    )


@prepared
def _merge_targets() -> AnySelect:
    is_same_clause = case((Amendment.clause_key == param("key", str), 0), else_=1)
    return (
        _visible()
        .where(
            Amendment.council_id == param("council_id", int),
            Amendment.state == AmendmentState.IN_COUNCIL,
            Amendment.has_open_vote.is_(False),
            Amendment.id != param("id", int),
        )
        .order_by(is_same_clause, *_NEWEST_FIRST)
    )


def list_parts(amendment_id: int) -> Sequence[Amendment]:
    """What became a part of an amendment, whoever asks, in order."""
    return db.session.scalars(
        select(Amendment).where(Amendment.merged_into_id == amendment_id).order_by(Amendment.id)
    ).all()


def list_parted(host_id: int) -> Sequence[Amendment]:
    """What was a part of an amendment until that ended, in order."""
    return db.session.scalars(select(Amendment).where(Amendment.parted_from_id == host_id).order_by(Amendment.id)).all()


def list_amendments_in(states: Collection[AmendmentState]) -> Sequence[Amendment]:
    """Every amendment in these states, whoever asks: for what closing a review does to all of them."""
    return _in_states.entities(states=sorted(states))


@prepared
def _in_states() -> AnySelect:
    return (
        select(Amendment).where(type_coerce(Amendment.state, String).in_(params("states", str))).order_by(Amendment.id)
    )


def list_staffs_living() -> Sequence[Amendment]:
    """The staff's own suggestions that still can become something."""
    return db.session.scalars(
        select(Amendment).where(Amendment.source == AmendmentSource.STAFF, Amendment.state.in_(LIVE))
    ).all()


def list_by_ids(amendment_ids: Collection[int]) -> Sequence[Amendment]:
    """These amendments, by id."""
    return db.session.scalars(
        select(Amendment).where(Amendment.id.in_(sorted(amendment_ids))).order_by(Amendment.id)
    ).all()


def current_clauses(keys: Collection[str]) -> dict[str, Clause]:
    """These clauses with their sections, as the edition that holds now has them; those that are gone are left out."""
    rows = db.session.scalars(
        select(Clause)
        .options(joinedload(Clause.section))
        .join(Edition, Edition.id == Clause.edition_id)
        .where(Edition.state == EditionState.APPROVED, Clause.key.in_(sorted(keys)))
    )
    return {clause.key: clause for clause in rows}


def get_vote(amendment: Amendment) -> Any:
    """What the council decided last about an amendment: the row of its `Vote`, or None."""
    return _last_vote.row(amendment_id=amendment.id)


@prepared
def _last_vote() -> AnySelect:
    return select(Vote).where(Vote.amendment_id == param("amendment_id", int)).order_by(Vote.id.desc()).limit(1)


def spoken_name() -> ColumnElement[str]:
    """A child by first name, a grown-up by the whole name, and whoever is protected by the alias."""
    return case((Pupil.id.is_not(None), shown_name_of(User, User.first_name)), else_=shown_name_of(User))


def with_class(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement about users with the class each child among them is in; needs `today` and `school_year`."""
    return (
        statement.outerjoin(Pupil, Pupil.user_id == User.id)
        .outerjoin(Enrolment, and_(Enrolment.pupil_id == Pupil.id, holds(Enrolment, param("today", date))))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(ClassYear, is_name_of(param("school_year", int)))
    )


def class_label() -> ColumnElement[str]:
    """What that class is called, "" for somebody in none."""
    return func.coalesce(label_in(param("school_year", int)), "")
