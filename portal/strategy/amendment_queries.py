"""Finding amendments, what a council says about them, and how far the year's review has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import contains_eager, joinedload

from portal.accounts.models import Protection, User
from portal.database import db
from portal.people import Person
from portal.policy import LEFT_THE_COUNCIL
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.school.queries import holds
from portal.strategy.kinds import AmendmentState, EditionState
from portal.strategy.models import Amendment, Clause, Comment, Edition, RevisionCycle, Section, Vote
from portal.strategy.queries import LONGEST_KEY
from portal.text import clock

#: Amendments that still can become something; two of them on one clause are shown with both texts.
LIVE = (
    AmendmentState.DRAFT, AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED, AmendmentState.ADOPTED,
    AmendmentState.FORWARDED, AmendmentState.APPROVED, AmendmentState.APPROVED_CHANGED, AmendmentState.DEFERRED,
)  # fmt: skip
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One comment as the reader may see it: the text of a hidden one is empty for all but the facilitator."""

    id: int
    text: str
    name: str
    label: str
    council_id: int
    written_at: datetime
    is_reported: bool
    is_hidden: bool
    may_hide: bool
    told: str


def get_cycle(*, lock: bool = False) -> RevisionCycle | None:
    """The review that is open; `lock` keeps its phase from moving until this transaction ends."""
    statement = select(RevisionCycle).where(RevisionCycle.is_open)
    if lock:
        statement = statement.with_for_update(read=True).execution_options(populate_existing=True)
    return db.session.scalar(statement)


def get_clause(key: str) -> Clause | None:
    """A clause of the strategy that holds now, with its section and edition."""
    if not (key.isascii() and key.isalnum() and len(key) <= LONGEST_KEY):
        return None
    return db.session.scalar(
        select(Clause)
        .join(Clause.section)
        .join(Section.edition)
        .options(contains_eager(Clause.section).contains_eager(Section.edition))
        .where(Clause.key == key, Edition.state == EditionState.APPROVED)
    )


def get_amendment(amendment_id: int) -> Amendment | None:
    """An amendment with the edition it was written to."""
    return db.session.scalar(
        select(Amendment).options(joinedload(Amendment.base_edition)).where(Amendment.id == amendment_id)
    )


def get_comment(comment_id: int) -> Comment | None:
    """Something said in a council's talk."""
    return db.session.get(Comment, comment_id)


def amendments_visible_to(person: Person) -> Select[Amendment]:
    """Every amendment the person may see: the same rule as `Action.AMENDMENT_VIEW`, as a statement for lists."""
    return select(Amendment).where(
        or_(
            Amendment.council_id.in_(sorted(person.councils | person.facilitates)),
            Amendment.state.in_(sorted(LEFT_THE_COUNCIL)),
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
            Amendment.base_text,
            Amendment.new_text,
            Amendment.state,
            Amendment.author_id,
            Amendment.council_id,
            Amendment.changed_at,
        )
        .order_by(Amendment.changed_at.desc(), Amendment.id.desc())
        .limit(MOST_LISTED)
    )


def list_amendments(person: Person) -> Sequence[Row[*tuple[Any, ...]]]:
    """The amendments the person may see, what changed last first."""
    return db.session.execute(_rows(person)).all()


def list_on_clause(person: Person, clause_key: str | None, *, but_id: int = 0) -> Sequence[Row[*tuple[Any, ...]]]:
    """The live amendments on one clause that the person may see, without `but_id`; nothing for what is new."""
    if clause_key is None:
        return []
    return db.session.execute(
        _rows(person).where(Amendment.clause_key == clause_key, Amendment.state.in_(LIVE), Amendment.id != but_id)
    ).all()


#: What a council has before it, now or at its next meeting.
STAND_BEFORE_THE_COUNCIL = (AmendmentState.IN_COUNCIL, AmendmentState.POSTPONED)


