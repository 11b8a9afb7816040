"""What leaves a council names no child: a finder of names over paper, sheets and public pages of a school of 600."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from html import unescape
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.models import User
from portal.council.models import Council
from portal.council.years.queries import list_years
from portal.database import db
from portal.demo.roster import PERSONAS
from portal.demo.school import STRATEGY, import_register, make_councils
from portal.people import load_people
from portal.school.models import Pupil, SchoolClass
from portal.strategy.amendments.models import Amendment
from portal.strategy.document import read_document
from portal.strategy.models import Clause
from portal.strategy.replies.models import ReplySheet
from portal.strategy.services import import_strategy
from portal.text import clock
from portal.themes.delivered import DELIVERED
from tests.conftest import ClientOf, IsolatedClient

PUPILS = 600
#: What an address that anybody opens may ask for; those with a token in them open one person's own page.
EXAMPLE = {"number": 1, "before": 1, "after": 1}


def public_pages(app: Flask) -> list[str]:
    """Every page that is opened without signing in."""
    clause_key = db.session.scalars(select(Clause.key).limit(1)).one()
    values = {**EXAMPLE, "key": clause_key}
    keys = {"themes.show_theme": DELIVERED[0].key}  # a theme's key, where others are a point's
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.redirect_to]
    with app.test_request_context():
        return [
            app.url_for(rule.endpoint, **{name: keys.get(rule.endpoint, values[name]) for name in rule.arguments})
            for rule in rules
            if getattr(app.view_functions[rule.endpoint], "action", "guarded") is None
            and rule.arguments <= values.keys()
        ]


class Finder:
    """Finds any of these pupils by their whole name, however it is joined: in a text, an address or a file's name."""

    def __init__(self, pupils: Iterable[Pupil]) -> None:
        names = {self._plain(name) for each in pupils for name in self._names(each)}
        self._names_by_first: dict[str, set[tuple[str, ...]]] = {}
        for name in names:
            parts = tuple(name.split())
            self._names_by_first.setdefault(parts[0], set()).add(parts)

    @staticmethod
    def _names(pupil: Pupil) -> list[str]:
        whole = f"{pupil.first_name} {pupil.last_name}"
        return [whole, f"{pupil.last_name} {pupil.first_name}"]

    @staticmethod
    def _plain(text: str) -> str:
        return " ".join(re.findall(r"[^\W_]+", unquote(unescape(text)).casefold()))

    def __call__(self, text: str) -> set[str]:
        words = self._plain(re.sub(r"</?(?:strong|em|ins|del|b|i|span|mark)\b[^>]*>", "", text)).split()
        return {
            " ".join(parts)
            for place, word in enumerate(words)
            for parts in self._names_by_first.get(word, ())
            if tuple(words[place : place + len(parts)]) == parts
        }


@pytest.fixture
def school(app: Flask) -> Finder:
    now = clock.now()
    import_register(PUPILS, now)
    (office,) = load_people([persona("office").id], today=clock.today())
    text = read_document(STRATEGY.read_text(encoding="utf-8"))
    import_strategy(text, actor=office, now=now, approved_on=date(2026, 6, 10))
    make_councils(db.session.scalars(select(SchoolClass)).all(), office, now)
    db.session.commit()
    pupils = db.session.scalars(select(Pupil)).all()
    assert len(pupils) == PUPILS
    return Finder(pupils)


def persona(name: str) -> User:
    return db.session.scalars(select(User).where(User.external_id == PERSONAS[name])).one()


def opened(browser: IsolatedClient, path: str) -> str:
    """A page with its title, its addresses and its headers, which hold a file's name."""
    answer = browser.get(path)
    assert answer.status_code in (200, 503), path  # nothing is ready while no worker runs
    return f"{answer.headers}\n{answer.text}"


def test_no_pupils_whole_name_leaves_the_council(
    app: Flask, school: Finder, client: IsolatedClient, client_of: ClientOf
) -> None:
    teacher, lars, leader, guardian = (
        client_of(persona(name)) for name in ("class_teacher", "facilitator", "leader", "guardian")
    )
    class_id = db.session.scalars(select(ReplySheet.class_id).where(ReplySheet.class_id.is_not(None))).first()
    assert len(school(opened(teacher, f"/council/classes/{class_id}/members"))) > 15, (
        "the finder finds a class where it is named"
    )
    authors = db.session.scalars(select(Pupil).join(Amendment, Amendment.author_id == Pupil.user_id)).unique().all()
    assert len(authors) > 1, "children have written what is looked at"

    sheets = db.session.scalars(select(ReplySheet)).all()
    sent_on = db.session.scalars(select(Amendment.id).where(Amendment.state.in_(("forwarded", "rejected")))).all()
    assert {bool(sheet.class_id) for sheet in sheets} == {True, False}
    assert len(sent_on) > 1
    anybodys = public_pages(app)
    assert len(anybodys) > 10
    pages = [(client, path) for path in anybodys]
    pages += [(lars, f"/strategy/replies/{sheet.id}") for sheet in sheets]
    pages += [(teacher, f"/strategy/replies/{sheet.id}") for sheet in sheets if sheet.class_id == class_id]
    for reader in (leader, guardian):
        pages += [(reader, path) for path in ("/strategy/amendments/", "/council/years")]
        pages += [(reader, f"/strategy/forwarding/packet{manner}") for manner in ("", "/pdf")]
        pages += [
            (reader, f"/council/{year.council_id}/years/{year.school_year}{manner}")
            for year in list_years()
            for manner in ("", "/pdf")
            if year.school_year >= year.first_year
        ]
        pages += [(reader, f"/strategy/amendments/{amendment_id}") for amendment_id in sent_on]
    assert len({year.council_id for year in list_years()}) == db.session.query(Council).count() == 2
    found = {path: names for reader, path in pages if (names := school(opened(reader, path)))}
    assert found == {}
