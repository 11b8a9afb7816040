"""A playdate of a class that is merged goes along with the child of the home that offers it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.acts import services as acts
from portal.acts.models import Act, ActKind
from portal.acts.services import REST
from portal.database import db
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.playdates.chores import CHORES
from portal.playdates.following import list_left_behind
from portal.playdates.models import Playdate
from portal.school.models import Enrolment, Pupil, SchoolClass
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.notifications.post_office import told_of, work

#: It is on 4 December; 3.A is merged after 30 November, and the next day is the first in the other class.
LAST, MERGED, DAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4)


def at(day: date, hour: int = 9) -> datetime:
    return clock.at_school(day, time(hour))


@pytest.fixture
def worker(app: Flask) -> Worker:
    worker = Worker(app)
    worker.chores = CHORES
    return worker


@pytest.fixture
def parallel(cast: Cast) -> SchoolClass:
    """3.B, with Bjørn and his mother (who is `newcomer`)."""
    other = make.make_class("3.B", 3, hue=9)
    make.tie(cast.newcomer, make.make_pupil(other, "Bjørn"))
    return other


@pytest.fixture
def playdate(cast: Cast, worker: Worker, wall_clock: Move) -> Playdate:
    """Otto's mother offers it to 3.A, who are told, and Alma comes."""
    offer = make.make_playdate(cast.third, cast.guardian_of_two, starts_at=at(DAY, 15))
    acts.record(BY_ITSELF, ActKind.PLAYDATE_OFFERED, offer, now=clock.now())
    make.come_to(offer, cast.alma, cast.guardian)
    db.session.commit()
    wall_clock(clock.now() + REST)
    go_on(worker)
    return offer


def go_on(worker: Worker) -> None:
    db.session.commit()
    worker.diary = type(worker.diary)()
    work(worker)


def move(pupil: Pupil, to: SchoolClass) -> None:
    db.session.scalars(select(Enrolment).filter_by(pupil_id=pupil.id, ends_on=None)).one().ends_on = LAST
    make.enrol(pupil, to, starts_on=LAST + timedelta(days=1))
    db.session.commit()


def class_of(playdate: Playdate) -> int:
    db.session.expire_all()
    return playdate.class_id


@pytest.mark.both
def test_it_is_on_in_the_merged_class_with_those_who_come_and_its_other_homes_are_told_once(
    cast: Cast,
    parallel: SchoolClass,
    playdate: Playdate,
    worker: Worker,
    client_of: ClientOf,
    wall_clock: Move,
    database: str,
) -> None:
    for pupil in (cast.alma, cast.noah, cast.otto):
        move(pupil, parallel)
    wall_clock(at(MERGED))
    assert client_of(cast.guardian).get(f"/playdates/{playdate.id}").status_code == 404
    go_on(worker)
    go_on(worker)
    assert class_of(playdate) == parallel.id
    assert db.session.query(Act).filter_by(kind=ActKind.PLAYDATE_CAME_ALONG).count() == 1
    assert told_of(cast, ActKind.PLAYDATE_CAME_ALONG) == {"newcomer"}
    assert "1 barn" in client_of(cast.guardian_of_two).get(f"/playdates/{playdate.id}").text
    assert client_of(cast.newcomer).get(f"/playdates/{playdate.id}").status_code == 200
    assert playdate.what in client_of(cast.guardian).get("/notifications/").text


def test_it_goes_with_the_child_of_the_home_that_offers_it(
    cast: Cast, parallel: SchoolClass, playdate: Playdate, worker: Worker, wall_clock: Move
) -> None:
    third = make.make_class("3.C", 3, hue=4)
    move(cast.otto, third)
    move(cast.alma, parallel)
    move(cast.noah, parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_of(playdate) == third.id


def test_one_child_that_changes_class_takes_nothing_along(
    cast: Cast, parallel: SchoolClass, playdate: Playdate, worker: Worker, wall_clock: Move
) -> None:
    move(cast.otto, parallel)
    wall_clock(at(MERGED))
    assert list_left_behind(clock.now()) == []
    go_on(worker)
    assert class_of(playdate) == cast.third.id


@pytest.mark.both
def test_who_had_said_yes_and_came_into_another_class_hears_that_it_moved(
    cast: Cast,
    parallel: SchoolClass,
    playdate: Playdate,
    worker: Worker,
    client_of: ClientOf,
    wall_clock: Move,
    database: str,
) -> None:
    """Once, without what it is or where; who came along hears nothing, for them nothing has changed."""
    third = make.make_class("3.C", 3, hue=4)
    make.come_to(playdate, cast.noah, cast.foster_parent)
    move(cast.otto, third)
    move(cast.noah, third)
    move(cast.alma, parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    go_on(worker)
    assert class_of(playdate) == third.id
    assert told_of(cast, ActKind.PLAYDATE_LEFT_BEHIND) == {"guardian"}
    assert db.session.query(Act).filter_by(kind=ActKind.PLAYDATE_LEFT_BEHIND).count() == 1
    page = client_of(cast.guardian).get("/notifications/").text
    assert "er flyttet til en anden klasse" in page
    assert playdate.what not in page
    assert client_of(cast.guardian).get(f"/playdates/{playdate.id}").status_code == 404
    assert client_of(cast.foster_parent).get(f"/playdates/{playdate.id}").status_code == 200


def test_where_all_came_along_nobody_is_told_that_it_moved(
    cast: Cast, parallel: SchoolClass, playdate: Playdate, worker: Worker, wall_clock: Move
) -> None:
    for pupil in (cast.alma, cast.noah, cast.otto):
        move(pupil, parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    assert db.session.query(Act).filter_by(kind=ActKind.PLAYDATE_LEFT_BEHIND).count() == 0
