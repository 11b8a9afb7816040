"""The class teacher is reminded when news is due and when it is overdue: once each, in school hours, nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.notifications.worker.chores import do
from portal.school.models import ClassYear, TeamFunction, TeamMember
from portal.text import clock
from portal.updates import chores
from portal.updates.cadence.models import CadenceReminder
from portal.updates.cadence.rhythm import Stage
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, Move, at_once

TOLD_ON, DUE_FROM, DUE_ON = date(2026, 9, 30), date(2026, 11, 11), date(2026, 11, 18)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return clock.at_school(day, time(hour, minute))


@pytest.fixture
def class_told(cast: Cast) -> Cast:
    """3.A told its homes on 30 September; 6.A tells every week."""
    make.make_update(cast.third, cast.class_teacher, published_at=at(TOLD_ON))
    for week in range(15):
        make.make_told_elsewhere(cast.sixth, cast.teacher_elsewhere, told_on=date(2026, 8, 12) + timedelta(weeks=week))
    cast.class_teacher.email = "karen@skole.example"
    db.session.commit()
    return cast


def work(app: Flask) -> None:
    """A new worker's rounds until nothing is left, so that it looks at once."""
    db.session.commit()
    worker = Worker(app)
    while worker.round():
        pass
    worker.post.close()
    db.session.expire_all()


def told() -> list[tuple[ActKind, int]]:
    """Whom anything was told that still stands in their list."""
    rows = db.session.execute(
        select(Act.kind, Delivery.user_id)
        .join(Act, Act.id == Delivery.act_id)
        .where(Delivery.channel == Channel.PORTAL, Delivery.state != DeliveryState.DROPPED)
        .order_by(Delivery.id)
    ).all()
    db.session.commit()
    return [(row.kind, row.user_id) for row in rows]


def reminded() -> list[tuple[date, Stage]]:
    third = db.session.query(ClassYear.class_id).filter_by(label="3.A").scalar_subquery()
    rows = db.session.query(CadenceReminder).filter_by(class_id=third).order_by(CadenceReminder.reminded_at)
    return [(row.due_on, row.stage) for row in rows]


@pytest.mark.both
def test_due_and_then_overdue_and_only_the_class_teacher(
    app: Flask, class_told: Cast, wall_clock: Move, client_of: ClientOf, database: str
) -> None:
    teacher = class_told.class_teacher
    wall_clock(at(DUE_FROM - timedelta(days=1)))
    work(app)
    assert told() == []
    for moment in (at(DUE_FROM), at(DUE_FROM, 12), at(DUE_ON)):
        wall_clock(moment)
        work(app)
        assert told() == [(ActKind.UPDATE_DUE, teacher.id)]
    for moment in (at(DUE_ON + timedelta(days=1)), at(DUE_ON + timedelta(days=12))):
        wall_clock(moment)
        work(app)
        assert told() == [(ActKind.UPDATE_OVERDUE, teacher.id)], "the earlier one has done its work"
    assert reminded() == [(DUE_ON, Stage.DUE), (DUE_ON, Stage.OVERDUE)]
    page = client_of(teacher).get("/notifications/").text
    assert "Hjemmene i 3.A venter på nyt" in page
    listed = select(Delivery.id).where(Delivery.channel == Channel.PORTAL).order_by(Delivery.id.desc())
    opened = client_of(teacher).send(f"/notifications/{db.session.scalars(listed).first()}/opened")
    assert opened.location == f"/updates/classes/{class_told.third.id}/new"


@pytest.mark.parametrize(
    ("moment", "is_told"),
    [
        (at(DUE_FROM, 7, 59), False),
        (at(DUE_FROM, 8), True),
        (at(DUE_FROM, 15, 59), True),
        (at(DUE_FROM, 16), False),
        (datetime(2026, 11, 11, 7, 30, tzinfo=UTC), True),  # half past eight at the school
        (at(date(2026, 11, 14)), False),  # a Saturday
        (at(date(2026, 11, 13)), False),  # the school is closed
    ],
)
def test_in_school_hours_on_school_days(
    app: Flask, class_told: Cast, wall_clock: Move, moment: datetime, is_told: bool
) -> None:
    make.make_period(date(2026, 11, 13), name="Kursus")
    make.make_period(date(2026, 10, 12), date(2026, 10, 16), name="Efterårsferie")
    wall_clock(moment)
    work(app)
    assert bool(told()) == is_told


def test_the_mail_says_which_class_and_nothing_more(app: Flask, class_told: Cast, wall_clock: Move) -> None:
    wall_clock(at(DUE_FROM))
    work(app)
    mail = db.session.scalars(select(Delivery).where(Delivery.channel == Channel.MAIL)).one()
    assert (mail.user_id, mail.state, mail.last_error) == (class_told.class_teacher.id, DeliveryState.SENT, "")


