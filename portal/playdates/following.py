"""A playdate follows the child of the home that offers it, where the whole of its class has gone over into others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from portal.acts import services as acts
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.events.newcomers import daytime
from portal.notifications.models import Delivery
from portal.notifications.services import move_lines
from portal.people import BY_ITSELF
from portal.playdates import queries
from portal.playdates.models import Playdate, PlaydateGuest
from portal.playdates.services import TOLD
from portal.school.models import Enrolment, Guardianship, GuardianshipKind
from portal.school.queries import adults_of
from portal.school.ties import LAST_DAYS, has_nobody_left, holds
from portal.text import clock


def list_left_behind(now: datetime) -> list[int]:
    """The playdates that are not over and are for a class whose children are all in other classes now."""
    return sorted({row.id for row in _ways(now)})


def follow_child(playdate: Playdate, *, now: datetime) -> None:
    """Offer it to the class, whole, that the offering home's child went over into with all its own.

    Who comes is a matter of the children, and stays for those who came along; what was told of it stands in the new
    class. The homes that have not heard of it are told, in the daytime, and so are those who had said that they
    come and whose child went elsewhere. Idempotent.
    """
    lock_row(playdate)
    ways = _ways(now, Playdate.id == playdate.id)
    if not ways:
        return
    before, playdate.class_id = playdate.class_id, min(row.after for row in ways)
    move_lines(TOLD, playdate.id, before, playdate.class_id, readers=adults_of(playdate.class_id, clock.day_of(now)))
    acts.record(BY_ITSELF, ActKind.PLAYDATE_CAME_ALONG, playdate, now=now, tell_at=daytime(now))
    if list_separated(playdate, clock.day_of(now)):
        is_urgent = acts.is_at_short_notice(playdate.starts_at, now=now)
        acts.record(
            BY_ITSELF, ActKind.PLAYDATE_LEFT_BEHIND, playdate, now=now, is_urgent=is_urgent, tell_at=daytime(now)
        )


def list_new_to_it(playdate: Playdate, today: date) -> set[int]:
    """The guardians of the class who have not been told of the offer yet, and have not made it."""
    told = db.session.scalars(
        select(Delivery.user_id)
        .join(Act, Act.id == Delivery.act_id)
        .where(Act.kind == ActKind.PLAYDATE_OFFERED, Act.subject_id == playdate.id)
    )
    return queries.list_class_guardians(playdate, today) - {*told, playdate.offered_by_id}


def list_separated(playdate: Playdate, today: date) -> dict[int, int]:
    """Those who had said that they come and cannot see it any more, since their child has just gone over into another
    class than the offering home's; each with that class.
    """
    place, left = aliased(Enrolment), aliased(Enrolment)
    rows = db.session.execute(
        select(PlaydateGuest.guardian_id, place.class_id)
        .join(
            Guardianship,
            (Guardianship.guardian_id == PlaydateGuest.guardian_id) & (Guardianship.pupil_id == PlaydateGuest.pupil_id),
        )
        .join(place, place.pupil_id == PlaydateGuest.pupil_id)
        .join(left, (left.pupil_id == PlaydateGuest.pupil_id) & (left.class_id != place.class_id))
        .where(
            PlaydateGuest.playdate_id == playdate.id,
            Guardianship.kind != GuardianshipKind.HELPER,
            holds(Guardianship, today),
            holds(place, today),
            place.class_id != playdate.class_id,
            left.ends_on.between(today - LAST_DAYS, today),
        )
        .order_by(place.class_id)
    )
    still_there = queries.list_guest_adults(playdate, today)
    return {adult_id: class_id for adult_id, class_id in rows if adult_id not in still_there}


def _ways(now: datetime, *which: ColumnElement[bool]) -> Sequence[Any]:
    """Of each such offer, a class (`after`) where a child of its home is that was in the old one to its last days."""
    today = clock.day_of(now)
    tie = aliased(Guardianship)
    left, place, any_left = (aliased(Enrolment) for _ in range(3))
    last_on = select(func.max(any_left.ends_on)).where(any_left.class_id == Playdate.class_id).scalar_subquery()
    rows = db.session.execute(
        select(Playdate.id, place.class_id.label("after"), left.ends_on.label("left_on"), last_on.label("last_on"))
        .join(tie, tie.guardian_id == Playdate.offered_by_id)
        .join(left, (left.pupil_id == tie.pupil_id) & (left.class_id == Playdate.class_id))
        .join(place, place.pupil_id == tie.pupil_id)
        .where(
            *which,
            Playdate.ends_at > now,
            Playdate.taken_back_at.is_(None),
            has_nobody_left(Playdate.class_id, today),
            tie.kind != GuardianshipKind.HELPER,
            holds(tie, today),
            holds(place, today),
        )
    )
    return [row for row in rows if row.left_on >= row.last_on - LAST_DAYS]
