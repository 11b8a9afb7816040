"""Finding amendments, what a council says about them, and how far the year's review has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload

from portal.accounts.models import User
from portal.accounts.protection import shown_name_of
from portal.council.models import CouncilMember, Facilitator
from portal.database import db
from portal.database.types import UTCDateTime
from portal.people import Person
from portal.policy.predicates import LEFT_THE_COUNCIL, at_school, hears
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.school.ties import holds
from portal.strategy.amendments.models import Amendment, Vote
from portal.strategy.comments.models import Comment
from portal.strategy.cycle.models import RevisionCycle
from portal.strategy.hearing.models import Statement
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, EditionState, Phase
from portal.strategy.models import Clause, Edition
from portal.text import clock

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


def get_amendment(amendment_id: int) -> Amendment | None:
    """An amendment with the edition it was written to."""
    return db.session.scalar(
        select(Amendment).options(joinedload(Amendment.base_edition)).where(Amendment.id == amendment_id)
    )


def amendments_visible_to(person: Person) -> Select[Amendment]:
    """Every amendment the person may see: the same rule as `Action.AMENDMENT_VIEW`, as a statement for lists."""
    has_left = Amendment.state.in_(sorted(LEFT_THE_COUNCIL))
    is_staffs = Amendment.source == AmendmentSource.STAFF
    return select(Amendment).where(
        or_(
            Amendment.council_id.in_(sorted(person.councils | person.facilitates)),
            has_left if at_school(person, None) else false(),
            is_staffs if hears(person, None) else false(),
        )
    )


def _rows(person: Person) -> Select[*tuple[Any, ...]]:
    return (
        amendments_visible_to(person)
        .with_only_columns(
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
        )
        .order_by(Amendment.changed_at.desc(), Amendment.id.desc())
    )


def list_amendments(person: Person, *, before: int | None = None) -> tuple[Sequence[Row[*tuple[Any, ...]]], int]:
    """A page of the amendments the person may see, what changed last first, and the one to go on after, 0 at the end.

    `before` is the last one already shown; one that the person may not see is as good as none.
    """
    statement = _rows(person).limit(AMENDMENTS_PER_PAGE + 1)
    last = db.session.scalar(amendments_visible_to(person).where(Amendment.id == before)) if before else None
    if last is not None:
        place = tuple_(literal(last.changed_at, UTCDateTime), literal(last.id))
        statement = statement.where(tuple_(Amendment.changed_at, Amendment.id) < place)
    rows = db.session.execute(statement).all()
    shown = rows[:AMENDMENTS_PER_PAGE]
    return shown, shown[-1].id if len(rows) > len(shown) else 0


def list_on_clause(person: Person, clause_key: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """The live amendments on one clause that the person may see; what is about its section's summary is not."""
    return db.session.execute(
        _rows(person).where(
            Amendment.clause_key == clause_key, Amendment.kind != AmendmentKind.SUMMARY, Amendment.state.in_(LIVE)
        )
    ).all()


class Related(NamedTuple):
    """The amendments beside one: other live ones for the same words, and those it was put together with."""

    rivals: Sequence[Row[*tuple[Any, ...]]]
    merged: Sequence[Row[*tuple[Any, ...]]]


def list_related(person: Person, amendment: Amendment) -> Related:
    """What the person may see of the amendments beside one, in one statement; what is new has no rivals."""
    is_summary = Amendment.kind == AmendmentKind.SUMMARY
    is_rival = and_(
        Amendment.clause_key == amendment.clause_key,
        is_summary if amendment.kind is AmendmentKind.SUMMARY else ~is_summary,
        Amendment.state.in_(LIVE),
        Amendment.id != amendment.id,
    )
    is_merged = or_(Amendment.merged_into_id == amendment.id, Amendment.id == (amendment.merged_into_id or 0))
    rows = db.session.execute(_rows(person).where(or_(is_rival, is_merged))).all()
    merged = [row for row in rows if row.merged_into_id == amendment.id or row.id == amendment.merged_into_id]
    return Related([row for row in rows if row.clause_key and row not in merged], merged)


#: What a council has before it, now or at its next meeting.
STAND_BEFORE_THE_COUNCIL = (AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED)


