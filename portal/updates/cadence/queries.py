"""How the classes stand with their news: what was told when, here and elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import exists, func, select

from portal.acts.models import Act
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, params, prepared
from portal.people import ClassRef
from portal.school.days_off.queries import school_days
from portal.school.models import ClassYear, Enrolment, SchoolClass, TeamFunction, TeamMember
from portal.school.names import highest_grade_in, is_name_of, label_in, lowest_grade_in
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key
from portal.text.workdays import SchoolDays
from portal.updates.cadence.models import CadenceReminder, ToldChannel, ToldElsewhere
from portal.updates.cadence.rhythm import Cadence, Stage, Standing
from portal.updates.models import WellbeingUpdate

_TODAY = param("today", date)
_YEAR = param("school_year", int)
_CLASS_IDS = params("class_ids", int)


@dataclass(frozen=True, slots=True)
class ClassStanding:
    """A class with pupils, and how it stands.

    `since` is when it had its first pupil and there was a portal to tell in: of what was before nobody is reproached.
    """

    ref: ClassRef
    grades: tuple[int, int]
    since: date
    has_class_teacher: bool
    standing: Standing


def list_standings(
    *, every: int, today: date, class_ids: Collection[int] | None = None
) -> tuple[list[ClassStanding], SchoolDays]:
    """How these classes stand, or all of the school's, by grade and label; and the school days they are held against.

    Two statements, however many there are. A class without pupils today has no homes to tell and is left out.
    """
    values: dict[str, Any] = {"today": today, "school_year": clock.school_year(today)}
    if class_ids is not None:
        values["class_ids"] = list(class_ids)
    days = school_days(today)
    cadence = Cadence(every, days)
    rows = _standings.of(class_ids is None).rows(**values) if class_ids is None or class_ids else []
    found = [
        ClassStanding(
            ref=ClassRef(row.id, row.label or "", row.hue),
            grades=(row.lowest_grade or 0, row.highest_grade or 0),
            since=(since := _counts_from(row.since, row.first_act_at)),
            has_class_teacher=bool(row.has_class_teacher),
            standing=cadence.standing(_latest(row.told_here_at, row.told_elsewhere_on), since, today),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.grades, sort_key(one.ref.label), one.ref.id)), days


def _counts_from(first_pupil_on: date, first_act_at: datetime | None) -> date:
    """A class counts from its first pupil on, and from the day on which somebody first did something in the portal."""
    return max(first_pupil_on, clock.day_of(first_act_at)) if first_act_at else first_pupil_on


def _latest(told_here_at: Any, told_elsewhere_on: date | None) -> date | None:
    told = [told_elsewhere_on, clock.day_of(told_here_at) if told_here_at else None]
    return max((day for day in told if day is not None), default=None)


@prepared
def _standings(is_whole_school: bool) -> AnySelect:
    """One step into an index for each class and thing asked: grouping would read all that was ever told."""
    here = select(func.max(WellbeingUpdate.published_at)).where(WellbeingUpdate.class_id == SchoolClass.id)
    elsewhere = select(func.max(ToldElsewhere.told_on)).where(ToldElsewhere.class_id == SchoolClass.id)
    since = select(func.min(Enrolment.starts_on)).where(Enrolment.class_id == SchoolClass.id)
    statement = (
        select(
            SchoolClass.id,
            SchoolClass.hue,
            label_in(_YEAR).label("label"),
            lowest_grade_in(_YEAR).label("lowest_grade"),
            highest_grade_in(_YEAR).label("highest_grade"),
            since.scalar_subquery().label("since"),
            select(func.min(Act.at)).scalar_subquery().label("first_act_at"),
            here.scalar_subquery().label("told_here_at"),
            elsewhere.scalar_subquery().label("told_elsewhere_on"),
            exists()
            .where(
                TeamMember.class_id == SchoolClass.id,
                TeamMember.function == TeamFunction.CLASS_TEACHER,
                holds(TeamMember, _TODAY),
            )
            .label("has_class_teacher"),
        )
        .outerjoin(ClassYear, is_name_of(_YEAR))
        .where(exists().where(Enrolment.class_id == SchoolClass.id, holds(Enrolment, _TODAY)))
    )
    return statement if is_whole_school else statement.where(SchoolClass.id.in_(_CLASS_IDS))


def list_tellings(class_ids: Collection[int], *, since: date) -> dict[int, list[date]]:
    """The days from one on on which each class's homes were told, here or elsewhere, in order: two statements."""
    found: dict[int, list[date]] = {class_id: [] for class_id in class_ids}
    if found:
        wanted = {"class_ids": list(found)}
        for class_id, published_at in _told_here.rows(**wanted, since=clock.at_school(since, time())):
            found[class_id].append(clock.day_of(published_at))
        for class_id, told_on in _told_elsewhere.rows(**wanted, since=since):
            found[class_id].append(told_on)
    return {class_id: sorted(days) for class_id, days in found.items()}


@prepared
def _told_here() -> AnySelect:
    return select(WellbeingUpdate.class_id, WellbeingUpdate.published_at).where(
        WellbeingUpdate.class_id.in_(_CLASS_IDS),
        WellbeingUpdate.published_at >= param("since", datetime),
    )


@prepared
def _told_elsewhere() -> AnySelect:
    return select(ToldElsewhere.class_id, ToldElsewhere.told_on).where(
        ToldElsewhere.class_id.in_(_CLASS_IDS), ToldElsewhere.told_on >= param("since", date)
    )


def get_told_elsewhere(told_id: int) -> ToldElsewhere | None:
    """Something a class's homes were told elsewhere."""
    return by_id(ToldElsewhere, told_id)


def list_told_elsewhere(class_id: int, *, since: date) -> Sequence[ToldElsewhere]:
    """What a class's homes were told elsewhere from a day on, the newest first."""
    found: Sequence[ToldElsewhere] = _list_of_class.entities(class_id=class_id, since=since)
    return found


@prepared
def _list_of_class() -> AnySelect:
    told = (ToldElsewhere.class_id == param("class_id", int), ToldElsewhere.told_on >= param("since", date))
    return select(ToldElsewhere).where(*told).order_by(ToldElsewhere.told_on.desc(), ToldElsewhere.id.desc())


def is_registered(class_id: int, told_on: date, channel: ToldChannel) -> bool:
    """Whether that day and place stand in the class's list already."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    ToldElsewhere.class_id == class_id,
                    ToldElsewhere.told_on == told_on,
                    ToldElsewhere.channel == channel,
                )
            )
        )
    )


def list_class_teacher_ids(class_id: int, *, today: date) -> set[int]:
    """The accounts of a class's class teachers of today."""
    return set(
        db.session.scalars(
            select(TeamMember.user_id).where(
                TeamMember.class_id == class_id,
                TeamMember.function == TeamFunction.CLASS_TEACHER,
                holds(TeamMember, today),
            )
        )
    )


def list_reminded(*, since: date) -> set[tuple[int, date, Stage]]:
    """Of which due days from one on class teachers have been reminded: class, day and stage."""
    rows = db.session.execute(
        select(CadenceReminder.class_id, CadenceReminder.due_on, CadenceReminder.stage).where(
            CadenceReminder.due_on >= since
        )
    )
    return {(row.class_id, row.due_on, row.stage) for row in rows}


def is_reminded(class_id: int, due_on: date, stage: Stage) -> bool:
    """Whether the class's teacher has been reminded of that day at that stage."""
    return db.session.get(CadenceReminder, (class_id, due_on, stage)) is not None
