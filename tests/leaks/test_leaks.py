"""Everybody reads all they can reach, and nobody a word that is not for them: pages, paper, files, mail, log."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from email.message import EmailMessage
from itertools import product
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.acts.topics import Rhythm
from portal.database import db
from portal.notifications.worker import Worker
from portal.people import BY_ITSELF
from portal.text import clock
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient
from tests.leaks.school import MARK, NOBODY_YET, School, make_school, words_in
from tests.notifications.post_office import want_mail
from tests.pages import PAGES
from tests.test_pages import path_of

#: Those at an edge: each is next to something that is not for them.
AT_AN_EDGE = (
    *("public", "newcomer", "helper", "helper_of_closed", "helper_without_source", "closed_guardian"),
    *("former_guardian", "guardian", "guardian_elsewhere", "foster_parent", "council_member", "member_elsewhere"),
    *("teacher_elsewhere", "leader", "leader_and_guardian", "office", "akt", "former_leader", "facilitator_elsewhere"),
)
#: What an id in an address may be in the long form: every row a small school has.
IDS = range(1, 19)
#: Of two ids one may be any, and the other one of these: most pairs have nothing to do with each other.
BESIDE = range(1, 4)
KINDS: dict[str, tuple[Any, ...]] = {
    "kind": ("rules", "parents"),
    "key": ("k1", "k2"),
    "number": (1, 2, 3),
    "before": (1, 2),
    "after": (2, 3),
    "school_year": (2025, 2026),
}


@pytest.fixture
def school(cast: Cast) -> School:
    return make_school(cast)


def browsers(school: School, names: Iterable[str], client_of: ClientOf, client: IsolatedClient) -> dict[str, Any]:
    return {name: client if name == "public" else client_of(school.people[name]) for name in names}


def leaks(school: School, readers: dict[str, Any], paths: Iterable[str]) -> tuple[list[str], set[str], int]:
    """Who read what they may not, every word that somebody read, and how many pages were opened."""
    found, seen, count = [], set[str](), 0
    for path in paths:
        for name, browser in readers.items():
            answer = browser.get(path)
            count += 1
            assert answer.status_code < 500, (name, path)
            for word in words_in(answer.text + answer.headers.get("Location", ""), school.readers):
                seen.add(word)
                if name not in school.readers[word]:
                    found.append(f"{name} reads {school.about[word]} on {path}")
    return sorted(set(found)), seen, count


def every_address(app: Flask, ids: range = IDS) -> list[str]:
    """Every address of the URL map with every id there may be, but those with a secret in them."""
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.redirect_to and not rule.arguments & {"token", "filename"}:
            found += _filled(app, rule, ids)
    return found


def _filled(app: Flask, rule: Rule, ids: range) -> list[str]:
    names = sorted(rule.arguments)
    choices = [KINDS.get(name, ids if name.endswith("_id") else ("x",)) for name in names]
    adapter = app.url_map.bind("")
    return [
        adapter.build(rule.endpoint, dict(zip(names, values, strict=True)))
        for values in product(*choices)
        if sum(name.endswith("_id") and value not in BESIDE for name, value in zip(names, values, strict=True)) < 2
    ]


def test_short_nobody_at_an_edge_reads_what_is_not_for_them(
    app: Flask, school: School, client_of: ClientOf, client: IsolatedClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="portal")
    paths = [*(path_of(app, page, school.world) for page in PAGES), *school.more]
    found, seen, _ = leaks(school, browsers(school, AT_AN_EDGE, client_of, client), paths)
    assert found == [], "\n".join(found)
    meant = {word for word, readers in school.readers.items() if readers.intersection(AT_AN_EDGE)}
    assert len(seen) > len(meant) / 2, "a test that sees nothing holds nothing"
    assert MARK not in caplog.text.lower()


@pytest.mark.attack
@pytest.mark.both
def test_nobody_reads_what_is_not_for_them_anywhere(
    app: Flask, school: School, client_of: ClientOf, client: IsolatedClient, database: str
) -> None:
    """On PostgreSQL by those at an edge, and fewer ids: a read takes three times as long there."""
    examples = [path_of(app, page, school.world) for page in PAGES]
    ids = IDS if database == "sqlite" else IDS[:6]
    paths = dict.fromkeys([*examples, *school.more, *every_address(app, ids)])
    names = ("public", *school.people) if database == "sqlite" else AT_AN_EDGE
    found, seen, count = leaks(school, browsers(school, names, client_of, client), paths)
    print(f"{database}: {len(names)} people, {len(paths)} addresses, {count} reads, {len(seen)} words seen")
    assert found == [], "\n".join(found)
    unseen = {
        school.about[word] for word, own in school.readers.items() if own.intersection(names) and word not in seen
    }
    assert len(unseen) < 6, unseen


class Basket:
    """A post that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []

    def send(self, message: EmailMessage, address: str) -> None:
        self.mails.append((address, message))

    def interrupt(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


TOLD = {
    ActKind.UPDATE_PUBLISHED: "update",
    ActKind.EVENT_CREATED: "event",
    ActKind.AMENDMENT_SUBMITTED: "amendment",
    ActKind.COMMENT_REPORTED: "comment",
    ActKind.COUNCIL_MEETING_PLANNED: "meeting",
}


def test_short_no_mail_says_more_than_its_reader_may_know(app: Flask, school: School) -> None:
    of = {}
    for name, user in school.people.items():
        user.email = user.email or f"{name.replace('_', '-')}@hjem.example"
        of[user.email] = name
        want_mail(user, Rhythm.AT_ONCE)
    for kind, what in TOLD.items():
        acts.record(BY_ITSELF, kind, getattr(school.world, what), now=clock.now())
    db.session.commit()
    basket = Basket()
    worker = Worker(app, basket)
    worker.chores = []
    while worker.round():
        pass
    assert len(basket.mails) > 15
    told = {of[address] for address, _ in basket.mails}
    assert told.isdisjoint(NOBODY_YET | {"closed_guardian", "helper_of_closed", "former_guardian", "former_member"})
    for address, mail in basket.mails:
        parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        text = "".join([str(mail["Subject"]), *parts]).replace(address, "")
        for word in words_in(text, school.readers):
            assert of[address] in school.readers[word], (of[address], school.about[word])
            assert school.about[word] in {"ClassEvent.title", "ClassEvent.place", "WellbeingUpdate.title"}
