"""Who comes to an event: each child's answer, and how many come along, counted for each home."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, select, true

from portal.accounts.models import User
from portal.accounts.protection import shown_last_name_of, shown_name_of
from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.events.audience.queries import ASKED, class_ids_of, place_of
from portal.events.models import Answer, AnyEvent, Audience, HomeCount, Rsvp
from portal.school.homes.queries import homes_of
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.school.ties import holds
from portal.text import clock
from portal.text.collation import sort_key


@dataclass(frozen=True, slots=True)
class ChildAnswer:
    """A child of the audience with its one answer; `NEEDS_ACTION` when nobody has answered.

    `answered_by` is a first name for somebody who has custody, and "" for everybody else: whom a home has let help,
    and where a foster child lives, is not the other home's to know. `is_before_move` when the event has moved since.
    """

    pupil_id: int
    class_id: int
    name: str
    full_name: str
    answer: Answer
    answered_at: datetime | None
    answered_by_id: int | None
    answered_by: str
    is_by_team: bool
    is_before_move: bool


@dataclass(frozen=True, slots=True)
class Company:
    """How many come along from one home, as one of those under its roof said last; `adult_ids` are all who said so.

    `is_counted` while a child of theirs is coming.
    """

    adult_ids: frozenset[int]
    adults: int
    siblings: int
    is_counted: bool


def list_answers(event: AnyEvent, *, today: date) -> list[ChildAnswer]:
    """Every child who is in the event's classes today, with its answer, by the name the class uses."""
    rows = _answers.of(event.audience).rows(**place_of(event), today=today, school_year=clock.school_year(today))
    by_pupil = {row.id: row for row in rows}
    shared = Counter(row.first_name.casefold() for row in by_pupil.values())
    children = [
        _child_answer(row, is_shared=shared[row.first_name.casefold()] > 1, moved_at=event.moved_at)
        for row in by_pupil.values()
    ]
    return sorted(children, key=lambda child: (sort_key(child.name), child.pupil_id))


@prepared
def _answers(audience: Audience) -> AnySelect:
    today, year = param("today", date), param("school_year", int)
    custody = and_(
        Guardianship.guardian_id == Rsvp.answered_by_id,
        Guardianship.pupil_id == Pupil.id,
        Guardianship.kind == GuardianshipKind.CUSTODY,
        holds(Guardianship, today),
    )
    return (
        select(
            Pupil.id,
            Enrolment.class_id,
            shown_name_of(Pupil, Pupil.first_name).label("first_name"),
            shown_last_name_of(Pupil).label("last_name"),
            shown_name_of(Pupil).label("full_name"),
            Rsvp.answer,
            Rsvp.answered_at,
            Rsvp.answered_by_id,
            Rsvp.is_by_team,
            shown_name_of(User, User.first_name).label("answered_by"),
            Guardianship.id.label("tie_id"),
        )
        .join(Enrolment, Enrolment.pupil_id == Pupil.id)
        .outerjoin(Rsvp, and_(Rsvp.event_id == ASKED.id, Rsvp.pupil_id == Pupil.id))
        .outerjoin(User, User.id == Rsvp.answered_by_id)
        .outerjoin(Guardianship, custody)
        .where(Enrolment.class_id.in_(class_ids_of(audience, ASKED, year)), holds(Enrolment, today))
    )


def _child_answer(row: Row[*tuple[Any, ...]], *, is_shared: bool, moved_at: datetime | None) -> ChildAnswer:
    """Named as the class does: by first name, with a letter more where two are called the same."""
    letter = f" {row.last_name[:1]}." if is_shared and row.last_name else ""
    return ChildAnswer(
        pupil_id=row.id,
        class_id=row.class_id,
        name=row.first_name + letter,
        full_name=row.full_name,
        answer=row.answer or Answer.NEEDS_ACTION,
        answered_at=row.answered_at,
        answered_by_id=row.answered_by_id,
        answered_by=row.answered_by or "" if row.tie_id else "",
        is_by_team=bool(row.is_by_team),
        is_before_move=row.answered_at is not None and moved_at is not None and row.answered_at < moved_at,
    )


def list_company(event: AnyEvent, *, today: date, reader_id: int = 0) -> list[Company]:
    """Who comes along from each home: counted while a child of theirs is in the class and comes, a roof only once.

    The reader is looked for under every roof, so that they find their own home's word also where another gave it.
    """
    rows = _company.of(event.audience).rows(**place_of(event), today=today, school_year=clock.school_year(today))
    if not rows:
        return []
    homes = homes_of({row.guardian_id for row in rows} | ({reader_id} - {0}), today=today)
    adults: dict[int, set[int]] = {}
    for adult_id, home in homes.items():
        adults.setdefault(home, set()).add(adult_id)
    said: dict[int, list[Any]] = {}
    for row in rows:
        said.setdefault(homes[row.guardian_id], []).append(row)
    return [_company_of(roof, frozenset(adults[home])) for home, roof in said.items()]


def _company_of(roof: Sequence[Any], adult_ids: frozenset[int]) -> Company:
    """What was said last under a roof; what was said before the day was kept comes first."""
    newest = max(roof, key=lambda row: (row.counted_at is not None, row.counted_at or 0, row.guardian_id))
    return Company(adult_ids, newest.adults, newest.siblings, any(row.counted for row in roof))


@prepared
def _company(audience: Audience) -> AnySelect:
    today = param("today", date)
    event_id, class_ids = ASKED.id, class_ids_of(audience, ASKED, param("school_year", int))
    comes = (
        exists()
        .where(
            Guardianship.guardian_id == HomeCount.guardian_id,
            holds(Guardianship, today),
            Enrolment.pupil_id == Guardianship.pupil_id,
            Enrolment.class_id.in_(class_ids),
            holds(Enrolment, today),
            *_coming(event_id, Guardianship.pupil_id),
        )
        .correlate(HomeCount)
    )
    counted = case((comes, true()), else_=~true()).label("counted")
    columns = (HomeCount.guardian_id, HomeCount.adults, HomeCount.siblings, HomeCount.counted_at)
    return select(*columns, counted).where(HomeCount.event_id == event_id)


def _coming(event_id: Any, pupil_id: Any) -> Iterable[ColumnElement[bool]]:
    return Rsvp.event_id == event_id, Rsvp.pupil_id == pupil_id, Rsvp.answer == Answer.ACCEPTED


def is_any_coming(event_id: int, pupil_ids: Collection[int]) -> bool:
    """Whether at least one of these children is coming."""
    if not pupil_ids:
        return False
    accepted = Rsvp.answer == Answer.ACCEPTED
    of_these = and_(Rsvp.event_id == event_id, Rsvp.pupil_id.in_(list(pupil_ids)))
    return bool(db.session.scalar(select(exists().where(of_these, accepted))))