def list_to_decide(council_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The amendments that stand before these councils, the oldest first."""
    if not council_ids:
        return []
    return db.session.execute(
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
        .where(
            Amendment.council_id.in_(sorted(council_ids)),
            Amendment.state.in_(STAND_BEFORE_THE_COUNCIL),
        )
        .order_by(Amendment.changed_at, Amendment.id)
    ).all()


def _author_sits(today: date) -> ColumnElement[bool]:
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


def has_author_left(amendment: Amendment, *, today: date) -> bool:
    """Whether a council has outlived the author of one of its amendments: then it is for the council to move on."""
    return amendment.council_id is not None and not db.session.scalar(
        select(exists().where(Amendment.id == amendment.id, _author_sits(today)))
    )


def list_with_council(person: Person, council_id: int, *, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a council has in hand, the oldest first, each with whether its author still sits there (`author_sits`)."""
    return db.session.execute(
        _rows(person)
        .add_columns(_author_sits(today).label("author_sits"))
        .where(
            Amendment.council_id == council_id,
            Amendment.state.in_((AmendmentState.DRAFT, *STAND_BEFORE_THE_COUNCIL, AmendmentState.ADOPTED)),
        )
        .order_by(None)
        .order_by(Amendment.id)
    ).all()


def list_merge_targets(person: Person, amendment: Amendment) -> Sequence[Row[*tuple[Any, ...]]]:
    """What an amendment can become a part of: the others before its council, those on the same clause first."""
    is_same_clause = case((Amendment.clause_key == amendment.clause_key, 0), else_=1)
    return db.session.execute(
        _rows(person)
        .where(
            Amendment.council_id == amendment.council_id,
            Amendment.state == AmendmentState.IN_COUNCIL,
            Amendment.has_open_vote.is_(False),
            Amendment.id != amendment.id,
        )
        .order_by(None)
        .order_by(is_same_clause, Amendment.changed_at.desc(), Amendment.id.desc())
    ).all()


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
    return db.session.scalars(select(Amendment).where(Amendment.state.in_(sorted(states))).order_by(Amendment.id)).all()


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


def get_vote(amendment: Amendment) -> Vote | None:
    """What the council decided last about an amendment."""
    return db.session.scalar(select(Vote).where(Vote.amendment_id == amendment.id).order_by(Vote.id.desc()).limit(1))


def spoken_name() -> ColumnElement[str]:
    """A child by first name, a grown-up by the whole name, and whoever is protected by the alias."""
    return case((Pupil.id.is_not(None), shown_name_of(User, User.first_name)), else_=shown_name_of(User))


def with_class(statement: Select[*tuple[Any, ...]], today: date) -> Select[*tuple[Any, ...]]:
    """A statement about users with the class each child among them is in today."""
    return (
        statement.outerjoin(Pupil, Pupil.user_id == User.id)
        .outerjoin(Enrolment, and_(Enrolment.pupil_id == Pupil.id, holds(Enrolment, today)))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(ClassYear, is_name_of(clock.school_year(today)))
    )


def get_author(amendment: Amendment, *, today: date) -> str:
    """The author of an amendment, as the council knows them: "Ella, 6.A"."""
    name, label = db.session.execute(
        with_class(
            select(spoken_name(), func.coalesce(label_in(clock.school_year(today)), "")).select_from(User), today
        ).where(User.id == amendment.author_id)
    ).one()
    return f"{name}, {label}" if label else str(name)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in one's councils, each by council: before it, and for whoever helps it."""

    suggestions: Counter[int] = field(default_factory=Counter)
    reported: Counter[int] = field(default_factory=Counter)
    to_forward: Counter[int] = field(default_factory=Counter)
    to_hear: Counter[int] = field(default_factory=Counter)


def count_waiting(council_ids: Collection[int], facilitated: Collection[int]) -> Waiting:
    """How many suggestions stand before each of these councils, and what waits for its facilitator.

    Reported comments, what is adopted and not sent on, and what the staff suggest and the council has said nothing
    about. One statement for all, since the front page asks it.
    """
    if not council_ids:
        return Waiting()
    own = sorted(facilitated)
    parts = [
        _by_council("suggestions", Amendment.council_id).where(
            Amendment.council_id.in_(sorted(council_ids)), Amendment.state.in_(STAND_BEFORE_THE_COUNCIL)
        ),
        _by_council("reported", Comment.council_id).where(
            Comment.council_id.in_(own), Comment.reported_at.is_not(None), Comment.hidden_at.is_(None)
        ),
        _by_council("to_forward", Amendment.council_id).where(
            Amendment.council_id.in_(own), Amendment.state == AmendmentState.ADOPTED
        ),
        *map(_to_hear, own),
    ]
    found: dict[str, Counter[int]] = {}
    for kind, council_id, many in db.session.execute(union_all(*parts)):
        found.setdefault(kind, Counter())[council_id] = many
    return Waiting(**found)


def _by_council(kind: str, council_id: Any) -> Select[*tuple[Any, ...]]:
    return select(literal(kind), council_id, func.count()).group_by(council_id)


def _to_hear(council_id: int) -> Select[*tuple[Any, ...]]:
    """The staff's own suggestions that a council has said nothing about, while it is asked."""
    said = exists().where(Statement.amendment_id == Amendment.id, Statement.council_id == council_id)
    is_heard = exists().where(RevisionCycle.phase.in_((Phase.HEARING, Phase.BOARD)), RevisionCycle.is_open)
    return select(literal("to_hear"), literal(council_id), func.count()).where(
        Amendment.source == AmendmentSource.STAFF, Amendment.state == AmendmentState.FORWARDED, ~said, is_heard
    )
