"""An address that an inviter typed is told nothing before its mailbox has answered, and then only at a press."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.accounts.proof.tokens import proof_token
from portal.acts import services as acts
from portal.acts.models import Act, ActKind
from portal.database import db
from portal.notifications.models import Channel, Delivery
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.school.models import GuardianshipKind
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient, at_once
from tests.notifications.conftest import inbox, port, worker  # noqa: F401 - fixtures
from tests.notifications.post_office import Inbox, whole_text, work

ClientOf = Callable[[User], IsolatedClient]
Move = Callable[[timedelta], None]
ADDRESS = "farmor@hjem.example"
ASK = "/accounts/proof"


@pytest.fixture
def farmor(cast: Cast) -> User:
    """A helper as a guardian invites one, who has opened the invitation."""
    user = make.make_user("Birthe", "Sand", external_id=None, email=ADDRESS, password_hash="x", language="en")
    make.tie(user, cast.alma, GuardianshipKind.HELPER, invited_by=cast.guardian)
    db.session.commit()
    return user


def tell_of_an_event(cast: Cast) -> None:
    event = make.make_event(cast.third, cast.guardian)
    db.session.flush()
    acts.record(BY_ITSELF, ActKind.EVENT_CREATED, event, now=clock.now(), is_urgent=True)


def link_in(inbox: Inbox) -> str:  # noqa: F811 - the fixture
    text = whole_text(inbox.mails[inbox.addresses.index(ADDRESS)])
    found = re.search(r"http://127.0.0.1:8000(/accounts/proof/\S+)", text)
    assert found is not None
    return found[1].rstrip('"')


@pytest.mark.both
def test_an_address_is_told_nothing_until_it_is_proved_at_a_press(
    worker: Worker,  # noqa: F811
    inbox: Inbox,  # noqa: F811
    cast: Cast,
    farmor: User,
    client_of: ClientOf,
    client: IsolatedClient,
    database: str,
) -> None:
    tell_of_an_event(cast)
    work(worker)
    assert inbox.addresses == []
    browser = client_of(farmor)
    assert "Somebody else wrote farmor@hjem.example down for you." in browser.get("/notifications/choices/").text
    assert browser.send(ASK).status_code == 303
    work(worker)
    assert inbox.addresses == [ADDRESS]
    said = whole_text(inbox.mails[0])
    assert not [word for word in ("Birthe", "Sand", "Alma", "3.A", "Mette", "Alslev Skole") if word in said]
    assert db.session.query(Delivery).filter_by(user_id=farmor.id, channel=Channel.PORTAL).count() == 1, "the event's"
    path = link_in(inbox)
    assert ADDRESS in client.get(path).text
    db.session.refresh(farmor)
    assert farmor.proved_email is None, "no GET writes: mail programs look into links"
    assert client.send(path).status_code == 303
    tell_of_an_event(cast)
    work(worker)
    assert inbox.addresses == [ADDRESS, ADDRESS]
    assert "We write to farmor@hjem.example" in browser.get("/notifications/choices/").text


def test_whoever_never_opened_the_invitation_gets_no_mail(
    worker: Worker,  # noqa: F811
    inbox: Inbox,  # noqa: F811
    cast: Cast,
    farmor: User,
) -> None:
    farmor.password_hash = None
    tell_of_an_event(cast)
    work(worker)
    assert inbox.addresses == []


def test_the_register_and_the_office_are_believed(
    worker: Worker,  # noqa: F811
    inbox: Inbox,  # noqa: F811
    cast: Cast,
    client_of: ClientOf,
) -> None:
    cast.guardian.email = "guardian@hjem.example"
    by_hand = make.make_user("Ole", external_id=None, email="ole@hjem.example")
    make.tie(by_hand, cast.alma, GuardianshipKind.FOSTER)
    tell_of_an_event(cast)
    work(worker)
    assert sorted(inbox.addresses) == ["guardian@hjem.example", "ole@hjem.example"]
    assert client_of(cast.guardian).send(ASK).status_code == 303
    assert db.session.query(Act).filter_by(kind=ActKind.ADDRESS_TO_PROVE).count() == 0


@pytest.mark.both
def test_a_stranger_is_bothered_once_a_day_however_often_somebody_presses(
    worker: Worker,  # noqa: F811
    inbox: Inbox,  # noqa: F811
    farmor: User,
    client_of: ClientOf,
    wall_clock: Move,
    database: str,
) -> None:
    browsers = [client_of(farmor) for _ in range(4)]
    at_once(*(lambda browser=browser: browser.send(ASK).status_code for browser in browsers))
    work(worker)
    assert inbox.addresses == [ADDRESS]
    wall_clock(timedelta(days=1, minutes=1))
    client_of(farmor).send(ASK)
    work(worker)
    assert inbox.addresses == [ADDRESS, ADDRESS]


def test_a_link_proves_the_address_it_was_sent_to_and_no_other(
    app: Flask, cast: Cast, farmor: User, client: IsolatedClient
) -> None:
    def path(user: User, email: str, key: str = "s" * 40) -> str:
        return f"/accounts/proof/{proof_token(user.id, email, key)}"

    others = [
        path(farmor, "en.anden@hjem.example"),
        path(cast.helper, ADDRESS),
        path(farmor, ADDRESS, "x" * 40),
        "/accounts/proof/x",
    ]
    right = path(farmor, ADDRESS)
    for wrong in others:
        assert client.get(wrong).status_code == client.send(wrong).status_code == 404, wrong
    farmor.deactivated_at = clock.now()
    assert client.send(right).status_code == 404, "a closed account"
    farmor.deactivated_at = None
    assert [client.send(right).status_code for _ in range(2)] == [303, 303], "twice is once"
    db.session.refresh(farmor)
    assert farmor.proved_email == ADDRESS
    farmor.email = "ny@hjem.example"
    assert client.send(right).status_code == 404, "late: the address is another by now"


def test_a_press_by_somebody_else_asks_for_their_own_address_alone(
    worker: Worker,  # noqa: F811
    inbox: Inbox,  # noqa: F811
    cast: Cast,
    farmor: User,
    client: IsolatedClient,
    client_of: ClientOf,
) -> None:
    assert client.send(ASK).status_code == 401
    client_of(cast.guardian).send(ASK)
    work(worker)
    assert inbox.addresses == []
