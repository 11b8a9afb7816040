"""Mail through a real server that is down, hangs, refuses or breaks off: nothing is lost and nobody waits."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from functools import partial

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.acts.models import ActKind
from portal.database import db
from portal.notifications import services
from portal.notifications.mail.post import SmtpPost, Unreachable
from portal.notifications.models import DeliveryState
from portal.notifications.worker import Worker, mailing
from tests.cast import Cast
from tests.conftest import Move, at_once
from tests.notifications.conftest import Publish
from tests.notifications.post_office import (
    SENDER,
    Inbox,
    free_port,
    hanging_server,
    mail_rows,
    mail_server,
    post_to,
    states,
    tell,
    work,
)

SENT, WAITING, FAILED = DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.FAILED


def test_every_guardian_with_an_address_gets_one_mail(worker: Worker, inbox: Inbox, publish: Publish) -> None:
    publish()
    work(worker)
    names = ("foster-parent", "guardian", "guardian-of-two", "other-home")
    assert sorted(inbox.addresses) == sorted(f"{name}@hjem.example" for name in names)
    assert states() == {SENT: 4}
    work(worker)
    assert len(inbox.mails) == 4
    assert {mail["From"] for mail in inbox.mails} == {"Trivselsportalen <noreply@127.0.0.1>"}
    assert all(count == 1 for count in inbox.ids.values())


def test_a_server_that_is_down_costs_nothing_and_comes_back(app: Flask, inbox: Inbox, publish: Publish) -> None:
    port = free_port()
    worker = Worker(app, post_to(port))
    publish()
    began = time.monotonic()
    work(worker)
    assert time.monotonic() - began < 4
    assert {(row.state, row.attempts, row.claimed_by) for row in mail_rows()} == {(WAITING, 0, "")}
    assert {row.last_error for row in mail_rows()} == {"no connection", ""}
    work(worker)  # it rests, and does not knock again at once
    with mail_server(inbox, port):
        worker.mailing.rests_until = 0
        work(worker)
        worker.post.close()
        assert len(inbox.mails) == 4
    assert states() == {SENT: 4}


@pytest.mark.parametrize("says", [b"", b"220 hello\r\n"], ids=["no greeting", "no answer"])
def test_a_server_that_hangs_is_left_alone_for_a_while(app: Flask, publish: Publish, says: bytes) -> None:
    publish()
    with hanging_server(says) as port:
        worker = Worker(app, post_to(port, timeout=0.3))
        began = time.monotonic()
        work(worker)
        assert time.monotonic() - began < 4, "one wait for the batch, and not one for each mail"
        worker.post.close()
    assert {(row.state, row.claimed_by) for row in mail_rows()} == {(WAITING, "")}


def test_who_is_put_off_gets_it_later_and_holds_nobody_up(
    worker: Worker, inbox: Inbox, publish: Publish, wall_clock: Move
) -> None:
    inbox.answers["guardian@hjem.example"] = "450 try later"
    publish()
    work(worker)
    assert states() == {SENT: 3, WAITING: 1}
    (late,) = [row for row in mail_rows() if row.state == WAITING]
    assert (late.attempts, late.last_error) == (1, "SMTP 450")
    work(worker)
    assert len(inbox.mails) == 3, "not before its time"
    wall_clock(timedelta(minutes=1))
    work(worker)
    assert [row.attempts for row in mail_rows() if row.state == WAITING] == [2]
    inbox.answers.clear()
    wall_clock(timedelta(minutes=2))
    work(worker)
    assert states() == {SENT: 4}


def test_who_is_put_off_for_three_days_is_given_up(
    worker: Worker, inbox: Inbox, publish: Publish, wall_clock: Move
) -> None:
    inbox.answers["guardian@hjem.example"] = "450 mailbox full"
    publish()
    work(worker)
    wall_clock(services.GIVE_UP_AFTER + timedelta(minutes=5))
    work(worker)
    assert states() == {SENT: 3, FAILED: 1}


def test_who_is_refused_is_not_tried_again(worker: Worker, inbox: Inbox, publish: Publish, wall_clock: Move) -> None:
    inbox.answers["guardian@hjem.example"] = "550 no such person as guardian@hjem.example"
    publish()
    work(worker)
    assert states() == {SENT: 3, FAILED: 1}
    assert {row.last_error for row in mail_rows()} == {"", "SMTP 550"}, "the server's words name people"
    wall_clock(timedelta(days=1))
    work(worker)
    assert len(inbox.mails) == 3


def test_a_sender_that_is_refused_fails_nobody(worker: Worker, inbox: Inbox, publish: Publish) -> None:
    inbox.answer_to_sender = "550 who are you"
    publish()
    work(worker)
    assert states() == {WAITING: 4}
    inbox.answer_to_sender = ""
    worker.mailing.rests_until = 0
    work(worker)
    assert states() == {SENT: 4}


def test_a_mail_whose_connection_broke_comes_again_under_the_same_id(
    worker: Worker, inbox: Inbox, publish: Publish, wall_clock: Move
) -> None:
    inbox.answers["guardian@hjem.example"] = "drop"
    publish()
    work(worker)
    worker.mailing.rests_until = 0
    work(worker)
    assert states() == {SENT: 3, WAITING: 1}
    inbox.answers.clear()
    worker.mailing.rests_until = 0
    wall_clock(timedelta(minutes=1))
    work(worker)
    assert states() == {SENT: 4}
    assert sorted(inbox.ids.values()) == [1, 1, 1, 2]


class Killed(BaseException):
    """The worker's process is gone."""


