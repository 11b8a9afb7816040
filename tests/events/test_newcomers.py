"""Who joins a class later is told once, in the daytime, of what the class has planned; nobody else is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy
from flask import Flask

from portal.accounts.models import User
from portal.acts import services as acts
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.transactions import writing
from portal.events.chores import CHORES, TELL_NEWCOMERS
from portal.events.models import ClassEvent, EventNewcomer, EventState
from portal.events.newcomers import list_with_newcomers
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.school.models import Enrolment, Guardianship, GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move, at_once
from tests.notifications.post_office import told_of, unread_of

LATER = date(2026, 11, 26)


@pytest.fixture
def worker(app: Flask) -> Worker:
    worker = Worker(app)
    worker.chores = CHORES
    return worker


@pytest.fixture
def event(cast: Cast, worker: Worker) -> ClassEvent:
    """An event in two weeks that 3.A was told of."""
    event = make.make_event(
        cast.third,
        cast.guardian_of_two,
        starts_at=clock.at_school(date(2026, 12, 10), time(17)),
        rsvp_deadline=date(2026, 12, 9),
    )
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    db.session.commit()
    worker.round()
    return event


def at(day: date, hour: int = 9) -> datetime:
    return clock.at_school(day, time(hour))


def work(worker: Worker) -> None:
    db.session.commit()
    worker.diary = type(worker.diary)()
    worker.round()


def newcomers(cast: Cast) -> set[str]:
    return told_of(cast, ActKind.EVENTS_TO_COME)


@pytest.mark.both
def test_a_family_whose_child_joins_is_told_once_of_all_there_is(
    cast: Cast, event: ClassEvent, worker: Worker, client_of: ClientOf, wall_clock: Move, database: str
) -> None:
    second = make.make_event(
        cast.third, cast.guardian_of_two, "Skovtur", starts_at=at(date(2026, 12, 12)), rsvp_deadline=None
    )
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, second, now=clock.now())
    work(worker)
    assert newcomers(cast) == set(), "whoever was told with the class is no newcomer"
    wall_clock(at(LATER))
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=LATER))
    for _ in range(3):
        work(worker)
        wall_clock(timedelta(hours=1))
    assert newcomers(cast) == {"newcomer"}
    assert unread_of(cast.newcomer) == 1
    home = client_of(cast.newcomer)
    page = home.get("/notifications/").text
    assert "3.A har planer, og I er med (Sofie)" in page
    line = page.split("/notifications/")[1:]
    (opened,) = {part.split("/opened")[0] for part in line if "/opened" in part}
    answer = home.send(f"/notifications/{opened}/opened")
    assert answer.location == f"/events/?class_id={cast.third.id}"
    listed = home.get(answer.location).text
    assert event.title in listed
    assert "Skovtur" in listed


@pytest.mark.both
def test_an_adult_who_joins_a_child_is_told_and_the_child_s_others_are_not_told_again(
    cast: Cast, event: ClassEvent, worker: Worker, wall_clock: Move, database: str
) -> None:
    wall_clock(at(LATER))
    make.tie(cast.newcomer, cast.alma, starts_on=LATER)
    make.tie(cast.guardian_elsewhere, cast.noah, GuardianshipKind.HELPER, invited_by=cast.guardian, starts_on=LATER)
    work(worker)
    assert newcomers(cast) == {"newcomer"}, "a helper of nobody who has custody sees nothing"
    make.tie(cast.former_guardian, cast.otto, GuardianshipKind.HELPER, invited_by=cast.guardian_of_two, starts_on=LATER)
    work(worker)
    assert newcomers(cast) == {"newcomer", "former_guardian"}


def test_a_child_who_changes_class_brings_its_home_to_the_other_class_s_events(
    cast: Cast, event: ClassEvent, worker: Worker, wall_clock: Move
) -> None:
    wall_clock(at(LATER))
    db.session.query(Enrolment).filter_by(pupil_id=cast.viggo.id).one().ends_on = LATER - timedelta(days=1)
    make.enrol(cast.viggo, cast.third, starts_on=LATER)
    work(worker)
    assert newcomers(cast) == {"guardian_elsewhere"}


def test_who_joins_on_a_day_to_come_is_told_on_that_day_in_the_daytime(
    cast: Cast, event: ClassEvent, worker: Worker, wall_clock: Move
) -> None:
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=LATER))
    work(worker)
    for hour in (0, 7, 18, 23):
        wall_clock(at(LATER, hour))
        work(worker)
    assert newcomers(cast) == set()
    wall_clock(at(LATER + timedelta(days=1), 8))
    work(worker)
    assert newcomers(cast) == {"newcomer"}


@pytest.mark.parametrize("what", ["over", "cancelled", "made after they came", "left again"])
def test_nobody_is_told_of_what_they_know_or_cannot_come_to(
    cast: Cast, event: ClassEvent, worker: Worker, wall_clock: Move, what: str
) -> None:
    wall_clock(at(LATER))
    pupil = make.make_pupil(cast.third, "Sofie", starts_on=LATER)
    tie = make.tie(cast.newcomer, pupil)
    if what == "over":
        wall_clock(at(date(2026, 12, 11)))
    elif what == "cancelled":
        event.state = EventState.CANCELLED
    elif what == "made after they came":
        event.created_at = event.out_at = at(LATER + timedelta(days=1))
        wall_clock(at(LATER + timedelta(days=2)))
    else:
        tie.ends_on = LATER
        wall_clock(at(LATER + timedelta(days=1)))
    work(worker)
    assert newcomers(cast) == set()


def test_who_joins_on_the_day_of_the_invitation_is_told_by_one_way_alone(
    cast: Cast, event: ClassEvent, worker: Worker
) -> None:
    """The class is told in the very round in which the newcomer is looked for."""
    today = clock.today()
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=today))
    late = make.make_event(cast.third, cast.guardian_of_two, "Skovtur")
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, late, now=clock.now())
    event.state = EventState.CANCELLED
    for _ in range(2):
        work(worker)
    assert "newcomer" in told_of(cast, ActKind.EVENT_CREATED)
    assert newcomers(cast) == set()


def test_who_is_told_and_loses_the_child_keeps_no_line(
    cast: Cast, event: ClassEvent, worker: Worker, client_of: ClientOf, wall_clock: Move
) -> None:
    wall_clock(at(LATER))
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=LATER))
    work(worker)
    tie: Guardianship = db.session.query(Guardianship).filter_by(guardian_id=cast.newcomer.id).one()
    tie.ends_on = LATER
    wall_clock(timedelta(days=1))
    assert unread_of(cast.newcomer) == 0
    assert "har planer" not in client_of(cast.newcomer).get("/notifications/").text


@pytest.mark.both
def test_four_workers_at_the_same_moment_tell_once(
    app: Flask, cast: Cast, event: ClassEvent, wall_clock: Move, database: str
) -> None:
    wall_clock(at(LATER))
    pupil = make.make_pupil(cast.third, "Sofie", starts_on=LATER)
    for user in (cast.newcomer, make.make_user("Ny")):
        make.tie(user, pupil)
    db.session.commit()
    event_id, now = event.id, clock.now()

    def tell() -> None:
        with app.app_context():
            writing.set(True)
            TELL_NEWCOMERS.do(event_id, now)
            db.session.commit()

    at_once(*[tell] * 4)
    assert db.session.query(EventNewcomer).count() == 2
    assert db.session.query(Act).filter_by(kind=ActKind.EVENTS_TO_COME).count() == 2


def test_a_family_of_a_class_that_was_empty_when_it_was_invited_is_told_too(
    cast: Cast, worker: Worker, wall_clock: Move
) -> None:
    """The new 0.A is invited in June, before anybody is in it."""
    empty = make.make_class("0.A", 0, hue=1)
    event = make.make_event(empty, cast.office, "Første skoledag", starts_at=at(date(2026, 12, 12)))
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    work(worker)
    family: User = cast.newcomer
    wall_clock(at(LATER))
    make.tie(family, make.make_pupil(empty, "Sofie", starts_on=LATER))
    work(worker)
    assert newcomers(cast) == {"newcomer"}


@pytest.mark.both
def test_looking_for_newcomers_costs_the_same_for_many_events(cast: Cast, event: ClassEvent, database: str) -> None:
    def statements() -> list[str]:
        seen: list[str] = []

        def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        sqlalchemy.event.listen(db.engine, "before_cursor_execute", see)
        try:
            list_with_newcomers(clock.now())
        finally:
            sqlalchemy.event.remove(db.engine, "before_cursor_execute", see)
        return seen

    of_one = len(statements())
    for number in range(5):
        make.make_event(cast.third, cast.class_teacher, f"Tur {number}")
    db.session.commit()
    assert 0 < len(statements()) == of_one


@pytest.mark.both
def test_an_earlier_event_makes_nobody_new_to_a_later_one(
    cast: Cast, event: ClassEvent, wall_clock: Move, database: str
) -> None:
    """Each event counts from its own day: whoever joined between two hears of the first, and with all of the second."""
    wall_clock(at(LATER))
    make.tie(cast.newcomer, make.make_pupil(cast.third, "Sofie", starts_on=LATER))
    wall_clock(at(LATER + timedelta(days=1)))
    make.make_event(cast.third, cast.guardian_of_two, "Skovtur", starts_at=at(date(2026, 12, 11)))
    db.session.commit()
    assert list_with_newcomers(clock.now()) == [event.id]
