"""What comes due by itself, and what is taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.acts.chores import Chore
from portal.acts.models import Act, ActKind, WaitingAct
from portal.database import db
from portal.database.transactions import writing
from portal.notifications import services
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.notifications.worker import Worker
from portal.updates.models import WellbeingUpdate
from tests.cast import Cast
from tests.conftest import ClientOf, Move, at_once
from tests.notifications.conftest import Publish
from tests.notifications.post_office import Inbox, states, unread_of, work


class Alarm:
    """A chore that notes what it was asked to do, and fails when told to."""

    def __init__(self, *due: int, every: timedelta = timedelta(0)) -> None:
        self.due = list(due)
        self.done: list[int] = []
        self.fails = False
        self.chore = Chore("alarm", self.find, self.do, every)

    def find(self, now: datetime) -> list[int]:
        assert not writing.get(), "looking holds up nobody"
        return self.due

    def do(self, row_id: int, now: datetime) -> None:
        assert writing.get()
        if self.fails:
            raise RuntimeError
        self.done.append(row_id)


def test_a_round_does_what_is_due(app: Flask, worker: Worker) -> None:
    alarm = Alarm(3, 5)
    worker.chores = [alarm.chore]
    worker.round()
    assert alarm.done == [3, 5]


def test_a_clock_that_is_set_a_day_forward_and_back_stops_nothing(app: Flask, worker: Worker, wall_clock: Move) -> None:
    alarm = Alarm(1, every=timedelta(minutes=10))
    worker.chores = [alarm.chore]
    for step in (timedelta(0), timedelta(days=1), timedelta(days=-1)):
        wall_clock(step)
        worker.round()
    assert alarm.done == [1, 1, 1]


def test_a_chore_is_looked_at_as_often_as_it_says(app: Flask, worker: Worker, wall_clock: Move) -> None:
    alarm = Alarm(1, every=timedelta(minutes=10))
    worker.chores = [alarm.chore]
    worker.round()
    worker.round()
    assert alarm.done == [1]
    wall_clock(timedelta(minutes=10))
    worker.round()
    assert alarm.done == [1, 1]


def test_a_chore_that_fails_stands_in_nobodys_way(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, wall_clock: Move
) -> None:
    alarm, other = Alarm(1), Alarm(2)
    alarm.fails = True
    worker.chores = [alarm.chore, Chore("other", other.find, other.do)]
    publish()
    work(worker)
    assert other.done[0] == 2
    assert len(inbox.mails) == 4
    alarm.fails = False
    worker.round()
    assert alarm.done == [], "it rests for a minute"
    wall_clock(timedelta(minutes=1))
    worker.round()
    assert alarm.done == [1]


def _recall(update: WellbeingUpdate) -> None:
    services.recall([ActKind.UPDATE_PUBLISHED], update.id)
    db.session.commit()


@pytest.mark.both
def test_what_is_recalled_before_it_is_told_reaches_nobody(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, database: str
) -> None:
    _recall(publish())
    work(worker)
    assert inbox.mails == []
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0
    assert db.session.query(WaitingAct).count() == 0


@pytest.mark.both
def test_what_is_recalled_leaves_every_list_and_is_not_mailed(
    app: Flask, worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, client_of: ClientOf, database: str
) -> None:
    update, kept = publish(), publish()
    with app.app_context():
        worker.tell_some()
    _recall(update)
    work(worker)
    assert len(inbox.mails) == 4, "the other one goes out"
    assert set(states()) == {DeliveryState.SENT, DeliveryState.DROPPED}
    assert unread_of(homes.guardian) == 1
    lines = select(Delivery.id, Act.subject_id).join(Act, Act.id == Delivery.act_id)
    own = lines.where(Delivery.user_id == homes.guardian.id, Delivery.channel == Channel.PORTAL)
    line_of = {subject_id: line for line, subject_id in db.session.execute(own)}
    reader_page = client_of(homes.guardian)
    page = reader_page.get("/notifications/").text
    assert f'action="/notifications/{line_of[kept.id]}/opened"' in page
    assert f'action="/notifications/{line_of[update.id]}/opened"' not in page
    assert reader_page.send(f"/notifications/{line_of[update.id]}/opened").status_code == 404


@pytest.mark.both
def test_a_recall_at_the_moment_of_telling_leaves_nothing_listed(
    app: Flask, homes: Cast, publish: Publish, database: str
) -> None:
    update = publish()
    act_id, worker = update.id, Worker(app)

    def tell() -> None:
        with app.app_context():
            worker.tell_some()

    def recall() -> None:
        with app.app_context():
            writing.set(True)
            services.recall([ActKind.UPDATE_PUBLISHED], act_id)
            db.session.commit()

    at_once(tell, recall)
    listed = select(func.count()).where(Delivery.channel == Channel.PORTAL, Delivery.state != DeliveryState.DROPPED)
    assert db.session.scalar(listed) == 0
