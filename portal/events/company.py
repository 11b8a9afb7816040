"""Who comes along to an event besides the children: counted for each home, and the homes are added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, select, true

from portal.database import db
from portal.database.prepared import AnySelect, param, prepared
from portal.events.audience.queries import ASKED, class_ids_of, place_of
from portal.events.models import Answer, Audience, ClassEvent, HomeCount, Rsvp
from portal.school.homes.queries import homes_of
from portal.school.models import Enrolment, Guardianship
from portal.school.ties import holds
from portal.text import clock


@dataclass(frozen=True, slots=True)
class Company:
    """How many come along from one home, as one of those under its roof said last; `adult_ids` are all who said so.

    `is_counted` while a child of theirs is coming.
    """

    adult_ids: frozenset[int]
    adults: int
    siblings: int
    is_counted: bool


def list_company(event: ClassEvent, *, today: date, reader_id: int = 0) -> list[Company]:
    """Who comes along from each home: counted while a child of theirs is in the class and comes, a roof only once.

    The reader is looked for under every roof, so that they find their own home's word also where another gave it.
    """
    rows = _company.of(event.audience).rows(**place_of(event), today=today, school_year=clock.school_year(today))
    if not rows:
        return []
    homes = homes_of({row.guardian_id for row in rows} | ({reader_id} - {0}), today=today)
    by_home: dict[int, list[Any]] = {}
    for row in rows:
        by_home.setdefault(homes[row.guardian_id], []).append(row)
    return [
        _company_of(roof, frozenset(adult for adult, number in homes.items() if number == home))
        for home, roof in by_home.items()
    ]


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