class KilledAfterSending:
    """A post whose worker dies the moment the mail is handed over, before it can be marked."""

    def __init__(self, post: SmtpPost) -> None:
        self.post = post

    def send(self, message: EmailMessage, address: str) -> None:
        self.post.send(message, address)
        raise Killed

    def interrupt(self) -> None: ...

    def close(self) -> None:
        self.post.close()


@pytest.mark.both
def test_what_a_killed_worker_held_goes_out_after_its_claim(
    app: Flask, worker: Worker, port: int, inbox: Inbox, publish: Publish, wall_clock: Move, database: str
) -> None:
    publish()
    dying = Worker(app, KilledAfterSending(post_to(port)))
    with pytest.raises(Killed):
        work(dying)
    dying.post.close()
    assert len(inbox.mails) == 1
    work(worker)
    assert len(inbox.mails) == 1, "the claim still holds"
    wall_clock(services.CLAIM + timedelta(seconds=1))
    work(worker)
    assert states() == {SENT: 4}
    assert sorted(inbox.ids.values()) == [1, 1, 1, 2], "sent twice, and known to be one"


def test_a_worker_that_comes_back_late_has_no_say(
    worker: Worker, inbox: Inbox, publish: Publish, wall_clock: Move
) -> None:
    publish()
    tell(worker)
    ids = [row.id for row in mail_rows()]
    now = mail_rows()[0].due_at
    services.claim_mail("slow", now=now, limit=50)
    db.session.commit()
    wall_clock(services.CLAIM + timedelta(seconds=1))
    work(worker)
    services.mark_failed([ids[0]], "slow", email="", why="too late", now=now)
    db.session.commit()
    assert states() == {SENT: 4}


