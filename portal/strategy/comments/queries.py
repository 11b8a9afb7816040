"""Finding what a council has said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, select

from portal.accounts.models import User
from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.people import Person
from portal.strategy.amendments.queries import class_label, spoken_name, with_class
from portal.strategy.comments.models import Comment
from portal.text import clock

COMMENTS_PER_PAGE = 50


class Said(NamedTuple):
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
    return by_id(Comment, comment_id)


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
    about = {"amendment_id": amendment_id} if amendment_id else {"clause_key": clause_key}
    return _talk(person, councils, before, today, about)


def list_reported(person: Person, councils: Collection[int], *, before: int | None = None, today: date) -> Talk:
    """What was reported in these of the councils the person helps and is not hidden yet: the last, or before one."""
    return _talk(person, person.facilitates.intersection(councils), before, today, {})


def _talk(
    person: Person, councils: Collection[int], before: int | None, today: date, about: Mapping[str, int | str | None]
) -> Talk:
    """A page of what was said in these councils about one thing, or of what was reported when it is about none."""
    if not councils:
        return Talk([])
    statement = _comments.of(next(iter(about), ""), before is not None)
    values = {**about, "before": before, "councils": sorted(councils), "today": today}
    rows = statement.rows(**values, school_year=clock.school_year(today))
    shown = rows[:COMMENTS_PER_PAGE]
    said = [_said(row, may_hide=row.council_id in person.facilitates) for row in reversed(shown)]
    return Talk(said, earlier=shown[-1].id if len(rows) > len(shown) else 0)


@prepared
def _comments(about: str, is_earlier_page: bool) -> AnySelect:
    is_about = {
        "amendment_id": Comment.amendment_id == param("amendment_id", int),
        "clause_key": Comment.clause_key == param("clause_key", str),
        "": and_(Comment.reported_at.is_not(None), Comment.hidden_at.is_(None)),
    }[about]
    columns = (Comment.id, Comment.text, Comment.council_id, Comment.written_at, Comment.reported_at)
    said = select(*columns, Comment.hidden_at, Comment.told, spoken_name().label("name"), class_label().label("label"))
    talk = with_class(said.select_from(Comment).join(User, User.id == Comment.author_id))
    if is_earlier_page:
        talk = talk.where(Comment.id < param("before", int))
    in_councils = Comment.council_id.in_(params("councils", int))
    return talk.where(is_about, in_councils).order_by(Comment.id.desc()).limit(COMMENTS_PER_PAGE + 1)


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
