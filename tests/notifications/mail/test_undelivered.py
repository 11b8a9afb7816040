"""Mail that cannot be delivered is seen by the person and by the office alone; hosts with æ, ø and å work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import MailFault, User
from portal.database import db
from portal.notifications.models import DeliveryState
from portal.notifications.worker import Worker
from portal.updates.models import WellbeingUpdate
from tests.cast import Cast
from tests.conftest import IsolatedClient
from tests.notifications.post_office import Inbox, mail_rows, states, work

Publish = Callable[[], WellbeingUpdate]
ClientOf = Callable[[User], IsolatedClient]
ADDRESS = "guardian@hjem.example"
UNDELIVERED = "/accounts/users/undelivered"
NOT_ARRIVED = "Our last e-mail to guardian@hjem.example did not arrive."


@pytest.fixture(autouse=True)
def they_read_english(homes: Cast) -> None:
    for user in homes.users.values():
        user.language = "en"


@pytest.mark.both
def test_a_refused_address_is_shown_to_the_person_and_the_office_until_mail_arrives(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, client_of: ClientOf, database: str
) -> None:
    home, office = client_of(homes.guardian), client_of(homes.office)
    assert "E-mail does not reach" not in office.get("/accounts/users").text
    inbox.answers[ADDRESS] = "550 no such mailbox"
    publish()
    work(worker)
    for path in ("/accounts/me", "/notifications/choices/"):
        assert NOT_ARRIVED in home.get(path).text, path
        assert "did not arrive" not in client_of(homes.other_home).get(path).text, path
    assert "E-mail does not reach 1 person" in office.get("/accounts/users").text
    page = office.get(UNDELIVERED).text
    assert ADDRESS in page
    assert "the mail server said no: SMTP 550" in page
    assert "E-mail does not arrive" in office.get(f"/accounts/users/{homes.guardian.id}").text
    del inbox.answers[ADDRESS]
    publish()
    work(worker)
    assert db.session.query(MailFault).count() == 0
    assert "did not arrive" not in home.get("/notifications/choices/").text
    assert ADDRESS not in office.get(UNDELIVERED).text


def test_an_address_that_is_none_is_shown_too_and_forgotten_when_it_is_another(
    worker: Worker, homes: Cast, publish: Publish, client_of: ClientOf
) -> None:
    homes.guardian.email = "søren@hjem.example"
    publish()
    work(worker)
    office = client_of(homes.office)
    assert "no mail can be sent to such an address" in office.get(UNDELIVERED).text
    homes.guardian.email = ADDRESS
    assert "Everybody is reached" in office.get(UNDELIVERED).text
    assert "did not arrive" not in client_of(homes.guardian).get("/accounts/me").text


@pytest.mark.both
def test_a_mailbox_that_is_full_for_days_is_shown_when_it_is_given_up(
    worker: Worker,
    inbox: Inbox,
    homes: Cast,
    publish: Publish,
    wall_clock: Callable[[timedelta], None],
    database: str,
) -> None:
    inbox.answers[ADDRESS] = "452 mailbox full"
    publish()
    work(worker)
    assert db.session.query(MailFault).count() == 0, "it may still arrive"
    wall_clock(timedelta(days=3, hours=1))
    work(worker)
    fault = db.session.query(MailFault).one()
    assert (fault.user_id, fault.email, fault.why) == (homes.guardian.id, ADDRESS, "SMTP 452")


@pytest.mark.parametrize("name", ["class_teacher", "leader", "guardian", "helper", "council_member"])
def test_only_the_office_sees_the_list(homes: Cast, client_of: ClientOf, name: str) -> None:
    assert client_of(homes.users[name]).get(UNDELIVERED).status_code == 403


def test_a_portal_and_a_home_with_danish_letters_in_their_hosts_reach_each_other(
    app: Flask, worker: Worker, inbox: Inbox, homes: Cast, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(worker.settings, base_url="https://trivsel.østerskov.dk")
    monkeypatch.setitem(app.extensions, "portal.settings", settings)
    homes.guardian.email = "mette@ærø.dk"
    publish()
    work(worker)
    assert states() == {DeliveryState.SENT: 4}
    assert "mette@xn--r-3fa9c.dk" in inbox.addresses
    mail = inbox.mails[inbox.addresses.index("mette@xn--r-3fa9c.dk")]
    assert mail["To"] == "mette@xn--r-3fa9c.dk"
    assert mail["From"] == "Trivselsportalen <noreply@trivsel.xn--sterskov-44a.dk>"
    assert mail["Message-ID"].endswith("@trivsel.xn--sterskov-44a.dk>")
    (plain, html) = (part.get_content() for part in mail.iter_parts())
    assert "https://trivsel.xn--sterskov-44a.dk/updates/" in plain
    assert 'href="https://trivsel.xn--sterskov-44a.dk/updates/' in html
    assert {row.last_error for row in mail_rows()} == {""}
