"""A real mail server for tests, that can be told to misbehave, and short ways to set the scene."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller
from flask import current_app, has_app_context
from sqlalchemy import select

from portal.accounts.models import User
from portal.acts.models import Act, ActKind
from portal.acts.topics import Rhythm, Topic
from portal.database import db
from portal.notifications.choices.models import MailChoice
from portal.notifications.mail.post import SmtpPost
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.notifications.queries import count_unread
from portal.notifications.worker import Worker
from portal.people import load_people
from portal.text import clock
from tests.cast import Cast

SENDER = "Trivselsportalen <trivsel@alslev.example>"
NEUTRAL = "Nyt til dig <nyt@post.example>"


class Inbox:
    """What arrived, and what the server says to each address: "450 ...", "550 ...", or "drop" after the mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.addresses: list[str] = []
        self.senders: list[str] = []
        self.greetings: set[str] = set()
        self.answers: dict[str, str] = {}
        self.answer_to_sender = ""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self.greetings.add(session.host_name)
        if answer := self.answers.get(address, self.answer_to_sender):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        answer = self.answers.get(address, "")
        if answer[:1] in "45" and answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=SMTP))  # type: ignore[arg-type]
        self.addresses += envelope.rcpt_tos
        self.senders += [envelope.mail_from] * len(envelope.rcpt_tos)
        if self.answers.get(envelope.rcpt_tos[0]) == "drop":
            server.transport.close()
        return "250 OK"

    @property
    def ids(self) -> Counter[str]:
        """How often each Message-ID arrived."""
        return Counter(mail["Message-ID"] for mail in self.mails)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(inbox: Inbox, port: int) -> Iterator[None]:
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@contextmanager
def hanging_server(says: bytes = b"") -> Iterator[int]:
    """A server that takes the call, says as much as this, and then nothing more; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        calls: list[socket.socket] = []

        def answer() -> None:
            try:
                while True:
                    call, _ = listening.accept()
                    calls.append(call)
                    call.sendall(says)
            except OSError:
                return

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(2)
        for call in calls:
            call.close()


def post_to(port: int, timeout: float = 2.0) -> SmtpPost:
    return SmtpPost(f"smtp://127.0.0.1:{port}", SENDER, neutral=NEUTRAL, timeout=timeout)


def want_mail(user: User, rhythm: Rhythm = Rhythm.AT_ONCE, topic: Topic = Topic.EVERYTHING) -> None:
    """Somebody has chosen when mail comes."""
    db.session.merge(MailChoice(user_id=user.id, topic=topic, rhythm=rhythm))


def work(worker: Worker) -> None:
    """Round after round until there is nothing more to do, as if there were no pauses."""
    if has_app_context():  # and not in a thread of `at_once`; what the test arranged is committed
        db.session.commit()
    while worker.round():
        pass


def tell(worker: Worker) -> None:
    """Half a round: deliveries are made, and nothing is sent."""
    db.session.commit()
    with worker.app.app_context():
        worker.tell_some()


def mail_rows() -> list[Delivery]:
    db.session.expire_all()
    rows = list(db.session.scalars(select(Delivery).where(Delivery.channel == Channel.MAIL).order_by(Delivery.id)))
    db.session.commit()
    return rows


def states() -> Counter[DeliveryState]:
    return Counter(row.state for row in mail_rows())


def told_of(cast: Cast, kind: ActKind, channel: Channel = Channel.PORTAL) -> set[str]:
    """Who of the cast has been told of acts of this kind and can still see it, or has it waiting or sent as mail."""
    statement = select(Delivery.user_id).join(Act, Act.id == Delivery.act_id)
    kept = statement.where(Act.kind == kind, Delivery.channel == channel, Delivery.state != DeliveryState.DROPPED)
    ids = set(db.session.scalars(kept))
    db.session.commit()
    return {name for name, user in cast.users.items() if user.id in ids}


def unread_of(user: User) -> int:
    """How many lines somebody has not opened."""
    (person,) = load_people([user.id], today=clock.today())
    db.session.commit()
    return sum(count_unread(person, current_app.extensions["portal.notices"]).values())


def whole_text(mail: EmailMessage) -> str:
    """Everything a mail says: its subject, its plain text and its HTML."""
    return "\n".join([mail["Subject"], *(part.get_content() for part in mail.iter_parts())])
