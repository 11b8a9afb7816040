"""From an act to the people it is for: who is told and who is not, in which words, and the list in the portal."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.acts import services as acts
from portal.acts.models import Act, ActKind, WaitingAct
from portal.acts.notices import collect
from portal.acts.topics import Rhythm, Topic
from portal.database import db
from portal.notifications import queries, services
from portal.notifications.choices.models import MailChoice
from portal.notifications.models import Channel, Delivery, DeliveryState
from portal.notifications.worker import Worker, mailing
from portal.people import BY_ITSELF, load_people
from portal.school.models import Enrolment, Guardianship, GuardianshipKind, Pupil
from portal.text import clock
from portal.updates.models import UpdateState, WellbeingUpdate
from tests import factories as make
from tests.cast import HOMES, Cast
from tests.conftest import NOON, ClientOf, IsolatedClient, Move, at_once
from tests.notifications.conftest import Publish
from tests.notifications.post_office import Inbox, mail_rows, states, tell, want_mail, work
from tests.test_pages import statements


def told(cast: Cast, channel: Channel = Channel.PORTAL) -> set[str]:
    """Who of the cast has a row."""
    ids = set(db.session.scalars(select(Delivery.user_id).where(Delivery.channel == channel)))
    db.session.commit()
    return {name for name, user in cast.users.items() if user.id in ids}


def parts(mail: object) -> tuple[str, str]:
    """A mail's plain text and its HTML."""
    plain, html = mail.iter_parts()  # type: ignore[attr-defined]
    return plain.get_content(), html.get_content()


@pytest.mark.both
def test_an_act_is_never_changed_and_leaves_the_outbox_when_it_is_told(
    worker: Worker, homes: Cast, publish: Publish, database: str
) -> None:
    publish()
    before = db.session.execute(select(Act.__table__)).all()
    assert db.session.scalar(select(func.count()).select_from(WaitingAct)) == 1
    work(worker)
    assert db.session.execute(select(Act.__table__)).all() == before
    assert db.session.scalar(select(func.count()).select_from(WaitingAct)) == 0
    assert told(homes) == told(homes, Channel.MAIL) == HOMES


def test_an_act_that_is_undone_tells_nobody(worker: Worker, cast: Cast) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    db.session.commit()
    acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, update, now=clock.now())
    db.session.rollback()
    work(worker)
    assert told(cast) == set()


def test_what_no_feature_speaks_of_is_told_to_nobody(worker: Worker, cast: Cast) -> None:
    acts.record(BY_ITSELF, ActKind.CLASS_CHANGED, cast.third, now=clock.now())
    work(worker)
    assert told(cast) == set()
    assert db.session.scalar(select(func.count()).select_from(WaitingAct)) == 0


def test_what_is_gone_is_told_to_nobody(worker: Worker, cast: Cast) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, update, now=clock.now())
    db.session.delete(update)
    work(worker)
    assert told(cast) == set()


def test_who_did_it_is_not_told_of_it(worker: Worker, homes: Cast, publish: Publish) -> None:
    make.tie(homes.class_teacher, homes.alma)
    publish()
    work(worker)
    assert told(homes) == HOMES


@pytest.mark.both
def test_two_workers_that_tell_the_same_act_tell_it_once(
    app: Flask, homes: Cast, publish: Publish, database: str
) -> None:
    for _ in range(5):
        publish()
    workers = [Worker(app) for _ in range(4)]

    def half_a_round(worker: Worker) -> None:
        with app.app_context():
            worker.tell_some()

    at_once(*((lambda w=w: half_a_round(w)) for w in workers))
    assert len(mail_rows()) == 20
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 40


def _ended(cast: Cast) -> None:
    tie = db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one()
    tie.ends_on = clock.today() - timedelta(days=1)


def _helper(cast: Cast) -> None:
    db.session.query(Guardianship).filter_by(guardian_id=cast.guardian.id).one().kind = GuardianshipKind.HELPER


def _moved(cast: Cast) -> None:
    db.session.query(Enrolment).filter_by(pupil_id=cast.alma.id).one().class_id = cast.sixth.id
    db.session.query(Guardianship).filter_by(guardian_id=cast.other_home.id).one().ends_on = clock.today() - timedelta(
        1
    )


def _closed(cast: Cast) -> None:
    cast.guardian.deactivated_at = clock.now()


def _no_address(cast: Cast) -> None:
    cast.guardian.email = None


