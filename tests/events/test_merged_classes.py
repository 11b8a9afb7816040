"""A class that is merged into another, or shared out among others, takes along what it had planned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.acts import services as acts
from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.events.attendance import list_answers
from portal.events.audience.services import LAST_DAYS, list_left_behind
from portal.events.chores import CHORES
from portal.events.models import Answer, Audience, ClassEvent, EventClass, EventReminder, Rsvp
from portal.notifications.models import Delivery
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.school.models import Enrolment, Pupil, SchoolClass
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move
from tests.notifications.post_office import told_of, work

#: The event is on 10 December, 3.A is merged after 30 November, and the next day is the first in the other class.
LAST, MERGED, DAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 10)


def at(day: date, hour: int = 9) -> datetime:
    return clock.at_school(day, time(hour))


@pytest.fixture
def worker(app: Flask) -> Worker:
    worker = Worker(app)
    worker.chores = CHORES
    return worker


@pytest.fixture
def parallel(cast: Cast) -> SchoolClass:
    """3.B, the other class of the year, with Bjørn and his mother (who is `newcomer`)."""
    other = make.make_class("3.B", 3, hue=9)
    make.tie(cast.newcomer, make.make_pupil(other, "Bjørn"))
    db.session.commit()
    return other


@pytest.fixture
def event(cast: Cast, parallel: SchoolClass, worker: Worker) -> ClassEvent:
    """An event that 3.A was told of; Otto's mother said yes."""
    event = make.make_event(cast.third, cast.guardian, starts_at=at(DAY, 17), rsvp_deadline=DAY)
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    make.answer(event, cast.otto, cast.guardian_of_two)
    go_on(worker)
    return event


def go_on(worker: Worker) -> None:
    db.session.commit()
    worker.diary = type(worker.diary)()
    work(worker)


def move(pupils: Iterable[Pupil], to: SchoolClass, *, last: date = LAST) -> None:
    """As the office's file does it: the old place ends, and the new one begins the day after."""
    for pupil in pupils:
        db.session.scalars(select(Enrolment).filter_by(pupil_id=pupil.id, ends_on=None)).one().ends_on = last
        make.enrol(pupil, to, starts_on=last + timedelta(days=1))
    db.session.commit()


def everybody(cast: Cast) -> list[Pupil]:
    return [cast.alma, cast.noah, cast.otto]


def yes_for(pupil: Pupil) -> dict[str, str]:
    return {"pupil_id": str(pupil.id), "answer": Answer.ACCEPTED.value}


def class_ids(event: ClassEvent) -> set[int]:
    db.session.expire_all()
    found = set(db.session.scalars(select(EventClass.class_id).where(EventClass.event_id == event.id)))
    db.session.commit()
    return found


