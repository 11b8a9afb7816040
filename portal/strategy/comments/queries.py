"""Finding what a council has said."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select

from portal.accounts.models import User
from portal.database import db
from portal.people import Person
from portal.school.names import label_in
from portal.strategy.amendments.queries import spoken_name, with_class
from portal.strategy.comments.models import Comment
from portal.text import clock

COMMENTS_PER_PAGE = 50


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


@dataclass(frozen=True, slots=True)
class Talk:
    """A page of a talk, in the order in which it was said; `earlier` is the comment to go on before, 0 at its start."""

    said: list[Said]
    earlier: int = 0


def get_comment(comment_id: int) -> Comment | None:
    """Something said in a council's talk."""
    return db.session.get(Comment, comment_id)


def list_talk(
    person: Person,
    *,
    clause_key: str | None = None,
    amendment_id: int | None = None,
    before: int | None = None,
    today: date,
) -> Talk:
    """What the person's own councils have said last about a clause or an amendment, or last before a comment."""
    councils = person.councils | person.facilitates
    if not councils:
        return Talk([])
    about = Comment.amendment_id == amendment_id if amendment_id else Comment.clause_key == clause_key
    return _talk(about, councils, person, before, today)


def list_reported(person: Person, councils: Collection[int], *, before: int | None = None, today: date) -> Talk:
    """What was reported in these of the councils the person helps and is not hidden yet: the last, or before one."""
    helped = person.facilitates.intersection(councils)
    if not helped:
        return Talk([])
    is_open = and_(Comment.reported_at.is_not(None), Comment.hidden_at.is_(None))
    return _talk(is_open, helped, person, before, today)


def _talk(
    about: ColumnElement[bool], councils: Collection[int], person: Person, before: int | None, today: date
) -> Talk:
    statement = (
        with_class(
            select(
                Comment.id,
                Comment.text,
                spoken_name().label("name"),
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
        .order_by(Comment.id.desc())
        .limit(COMMENTS_PER_PAGE + 1)
    )
    if before is not None:
        statement = statement.where(Comment.id < before)
    rows = db.session.execute(statement).all()
    shown = rows[:COMMENTS_PER_PAGE]
    said = [_said(row, may_hide=row.council_id in person.facilitates) for row in reversed(shown)]
    return Talk(said, earlier=shown[-1].id if len(rows) > len(shown) else 0)


def _said(row: Row[*tuple[Any, ...]], *, may_hide: bool) -> Said:
    is_hidden = row.hidden_at is not None
    return Said(
        id=row.id,
        text=row.text if may_hide or not is_hidden else "",
        name=row.name,
        label=row.label,
        council_id=row.council_id,
        written_at=row.written_at,
        is_reported=row.reported_at is not None,
        is_hidden=is_hidden,
        may_hide=may_hide,
        told=row.told if may_hide else "",
    )
