"""What holds today: the one place that reads the days of a tie, and so says what right it gives (domain 3.1).

A guardianship holds by more than its days. A right derived from another is asked of its source here, whenever it is
read, so that nothing has to be ended and nothing can be forgotten.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    and_,
    case,
    exists,
    func,
    inspect,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from portal.accounts.protection import Protection
from portal.school.access.models import AccessClosure
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil

Day = date | BindParameter[date]

#: A class goes over into others with those who are in it in its last days: a child that left earlier leads nowhere.
LAST_DAYS = timedelta(days=14)


def holds(row: Any, day: Day) -> ColumnElement[bool]:
    """Whether a row with `starts_on` and `ends_on`, or an alias of its table, gives its right on a day.

    A guardianship gives none while the leadership has closed that adult's access to that child, however often a file
    lists it. A helper's tie holds while the custody of whoever invited them does, the very one they were invited under.
    """
    by_its_days = and_(row.starts_on <= day, lasts(row, day))
    if inspect(row).mapper.class_ is not Guardianship:
        return by_its_days
    return and_(
        by_its_days,
        ~_is_closed_to(row, day),
        or_(row.kind != _kind(GuardianshipKind.HELPER), _source_holds(row, day)),
    )


def lasts(row: Any, day: Day) -> ColumnElement[bool]:
    """Whether a row has not ended by a day, by its own dates alone: what is written down, not what it allows."""
    return or_(row.ends_on.is_(None), row.ends_on >= day)


def has_nobody_left(class_id: Any, day: Day) -> ColumnElement[bool]:
    """Whether no child is in a class any more, nor will be: all have gone over into others, or left the school."""
    stays = aliased(Enrolment)
    return ~exists().where(stays.class_id == class_id, lasts(stays, day))


def began_by(row: Any, day: Day) -> ColumnElement[bool]:
    """Whether a row had begun by a day: those who came later were not there yet."""
    return cast("ColumnElement[bool]", row.starts_on <= day)


def joined_on(place: Any, tie: Any) -> ColumnElement[date]:
    """Since when an adult has been in a class with a child: the later beginning of the child's place and of the tie."""
    return case((place.starts_on > tie.starts_on, place.starts_on), else_=tie.starts_on)


def _source_holds(helper: Any, day: Day) -> ColumnElement[bool]:
    """Whether the inviter still has the custody under which this helper was invited."""
    inviter = aliased(Guardianship)
    return exists().where(
        inviter.guardian_id == helper.invited_by_id,
        inviter.pupil_id == helper.pupil_id,
        inviter.kind == _kind(GuardianshipKind.CUSTODY),
        inviter.starts_on <= helper.starts_on,
        inviter.starts_on <= day,
        lasts(inviter, day),
        ~_is_closed_to(inviter, day),
    )


def is_closed(closure: Any, day: Day) -> ColumnElement[bool]:
    """Whether a closure of somebody's access is in force on a day: it ends by itself, or when it is lifted."""
    return and_(closure.starts_on <= day, closure.ends_on >= day, closure.lifted_at.is_(None))


def _is_closed_to(tie: Any, day: Day) -> ColumnElement[bool]:
    """Whether the access of a tie's adult to its child is closed, by whichever tie."""
    closure = aliased(AccessClosure)
    return exists().where(
        closure.guardian_id == tie.guardian_id, closure.pupil_id == tie.pupil_id, is_closed(closure, day)
    )


def lives_under_protection(user: Any, day: Day) -> ColumnElement[bool]:
    """Whether a `User`, or an alias of its table, or a child they belong to, has a protected name or address.

    Counted and not asked with EXISTS: PostgreSQL would answer that for all by reading every pupil there is.
    """
    tie, child = aliased(Guardianship), aliased(Pupil)
    protected_children = (
        select(func.count())
        .select_from(tie)
        .join(child, child.id == tie.pupil_id)
        .where(tie.guardian_id == user.id, lasts(tie, day), child.protection != Protection.NONE)
        .correlate(user)
        .scalar_subquery()
    )
    return or_(user.protection != Protection.NONE, protected_children > 0)


def _kind(kind: GuardianshipKind) -> ColumnElement[Any]:
    """A kind that stands in the statement itself: every page asks this, and each parameter has its price."""
    return literal_column(f"'{kind.value}'", String())