@pytest.mark.both
def test_the_homes_of_a_merged_class_see_answer_and_are_reminded_as_before(
    cast: Cast,
    parallel: SchoolClass,
    event: ClassEvent,
    worker: Worker,
    client_of: ClientOf,
    wall_clock: Move,
    database: str,
) -> None:
    assert event.title in client_of(cast.guardian).get("/notifications/").text
    move(everybody(cast), parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_ids(event) == {parallel.id}
    home = client_of(cast.guardian)
    assert event.title in home.get("/notifications/").text, "what they were told of it stands where it stood"
    page = home.get(f"/events/{event.id}")
    assert page.status_code == 200
    assert "3.B" in page.text
    assert "3.A" not in page.text
    assert f"/events/{event.id}" in home.get("/events/").text
    sent = home.send(f"/events/{event.id}/answers/choose", yes_for(cast.alma))
    assert sent.status_code == 303
    given = {row.pupil_id: row.answer for row in db.session.scalars(select(Rsvp))}
    assert given == {cast.otto.id: Answer.ACCEPTED, cast.alma.id: Answer.ACCEPTED}
    assert home.get(f"/events/{event.id}/edit").status_code == 200, "who organises it does so still"
    wall_clock(at(DAY - timedelta(days=3)))
    go_on(worker)
    assert db.session.query(EventReminder).count() == 1
    reminded = told_of(cast, ActKind.EVENT_REMINDER)
    assert reminded == {"foster_parent", "newcomer"}, "Noah and Bjørn lack an answer"


@pytest.mark.both
def test_the_other_class_is_invited_whole_and_told_once(
    cast: Cast,
    parallel: SchoolClass,
    event: ClassEvent,
    worker: Worker,
    client_of: ClientOf,
    wall_clock: Move,
    database: str,
) -> None:
    assert client_of(cast.newcomer).get(f"/events/{event.id}").status_code == 404
    move(everybody(cast), parallel)
    wall_clock(at(MERGED))
    for _ in range(3):
        go_on(worker)
        wall_clock(timedelta(hours=1))
    assert [child.name for child in list_answers(event, today=clock.today())] == ["Alma", "Bjørn", "Noah", "Otto"]
    assert client_of(cast.newcomer).get(f"/events/{event.id}").status_code == 200
    assert told_of(cast, ActKind.EVENTS_TO_COME) == {"newcomer"}, "those who were told of it are told nothing"
    assert db.session.query(Act).filter_by(kind=ActKind.EVENTS_TO_COME).count() == 1


def test_at_night_it_follows_and_tells_in_the_morning(
    cast: Cast, parallel: SchoolClass, event: ClassEvent, worker: Worker, client_of: ClientOf, wall_clock: Move
) -> None:
    move(everybody(cast), parallel)
    wall_clock(clock.at_school(MERGED, time(0, 10)))
    go_on(worker)
    assert client_of(cast.guardian).get(f"/events/{event.id}").status_code == 200
    assert told_of(cast, ActKind.EVENTS_TO_COME) == set()
    assert [row.try_at for row in db.session.scalars(select(WaitingAct))] == [at(MERGED, 8)]
    wall_clock(at(MERGED, 8))
    go_on(worker)
    assert told_of(cast, ActKind.EVENTS_TO_COME) == {"newcomer"}


@pytest.mark.both
def test_a_class_that_is_shared_out_invites_each_of_the_classes(
    cast: Cast, parallel: SchoolClass, event: ClassEvent, worker: Worker, wall_clock: Move, database: str
) -> None:
    third_one = make.make_class("3.C", 3, hue=4)
    make.make_pupil(third_one, "Cara")
    move([cast.alma, cast.noah], parallel)
    move([cast.otto], third_one)
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_ids(event) == {parallel.id, third_one.id}
    of_created = select(Act.id).where(Act.kind == ActKind.EVENT_CREATED)
    lines = db.session.scalars(select(Delivery).where(Delivery.act_id.in_(of_created)))
    named = {(row.user_id, row.class_id) for row in lines}
    assert {(cast.guardian.id, parallel.id), (cast.guardian_of_two.id, third_one.id)} <= named
    assert cast.third.id not in {class_id for _, class_id in named}


def test_a_child_that_changes_class_takes_nothing_along(
    cast: Cast, parallel: SchoolClass, event: ClassEvent, client_of: ClientOf, worker: Worker, wall_clock: Move
) -> None:
    move([cast.alma], parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_ids(event) == {cast.third.id}
    assert client_of(cast.other_home).get(f"/events/{event.id}").status_code == 404
    assert client_of(cast.newcomer).get(f"/events/{event.id}").status_code == 404


@pytest.mark.parametrize(("days", "leads"), [(LAST_DAYS.days, True), (LAST_DAYS.days + 1, False)])
def test_who_had_left_before_the_merging_leads_nowhere(
    days: int, leads: bool, cast: Cast, parallel: SchoolClass, event: ClassEvent, worker: Worker, wall_clock: Move
) -> None:
    early = make.make_class("3.C", 3, hue=4)
    move([cast.alma], early, last=LAST - timedelta(days=days))
    move([cast.noah, cast.otto], parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_ids(event) == {parallel.id} | ({early.id} if leads else set())


def test_a_class_that_leaves_the_school_invites_nobody(
    cast: Cast, parallel: SchoolClass, event: ClassEvent, worker: Worker, wall_clock: Move
) -> None:
    for place in db.session.scalars(select(Enrolment).filter_by(class_id=cast.third.id, ends_on=None)):
        place.ends_on = LAST
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_ids(event) == {cast.third.id}
    assert list_left_behind(clock.now()) == []


def test_a_class_that_is_yet_to_begin_and_what_is_over_stay(
    cast: Cast, parallel: SchoolClass, event: ClassEvent, worker: Worker, wall_clock: Move
) -> None:
    over = make.make_event(cast.third, cast.guardian, "Sommerfest", starts_at=at(date(2026, 11, 10), 17))
    to_come = make.make_class("3.D", 3, hue=2)
    make.make_pupil(to_come, "Dina", starts_on=date(2026, 12, 5))
    soon = make.make_event(to_come, cast.office, "Velkommen", starts_at=at(DAY, 10))
    move(everybody(cast), parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_ids(over) == {cast.third.id}
    assert class_ids(soon) == {to_come.id}


def test_what_is_for_both_classes_stays_one_invitation_and_what_is_no_news_is_told_to_nobody(
    cast: Cast, parallel: SchoolClass, worker: Worker, wall_clock: Move
) -> None:
    both = make.make_event(cast.third, cast.guardian, "Begge", also=[parallel], starts_at=at(DAY, 17))
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, both, now=clock.now())
    draft = make.make_event(cast.third, cast.guardian, "Kladde", out_at=None, starts_at=at(DAY, 17))
    go_on(worker)
    move(everybody(cast), parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    assert class_ids(both) == class_ids(draft) == {parallel.id}
    assert told_of(cast, ActKind.EVENTS_TO_COME) == set()


@pytest.mark.both
@pytest.mark.parametrize("audience", [Audience.YEAR_GROUP, Audience.SCHOOL])
def test_a_year_and_the_school_go_on_by_themselves(
    audience: Audience,
    cast: Cast,
    parallel: SchoolClass,
    worker: Worker,
    client_of: ClientOf,
    wall_clock: Move,
    database: str,
) -> None:
    year = make.year_of(cast.third) if audience == Audience.YEAR_GROUP else None
    event = make.make_event(
        None, cast.leader, audience=audience, year_group=year, starts_at=at(DAY, 17), rsvp_deadline=DAY
    )
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    make.answer(event, cast.otto, cast.guardian_of_two)
    go_on(worker)
    move(everybody(cast), parallel)
    wall_clock(at(MERGED))
    go_on(worker)
    names = [child.name for child in list_answers(event, today=clock.today())]
    assert {"Alma", "Bjørn", "Noah", "Otto"} <= set(names)
    home = client_of(cast.guardian)
    assert home.get(f"/events/{event.id}").status_code == 200
    assert home.send(f"/events/{event.id}/answers/choose", yes_for(cast.alma)).status_code == 303
    assert told_of(cast, ActKind.EVENTS_TO_COME) == set(), "they had all heard of it"
    wall_clock(at(DAY - timedelta(days=3)))
    go_on(worker)
    assert {"foster_parent", "newcomer"} <= told_of(cast, ActKind.EVENT_REMINDER)
    assert told_of(cast, ActKind.EVENT_REMINDER).isdisjoint({"guardian", "other_home"})
