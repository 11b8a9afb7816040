"""Whoever posts whatever past the pages: an event is for whole classes, all of them, and a playdate for five at least.

Each of those who may plan, and some who may not, sends each odd field to each form; what is stored is looked at then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from portal.database import db
from portal.events.attendance import list_answers
from portal.events.audience.queries import know_classes
from portal.events.models import Audience, ClassEvent, EventClass
from portal.playdates.models import FEWEST_PLACES, Playdate
from portal.policy import Action, can
from portal.school.models import Enrolment
from portal.school.ties import holds
from portal.settings import Settings
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf
from tests.events.test_events import TYPED

PLAYDATE = {"what": "Vi er i skoven", "day": "2026-11-26", "begins": "15:00", "ends": "17:00", "version": "1"}
ROLES = ("guardian_of_two", "class_teacher", "leader", "helper", "council_member")
ODD: dict[str, tuple[Any, ...]] = {
    "capacity": ("1", "0", "-1"),
    "places": ("1", "4", "0", "-5", "4.9", "5e0", "0x5", "٤", "5", "", ["4", "25"], "9" * 400),
    "limit": ("2",),
    "cost_per_child": ("101", "99999", "-1", "1e9", "100.5", "٩٩٩", "100", ["0", "5000"], "9" * 400),
    "pupil_ids": ("1", ["1", "2"]),
    "invitees": ("1",),
    "except": ("2",),
    "audience": ("girls", "classes", "school", "year_group"),
    "year_group": ("1", "-1"),
    "classes": ("2", ""),
    "class_ids": (["2"],),
    "also": ("1", "2", "999999", "x", ["1", "1"]),
    "out_at": ("2020-01-01T00:00", ""),
    "state": ("cancelled", "draft"),
    "siblings_welcome": ("maybe",),
    "class_id": ("2",),
    "offered_by_id": ("1",),
}


def shapes() -> Iterator[dict[str, Any]]:
    """Nothing odd, each odd value of each field, and all fields odd at once."""
    yield {}
    for name, values in ODD.items():
        for value in values:
            yield {name: value}
    for place in range(3):
        yield {name: values[place % len(values)] for name, values in ODD.items()}


@pytest.mark.parametrize("name", ROLES)
def test_no_role_field_or_shape_leaves_a_child_out(cast: Cast, client_of: ClientOf, app: Any, name: str) -> None:
    own = cast.users[name]
    event = make.make_event(cast.third, own, out_at=None)
    playdate = make.make_playdate(cast.third, own)
    browser = client_of(own)
    events = (
        f"/events/classes/{cast.third.id}/new",
        "/events/audience/school/new",
        f"/events/{event.id}/edit",
    )
    offers = (f"/playdates/classes/{cast.third.id}/new", f"/playdates/{playdate.id}/edit")
    statuses: set[int] = set()
    for odd in shapes():
        for path in events:
            statuses.add(browser.send(path, {**TYPED, "version": "1", **odd}).status_code)
        for path in offers:
            statuses.add(browser.send(path, {**PLAYDATE, **odd}).status_code)
    assert statuses <= {303, 403, 404, 409, 422}
    settings: Settings = app.extensions["portal.settings"]
    check_events(cast, settings.most_cost_per_child)
    assert all(one.places is None or one.places >= FEWEST_PLACES for one in db.session.query(Playdate))


def check_events(cast: Cast, most_cost: int) -> None:
    """Every event is for every child of its classes, costs no more than the school allows, and a pupil may see it."""
    today = clock.today()
    (pupil,) = (person for name, person in cast.people.items() if name == "council_member")
    for event in db.session.query(ClassEvent):
        know_classes(event, today=today)
        whole = select(Enrolment.pupil_id).where(Enrolment.class_id.in_(event.class_ids), holds(Enrolment, today))
        assert {child.pupil_id for child in list_answers(event, today=today)} == set(db.session.scalars(whole))
        assert 0 <= event.cost_per_child <= most_cost
        assert event.out_at is None, "nothing goes out but by its own press"
        named = db.session.query(EventClass).filter_by(event_id=event.id).count()
        assert bool(named) is (event.audience == Audience.CLASSES)
        event.out_at = clock.now()
        assert can(pupil, Action.EVENT_VIEW, event) is (cast.sixth.id in event.class_ids)
