"""Reading class teams' news: feeds that are equally fast at any size of the table, and what belongs to one update."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    BindParameter,
    Row,
    Select,
    and_,
    exists,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import joinedload

from portal.accounts.models import Role
from portal.database import db
from portal.database.prepared import AnySelect, Statement, param, params, prepared
from portal.people import Person
from portal.school.models import ClassYear, SchoolClass, TeamMember
from portal.school.names import is_name_of, label_in
from portal.school.queries import list_guardian_ids
from portal.school.ties import holds
from portal.text import clock
from portal.updates.models import UpdateReceipt, UpdateState, WellbeingUpdate

NEWS_PER_PAGE = 20
#: Of each class so much of the newest is looked through for what somebody has not opened.
LOOKED_BACK = 40
BEFORE_ANY_NEWS = date(2000, 1, 1)
_YEAR = param("school_year", int)
#: In one statement: many more than anybody is in; leaders read the whole school's index instead of one per class.
CLASSES_AT_ONCE = 60

_CLASS_IDS = params("class_ids", int)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The cursor of keyset paging: the last update of a page, after which the next one begins."""

    published_at: datetime
    update_id: int

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """The cursor in an address, or None for one that is none of ours: the feed then begins at its beginning."""
        moment, _, number = text.partition("_")
        try:
            read = cls(datetime.fromtimestamp(int(moment) / 1_000_000, UTC), int(number))
        except (ValueError, OverflowError, OSError):
            return None
        return read if 0 < read.update_id < 2**31 else None

    def __str__(self) -> str:
        return f"{round(self.published_at.timestamp() * 1_000_000)}_{self.update_id}"


def get_update(update_id: int) -> WellbeingUpdate | None:
    """An update with its class."""
    update: WellbeingUpdate | None = _update.entity(update_id=update_id)
    return update


@prepared
def _update() -> AnySelect:
    with_class = select(WellbeingUpdate).options(joinedload(WellbeingUpdate.school_class))
    return with_class.where(WellbeingUpdate.id == param("update_id", int))