@pytest.mark.both
def test_two_workers_remind_once(app: Flask, class_told: Cast, wall_clock: Move, database: str) -> None:
    wall_clock(at(DUE_FROM))
    now = clock.now()

    def remind() -> None:
        with app.app_context():
            do(chores.REMIND, now)

    at_once(*[remind] * 4)
    assert [act.kind for act in db.session.query(Act).filter(Act.kind != ActKind.ROSTER_APPLIED)] == [
        ActKind.UPDATE_DUE
    ]
    assert reminded() == [(DUE_ON, Stage.DUE)]


@pytest.mark.both
def test_who_has_told_meanwhile_is_not_reminded(app: Flask, class_told: Cast, wall_clock: Move, database: str) -> None:
    wall_clock(at(DUE_FROM))
    assert chores.find_to_remind(clock.now()) == [class_told.third.id]
    make.make_told_elsewhere(class_told.third, class_told.pedagogue)
    chores.remind(class_told.third.id, clock.now())
    assert db.session.query(Act).filter(Act.kind != ActKind.ROSTER_APPLIED).count() == 0
    assert reminded() == []
    chores.remind(999_999, clock.now())


def test_told_between_the_act_and_the_telling_nobody_is_bothered(
    app: Flask, class_told: Cast, wall_clock: Move
) -> None:
    wall_clock(at(DUE_FROM))
    chores.remind(class_told.third.id, clock.now())
    assert db.session.query(Act).filter(Act.kind != ActKind.ROSTER_APPLIED).count() == 1
    make.make_update(class_told.third, class_told.pedagogue)
    work(app)
    assert told() == []


def test_what_is_registered_takes_the_reminder_back(
    app: Flask, class_told: Cast, wall_clock: Move, client_of: ClientOf
) -> None:
    wall_clock(at(DUE_FROM))
    work(app)
    assert len(told()) == 1
    data = {"channel": "aula", "told_on": "2026-11-11"}
    colleague = client_of(class_told.pedagogue)
    assert colleague.send(f"/updates/classes/{class_told.third.id}/told-elsewhere/new", data).status_code == 303
    assert told() == []


def _teacher_of(cast: Cast) -> TeamMember:
    return db.session.query(TeamMember).filter_by(user_id=cast.class_teacher.id, class_id=cast.third.id).one()


def test_without_a_class_teacher_nobody_is_told_until_there_is_one(
    app: Flask, class_told: Cast, wall_clock: Move, client_of: ClientOf
) -> None:
    _teacher_of(class_told).ends_on = DUE_FROM - timedelta(days=1)
    wall_clock(at(DUE_FROM))
    work(app)
    assert told() == []
    assert reminded() == []
    assert "Ingen klasselærer" in client_of(class_told.leader).get("/updates/cadence").text
    make.put_in_team(class_told.newcomer, class_told.third, TeamFunction.CLASS_TEACHER, starts_on=date(2026, 11, 12))
    wall_clock(at(date(2026, 11, 12)))
    work(app)
    assert told() == [(ActKind.UPDATE_DUE, class_told.newcomer.id)]


def test_a_class_teacher_who_has_left_is_not_told(app: Flask, class_told: Cast, wall_clock: Move) -> None:
    wall_clock(at(DUE_FROM))
    chores.remind(class_told.third.id, clock.now())
    _teacher_of(class_told).ends_on = DUE_FROM - timedelta(days=1)
    work(app)
    assert told() == []


def test_the_next_due_day_is_reminded_of_again(app: Flask, class_told: Cast, wall_clock: Move) -> None:
    wall_clock(at(DUE_FROM))
    work(app)
    make.make_update(class_told.third, class_told.class_teacher, published_at=at(DUE_FROM, 11))
    for day in (DUE_FROM + timedelta(weeks=4), date(2026, 12, 18), date(2026, 12, 28), date(2027, 1, 11)):
        wall_clock(at(day))
        work(app)
    first_after_christmas = date(2027, 1, 6)
    assert reminded() == [
        (DUE_ON, Stage.DUE),
        (first_after_christmas, Stage.DUE),
        (first_after_christmas, Stage.OVERDUE),
    ]


def test_the_summer_holidays_are_quiet(app: Flask, class_told: Cast, wall_clock: Move) -> None:
    make.make_period(date(2026, 10, 12), date(2026, 10, 16))  # the summer's first days are not in the calendar
    for day in (date(2027, 6, 28), date(2027, 7, 15), date(2027, 7, 30)):
        wall_clock(at(day))
        assert chores.find_to_remind(clock.now()) == []