def _turned_off(cast: Cast) -> None:
    want_mail(cast.guardian, Rhythm.OFF)


def _taken_back(cast: Cast) -> None:
    update = db.session.query(WellbeingUpdate).one()
    update.state, update.published_at = UpdateState.DRAFT, None


@pytest.mark.parametrize(
    "lose",
    [_ended, _helper, _closed, _no_address, _turned_off, _moved, _taken_back],
    ids=lambda f: f.__name__.strip("_"),
)
def test_what_is_lost_between_the_act_and_sending_is_not_sent(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, lose: Callable[[Cast], None]
) -> None:
    publish()
    tell(worker)
    assert len(mail_rows()) == 4
    lose(homes)
    work(worker)
    assert "guardian@hjem.example" not in inbox.addresses
    (row,) = [row for row in mail_rows() if row.user_id == homes.guardian.id]
    assert (row.state, row.sent_at, row.claimed_by) == (DeliveryState.DROPPED, None, "")
    if lose not in (_moved, _taken_back):
        assert len(inbox.addresses) == 3, "the others get theirs"


def test_what_is_lost_before_the_act_is_told_leaves_no_row(worker: Worker, homes: Cast, publish: Publish) -> None:
    publish()
    _ended(homes)
    work(worker)
    assert told(homes) == told(homes, Channel.MAIL) == HOMES - {"guardian"}


def test_a_new_address_is_used_at_once(worker: Worker, inbox: Inbox, homes: Cast, publish: Publish) -> None:
    publish()
    tell(worker)
    homes.guardian.email = "ny@hjem.example"
    work(worker)
    assert "ny@hjem.example" in inbox.addresses
    assert "guardian@hjem.example" not in inbox.addresses


