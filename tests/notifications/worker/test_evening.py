"""The day's mail: one for each home, child by child, with all that is still new and theirs to see."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from portal.accounts.protection import Protection
from portal.acts import services as acts
from portal.acts.models import ActKind, WaitingAct
from portal.acts.topics import Rhythm, Topic
from portal.database import db
from portal.events.models import Audience, ClassEvent
from portal.notifications import services
from portal.notifications.models import Delivery, DeliveryState
from portal.notifications.queries import is_telling_stuck
from portal.notifications.worker import Worker, mailing
from portal.people import BY_ITSELF
from portal.school.models import Guardianship
from portal.text import clock
from portal.updates.models import UpdateReceipt
from tests import factories as make
from tests.cast import Cast
from tests.conftest import NOON, ClientOf, Move, at_once
from tests.notifications.post_office import (
    Inbox,
    mail_rows,
    post_to,
    states,
    tell,
    want_mail,
    whole_text,
    work,
)

#: The evening of the day on which the tests' time stands still.
EVENING = clock.at_school(clock.day_of(NOON), time(17))
SENT, WAITING, DROPPED = DeliveryState.SENT, DeliveryState.WAITING, DeliveryState.DROPPED


@pytest.fixture
def reached(cast: Cast) -> Cast:
    """The cast, with an address for everybody, who have chosen nothing."""
    for name, user in cast.users.items():
        user.email = f"{name.replace('_', '-')}@hjem.example"
    db.session.commit()
    return cast


def invite(cast: Cast, title: str = "Suppe", *, sixth: bool = False, **values: object) -> ClassEvent:
    event = make.make_event(cast.sixth if sixth else cast.third, cast.class_teacher, title, **values)
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    db.session.commit()
    return event


def publish(cast: Cast, title: str = "Uge 48") -> int:
    update = make.make_update(cast.third, cast.class_teacher, title)
    acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, update, now=clock.now())
    db.session.commit()
    return update.id


def mails_to(inbox: Inbox, name: str) -> list[str]:
    return [
        whole_text(mail)
        for mail, address in zip(inbox.mails, inbox.addresses, strict=True)
        if address == f"{name}@hjem.example"
    ]


@pytest.mark.both
def test_a_day_is_one_mail_at_five_child_by_child_with_title_day_and_hour(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, database: str
) -> None:
    later = invite(reached, "Juletur", starts_at=clock.at_school(date(2026, 12, 10), time(9)))
    publish(reached)
    soup = invite(reached, "Suppe")
    invite(reached, "Bål", sixth=True, starts_at=clock.at_school(date(2026, 12, 1), time(16)))
    work(worker)
    assert inbox.mails == [], "nobody is written to before the evening"
    wall_clock(EVENING - timedelta(seconds=1))
    work(worker)
    assert inbox.mails == []
    wall_clock(EVENING)
    work(worker)
    (mail,) = mails_to(inbox, "guardian-of-two")
    assert mail.startswith("Nyt om Otto og Ella\n")
    in_order = ["Otto, 3.A", "Suppe", "Fredag 4. december", "Juletur", "Torsdag 10. december", "Uge 48", "Ella, 6.A"]
    places = [mail.lower().index(word.lower()) for word in [*in_order, "Bål", "Tirsdag 1."]]
    assert places == sorted(places)
    for page in (f"/events/{later.id}", f"/events/{soup.id}"):
        assert page in mail
    assert {len(mails_to(inbox, name)) for name in ("guardian", "other-home", "foster-parent", "helper")} == {1}
    assert "Uge 48" not in mails_to(inbox, "helper")[0], "a helper reads no news"
    assert set(states()) == {SENT}
    wall_clock(EVENING + timedelta(hours=2))
    work(worker)
    assert len(mails_to(inbox, "guardian")) == 1


@pytest.mark.both
def test_what_is_for_two_of_ones_children_is_one_line_that_names_both(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, database: str
) -> None:
    """Otto and his brother Hugo are in two classes of one year, and Ella in another year."""
    parallel = make.make_class("3.B", 3, hue=9)
    make.tie(reached.guardian_of_two, make.make_pupil(parallel, "Hugo"))
    event = make.make_event(
        None, reached.leader, "Lejrskole", audience=Audience.YEAR_GROUP, year_group=make.year_of(reached.third)
    )
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    invite(reached, "Suppe")
    db.session.commit()
    wall_clock(EVENING)
    work(worker)
    (mail,) = mails_to(inbox, "guardian-of-two")
    assert mail.startswith("Nyt om Otto og Hugo\n")
    plain = mail.split("<!doctype")[0]
    assert plain.count("Lejrskole") == 1
    in_order = ["Otto, 3.A", "Suppe", "Otto og Hugo, 3.A og 3.B", "Lejrskole", "(Otto og Hugo)"]
    places = [plain.lower().index(words.lower()) for words in in_order]
    assert places == sorted(places)
    assert "Ella" not in mail
    (other,) = mails_to(inbox, "guardian")
    assert "Hugo" not in other
    assert "3.B" not in other


@pytest.mark.parametrize("is_one_class", [True, False])
def test_a_reminder_names_the_child_that_is_still_waited_for(
    is_one_class: bool, reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    parallel = reached.third if is_one_class else make.make_class("3.B", 3, hue=9)
    hugo = make.make_pupil(parallel, "Hugo")
    make.tie(reached.guardian_of_two, hugo)
    event = make.make_event(
        None, reached.leader, "Lejrskole", audience=Audience.YEAR_GROUP, year_group=make.year_of(reached.third)
    )
    make.answer(event, reached.otto, reached.guardian_of_two)
    acts.record(BY_ITSELF, ActKind.EVENT_REMINDER, event, now=clock.now())
    db.session.commit()
    wall_clock(EVENING)
    work(worker)
    (mail,) = mails_to(inbox, "guardian-of-two")
    assert mail.startswith("Nyt om Hugo\n")
    assert "Otto" not in mail


def test_what_has_been_read_is_left_out_and_an_empty_mail_is_none(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, client_of: ClientOf
) -> None:
    first, second = publish(reached, "Den ene"), publish(reached, "Den anden")
    tell(worker)
    client_of(reached.guardian).get(f"/updates/{first}")
    for update_id in (first, second):
        client_of(reached.other_home).get(f"/updates/{update_id}")
    assert db.session.query(UpdateReceipt).count() == 3
    wall_clock(EVENING)
    work(worker)
    (mail,) = mails_to(inbox, "guardian")
    assert "Den anden" in mail
    assert "Den ene" not in mail
    assert mails_to(inbox, "other-home") == []


def _tie_ends(cast: Cast, event: ClassEvent) -> None:
    db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one().ends_on = date(2026, 11, 22)


def _access_is_closed(cast: Cast, event: ClassEvent) -> None:
    make.close_access(cast.guardian, cast.alma, cast.leader)


def _account_is_closed(cast: Cast, event: ClassEvent) -> None:
    cast.guardian.deactivated_at = clock.now()


def _address_is_gone(cast: Cast, event: ClassEvent) -> None:
    cast.guardian.email = None


def _mail_is_off(cast: Cast, event: ClassEvent) -> None:
    want_mail(cast.guardian, Rhythm.OFF)


def _event_is_over(cast: Cast, event: ClassEvent) -> None:
    event.starts_at = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    "lose",
    [_tie_ends, _access_is_closed, _account_is_closed, _address_is_gone, _mail_is_off, _event_is_over],
    ids=lambda one: one.__name__.strip("_"),
)
def test_the_right_is_asked_again_when_the_mail_leaves(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, lose: Callable[[Cast, ClassEvent], None]
) -> None:
    event = invite(reached)
    tell(worker)
    lose(reached, event)
    wall_clock(EVENING)
    work(worker)
    assert mails_to(inbox, "guardian") == []
    assert {row.state for row in mail_rows() if row.user_id == reached.guardian.id} == {DROPPED}


@pytest.mark.both
@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(hours=17)])
def test_two_days_without_a_worker_are_one_mail(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, back: timedelta, database: str
) -> None:
    publish(reached, "Mandag")
    tell(worker)
    for hours, title in ((20, "Tirsdag"), (44, "Onsdag")):
        wall_clock(NOON + timedelta(hours=hours))
        publish(reached, title)
    for _ in range(22):  # more than is told in a round
        acts.record(BY_ITSELF, ActKind.CLASS_CHANGED, reached.third, now=clock.now())
    publish(reached, "Allersidst")
    wall_clock(EVENING + timedelta(days=2) + back)
    work(worker)
    wall_clock(EVENING + timedelta(days=3))
    work(worker)
    (mail,) = mails_to(inbox, "guardian")
    for title in ("Mandag", "Tirsdag", "Onsdag", "Allersidst"):
        assert title in mail
    wall_clock(EVENING + timedelta(days=4))
    work(worker)
    assert len(mails_to(inbox, "guardian")) == 1


@pytest.mark.parametrize("night", [date(2026, 10, 25), date(2027, 3, 28)])
def test_the_day_of_a_clock_change_has_one_mail(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, night: date
) -> None:
    moment = clock.at_school(night - timedelta(days=1), time(18))
    while moment < clock.at_school(night + timedelta(days=1), time(12)):
        wall_clock(moment)
        if moment.minute == 0:
            publish(reached, f"Kl. {moment:%d.%H}")
        work(worker)
        moment += timedelta(minutes=240)
    assert len(mails_to(inbox, "guardian")) == 1
    evening = clock.at_school(night, time(17))
    sent_at = {row.sent_at for row in mail_rows() if row.user_id == reached.guardian.id and row.sent_at}
    assert all(evening <= at < evening + timedelta(hours=5) for at in sent_at)


@pytest.mark.both
def test_what_is_told_after_the_evening_s_mail_waits_for_the_next(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, database: str
) -> None:
    publish(reached, "Før")
    late = make.make_update(reached.third, reached.class_teacher, "Lige før")
    wall_clock(EVENING)
    work(worker)
    acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, late, now=EVENING - timedelta(seconds=1))  # a slow request's
    work(worker)
    assert len(mails_to(inbox, "guardian")) == 1
    assert states()[WAITING] > 0
    wall_clock(EVENING + timedelta(hours=1, minutes=30))
    assert not is_telling_stuck(now=clock.now())
    wall_clock(EVENING + timedelta(days=1))
    work(worker)
    first, second = mails_to(inbox, "guardian")
    assert "Lige før" not in first
    assert "Lige før" in second


def test_a_week_is_one_mail_on_friday_with_the_day_s(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    want_mail(reached.guardian, Rhythm.WEEKLY, Topic.NEWS)
    publish(reached, "Ugens nyt")
    for day in range(5):
        wall_clock(EVENING + timedelta(days=day))
        invite(reached, f"Dag {day}", starts_at=clock.at_school(date(2026, 12, 10), time(9)))
        wall_clock(EVENING + timedelta(days=day, minutes=1))
        work(worker)
    mails = mails_to(inbox, "guardian")
    assert ["Ugens nyt" in mail for mail in mails] == [False] * (len(mails) - 1) + [True]
    assert "Dag 3" in mails[-1], "one mail, and not two"
    assert len(mails) == 4


@pytest.mark.parametrize(
    ("starts_in", "is_at_once"), [(timedelta(hours=47), True), (timedelta(hours=48), True), (timedelta(days=3), False)]
)
@pytest.mark.parametrize("does", ["cancel", "move away", "move near"])
def test_only_what_changes_within_two_days_of_its_time_comes_at_once(
    reached: Cast,
    worker: Worker,
    inbox: Inbox,
    client_of: ClientOf,
    wall_clock: Move,
    starts_in: timedelta,
    is_at_once: bool,
    does: str,
) -> None:
    near, far = NOON + starts_in, NOON + timedelta(days=20)
    event = make.make_event(
        reached.third,
        reached.class_teacher,
        starts_at=far if does == "move near" else near,
        rsvp_deadline=None,
    )
    teacher = client_of(reached.class_teacher)
    if does == "cancel":
        assert teacher.send(f"/events/{event.id}/cancel").status_code == 303
    else:
        to = clock.local(near if does == "move near" else far)
        typed = {
            "title": event.title,
            "kind": "dinner",
            "day": f"{to:%Y-%m-%d}",
            "begins": f"{to:%H:%M}",
            "ends": "23:30",
            "place": event.place,
            "description": "",
            "cost_per_child": "0",
            "version": event.version,
        }
        assert teacher.send(f"/events/{event.id}/edit", typed).status_code == 303
        wall_clock(acts.REST)
    work(worker)
    assert len(mails_to(inbox, "guardian")) == int(is_at_once)
    assert "List-Unsubscribe" in (inbox.mails[0] if inbox.mails else {"List-Unsubscribe": ""})


@pytest.mark.parametrize("who", ["the child", "the guardian"])
def test_a_home_under_protection_learns_that_there_is_news_and_no_more(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, who: str
) -> None:
    (reached.alma if who == "the child" else reached.guardian).protection = Protection.ADDRESS
    invite(reached, "Hemmelig suppe")
    publish(reached, "Hemmeligt nyt")
    wall_clock(EVENING)
    work(worker)
    (mail,) = [m for m, a in zip(inbox.mails, inbox.addresses, strict=True) if a == "guardian@hjem.example"]
    assert mail["Subject"] == "Der er nyt til dig"
    assert mail["From"] == "Nyt til dig <nyt@post.example>"
    assert mail["Message-ID"].endswith("@post.example>")
    assert mail["List-Unsubscribe"] is None
    for secret in ("emmelig", "Alma", "3.A", "Mette", "december", "http", "Alslev", "127.0.0.1"):
        assert secret not in str(mail)


@pytest.mark.both
@pytest.mark.parametrize("hour", [6, 12, 18, 22])
def test_work_waits_for_the_morning_and_a_home_does_not(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, hour: int, database: str
) -> None:
    want_mail(reached.guardian)
    day = clock.day_of(NOON)
    wall_clock(clock.at_school(day, time(hour)))
    draft = make.make_update(reached.third, reached.class_teacher, published_at=None)
    acts.record(BY_ITSELF, ActKind.UPDATE_HELD, draft, now=clock.now())
    publish(reached)
    work(worker)
    assert len(mails_to(inbox, "guardian")) == 1
    assert len(mails_to(inbox, "class-teacher")) == (hour == 12)
    morning = clock.at_school(day + timedelta(days=hour > 7), time(7))
    wall_clock(morning - timedelta(seconds=1))
    work(worker)
    assert len(mails_to(inbox, "class-teacher")) == (hour == 12)
    assert not is_telling_stuck(now=clock.now())
    wall_clock(morning)
    work(worker)
    assert len(mails_to(inbox, "class-teacher")) == 1


@pytest.mark.both
def test_two_workers_at_five_send_each_home_one_mail(
    app: Flask,
    reached: Cast,
    worker: Worker,
    inbox: Inbox,
    port: int,
    wall_clock: Move,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
) -> None:
    monkeypatch.setattr(mailing, "MAILS_PER_CLAIM", 2)
    for number in range(6):
        publish(reached, f"Nyt {number}")
    invite(reached)
    tell(worker)
    wall_clock(EVENING)
    workers = [Worker(app, post_to(port)) for _ in range(3)]
    for one in workers:
        one.chores = []
    at_once(*((lambda w=w: work(w)) for w in workers))
    work(worker)
    for one in workers:
        one.post.close()
    assert len(inbox.addresses) == len(set(inbox.addresses)) == 5
    assert set(inbox.ids.values()) == {1}
    assert set(states()) == {SENT}


@pytest.mark.both
def test_a_mail_that_is_sent_again_is_the_same_one(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, database: str
) -> None:
    publish(reached, "Den ene")
    publish(reached, "Den anden")
    tell(worker)
    inbox.answers["guardian@hjem.example"] = "drop"
    wall_clock(EVENING)
    for _ in range(3):
        worker.mailing.rests_until = 0
        work(worker)
    inbox.answers.clear()
    publish(reached, "Siden da")
    worker.mailing.rests_until = 0
    wall_clock(EVENING + timedelta(minutes=5))
    work(worker)
    mails = [m for m, a in zip(inbox.mails, inbox.addresses, strict=True) if a == "guardian@hjem.example"]
    assert len(mails) == 2
    assert len({mail["Message-ID"] for mail in mails}) == 1
    assert all("Den ene" in whole_text(mail) and "Siden da" not in whole_text(mail) for mail in mails)


def test_what_is_taken_back_while_the_mail_is_written_is_not_in_it(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = publish(reached, "Trukket tilbage"), publish(reached, "Bliver")
    tell(worker)
    wall_clock(EVENING)
    send, recalled = worker.post.send, list[int]()

    def recall_first(message: object, address: str) -> None:
        send(message, address)  # type: ignore[arg-type]
        if not recalled:
            recalled.append(stays)
            services.recall([ActKind.UPDATE_PUBLISHED], gone)
            db.session.commit()

    monkeypatch.setattr(worker.post, "send", recall_first)
    work(worker)
    texts = [whole_text(mail) for mail in inbox.mails]
    assert sum("Trukket" in mail for mail in texts) == 1, "the one that had left"
    assert sum("Bliver" in mail for mail in texts) == 4
    assert len(set(inbox.addresses)) == 4


@pytest.mark.both
def test_a_claim_takes_what_it_says_whatever_the_database_believes_of_the_table(
    reached: Cast, worker: Worker, database: str
) -> None:
    if database == "postgresql":
        db.session.execute(text("ANALYZE delivery"))  # statistics of an empty table
        db.session.commit()
    for user in reached.users.values():
        want_mail(user)
    for number in range(30):
        publish(reached, f"Nyt {number}")
    while db.session.query(WaitingAct).count():
        tell(worker)
    assert len(mail_rows()) == 120
    claimed = services.claim_mail("one", now=clock.now(), limit=50)
    db.session.commit()
    assert len(claimed) == 50
    others = services.claim_mail("another", now=clock.now(), limit=50)
    db.session.commit()
    assert len(others) == 50
    assert not set(claimed) & set(others)
    assert db.session.query(Delivery).filter(Delivery.claimed_by != "").count() == 100


def test_only_the_newest_word_about_a_thing_is_in_the_mail(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    event = invite(reached)
    acts.record(BY_ITSELF, ActKind.EVENT_REMINDER, event, now=clock.now())
    wall_clock(EVENING)
    work(worker)
    (mail,) = mails_to(inbox, "guardian")
    assert mail.count(f"/events/{event.id}") == 2, "once as text and once as HTML"
    assert "3.A venter på jeres svar" in mail
    assert set(states()) == {SENT}


def test_one_thing_that_cannot_be_written_costs_nobody_the_rest(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    publish(reached, "Går godt")
    broken = publish(reached, "Går galt")
    tell(worker)
    notice = worker.notices[ActKind.UPDATE_PUBLISHED]
    good = dict(worker.notices)

    def find(update_id: int) -> object:
        if update_id == broken:
            raise RuntimeError("a bad row")
        return notice.find(update_id)

    worker.notices = {notice.kind: replace(notice, find=find)}
    wall_clock(EVENING)
    work(worker)
    (mail,) = mails_to(inbox, "guardian")
    assert "Går godt" in mail
    worker.notices = good
    wall_clock(EVENING + timedelta(days=1))
    work(worker)
    assert "Går galt" in mails_to(inbox, "guardian")[1]
    assert len(inbox.ids) == len(inbox.mails)


def test_a_person_of_two_kinds_gets_work_at_once_and_the_home_s_in_the_evening(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    make.tie(reached.class_teacher, reached.viggo)
    invite(reached, "Bål", sixth=True)
    acts.note(BY_ITSELF, ActKind.ROSTER_APPLIED, reached.third, now=clock.at_school(date(2026, 8, 3), time(8)))
    acts.record(BY_ITSELF, ActKind.UPDATE_OVERDUE, reached.third, now=clock.now())
    work(worker)
    assert [mail.splitlines()[0] for mail in mails_to(inbox, "class-teacher")] == ["Hjemmene i 3.A venter på nyt"]
    wall_clock(EVENING)
    work(worker)
    assert [mail.splitlines()[0] for mail in mails_to(inbox, "class-teacher")][1:] == ["Nyt om Viggo"]


def test_the_mail_speaks_the_reader_s_language_and_escapes_what_people_type(
    reached: Cast, worker: Worker, inbox: Inbox, wall_clock: Move
) -> None:
    reached.guardian.language = "en"
    invite(reached, "<b>Suppe</b> {{ 7 * 7 }} %(x)s")
    wall_clock(EVENING)
    work(worker)
    (mail,) = mails_to(inbox, "guardian")
    assert mail.startswith("News about Alma\n")
    assert "Friday 4 December at 17:30" in mail
    plain, html = mail.split("<!doctype html>")
    assert "<b>Suppe</b> {{ 7 * 7 }} %(x)s" in plain
    assert "&lt;b&gt;Suppe&lt;/b&gt; {{ 7 * 7 }} %(x)s" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<img|<link|@import|url\(", html), "a mail loads nothing, so nobody learns when it was opened"
    assert not re.search(r"\bNone\b", mail)
