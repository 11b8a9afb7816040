"""What people sent while the portal was being killed, what they were told, and what must then be stored."""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, cycle
from typing import Any

from sqlalchemy import func, insert, literal, select

from portal.accounts.models import IdempotencyKey, User
from portal.acts.models import Act, ActKind, WaitingAct
from portal.acts.topics import Rhythm, Topic
from portal.events.models import ClassEvent, EventClass, EventOrganiser, Rsvp
from portal.notifications.choices.models import MailChoice
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.updates.models import UpdateState, WellbeingUpdate
from tests.faults.serving import Portal, wait_until
from tests.faults.visitor import GONE, Form, Visitor, published

#: What each kind of form leaves in the table of acts.
ACT_OF = {"publish": ActKind.UPDATE_PUBLISHED, "invite": ActKind.EVENT_CREATED}


@dataclass
class Sent:
    """One form: who sent it, what it is about, and where the portal said that it is (empty: no word came back)."""

    kind: str
    about: str
    form: Form
    by: Visitor
    location: str = ""


@dataclass
class Ledger:
    """Several people who write at the same time, until the server is gone; and the check of what is there then."""

    portal: Portal
    sent: list[Sent] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _titles: Any = field(default_factory=lambda: (f"Skrevet {number}" for number in count(1)))

    def __post_init__(self) -> None:
        self.mark = secrets.token_hex(4)
        self.class_id, self.pupil_id = self.portal.class_id(), self.portal.pupil_id()
        self.teacher, self.home = Visitor(self.portal.port), Visitor(self.portal.port)
        self.teacher.sign_in("class_teacher")
        self.home.sign_in("guardian")
        self._lock = threading.Lock()
        self.first_act = int(self.portal.value(select(func.coalesce(func.max(Act.id), 0))))
        self._want_mail()
        self.event_path = self.invite()
        self.portal.let_out()
        self.publish()
        assert wait_until(lambda: not self.waiting()), "the first news is told of"
        (self.told,) = self._told().values()  # everybody is told of each of the following as of this one
        assert self.told[Channel.PORTAL] > 10
        assert self.told[Channel.MAIL] > 10

    def _want_mail(self) -> None:
        """Everybody wants each mail at once, so that mail goes out while the server is killed."""
        at_once = select(User.id, literal(Topic.EVERYTHING.value), literal(Rhythm.AT_ONCE.value))
        with self.portal.engine.begin() as connection:
            connection.execute(insert(MailChoice).from_select(["user_id", "topic", "rhythm"], at_once))

    def title(self) -> str:
        with self._lock:
            return f"{next(self._titles)} {self.mark}"

    def send(self, kind: str, about: str, by: Visitor, form: Form) -> str:
        """Send a form and note the answer; raises what a broken connection raises."""
        line = Sent(kind, about, form, by)
        self.sent.append(line)
        answer = by.send(form)
        if answer.status != 303:
            self.wrong.append(f"{kind}: {answer.status}")
        line.location = answer.location
        return answer.location

    def publish(self) -> None:
        title = self.title()
        path = f"/updates/classes/{self.class_id}/new"
        location = self.send("draft", title, self.teacher, Form.of(path, title=title, body="Alle har leget med en ny."))
        self.send("publish", title, self.teacher, Form.of(f"{location.removesuffix('/preview')}/publish", version=1))

    def invite(self) -> str:
        title, day = self.title(), date.today() + timedelta(days=20)
        form = Form.of(
            f"/events/classes/{self.class_id}/new",
            title=title,
            kind="dinner",
            day=day.isoformat(),
            begins="17:30",
            ends="20:00",
            place="Skolekøkkenet",
            description="Vi laver mad.",
        )
        location = self.send("event", title, self.teacher, form)
        return self.send("invite", title, self.teacher, published(location))

    def answer(self, given: str) -> None:
        form = Form.of(f"{self.event_path}/answers/choose", pupil_id=self.pupil_id, answer=given)
        self.send("answer", given, self.home, form)

    def write_until_killed(self) -> list[threading.Thread]:
        """Four people at once; each stops when the server no longer answers."""
        answers = cycle(["ACCEPTED", "DECLINED", "TENTATIVE"])
        acts = (self.publish, self.publish, self.invite, lambda: self.answer(next(answers)))
        threads = [threading.Thread(target=self._go_on, args=(act,)) for act in acts]
        for thread in threads:
            thread.start()
        return threads

    def _go_on(self, act: Any) -> None:
        try:
            while not self.wrong:
                act()
        except GONE:
            return
        except Exception as fault:
            self.wrong.append(repr(fault))

    def send_again(self) -> int:
        """Send what was never answered once more, as people do; returns how many there were."""
        unanswered = [line for line in self.sent if not line.location]
        for line in unanswered:
            answer = line.by.send(line.form)
            assert answer.status == 303, (line.kind, answer)
            line.location = answer.location
        return len(unanswered)

    def waiting(self) -> set[int]:
        rows = self.portal.rows(select(WaitingAct.act_id).where(WaitingAct.act_id > self.first_act))
        return {row.act_id for row in rows}

    def check(self) -> None:
        """Every acknowledged write is stored, and every write is stored whole or not at all."""
        assert not self.wrong, self.wrong[:5]
        self.portal.check_whole()
        stored = self._stored()
        kept = {row.key: row.location for row in self.portal.rows(select(IdempotencyKey.key, IdempotencyKey.location))}
        for line in self.sent:
            if line.location:
                assert kept.get(line.form.kept_key) == line.location, f"{line.kind} was acknowledged and is lost"
            if line.kind != "answer":
                where = stored[line.kind].get(line.about)
                assert kept.get(line.form.kept_key) == where, f"{line.kind}: a key without its change, or the other way"
        self._check_answer(kept)
        self._check_acts(stored)
        self._check_events()
        self._check_deliveries()

    def _stored(self) -> dict[str, dict[str, str]]:
        """Where each text is that is there, by its title."""
        ours = WellbeingUpdate.title.endswith(self.mark)
        rows = self.portal.rows(select(WellbeingUpdate.id, WellbeingUpdate.title, WellbeingUpdate.state).where(ours))
        ours = ClassEvent.title.endswith(self.mark)
        events = self.portal.rows(select(ClassEvent.id, ClassEvent.title, ClassEvent.out_at).where(ours))
        found = {
            "draft": {row.title: f"/updates/{row.id}/preview" for row in rows},
            "publish": {row.title: f"/updates/{row.id}" for row in rows if row.state == UpdateState.PUBLISHED},
            "event": {row.title: f"/events/{row.id}" for row in events},
            "invite": {row.title: f"/events/{row.id}" for row in events if row.out_at is not None},
        }
        assert len(rows) == len(found["draft"]), "a text is there twice"
        assert len(events) == len(found["event"]), "an event is there twice"
        return found

    def _check_answer(self, kept: dict[str, str]) -> None:
        """One row, holding the last answer whose key is kept; they were sent one after the other."""
        given = [line.about for line in self.sent if line.kind == "answer" and line.form.kept_key in kept]
        event_id = int(self.event_path.rpartition("/")[2])
        rows = self.portal.rows(select(Rsvp.answer).where(Rsvp.event_id == event_id, Rsvp.pupil_id == self.pupil_id))
        assert [row.answer for row in rows] == given[-1:]

    def _check_acts(self, stored: dict[str, dict[str, str]]) -> None:
        for kind, act in ACT_OF.items():
            rows = self.portal.rows(select(Act.subject_id).where(Act.id > self.first_act, Act.kind == act))
            recorded = sorted(row.subject_id for row in rows)
            there = sorted(int(place.rpartition("/")[2]) for place in stored[kind].values())
            assert recorded == there, f"{act} and what was done do not agree"

    def _check_events(self) -> None:
        ours = ClassEvent.title.endswith(self.mark)
        events = {row.id for row in self.portal.rows(select(ClassEvent.id).where(ours))}
        for part in (EventClass, EventOrganiser):
            rows = self.portal.rows(select(part.event_id).join(ClassEvent, ClassEvent.id == part.event_id).where(ours))
            assert Counter(row.event_id for row in rows) == Counter(events), part

    def _told(self) -> dict[int, Counter[str]]:
        """For each piece of news, how many were told over each channel."""
        counted = (
            select(Delivery.act_id, Delivery.channel, func.count().label("number"))
            .join(Act, Act.id == Delivery.act_id)
            .where(Act.id > self.first_act, Act.kind == ActKind.UPDATE_PUBLISHED)
            .group_by(Delivery.act_id, Delivery.channel)
        )
        told: dict[int, Counter[str]] = {}
        for row in self.portal.rows(counted):
            told.setdefault(row.act_id, Counter())[row.channel] = row.number
        return told

    def _check_deliveries(self) -> None:
        """News waits and nobody is told, or it does not wait and everybody is told, each of them once."""
        published = select(Act.id).where(Act.id > self.first_act, Act.kind == ActKind.UPDATE_PUBLISHED)
        with self.portal.engine.connect() as connection:  # sees one moment: the worker is at work meanwhile
            if not self.portal.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            acts = {row.id for row in connection.execute(published)}
            waiting = {row.act_id for row in connection.execute(select(WaitingAct.act_id))}
            rows = connection.execute(
                select(Delivery.act_id, Delivery.user_id, Delivery.channel, Delivery.id, Delivery.state)
                .join(Act, Act.id == Delivery.act_id)
                .where(Act.id > self.first_act)
            ).all()
        told: dict[int, Counter[str]] = {}
        for row in rows:
            told.setdefault(row.act_id, Counter())[row.channel] += 1
        assert {act: told.get(act, Counter()) for act in acts} == {
            act: Counter() if act in waiting else self.told for act in acts
        }
        assert len({(row.act_id, row.user_id, row.channel) for row in rows}) == len(rows), "somebody was told twice"
        mailed = {row.id for row in rows if row.channel == Channel.MAIL}
        gone = {row.id for row in rows if row.channel == Channel.MAIL and row.state == DeliveryState.SENT}
        written = {int(file.stem) for file in (self.portal.instance / "mail").glob("[0-9]*.eml")}
        assert gone <= written, "a mail counts as sent and was never written"
        assert written <= mailed, "a mail was written that nobody is to be told by"
