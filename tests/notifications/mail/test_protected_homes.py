"""Mail to a home under protection: no name, no school, no host and no link, or no mail at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.accounts.protection import Protection
from portal.notifications.models import DeliveryState
from portal.notifications.worker import Worker
from portal.updates.models import WellbeingUpdate
from tests.cast import Cast
from tests.conftest import IsolatedClient
from tests.notifications.post_office import Inbox, states, tell, work

Publish = Callable[[], WellbeingUpdate]
ClientOf = Callable[[User], IsolatedClient]
ADDRESS = "guardian@hjem.example"
#: The portal's colours and font too: they are as good as its name.
GIVES_AWAY = ("Alslev", "alslev", "trivsel", "3.A", "Alma", "Mette", "http", "127.0.0.1", "<style", "#", "font")


def protect(homes: Cast, who: str) -> None:
    protected = homes.alma if who == "the child" else homes.guardian
    protected.protection = Protection.ADDRESS


@pytest.mark.both
@pytest.mark.parametrize("who", ["the child", "the guardian"])
def test_nothing_in_it_says_where_somebody_is(
    app: Flask,
    worker: Worker,
    inbox: Inbox,
    homes: Cast,
    publish: Publish,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
    who: str,
) -> None:
    settings = replace(app.extensions["portal.settings"], base_url="https://trivsel.alslevskole.dk")
    monkeypatch.setitem(app.extensions, "portal.settings", settings)
    protect(homes, who)
    publish()
    work(worker)
    mail = inbox.mails[inbox.addresses.index(ADDRESS)]
    assert mail["From"] == "Nyt til dig <nyt@post.example>"
    assert mail["Message-ID"].endswith("@post.example>")
    whole = bytes(mail).decode() + "".join(part.get_content() for part in mail.iter_parts())
    assert not [word for word in GIVES_AWAY if word in whole]
    assert inbox.senders[inbox.addresses.index(ADDRESS)] == "nyt@post.example", "bounces go there too"
    assert set(inbox.senders) == {"nyt@post.example", "trivsel@alslev.example"}
    assert inbox.greetings == {"post.example"}
    open_home = inbox.mails[inbox.addresses.index("foster-parent@hjem.example")]
    assert "https://trivsel.alslevskole.dk/updates/" in open_home.as_string()


def test_a_neutral_sender_that_the_server_refuses_holds_no_other_mail_up(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish
) -> None:
    inbox.answers["nyt@post.example"] = "553 not yours to send for"
    protect(homes, "the guardian")
    publish()
    work(worker)
    assert len(inbox.addresses) == 3
    assert ADDRESS not in inbox.addresses
    assert states() == {DeliveryState.SENT: 3, DeliveryState.WAITING: 1}


@pytest.mark.both
def test_without_a_neutral_sender_there_is_none_and_their_page_says_so(
    app: Flask,
    worker: Worker,
    inbox: Inbox,
    homes: Cast,
    publish: Publish,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    database: str,
) -> None:
    settings = replace(app.extensions["portal.settings"], neutral_mail_from="")
    monkeypatch.setitem(app.extensions, "portal.settings", settings)
    protect(homes, "the child")
    homes.guardian.language = homes.guardian_of_two.language = "en"
    publish()
    work(worker)
    assert sorted(inbox.addresses) == ["foster-parent@hjem.example", "guardian-of-two@hjem.example"]
    words = "we send you no e-mail"
    assert words in client_of(homes.guardian).get("/notifications/choices/").text
    assert words not in client_of(homes.guardian_of_two).get("/notifications/choices/").text


def test_a_protection_that_comes_after_the_news_counts_when_the_mail_leaves(
    worker: Worker, inbox: Inbox, homes: Cast, publish: Publish
) -> None:
    publish()
    tell(worker)
    protect(homes, "the guardian")
    work(worker)
    assert inbox.mails[inbox.addresses.index(ADDRESS)]["From"] == "Nyt til dig <nyt@post.example>"
