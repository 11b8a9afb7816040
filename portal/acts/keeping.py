"""For how long rows about persons are kept: each room says it of its own, and the worker deletes what is older."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, delete, func, inspect, or_, select, tuple_, update

from portal.acts.chores import Chore
from portal.database import Model, db
from portal.text import clock

#: So many rows are deleted in one transaction, so that nobody waits long for a table that was never looked through.
AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Keep:
    """For how long the rows of a table are kept after the moment or day in `since` (domain 3.8).

    Then they are deleted, or, where something of them stays, `forgets` are the columns that are emptied.
    """

    table: type[Model]
    since: Any
    lasts: timedelta
    forgets: tuple[Any, ...] = ()

    @property
    def words(self) -> str:
        """What it is called in logs: the table, and what goes of it."""
        gone = ", ".join(column.key for column in self.forgets)
        return f"{gone} of {self.table.__tablename__}" if gone else self.table.__tablename__

    def is_over(self, now: datetime) -> ColumnElement[bool]:
        """Whether a row has been kept for long enough, and is still there."""
        until = now - self.lasts
        is_old: ColumnElement[bool] = self.since < (clock.day_of(until) if isinstance(self.since.type, Date) else until)
        return and_(is_old, or_(*(column.is_not(None) for column in self.forgets))) if self.forgets else is_old


def end_of(keep: Keep) -> Chore:
    """The chore that deletes what has been kept for long enough, portion by portion. Twice is once."""

    def find(now: datetime) -> range:
        count = db.session.scalar(select(func.count()).select_from(keep.table).where(keep.is_over(now))) or 0
        return range(-(-count // AT_A_TIME))

    def forget(portion: int, now: datetime) -> None:
        key = inspect(keep.table).primary_key
        some = select(*key).where(keep.is_over(now)).order_by(*key).limit(AT_A_TIME)
        rows = tuple_(*key).in_(some)
        gone = (
            update(keep.table).values({column: None for column in keep.forgets}).where(rows)
            if keep.forgets
            else delete(keep.table).where(rows)
        )
        db.session.execute(gone.execution_options(synchronize_session=False))

    return Chore(f"forget {keep.words}", find, forget, every=timedelta(hours=1))