def list_to_decide(council_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The amendments that stand before these councils, the oldest first."""
    if not council_ids:
        return []
    return db.session.execute(
        select(Amendment.id, Amendment.council_id, Amendment.kind, Amendment.heading, Amendment.base_text,
               Amendment.new_text, Amendment.state)
        .where(
            Amendment.council_id.in_(sorted(council_ids)),
            Amendment.state.in_(STAND_BEFORE_THE_COUNCIL),
        )
        .order_by(Amendment.changed_at, Amendment.id)
    ).all()  # fmt: skip


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


def list_merged(person: Person, amendment: Amendment) -> Sequence[Row[*tuple[Any, ...]]]:
    """What the person may see of an amendment's merging: what it became a part of, and what became a part of it."""
    is_linked = Amendment.merged_into_id == amendment.id
    if amendment.merged_into_id:
        is_linked |= Amendment.id == amendment.merged_into_id
    return db.session.execute(_rows(person).where(is_linked)).all()


def list_amendments_in(states: Collection[AmendmentState]) -> Sequence[Amendment]:
    """Every amendment in these states, whoever asks: for what closing a review does to all of them."""
    return db.session.scalars(select(Amendment).where(Amendment.state.in_(sorted(states))).order_by(Amendment.id)).all()


def current_clauses(keys: Collection[str]) -> dict[str, Clause]:
    """These clauses as the edition that holds now has them; those that are gone are left out."""
    rows = db.session.scalars(
        select(Clause)
        .join(Edition, Edition.id == Clause.edition_id)
        .where(Edition.state == EditionState.APPROVED, Clause.key.in_(sorted(keys)))
    )
    return {clause.key: clause for clause in rows}


def get_vote(amendment: Amendment) -> Vote | None:
    """What the council decided last about an amendment."""
    return db.session.scalar(select(Vote).where(Vote.amendment_id == amendment.id).order_by(Vote.id.desc()).limit(1))


def _spoken_name() -> ColumnElement[str]:
    """A child by first name, a grown-up by the whole name, and whoever is protected by the alias."""
    return case(
        (User.protection == Protection.NAME, User.alias),
        (Pupil.id.is_not(None), User.first_name),
        else_=func.trim(User.first_name + " " + User.last_name),
    )


def _with_class(statement: Select[*tuple[Any, ...]], today: date) -> Select[*tuple[Any, ...]]:
    return (
        statement.outerjoin(Pupil, Pupil.user_id == User.id)
        .outerjoin(Enrolment, and_(Enrolment.pupil_id == Pupil.id, holds(Enrolment, today)))
        .outerjoin(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .outerjoin(ClassYear, is_name_of(clock.school_year(today)))
    )


def get_author(amendment: Amendment, *, today: date) -> str:
    """Who wrote an amendment, as the council knows them: "Ella, 6.A"."""
    name, label = db.session.execute(
        _with_class(
            select(_spoken_name(), func.coalesce(label_in(clock.school_year(today)), "")).select_from(User), today
        ).where(User.id == amendment.author_id)
    ).one()
    return f"{name}, {label}" if label else str(name)


def list_talk(
    person: Person, *, clause_key: str | None = None, amendment_id: int | None = None, today: date
) -> list[Said]:
    """What the person's own councils have said about a clause or an amendment, in order."""
    councils = person.councils | person.facilitates
    if not councils:
        return []
    about = Comment.amendment_id == amendment_id if amendment_id else Comment.clause_key == clause_key
    return _talk(about, councils, person, today)


def list_reported(person: Person, *, today: date) -> list[Said]:
    """What was reported in the councils the person helps and is not hidden yet, in order."""
    if not person.facilitates:
        return []
    is_open = and_(Comment.reported_at.is_not(None), Comment.hidden_at.is_(None))
    return _talk(is_open, person.facilitates, person, today)


def _talk(about: ColumnElement[bool], councils: Collection[int], person: Person, today: date) -> list[Said]:
    rows = db.session.execute(
        _with_class(
            select(
                Comment.id,
                Comment.text,
                _spoken_name().label("name"),
                func.coalesce(label_in(clock.school_year(today)), "").label("label"),
                Comment.council_id,
                Comment.written_at,
                Comment.reported_at,
                Comment.hidden_at,
                Comment.told,
            )
            .select_from(Comment)
            .join(User, User.id == Comment.author_id),
            today,
        )
        .where(about, Comment.council_id.in_(sorted(councils)))
        .order_by(Comment.written_at, Comment.id)
        .limit(MOST_LISTED)
    )
    return [_said(row, may_hide=row.council_id in person.facilitates) for row in rows]


def _said(row: Row[*tuple[Any, ...]], *, may_hide: bool) -> Said:
    is_hidden = row.hidden_at is not None
    return Said(
        id=row.id, text=row.text if may_hide or not is_hidden else "", name=row.name, label=row.label,
        council_id=row.council_id, written_at=row.written_at, is_reported=row.reported_at is not None,
        is_hidden=is_hidden, may_hide=may_hide, told=row.told if may_hide else "",
    )  # fmt: skip


def count_waiting(council_ids: Collection[int], facilitated: Collection[int]) -> tuple[Counter[int], int]:
    """How many suggestions stand before each of these councils, and how many reported comments wait for a facilitator.

    One statement for both, since the front page asks it.
    """
    if not council_ids:
        return Counter(), 0
    suggestions = (
        select(Amendment.council_id, func.count().label("many"))
        .where(Amendment.council_id.in_(sorted(council_ids)), Amendment.state.in_(STAND_BEFORE_THE_COUNCIL))
        .group_by(Amendment.council_id)
    )
    reported = select(literal(0), func.count()).where(
        Comment.council_id.in_(sorted(facilitated)), Comment.reported_at.is_not(None), Comment.hidden_at.is_(None)
    )
    rows: Sequence[Any] = db.session.execute(union_all(suggestions, reported)).all()
    found = Counter({row[0]: row[1] for row in rows})
    return found, found.pop(0, 0)
