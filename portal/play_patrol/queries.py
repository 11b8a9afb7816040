"""Reading the play patrol's rota: by the names that others see, and of those who are at the school today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.accounts.protection import shown_last_name_of, shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, by_id, param, prepared
from portal.people import ClassRef
from portal.play_patrol.models import PatrolTurn
from portal.school.models import ClassYear, Enrolment, Pupil, SchoolClass
from portal.school.names import highest_grade_in, is_at_school, is_name_of, label_in
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key

#: The patrol is of the oldest grades that the school has, so many of them.
OLDEST_GRADES = 2


@dataclass(frozen=True, slots=True)
class Player:
    """One of the oldest pupils: a first name, with a letter more where a class has two, and the class."""

    pupil_id: int
    name: str
    ref: ClassRef

    @property
    def in_words(self) -> str:
        """How the rota names a pupil: "Noah, 6.A"."""
        return f"{self.name}, {self.ref.label}"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as pages show it; without a player when the pupil has left, so that the place is free."""

    id: int
    week_on: date
    place: str
    player: Player | None


def get_turn(turn_id: int) -> PatrolTurn | None:
    """One turn."""
    return by_id(PatrolTurn, turn_id)


def list_players(*, today: date) -> list[Player]:
    """The pupils of the school's oldest grades, by class and name: one statement."""
    rows = _pupils.rows(today=today, school_year=clock.school_year(today))
    shared = Counter((row.class_id, row.first_name.casefold()) for row in rows)
    players = [
        Player(
            row.id,
            row.first_name + _letter(row.last_name, shared[row.class_id, row.first_name.casefold()]),
            ClassRef(row.class_id, row.label, row.hue),
        )
        for row in sorted(rows, key=lambda row: (row.grade, sort_key(row.label), row.class_id))
    ]
    places = {player.ref.id: place for place, player in enumerate(players)}
    return sorted(players, key=lambda one: (places[one.ref.id], sort_key(one.name), one.pupil_id))


def _letter(last_name: str, count: int) -> str:
    return f" {last_name[:1]}." if count > 1 and last_name else ""


@prepared
def _pupils() -> AnySelect:
    today, year = param("today", date), param("school_year", int)
    grade = highest_grade_in(year)
    all_of_them = (
        select(
            Pupil.id,
            Enrolment.class_id,
            SchoolClass.hue,
            label_in(year).label("label"),
            grade.label("grade"),
            func.max(grade).over().label("oldest"),
            shown_name_of(Pupil, Pupil.first_name).label("first_name"),
            shown_last_name_of(Pupil).label("last_name"),
        )
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .join(ClassYear, is_name_of(year))
        .where(is_at_school(year), holds(Enrolment, today))
        .subquery()
    )
    return select(all_of_them).where(all_of_them.c.grade > all_of_them.c.oldest - OLDEST_GRADES)


def list_turns(first: date, *, today: date) -> list[Turn]:
    """The turns from this Monday on, week by week, then by place and name; those of leavers are free places."""
    players = {player.pupil_id: player for player in list_players(today=today)}
    turns = [Turn(row.id, row.week_on, row.place, players.get(row.pupil_id)) for row in _turns.rows(first=first)]
    return sorted(turns, key=lambda one: (one.week_on, sort_key(one.place), one.player is None, _name(one), one.id))


def _name(turn: Turn) -> tuple[object, ...]:
    return (sort_key(turn.player.name),) if turn.player is not None else ()


@prepared
def _turns() -> AnySelect:
    columns = select(PatrolTurn.id, PatrolTurn.week_on, PatrolTurn.place, PatrolTurn.pupil_id)
    return columns.where(PatrolTurn.week_on >= param("first", date))


def count_turns(since: date, until: date) -> dict[int, int]:
    """How many turns each pupil has had between these Mondays, the last one not counted."""
    rows = _counts.rows(since=since, until=until)
    return {row.pupil_id: row.count_of for row in rows}


@prepared
def _counts() -> AnySelect:
    counted = select(PatrolTurn.pupil_id, func.count().label("count_of"))
    within = (PatrolTurn.week_on >= param("since", date), PatrolTurn.week_on < param("until", date))
    return counted.where(*within).group_by(PatrolTurn.pupil_id)


def list_of_pupils(pupil_ids: Collection[int], first: date) -> Sequence[PatrolTurn]:
    """The turns of these pupils from this Monday on, the next first. The rows are locked."""
    return db.session.scalars(
        select(PatrolTurn)
        .where(PatrolTurn.pupil_id.in_(pupil_ids), PatrolTurn.week_on >= first)
        .order_by(PatrolTurn.week_on, PatrolTurn.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