@pytest.mark.both
def test_two_workers_at_once_send_everything_once(
    app: Flask, port: int, inbox: Inbox, publish: Publish, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setattr(mailing, "MAILS_PER_CLAIM", 10)
    for _ in range(25):
        publish()
    workers = [Worker(app, post_to(port)) for _ in range(2)]
    at_once(*((lambda w=w: work(w)) for w in workers))
    for one in workers:
        work(one)
        one.post.close()
    assert states() == {SENT: 100}
    assert len(inbox.mails) == 100
    assert set(inbox.ids.values()) == {1}


@pytest.mark.parametrize(
    "address",
    [
        "a@hjem.example\nBcc: alle@hjem.example",
        "a@hjem.example, b@hjem.example",
        "a@hjem.example\r\n",
        "ingen",
        "@",
        "a@",
        "a b@hjem.example",
        "<a@hjem.example>",
        "a@hjem.example>\r\nRCPT TO:<b@hjem.example",
        "a\x00@hjem.example",
        "Mette <a@hjem.example>",
        "æ" * 300 + "@hjem.example",
        "a" * 5000,
    ],
)
def test_an_address_that_is_none_reaches_nobody_and_holds_nobody_up(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, address: str
) -> None:
    homes.guardian.email = address
    publish()
    work(worker)
    assert len(inbox.mails) == 3
    assert len(inbox.addresses) == len(inbox.mails)
    assert "alle@hjem.example" not in inbox.addresses
    assert "b@hjem.example" not in inbox.addresses


def test_one_mail_that_cannot_be_written_holds_up_no_other_act(worker: Worker, inbox: Inbox, publish: Publish) -> None:
    first, _ = publish(), publish()
    is_broken: list[bool] = []
    notice = worker.notices[ActKind.UPDATE_PUBLISHED]

    def find(update_id: int) -> object:
        if update_id == first.id and is_broken:
            raise RuntimeError("a bad row")
        return notice.find(update_id)

    worker.notices = {notice.kind: replace(notice, find=find)}
    tell(worker)
    is_broken.append(True)
    work(worker)
    assert states() == {SENT: 4, WAITING: 4}


def test_an_act_that_cannot_be_told_holds_up_no_other(
    worker: Worker, inbox: Inbox, publish: Publish, wall_clock: Move
) -> None:
    first, _ = publish(), publish()
    notice = worker.notices[ActKind.UPDATE_PUBLISHED]
    good = dict(worker.notices)

    def find(update_id: int) -> object:
        if update_id == first.id:
            raise RuntimeError("a bad row")
        return notice.find(update_id)

    worker.notices = {notice.kind: replace(notice, find=find)}
    work(worker)
    assert states() == {SENT: 4}
    worker.notices = good
    wall_clock(services.TELL_AGAIN_AFTER)
    work(worker)
    assert states() == {SENT: 8}


@pytest.mark.both
def test_after_a_fault_of_the_database_an_act_is_told_of_soon(
    worker: Worker, inbox: Inbox, publish: Publish, wall_clock: Move, caplog: pytest.LogCaptureFixture, database: str
) -> None:
    publish()
    notice = worker.notices[ActKind.UPDATE_PUBLISHED]
    good = dict(worker.notices)

    def find(update_id: int) -> object:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    worker.notices = {notice.kind: replace(notice, find=find)}
    work(worker)
    assert states() == {}
    assert [record.exc_info for record in caplog.records] == [None], "one line, however long it lasts"
    worker.notices = good
    wall_clock(timedelta(seconds=5))
    work(worker)
    assert states() == {SENT: 4}


def test_the_worker_stops_within_a_second_while_the_server_hangs(app: Flask, publish: Publish) -> None:
    publish()
    with hanging_server(b"220 hello\r\n") as port:
        worker = Worker(app, post_to(port, timeout=30))
        worker.start()
        deadline = time.monotonic() + 3
        while worker.post._server is None and time.monotonic() < deadline:  # type: ignore[attr-defined]
            time.sleep(0.02)
        began = time.monotonic()
        worker.stop()
        assert time.monotonic() - began < 1
        assert "outbox" not in {thread.name for thread in threading.enumerate()}
    assert {(row.state, row.claimed_by) for row in mail_rows()} == {(WAITING, "")}


def test_an_idle_worker_stops_at_once(app: Flask, port: int) -> None:
    worker = Worker(app, post_to(port))
    worker.start()
    began = time.monotonic()
    worker.stop()
    assert time.monotonic() - began < 1


def test_a_round_that_fails_does_not_end_the_worker(
    app: Flask, port: int, inbox: Inbox, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    worker = Worker(app, post_to(port))
    monkeypatch.setattr("portal.notifications.worker.SECONDS_BETWEEN_ROUNDS", 0.01)
    rounds: list[int] = []
    good = worker.round

    def round() -> bool:
        rounds.append(1)
        if len(rounds) < 3:
            raise RuntimeError("the database is away")
        return good()

    monkeypatch.setattr(worker, "round", round)
    worker.start()
    deadline = time.monotonic() + 4
    while len(inbox.mails) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.stop()
    assert len(inbox.mails) == 4


def test_a_password_does_not_travel_in_the_open(
    app: Flask, inbox: Inbox, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.notifications.mail.post.LOOPBACK", set())
    post = SmtpPost(f"smtp://portal:hemmelig@127.0.0.1:{port}", SENDER, timeout=1)
    with pytest.raises(Unreachable):
        post.send(EmailMessage(), "a@hjem.example")
    assert inbox.mails == []


def test_the_server_s_address_is_read_whole() -> None:
    post = SmtpPost("smtp://portal%40skole:a%2Fb@mail.example.dk", SENDER)
    assert (post.user, post.password, post.host, post.port, post.sender) == (
        "portal@skole",
        "a/b",
        "mail.example.dk",
        587,
        "trivsel@alslev.example",
    )
    assert SmtpPost("smtps://mail.example.dk", SENDER).port == 465
    assert SmtpPost("smtp://localhost:2525", SENDER).port == 2525


def test_the_application_alone_starts_no_worker(app: Flask) -> None:
    assert "outbox" not in {thread.name for thread in threading.enumerate()}


def test_the_worker_command_works_until_it_is_told_to_stop(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    did: list[str] = []
    # To this very thread: the test runner has others, and one of them would take it.
    told_to_stop = partial(signal.pthread_kill, threading.get_ident(), signal.SIGTERM)
    monkeypatch.setattr(Worker, "start", lambda worker: (did.append("start"), told_to_stop()))
    monkeypatch.setattr(Worker, "stop", lambda worker: did.append("stop"))
    answer = app.test_cli_runner().invoke(args=["worker"])
    assert answer.exit_code == 0, answer.output
    assert did == ["start", "stop"]