def list_living(class_id: int) -> Sequence[WellbeingUpdate]:
    """A class's news that homes read or will read: all but what was taken back. The rows are locked."""
    return db.session.scalars(
        select(WellbeingUpdate)
        .where(WellbeingUpdate.class_id == class_id, WellbeingUpdate.state != UpdateState.WITHDRAWN)
        .order_by(WellbeingUpdate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def titles_of(update_ids: Collection[int], reader: Person) -> dict[int, str]:
    """What those of these updates are called that are with the homes and that the reader may read: one statement."""
    sees_all = reader.has(Role.LEADERSHIP, Role.AKT)
    classes = {} if sees_all else {"class_ids": [*reader.teams, *reader.guardian_classes]}
    return {row.id: row.title for row in _titles.of(sees_all).rows(ids=list(update_ids), **classes)}


@prepared
def _titles(of_all_classes: bool) -> AnySelect:
    is_with_homes = (WellbeingUpdate.id.in_(params("ids", int)), WellbeingUpdate.published_at.is_not(None))
    titles = select(WellbeingUpdate.id, WellbeingUpdate.title).where(*is_with_homes)
    return titles if of_all_classes else titles.where(WellbeingUpdate.class_id.in_(_CLASS_IDS))


def list_recipients(update: WellbeingUpdate, today: date) -> set[int]:
    """The accounts that an update is for: the class's custody and foster guardians, as of today."""
    return list_guardian_ids(update.class_id, today=today)


def list_team_ids(update: WellbeingUpdate, today: date) -> set[int]:
    """The accounts of the class's team of today: whom a draft belongs to."""
    team = select(TeamMember.user_id).where(TeamMember.class_id == update.class_id, holds(TeamMember, today))
    return set(db.session.scalars(team))


def list_news(
    class_ids: Collection[int], reader_id: int, *, limit: int = NEWS_PER_PAGE, after: Cursor | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest published updates of these classes, newest first, with `is_opened` for the reader.

    One indexed top-n per class, then the newest of those: a join through memberships walks the whole table for a
    guardian whose only class has been quiet, and an `IN` sorts every row of the classes.
    """
    ordered = sorted(class_ids)
    portions = [ordered[start : start + CLASSES_AT_ONCE] for start in range(0, len(ordered), CLASSES_AT_ONCE)]
    pages = [_news_of_classes(portion, reader_id, limit, after) for portion in portions]
    if len(pages) == 1:
        return pages[0]
    together = sorted((row for page in pages for row in page), key=lambda row: (row.published_at, row.id), reverse=True)
    return together[:limit]


def _news_of_classes(
    class_ids: Sequence[int], reader_id: int, limit: int, after: Cursor | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    values = {f"class_{place}": class_id for place, class_id in enumerate(class_ids)}
    return _rows(_news.of(len(class_ids), limit, after is not None), reader_id, after, values)


def list_news_of(
    person: Person, *, limit: int = NEWS_PER_PAGE, after: Cursor | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """All published updates the person may read, newest first: `Action.UPDATE_VIEW` as a list."""
    if person.has(Role.LEADERSHIP, Role.AKT):
        return list_news_everywhere(person.id, limit=limit, after=after)
    return list_news({**person.teams, **person.guardian_classes}, person.id, limit=limit, after=after)


def list_unread(person: Person, *, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest that was written for somebody as a home, since they came, and that they have not opened.

    Looked for among the newest forty of each class, more than a year of news.
    """
    joined_on = sorted(person.joined_on.items())[:CLASSES_AT_ONCE]
    if not joined_on:
        return ()
    values: dict[str, Any] = {}
    for place, (class_id, day) in enumerate(joined_on):
        since = clock.at_school(max(day, BEFORE_ANY_NEWS), time())
        values |= {f"class_{place}": class_id, f"since_{place}": since}
    year = clock.school_year(clock.today())
    return _unread.of(len(joined_on), limit).rows(reader=person.id, school_year=year, **values)


@prepared
def _unread(class_count: int, limit: int) -> AnySelect:
    told_at = func.coalesce(WellbeingUpdate.told_again_at, WellbeingUpdate.published_at)
    tops = [
        _top(param(f"class_{place}", int), LOOKED_BACK, is_later_page=False)
        .where(told_at >= param(f"since_{place}", datetime))
        .subquery()
        .select()
        for place in range(class_count)
    ]
    newest = (tops[0] if len(tops) == 1 else union_all(*tops)).subquery("those")
    is_opened = and_(UpdateReceipt.update_id == newest.c.id, UpdateReceipt.user_id == param("reader", int))
    unread = (
        select(newest)
        .where(~exists().where(is_opened))
        .order_by(newest.c.published_at.desc(), newest.c.id.desc())
        .limit(literal_column(str(limit)))
    )
    return _with_details(unread.subquery("newest"), limit)


def list_news_everywhere(
    reader_id: int, *, limit: int = NEWS_PER_PAGE, after: Cursor | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest published updates of the whole school, newest first, for those who may read them all."""
    return _rows(_news.of(0, limit, after is not None), reader_id, after, {})


def _rows(
    statement: Statement, reader_id: int, after: Cursor | None, values: dict[str, int]
) -> Sequence[Row[*tuple[Any, ...]]]:
    cursor = {"after_at": after.published_at, "after_id": after.update_id} if after else {}
    year = clock.school_year(clock.today())
    return statement.rows(reader=reader_id, school_year=year, **values, **cursor)


@prepared
def _news(class_count: int, limit: int, is_later_page: bool) -> AnySelect:
    """The statement of a feed, built once: of so many classes, or of the whole school when there are none."""
    classes = [param(f"class_{place}", int) for place in range(class_count)]
    tops = [_top(class_id, limit, is_later_page) for class_id in classes] or [_top(None, limit, is_later_page)]
    newest = tops[0] if len(tops) == 1 else union_all(*(top.subquery().select() for top in tops))
    return _with_details(newest.subquery("newest"), limit)


def _top(class_id: BindParameter[int] | None, limit: int, is_later_page: bool) -> Select[int, datetime | None]:
    newest = (
        select(WellbeingUpdate.id, WellbeingUpdate.published_at)
        .where(WellbeingUpdate.published_at.is_not(None))
        .order_by(WellbeingUpdate.published_at.desc(), WellbeingUpdate.id.desc())
        .limit(literal_column(str(limit)))
    )
    if class_id is not None:
        newest = newest.where(WellbeingUpdate.class_id == class_id)
    if is_later_page:
        after = tuple_(param("after_at", datetime), param("after_id", int))
        newest = newest.where(tuple_(WellbeingUpdate.published_at, WellbeingUpdate.id) < after)
    return newest


def _with_details(newest: Any, limit: int) -> Select[*tuple[Any, ...]]:
    """The rows as cards show them. Outer joins, since an inner one lets SQLite start at the classes and sort it all."""
    return (
        select(
            WellbeingUpdate.id,
            WellbeingUpdate.class_id,
            WellbeingUpdate.title,
            WellbeingUpdate.excerpt,
            WellbeingUpdate.published_at,
            func.coalesce(WellbeingUpdate.told_again_at, WellbeingUpdate.published_at).label("told_at"),
            SchoolClass.hue,
            label_in(_YEAR).label("label"),
            UpdateReceipt.user_id.is_not(None).label("is_opened"),
        )
        .join(newest, newest.c.id == WellbeingUpdate.id)
        .outerjoin(SchoolClass, SchoolClass.id == WellbeingUpdate.class_id)
        .outerjoin(ClassYear, is_name_of(_YEAR))
        .outerjoin(
            UpdateReceipt,
            (UpdateReceipt.update_id == WellbeingUpdate.id) & (UpdateReceipt.user_id == param("reader", int)),
        )
        .order_by(newest.c.published_at.desc(), newest.c.id.desc())
        .limit(literal_column(str(limit)))
    )


def list_unpublished(class_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What these teams have that homes cannot read, newest first: drafts, scheduled, and what was taken back."""
    if not class_ids:
        return []
    found = _unpublished.rows(class_ids=list(class_ids))
    return sorted(found, key=lambda update: (update.created_at, update.id), reverse=True)


@prepared
def _unpublished() -> AnySelect:
    return select(
        WellbeingUpdate.id,
        WellbeingUpdate.class_id,
        WellbeingUpdate.title,
        WellbeingUpdate.created_at,
        WellbeingUpdate.state,
        WellbeingUpdate.publish_at,
    ).where(WellbeingUpdate.published_at.is_(None), WellbeingUpdate.class_id.in_(_CLASS_IDS))


def last_published(class_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these classes last had news; classes without any are left out."""
    if not class_ids:
        return {}
    rows = _last_published.rows(class_ids=list(class_ids))
    return {class_id: moment for class_id, moment in rows if moment is not None}


def is_opened(update_id: int, reader_id: int) -> bool:
    """Whether the reader has opened the update before."""
    return bool(_receipt.rows(update_id=update_id, reader=reader_id))


@prepared
def _receipt() -> AnySelect:
    update_id, reader = param("update_id", int), param("reader", int)
    return select(UpdateReceipt.user_id).where(UpdateReceipt.update_id == update_id, UpdateReceipt.user_id == reader)


@prepared
def _last_published() -> AnySelect:
    """One step into the index per class: grouping would read every update the classes have ever had."""
    newest = (
        select(func.max(WellbeingUpdate.published_at))
        .where(WellbeingUpdate.class_id == SchoolClass.id)
        .scalar_subquery()
    )
    return select(SchoolClass.id, newest).where(SchoolClass.id.in_(_CLASS_IDS))
