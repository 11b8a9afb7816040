"""Reading class teams' news: feeds that are equally fast at any size of the table, and the reach of one update."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, select, tuple_, union_all
from sqlalchemy.orm import joinedload

from portal.accounts.models import Protection, Role
from portal.database import db
from portal.people import Person
from portal.school.models import ClassYear, Enrolment, Guardianship, GuardianshipKind, Pupil, SchoolClass
from portal.school.names import is_name_of, label_in
from portal.school.queries import holds, list_guardian_ids
from portal.text import clock
from portal.updates.models import UpdateReceipt, WellbeingUpdate

NEWS_PER_PAGE = 20
#: Many more classes than anybody is in; leaders read the whole school's index instead of one per class.
MOST_CLASSES = 60


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last update of a page: the next page begins after it."""

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
    return db.session.scalar(
        select(WellbeingUpdate).options(joinedload(WellbeingUpdate.school_class)).where(WellbeingUpdate.id == update_id)
    )


def list_recipients(update: WellbeingUpdate, today: date) -> set[int]:
    """The accounts that an update is for: the class's custody and foster guardians, as of today."""
    return list_guardian_ids(update.class_id, today=today)


def list_news(
    class_ids: Collection[int], reader_id: int, *, limit: int = NEWS_PER_PAGE, after: Cursor | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest published updates of these classes, newest first, with `is_opened` for the reader.

    One indexed top-n per class, then the newest of those: a join through memberships walks the whole table for a
    guardian whose only class has been quiet, and an `IN` sorts every row of the classes (facts: performance, 4).
    """
    if not class_ids:
        return []
    tops = [_top(class_id, limit, after).subquery().select() for class_id in sorted(class_ids)[:MOST_CLASSES]]
    return _with_details(union_all(*tops).subquery("newest"), reader_id, limit)


def list_news_of(
    person: Person, *, limit: int = NEWS_PER_PAGE, after: Cursor | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """All published updates the person may read, newest first: `Action.UPDATE_VIEW` as a list."""
    if person.has(Role.LEADERSHIP, Role.AKT):
        return list_news_everywhere(person.id, limit=limit, after=after)
    return list_news({**person.teams, **person.guardian_classes}, person.id, limit=limit, after=after)


def list_news_everywhere(
    reader_id: int, *, limit: int = NEWS_PER_PAGE, after: Cursor | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The newest published updates of the whole school, newest first, for those who may read them all."""
    return _with_details(_top(None, limit, after).subquery("newest"), reader_id, limit)


def _top(class_id: int | None, limit: int, after: Cursor | None) -> Select[int, datetime | None]:
    newest = (
        select(WellbeingUpdate.id, WellbeingUpdate.published_at)
        .where(WellbeingUpdate.published_at.is_not(None))
        .order_by(WellbeingUpdate.published_at.desc(), WellbeingUpdate.id.desc())
        .limit(limit)
    )
    if class_id is not None:
        newest = newest.where(WellbeingUpdate.class_id == class_id)
    if after is not None:
        newest = newest.where(
            tuple_(WellbeingUpdate.published_at, WellbeingUpdate.id) < tuple_(after.published_at, after.update_id)
        )
    return newest


def _with_details(newest: Any, reader_id: int, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The rows as cards show them. Outer joins, since an inner one lets SQLite start at the classes and sort it all."""
    year = clock.school_year(clock.today())
    return db.session.execute(
        select(
            WellbeingUpdate.id,
            WellbeingUpdate.class_id,
            WellbeingUpdate.title,
            WellbeingUpdate.excerpt,
            WellbeingUpdate.published_at,
            SchoolClass.hue,
            label_in(year).label("label"),
            UpdateReceipt.user_id.is_not(None).label("is_opened"),
        )
        .join(newest, newest.c.id == WellbeingUpdate.id)
        .outerjoin(SchoolClass, SchoolClass.id == WellbeingUpdate.class_id)
        .outerjoin(ClassYear, is_name_of(year))
        .outerjoin(
            UpdateReceipt, (UpdateReceipt.update_id == WellbeingUpdate.id) & (UpdateReceipt.user_id == reader_id)
        )
        .order_by(newest.c.published_at.desc(), newest.c.id.desc())
        .limit(limit)
    ).all()


def list_drafts(class_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The unpublished texts of these teams, newest first."""
    if not class_ids:
        return []
    return db.session.execute(
        select(WellbeingUpdate.id, WellbeingUpdate.class_id, WellbeingUpdate.title, WellbeingUpdate.created_at)
        .where(WellbeingUpdate.published_at.is_(None), WellbeingUpdate.class_id.in_(list(class_ids)))
        .order_by(WellbeingUpdate.created_at.desc(), WellbeingUpdate.id.desc())
    ).all()


def last_published(class_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these classes last had news; classes without any are left out."""
    if not class_ids:
        return {}
    rows = db.session.execute(
        select(WellbeingUpdate.class_id, func.max(WellbeingUpdate.published_at))
        .where(WellbeingUpdate.class_id.in_(list(class_ids)), WellbeingUpdate.published_at.is_not(None))
        .group_by(WellbeingUpdate.class_id)
    )
    return {class_id: moment for class_id, moment in rows if moment is not None}


def is_opened(update_id: int, reader_id: int) -> bool:
    """Whether the reader has opened the update before."""
    return db.session.get(UpdateReceipt, (update_id, reader_id)) is not None


@dataclass(frozen=True, slots=True)
class ChildReached:
    """One child of the class, and whether somebody at home has opened the update. Never who, and never when."""

    name: str
    is_reached: bool


def list_reach(update: WellbeingUpdate, *, today: date) -> list[ChildReached]:
    """Every child in the class today, with whether at least one custody or foster guardian has opened the update."""
    opened = exists().where(
        UpdateReceipt.update_id == update.id,
        UpdateReceipt.user_id == Guardianship.guardian_id,
        Guardianship.pupil_id == Pupil.id,
        Guardianship.kind != GuardianshipKind.HELPER,
        holds(Guardianship, today),
    )
    rows = db.session.execute(
        select(Pupil.first_name, Pupil.last_name, Pupil.alias, Pupil.protection, opened)
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(
            Enrolment.class_id == update.class_id,
            holds(Enrolment, today),
        )
    )
    children = [
        ChildReached(alias if protection == Protection.NAME else f"{first} {last}".strip(), bool(is_reached))
        for first, last, alias, protection, is_reached in rows
    ]
    return sorted(children, key=lambda child: child.name)
