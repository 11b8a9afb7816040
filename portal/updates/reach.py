"""In how many children's homes an update was opened, and who says thank you: numbers, never whose and never when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, or_, select

from portal.accounts.protection import shown_name_of
from portal.database.prepared import AnySelect, param, prepared
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.school.ties import began_by, holds
from portal.text import clock
from portal.text.collation import sort_key
from portal.updates.models import UpdateReceipt, UpdateThanks, WellbeingUpdate


@dataclass(frozen=True, slots=True)
class ChildReached:
    """One child of the class, and whether somebody at home has opened the update. Never who, and never when."""

    name: str
    is_reached: bool


def list_reach(update: WellbeingUpdate, *, today: date) -> list[ChildReached]:
    """The children in the class today, with whether at least one custody or foster guardian has opened the update.

    Left out are those who joined the class, or whose every guardian joined them, after the homes were told of it.
    """
    told_on = clock.day_of(update.told_at) if update.told_at else today
    rows = _reach.rows(update_id=update.id, class_id=update.class_id, told_on=told_on, today=today)
    children = [ChildReached(name, bool(is_reached)) for name, is_reached in rows]
    return sorted(children, key=lambda child: sort_key(child.name))


@prepared
def _reach() -> AnySelect:
    today, told_on = param("today", date), param("told_on", date)
    at_home = exists().where(
        Guardianship.pupil_id == Pupil.id, Guardianship.kind != GuardianshipKind.HELPER, holds(Guardianship, today)
    )
    by_them = (UpdateReceipt.update_id == param("update_id", int), UpdateReceipt.user_id == Guardianship.guardian_id)
    return (
        select(shown_name_of(Pupil), at_home.where(*by_them))
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .where(
            Enrolment.class_id == param("class_id", int),
            holds(Enrolment, today),
            began_by(Enrolment, told_on),
            or_(at_home.where(began_by(Guardianship, told_on)), ~at_home),
        )
    )


@dataclass(frozen=True, slots=True)
class Thanks:
    """How many say thank you, and whether the reader is one of them."""

    count: int
    is_mine: bool


def get_thanks(update_id: int, reader_id: int) -> Thanks:
    """The thanks for an update, as this reader sees them."""
    ((count, is_mine),) = _thanks.rows(update_id=update_id, reader=reader_id)
    return Thanks(count, bool(is_mine))


@prepared
def _thanks() -> AnySelect:
    update_id, reader = param("update_id", int), param("reader", int)
    mine = exists().where(UpdateThanks.update_id == update_id, UpdateThanks.user_id == reader)
    return select(func.count(), mine).where(UpdateThanks.update_id == update_id)
