"""Reminding homes of an event: those nobody has answered for, twice at most, in the daytime, however many workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from portal.acts.models import Act, ActKind
from portal.database import db
from portal.database.transactions import writing
from portal.events.chores import CHORES, REMIND
from portal.events.models import Answer, ClassEvent, EventReminder, EventState
from portal.events.reminders import due_reminder
from portal.notifications.worker import Worker
from portal.text import clock
from tests import factories as make
from tests.cast import HOMES, Cast
from tests.conftest import ClientOf, Move, at_once
from tests.notifications.post_office import Inbox, tell, told_of, unread_of, whole_text, work

#: The event is on Friday 4 December, and the answers are due on Tuesday 1 December.
DAY, DUE = date(2026, 12, 4), date(2026, 12, 1)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return clock.at_school(day, time(hour, minute))


@pytest.fixture
def worker(worker: Worker) -> Worker:
    """The worker, which reminds of events and does nothing else that comes due."""
    worker.chores = CHORES
    return worker


@pytest.fixture
def event(addressed: Cast) -> ClassEvent:
    return make.make_event(
        addressed.third,
        addressed.class_teacher,
        starts_at=at(DAY, 17, 30),
        rsvp_deadline=DUE,
    )


def reminders() -> list[int]:
    db.session.expire_all()
    found = [row.number for row in db.session.query(EventReminder).order_by(EventReminder.number)]
    db.session.commit()
    return found


@pytest.mark.both
def test_three_days_and_one_day_before_the_answers_are_due_and_then_never_again(
    addressed: Cast, event: ClassEvent, worker: Worker, inbox: Inbox, wall_clock: Move, database: str
) -> None:
    sent = []
    for day in range(23, 31):
        for hour in (0, 7, 8, 12, 17, 18, 23):
            wall_clock(at(date(2026, 11, day), hour, 1))
            work(worker)
            sent += [clock.local(clock.now())] * len(inbox.mails)
            inbox.mails.clear()
    wall_clock(at(DUE, 12))
    work(worker)
    assert sorted(set(sent)) == [at(date(2026, 11, 28), 8, 1), at(date(2026, 11, 30), 8, 1)]
    assert len(sent) == 2 * len(HOMES)
    assert inbox.mails == []
    assert reminders() == [1, 2]
    assert [act.actor_id for act in db.session.query(Act)] == [None, None]


def test_without_a_day_to_answer_by_it_is_days_before_the_event(
    addressed: Cast, event: ClassEvent, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    event.rsvp_deadline = None
    days = []
    for day in range(9):
        wall_clock(at(date(2026, 11, 26) + timedelta(days=day), 10))
        work(worker)
        days += [clock.day_of(clock.now())] if inbox.mails else []
        inbox.mails.clear()
    assert days == [date(2026, 12, 1), date(2026, 12, 3)]


@pytest.mark.both
def test_only_those_whose_child_nobody_has_answered_for(
    addressed: Cast, event: ClassEvent, worker: Worker, inbox: Inbox, wall_clock: Move, database: str
) -> None:
    make.answer(event, addressed.alma, addressed.helper, Answer.DECLINED)
    make.answer(event, addressed.otto, addressed.guardian_of_two, Answer.NEEDS_ACTION)
    wall_clock(at(date(2026, 11, 28), 9))
    work(worker)
    assert told_of(addressed, ActKind.EVENT_REMINDER) == {"guardian_of_two", "foster_parent"}
    mail = inbox.mails[inbox.addresses.index("guardian-of-two@hjem.example")]
    assert mail["Subject"] == "3.A venter på jeres svar (Otto)"
    text = whole_text(mail)
    assert f"/events/{event.id}" in text
    assert event.title in text
    for secret in (event.place, event.description, "Karen", "None"):
        assert secret not in text


def test_who_answers_before_the_mail_goes_gets_none_and_has_seen_it(
    addressed: Cast, event: ClassEvent, worker: Worker, inbox: Inbox, wall_clock: Move, client_of: ClientOf
) -> None:
    wall_clock(at(date(2026, 11, 28), 9))
    db.session.commit()
    with worker.app.app_context():
        worker.do_chores()
    tell(worker)
    sent = {"pupil_id": addressed.alma.id, "answer": "ACCEPTED", "seen": event.asked_anew}
    assert client_of(addressed.guardian).send(f"/events/{event.id}/answers/choose", sent).status_code == 303
    work(worker)
    assert sorted(inbox.addresses) == ["foster-parent@hjem.example", "guardian-of-two@hjem.example"]
    assert unread_of(addressed.guardian) == 0


def test_when_everybody_has_answered_there_is_no_reminder_until_a_newcomer_comes(
    addressed: Cast, event: ClassEvent, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    for pupil in (addressed.alma, addressed.otto, addressed.noah):
        make.answer(event, pupil, addressed.class_teacher)
    wall_clock(at(date(2026, 11, 28), 9))
    work(worker)
    assert reminders() == []
    addressed.newcomer.email = "ny@hjem.example"
    make.tie(addressed.newcomer, make.make_pupil(addressed.third, "Sofie"))
    wall_clock(timedelta(minutes=10))
    work(worker)
    assert inbox.addresses == ["ny@hjem.example"]


def test_the_second_reminder_takes_the_place_of_the_first_in_the_list(
    addressed: Cast, event: ClassEvent, worker: Worker, wall_clock: Move
) -> None:
    for day in (28, 30):
        wall_clock(at(date(2026, 11, day), 9))
        work(worker)
    assert reminders() == [1, 2]
    assert unread_of(addressed.guardian) == 1


@pytest.mark.both
def test_two_workers_remind_once(
    app: Flask, addressed: Cast, event: ClassEvent, wall_clock: Move, database: str
) -> None:
    wall_clock(at(date(2026, 11, 28), 9))
    event_id = event.id

    def remind() -> None:
        with app.app_context():
            writing.set(True)
            REMIND.do(event_id, clock.now())
            db.session.commit()

    at_once(*[remind] * 4)
    assert reminders() == [1]
    assert db.session.query(Act).filter_by(kind=ActKind.EVENT_REMINDER).count() == 1


def _cancelled(event: ClassEvent) -> None:
    event.state = EventState.CANCELLED


def _just_made(event: ClassEvent) -> None:
    event.out_at = at(date(2026, 11, 28), 8)


def _just_moved(event: ClassEvent) -> None:
    event.moved_at = at(date(2026, 11, 28), 8)


def _due_before(event: ClassEvent) -> None:
    event.rsvp_deadline = date(2026, 11, 27)


@pytest.mark.parametrize("change", [_cancelled, _just_made, _just_moved, _due_before], ids=lambda f: f.__name__[1:])
def test_no_reminder_when_it_makes_no_sense(
    addressed: Cast, event: ClassEvent, worker: Worker, inbox: Inbox, wall_clock: Move, change: Callable[..., None]
) -> None:
    change(event)
    wall_clock(at(date(2026, 11, 28), 12))
    work(worker)
    assert inbox.mails == []
    assert reminders() == []


def test_a_reminder_that_was_found_and_is_cancelled_meanwhile_is_not_sent(
    addressed: Cast, event: ClassEvent, wall_clock: Move
) -> None:
    wall_clock(at(date(2026, 11, 28), 12))
    db.session.commit()
    assert REMIND.find(clock.now()) == [event.id]
    event.state = EventState.CANCELLED
    db.session.flush()
    REMIND.do(event.id, clock.now())
    REMIND.do(999999, clock.now())
    assert reminders() == []


@pytest.mark.parametrize(
    ("moment", "which"),
    [
        (at(date(2026, 11, 28), 7, 59), 0),
        (at(date(2026, 11, 28), 8), 1),
        (at(date(2026, 11, 28), 17, 59), 1),
        (at(date(2026, 11, 28), 18), 0),
        (at(date(2026, 11, 27), 12), 0),
        (at(date(2026, 11, 29), 12), 1),
        (at(date(2026, 11, 30), 12), 2),
        (at(DUE, 12), 2),
        (at(date(2026, 12, 2), 12), 0),
    ],
)
def test_the_hours_and_days_of_reminders(event: ClassEvent, moment: datetime, which: int) -> None:
    assert due_reminder(event, now=moment) == which


def test_the_hours_are_the_school_s_in_summer_too(event: ClassEvent) -> None:
    event.created_at = event.out_at = at(date(2026, 6, 1), 12)
    event.starts_at, event.rsvp_deadline = at(date(2026, 6, 20), 17), date(2026, 6, 18)
    assert due_reminder(event, now=datetime.fromisoformat("2026-06-15T05:59:00+00:00")) == 0
    assert due_reminder(event, now=datetime.fromisoformat("2026-06-15T06:00:00+00:00")) == 1
