"""The link that ends mail with one press: for exactly one person and one kind, and for nothing else."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer

from portal.accounts.sign_in.passwords import hash_password
from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.topics import Rhythm, Topic
from portal.database import db
from portal.notifications.choices.models import MailChoice
from portal.notifications.choices.tokens import address_mark, topic_token
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, Move, at_once
from tests.notifications.post_office import Inbox, want_mail, work

ADDRESS = "guardian@hjem.example"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def reached(cast: Cast) -> Cast:
    """The cast, with an address for the guardian."""
    cast.guardian.email = ADDRESS
    db.session.commit()
    return cast


def path(app: Flask, cast: Cast, topic: Topic = Topic.EVENTS, email: str = ADDRESS) -> str:
    return f"/notifications/choices/{topic_token(cast.guardian.id, topic, email, app.config['SECRET_KEY'])}"


def chosen() -> set[tuple[int, str, str]]:
    return {(row.user_id, row.topic.value, row.rhythm.value) for row in db.session.query(MailChoice)}


@pytest.mark.both
def test_a_mail_program_ends_a_kind_with_one_press_and_no_session(
    app: Flask, reached: Cast, worker: Worker, inbox: Inbox, client: IsolatedClient, database: str
) -> None:
    want_mail(reached.guardian)
    want_mail(reached.other_home)
    event = make.make_event(reached.third, reached.class_teacher)
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    work(worker)
    (mail,) = inbox.mails
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = urlsplit(mail["List-Unsubscribe"].strip("<>"))
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            answer = client.post(link.path, data=ONE_CLICK, content_type=kind)
            assert answer.status_code == 200, "and not a redirect (RFC 8058)"
            assert "Set-Cookie" not in answer.headers
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    mine = {(topic, rhythm) for user_id, topic, rhythm in chosen() if user_id == reached.guardian.id}
    assert mine == {("everything", "at_once"), ("events", "off")}
    assert {row for row in chosen() if row[0] == reached.other_home.id} == {
        (reached.other_home.id, "everything", "at_once")
    }


def test_looking_at_the_link_changes_nothing_and_says_nothing_of_anybody(
    app: Flask, reached: Cast, client: IsolatedClient
) -> None:
    page = client.get(path(app, reached))
    assert page.status_code == 200
    assert chosen() == set()
    for secret in ("Mette", "Alma", ADDRESS, "3.A"):
        assert secret not in page.text
    assert client.send(path(app, reached)).status_code == 200
    assert chosen() == {(reached.guardian.id, "events", "off")}
    assert client.get("/notifications/").status_code == 303, "nobody has been signed in"


def test_the_day_s_mail_ends_what_comes_in_it_and_leaves_the_rest(
    app: Flask, reached: Cast, worker: Worker, inbox: Inbox, client: IsolatedClient, wall_clock: Move
) -> None:
    want_mail(reached.guardian, Rhythm.AT_ONCE, Topic.EVENTS)
    update = make.make_update(reached.third, reached.class_teacher)
    acts.record(BY_ITSELF, ActKind.UPDATE_PUBLISHED, update, now=clock.now())
    work(worker)
    wall_clock(timedelta(hours=5))
    work(worker)
    (mail,) = inbox.mails
    client.post(urlsplit(mail["List-Unsubscribe"].strip("<>")).path, data=ONE_CLICK)
    mine = {(topic, rhythm) for _, topic, rhythm in chosen()}
    assert mine == {("events", "at_once"), ("news", "off"), ("agreements", "off"), ("strategy", "off")}


def test_twice_and_many_times_at_once_is_once(app: Flask, reached: Cast) -> None:
    link = path(app, reached)
    statuses = at_once(*(lambda: app.test_client().post(link, data=ONE_CLICK).status_code,) * 4)
    assert statuses == [200] * 4
    assert chosen() == {(reached.guardian.id, "events", "off")}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_none_ends_nothing(
    app: Flask, reached: Cast, client: IsolatedClient, client_of: ClientOf, method: str
) -> None:
    good = path(app, reached)
    key, name = app.config["SECRET_KEY"], "end-mail"
    user_id, mark = reached.guardian.id, address_mark(ADDRESS)

    def signed(payload: object, salt: str = name, secret: str = key) -> str:
        return f"/notifications/choices/{URLSafeSerializer(secret, salt=salt).dumps(payload)}"

    wrong = [
        good[:-1],
        good + "x",
        good.replace(".", "", 1),
        "/notifications/choices/x",
        "/notifications/choices/" + "9" * 10_000,
        path(app, reached, email="en-anden@hjem.example"),
        signed([user_id, "events", mark], secret="x" * 40),
        signed([user_id, "events", mark], salt="address-proof"),
        signed([reached.other_home.id, "events", mark]),
        signed([user_id, "safety", mark]),
        signed([user_id, "nothing", mark]),
        signed([user_id, "events"]),
        signed([None, "events", mark]),
        signed({"user": user_id}),
        signed("events"),
    ]
    for browser in (client, client_of(reached.guardian)):
        for link in wrong:
            assert getattr(browser, method)(link).status_code == 404, link
    assert chosen() == set()


@pytest.mark.parametrize("lose", ["a new address", "no address", "a closed account"])
def test_a_link_holds_for_the_address_it_was_mailed_to(
    app: Flask, reached: Cast, client: IsolatedClient, lose: str
) -> None:
    link = path(app, reached)
    if lose == "a closed account":
        reached.guardian.deactivated_at = clock.now()
    else:
        reached.guardian.email = "ny@hjem.example" if lose == "a new address" else None
    assert client.post(link, data=ONE_CLICK).status_code == 404
    assert chosen() == set()
    page = client.get(link)
    assert page.status_code == 404
    assert "/notifications/choices/" in page.text, "it says where to choose"


def test_the_link_of_a_mail_leads_to_the_page_that_answers_after_one_sign_in_that_lasts(
    reached: Cast, worker: Worker, inbox: Inbox, client: IsolatedClient, wall_clock: Move
) -> None:
    reached.guardian.password_hash = hash_password("tre ord her")
    event = make.make_event(reached.third, reached.class_teacher)
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now())
    work(worker)
    wall_clock(timedelta(hours=5))
    work(worker)
    (mail,) = inbox.mails
    assert f"/events/{event.id}" in str(mail)
    to_sign_in = client.get(f"/events/{event.id}")
    assert to_sign_in.status_code == 303
    signed_in = client.send(
        to_sign_in.location, {"login": reached.guardian.user_name, "password": "tre ord her", "remember": "y"}
    )
    assert signed_in.location == f"/events/{event.id}"
    wall_clock(timedelta(days=6))
    page = client.get(f"/events/{event.id}")
    assert page.status_code == 200
    assert f"/events/{event.id}/answers/choose" in page.text, "and the answer is one press"