def test_what_has_been_opened_is_not_mailed(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    update = publish()
    tell(worker)
    assert client_of(homes.guardian).get(f"/updates/{update.id}").status_code == 200
    work(worker)
    assert "guardian@hjem.example" not in inbox.addresses
    assert len(inbox.mails) == 3


def test_the_mail_says_what_news_is_called_and_never_the_news(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish
) -> None:
    update = publish()
    work(worker)
    mail = inbox.mails[inbox.addresses.index("guardian@hjem.example")]
    assert mail["Subject"] == "Nyt fra 3.A (Alma)"
    assert mail["To"] == "guardian@hjem.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    for text in parts(mail):
        assert "Hej Mette" in text
        assert "3.A" in text
        assert "Alma" in text
        assert f"http://127.0.0.1:8000/updates/{update.id}" in text
        assert update.title in text
        assert update.body not in text
        assert "Karen" not in text
        assert "None" not in text


def test_everybody_is_written_to_in_their_own_language(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish
) -> None:
    homes.other_home.language = "en"
    publish()
    work(worker)
    mail = inbox.mails[inbox.addresses.index("other-home@hjem.example")]
    assert mail["Subject"] == "News from 3.A (Alma)"
    assert mail["Content-Language"] == "en"
    assert 'lang="en"' in parts(mail)[1]
    assert "Hello Jonas" in parts(mail)[0]


def test_two_children_in_the_class_are_both_named_and_a_sibling_elsewhere_is_not(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish
) -> None:
    make.tie(homes.guardian_of_two, make.make_pupil(homes.third, "Yasmin"))
    publish()
    work(worker)
    mail = inbox.mails[inbox.addresses.index("guardian-of-two@hjem.example")]
    assert mail["Subject"] == "Nyt fra 3.A (Otto og Yasmin)"


def test_two_who_share_an_address_get_one_each_by_name(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish
) -> None:
    homes.other_home.email = homes.guardian.email
    publish()
    work(worker)
    shared = [parts(m)[0] for m, a in zip(inbox.mails, inbox.addresses, strict=True) if a == "guardian@hjem.example"]
    assert len(shared) == 2
    assert {"Hej Mette" in text for text in shared} == {True, False}
    assert {"Hej Jonas" in text for text in shared} == {True, False}


@pytest.mark.parametrize("who", ["the child", "the guardian"])
@pytest.mark.parametrize("protection", [Protection.NAME, Protection.ADDRESS])
def test_protected_people_get_a_mail_that_names_nobody(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, who: str, protection: Protection
) -> None:
    protected = homes.alma if who == "the child" else homes.guardian
    protected.protection, protected.alias = protection, "Person 7"
    publish()
    work(worker)
    mail = inbox.mails[inbox.addresses.index("guardian@hjem.example")]
    assert mail["Subject"] == "Der er nyt til dig"
    for text in parts(mail):
        for secret in ("Mette", "Alma", "3.A", "Person 7"):
            assert secret not in text
    other = inbox.mails[inbox.addresses.index("other-home@hjem.example")]
    assert (other["Subject"] == "Der er nyt til dig") == (who == "the child")


def test_odd_names_stay_in_their_place(worker: Worker, inbox: Inbox, homes: Cast, publish: Publish) -> None:
    homes.guardian.first_name = "<b>Mette</b> {{ 7 * 7 }} %(x)s"
    homes.alma.first_name = "Alma\nBcc: alle@hjem.example"
    publish()
    work(worker)
    mail = inbox.mails[inbox.addresses.index("guardian@hjem.example")]
    plain, html = parts(mail)
    assert mail["Bcc"] is None
    assert "<b>Mette</b> {{ 7 * 7 }} %(x)s" in plain
    assert "&lt;b&gt;Mette&lt;/b&gt; {{ 7 * 7 }} %(x)s" in html


def test_without_a_mail_server_the_list_alone_tells(app: Flask, homes: Cast, publish: Publish, inbox: Inbox) -> None:
    worker = Worker(app)
    worker.settings = replace(worker.settings, demo=False, smtp_url="")
    worker.chores = []
    publish()
    work(worker)
    assert told(homes) == HOMES
    assert mail_rows() == []


def test_the_unread_count_is_on_every_page_and_falls_when_one_reads(
    worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    update = publish()
    publish()
    work(worker)
    home = client_of(homes.guardian)
    assert '<span class="count">2<' in home.get("/help").text
    front = home.get("/").text
    assert "Du har 2 nye beskeder" in front
    assert "2 om nyt fra klasseteamet" in front, "it says what they are"
    home.get(f"/updates/{update.id}")
    assert '<span class="count">1<' in home.get("/help").text
    assert '<span class="count">' not in client_of(homes.class_teacher).get("/help").text


def test_opening_a_line_counts_it_and_leads_to_its_page(
    worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    first, second = publish(), publish()
    work(worker)
    home = client_of(homes.guardian)
    page = home.get("/notifications/").text
    assert page.count("Nyt fra 3.A (Alma)") == 2
    rows = db.session.scalars(
        select(Delivery.id).where(Delivery.user_id == homes.guardian.id, Delivery.channel == Channel.PORTAL)
    ).all()
    for row_id, update in zip(sorted(rows), (first, second), strict=True):
        answer = home.send(f"/notifications/{row_id}/opened", key="one key for the whole page")
        assert (answer.status_code, answer.location) == (303, f"/updates/{update.id}")
    assert '<span class="count">' not in home.get("/notifications/").text


def test_nobody_opens_somebody_else_s_or_a_mail(
    worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    publish()
    work(worker)
    rows = list(db.session.scalars(select(Delivery).where(Delivery.user_id == homes.guardian.id)))
    for row in rows:
        assert client_of(homes.other_home).send(f"/notifications/{row.id}/opened").status_code == 404
        status = client_of(homes.guardian).send(f"/notifications/{row.id}/opened").status_code
        assert status == (303 if row.channel == Channel.PORTAL else 404)
    assert client_of(homes.guardian).send("/notifications/999999/opened").status_code == 404


def test_everything_can_be_counted_as_read_at_once_and_only_one_s_own(
    worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    publish()
    publish()
    work(worker)
    assert client_of(homes.guardian).send("/notifications/all-opened").status_code == 303
    opened = db.session.execute(select(Delivery.user_id, Delivery.channel).where(Delivery.is_opened)).all()
    assert [tuple(row) for row in opened] == [(homes.guardian.id, Channel.PORTAL)] * 2


def test_a_class_that_is_no_longer_one_s_own_is_not_named_nor_listed(
    worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    update = publish()
    work(worker)
    _ended(homes)
    home = client_of(homes.guardian)
    page = home.get("/notifications/").text
    assert "3.A" not in page
    assert "Alma" not in page
    assert "Her er roligt" in page
    assert home.get(f"/updates/{update.id}").status_code == 404


@pytest.mark.parametrize("before", ["", "x", "-1", "0", "9" * 30, "1.5", "%00", "１"])
def test_a_page_of_the_list_that_is_none_is_the_first(
    worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf, before: str
) -> None:
    publish()
    work(worker)
    answer = client_of(homes.guardian).get(f"/notifications/?before={before}")
    assert answer.status_code in (200, 400)


def test_the_list_goes_on_to_older_pages(worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf) -> None:
    worker.settings = replace(worker.settings, demo=False, smtp_url="")  # no mail
    for _ in range(32):
        publish()
    work(worker)
    home = client_of(homes.guardian)
    first = home.get("/notifications/").text
    assert first.count("Nyt fra 3.A") == 30
    before = first.split("?before=")[1].split('"')[0]
    assert home.get(f"/notifications/?before={before}").text.count("Nyt fra 3.A") == 2


def test_the_demo_s_mail_is_written_down_and_shown(
    app: Flask, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    homes.alma.first_name = "<Alma>"
    publish()
    worker = Worker(app)
    work(worker)
    assert states() == {DeliveryState.SENT: 4}
    page = client_of(homes.guardian).get("/notifications/mail").text
    assert "Nyt fra 3.A (&lt;Alma&gt;)" in page
    assert "guardian@hjem.example" in page
    folder = app.extensions["portal.settings"].instance / "mail"
    for file in folder.glob("*.eml"):
        assert file.stat().st_mode & 0o777 == 0o600
        file.write_bytes(b"\xff\xfe no mail")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert client_of(homes.guardian).get("/notifications/mail").status_code == 200


def test_the_demo_s_mailbox_shows_one_s_own_mail_alone(
    app: Flask, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    publish()
    work(Worker(app))
    for reader in (homes.office, homes.leader, homes.class_teacher, homes.newcomer):
        assert "hjem.example" not in client_of(reader).get("/notifications/mail").text
    page = client_of(homes.guardian).get("/notifications/mail").text
    assert page.count("hjem.example") == page.count("guardian@hjem.example") == 1
    homes.guardian.email = "another@hjem.example"
    assert "hjem.example" not in client_of(homes.guardian).get("/notifications/mail").text, "mail of an earlier demo"


def test_the_mailbox_is_the_demo_s_alone(
    app: Flask, homes: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["portal.settings"]
    monkeypatch.setitem(app.extensions, "portal.settings", replace(settings, demo=False))
    assert client_of(homes.guardian).get("/notifications/mail").status_code == 404


@pytest.mark.both
def test_readiness_fails_when_nobody_has_been_told_for_an_hour(
    worker: Worker, inbox: Inbox, publish: Publish, client: IsolatedClient, wall_clock: Move, database: str
) -> None:
    inbox.answers["guardian@hjem.example"] = "450 later"
    publish()
    assert client.get("/readyz").status_code == 200
    wall_clock(timedelta(hours=1))
    assert client.get("/readyz").json == {"status": "mail is not going out"}, "an act nobody was told of"
    tell(worker)
    assert client.get("/readyz").status_code == 200
    wall_clock(timedelta(hours=1))
    assert client.get("/readyz").status_code == 503, "mail nobody has tried to send"
    work(worker)
    assert client.get("/readyz").status_code == 200
    wall_clock(timedelta(hours=5))
    assert client.get("/readyz").status_code == 200, "one mailbox that is full is not the portal's fault"


@pytest.mark.both
def test_1100_guardians_at_once_cost_the_publishing_page_nothing(
    app: Flask,
    worker: Worker,
    homes: Cast,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
) -> None:
    def publish_and_count() -> int:
        update = make.make_update(homes.third, homes.class_teacher, published_at=None)
        team = client_of(homes.class_teacher)
        db.session.commit()
        with statements() as seen:
            assert team.send(f"/updates/{update.id}/publish", {"version": 1}).status_code == 303
        return len(seen)

    few = publish_and_count()
    work(worker)
    db.session.query(Delivery).delete()
    _fill(homes, 1100)
    assert publish_and_count() == few
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0, "the page tells nobody itself"
    with statements() as seen:
        tell(worker)
    assert len(seen) < 20, "in portions, and not one by one"
    rows = db.session.execute(select(Delivery.channel, func.count()).group_by(Delivery.channel)).all()
    assert {tuple(row) for row in rows} == {(Channel.PORTAL, 1104), (Channel.MAIL, 1104)}
    db.session.commit()
    monkeypatch.setattr(mailing, "MAILS_PER_CLAIM", 100)
    asked: list[str] = []
    notice = worker.notices[ActKind.UPDATE_PUBLISHED]

    def recipients(update: Any, today: Any) -> Collection[int]:
        asked.append("once")
        return notice.recipients(update, today)

    worker.notices = {notice.kind: replace(notice, recipients=recipients)}
    with statements() as seen:
        worker.round()
    assert len(seen) < 240, "two statements a mail and some for each portion, and not everybody again"
    assert asked == ["once"], "whom it is for, in two portions"
    assert states()[DeliveryState.SENT] == 100


def _fill(cast: Cast, guardians: int) -> None:
    """Many more guardians of 3.A, with an address each."""
    users = [
        {
            "user_name": f"many{i}",
            "first_name": "F",
            "last_name": "E",
            "email": f"many{i}@hjem.example",
            "created_at": NOON,
            "alias": "",
            "protection": Protection.NONE,
        }
        for i in range(guardians)
    ]
    ids = list(db.session.scalars(insert(User).returning(User.id), users))
    children = [{"external_id": f"many{i}", "first_name": "B", "last_name": "E"} for i in range(guardians // 2)]
    pupils = list(db.session.scalars(insert(Pupil).returning(Pupil.id), children))
    db.session.execute(
        insert(Enrolment), [{"pupil_id": p, "class_id": cast.third.id, "starts_on": make.LONG_AGO} for p in pupils]
    )
    db.session.execute(
        insert(Guardianship),
        [
            {
                "guardian_id": user_id,
                "pupil_id": pupils[number // 2],
                "kind": GuardianshipKind.CUSTODY,
                "starts_on": make.LONG_AGO,
            }
            for number, user_id in enumerate(ids)
        ],
    )
    db.session.execute(
        insert(MailChoice), [{"user_id": i, "topic": Topic.EVERYTHING, "rhythm": Rhythm.AT_ONCE} for i in ids]
    )
    db.session.commit()


def test_two_notices_do_not_speak_of_one_kind(worker: Worker) -> None:
    notice = worker.notices[ActKind.UPDATE_PUBLISHED]
    with pytest.raises(ValueError, match="update_published"):
        collect([notice], [notice])


def test_what_every_page_asks_is_answered_by_an_index(app: Flask, homes: Cast, client_of: ClientOf) -> None:
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        asked.append((statement, parameters))

    home = client_of(homes.guardian)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        home.get("/help")
        queries.has_due_mail(now=clock.now())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    for index in ("ix_delivery_unopened", "ix_delivery_waiting"):
        plans = [
            str(db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            for statement, parameters in asked
            if "delivery" in statement
        ]
        assert any(f"INDEX {index} (" in plan for plan in plans), [p for p in plans if "delivery" in p][0][-2500:]


def test_the_list_names_things_while_their_reader_may_see_them(
    worker: Worker, homes: Cast, client_of: ClientOf, publish: Publish
) -> None:
    soup = make.make_event(homes.third, homes.class_teacher, "Suppe til alle")
    (teacher,) = load_people([homes.class_teacher.id], today=clock.today())
    acts.record(teacher, ActKind.EVENT_CREATED, soup, now=clock.now())
    update = publish()
    work(worker)
    page = client_of(homes.guardian).get("/notifications/").text
    assert ">Hemmelig overskrift</button>" in page
    assert ">Suppe til alle, 4. december</button>" in page
    assert "Nyt fra 3.A (Alma)" in page
    update.state, update.published_at = UpdateState.WITHDRAWN, None
    assert "Hemmelig overskrift" not in client_of(homes.guardian).get("/notifications/").text
    db.session.query(Guardianship).filter_by(guardian_id=homes.guardian.id).update(
        {"ends_on": clock.today() - timedelta(days=1)}
    )
    left = client_of(homes.guardian).get("/notifications/").text
    assert "Suppe til alle" not in left


def test_the_list_ends_and_older_lines_are_one_press_away(homes: Cast, client_of: ClientOf) -> None:
    update = make.make_update(homes.third, homes.class_teacher, "Nyt")
    for _ in range(20):
        act = Act(kind=ActKind.UPDATE_PUBLISHED, subject_id=update.id, at=clock.now())
        db.session.add(act)
        db.session.flush()
        services.keep_deliveries(act.id, {homes.guardian.id: homes.third.id}, with_mail={}, now=clock.now())
    page = client_of(homes.guardian).get("/notifications/").text
    first, _, older = page.partition('<details class="fold">')
    assert (first.count("/opened"), older.count("/opened")) == (12, 8)
