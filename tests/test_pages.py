"""What holds for every page: who sees it, what it costs, and that reading writes nothing."""

from __future__ import annotations

import gzip
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import Select, event

from portal.accounts.models import User
from portal.database import db
from portal.settings import ROOT
from tests import factories as make
from tests.beginnings import Beginnings
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, begin, forget
from tests.pages import PAGES, PUBLIC, Page, World, users_of

EACH_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.endpoint)
NO_QUERY = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP")
#: A later visit brings the page alone: 8 KB over the wire (docs/performance.md). The strategy is a long text.
MOST_BYTES = 8 * 1024
#: A file brings the letters it is written with.
MOST_BYTES_OF_A_PDF = 64 * 1024

Browsers = dict[str, IsolatedClient]


def path_of(app: Flask, page: Page, world: World) -> str:
    arguments = page.example(world)
    with app.test_request_context():
        return url_for(page.endpoint, **arguments)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements a piece of code sends, without what only begins and ends transactions."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.lstrip().upper().startswith(NO_QUERY):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_every_page_is_listed_once(app: Flask) -> None:
    pages = {r.endpoint for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and not r.redirect_to}
    assert sorted(page.endpoint for page in PAGES) == sorted(pages)


@EACH_PAGE
def test_exactly_its_readers_see_it(app: Flask, world: World, client_of: ClientOf, page: Page) -> None:
    path = path_of(app, page, world)
    for name, user in world.cast.users.items():
        status = client_of(user).get(path).status_code
        if page.endpoint == "accounts.sign_in.sign_in":
            assert status == 303, "who is signed in goes on"
        elif page.readers == PUBLIC or name in page.readers:
            assert status == 200, name
        else:
            assert status in (403, 404), name


@EACH_PAGE
def test_the_public_is_sent_to_sign_in(app: Flask, world: World, client: IsolatedClient, page: Page) -> None:
    path = path_of(app, page, world)
    answer = client.get(path)
    if page.readers == PUBLIC:
        assert answer.status_code == 200
    else:
        assert answer.status_code == 303
        assert answer.location.startswith("/accounts/sign-in?next=/")


def _a_reader(page: Page, cast: Cast) -> User:
    """The reader with the most on the page."""
    readers = users_of(page, cast)
    for name in ("guardian_of_two", "class_teacher", "office"):
        if name in readers:
            return readers[name]
    return next(iter(readers.values()))


def _browsers(page: Page, readers: Mapping[str, User], client_of: ClientOf, client: IsolatedClient) -> Browsers:
    """A browser of each of these readers, and one that nobody has signed in to for a public page."""
    browsers = {name: client_of(user) for name, user in readers.items()}
    return browsers | {"the public": client} if page.readers == PUBLIC else browsers


def _asked(browser: IsolatedClient, path: str) -> list[str]:
    with statements() as seen:
        browser.get(path)
    return seen


@pytest.mark.check
@EACH_PAGE
def test_a_page_asks_the_database_little(
    app: Flask, world: World, client_of: ClientOf, client: IsolatedClient, page: Page
) -> None:
    path = path_of(app, page, world)
    for name, browser in _browsers(page, users_of(page, world.cast), client_of, client).items():
        browser.get(path)  # a first visit may store that the text was opened
        seen = _asked(browser, path)
        assert len(seen) <= page.most_queries, "\n\n".join([name, *seen])


@pytest.mark.both
@EACH_PAGE
def test_either_database_is_asked_little(
    app: Flask, world: World, client_of: ClientOf, client: IsolatedClient, database: str, page: Page
) -> None:
    path = path_of(app, page, world)
    for browser in _browsers(page, {"one": _a_reader(page, world.cast)}, client_of, client).values():
        browser.get(path)
        seen = _asked(browser, path)
        assert len(seen) <= page.most_queries, "\n\n".join(seen)


@pytest.mark.check
@EACH_PAGE
def test_more_of_everything_costs_no_more_queries(
    app: Flask, world: World, client_of: ClientOf, client: IsolatedClient, page: Page
) -> None:
    path = path_of(app, page, world)
    browsers = _browsers(page, {"one": _a_reader(page, world.cast)}, client_of, client)
    for browser in browsers.values():
        browser.get(path)
    before = {name: _asked(browser, path) for name, browser in browsers.items()}
    grown = _grown(app)
    for name, browser in _browsers(page, {"one": _a_reader(page, grown.cast)}, client_of, client).items():
        browser.get(path)
        after = _asked(browser, path)
        assert len(after) == len(before[name]), "\n\n".join([name, *after])


def _grown(app: Flask) -> World:
    """The same world in place of the one that was read, with much more in it."""
    forget()
    beginnings: Beginnings = app.extensions["beginnings"]
    return beginnings.bring("grown", lambda: _grow(begin(beginnings, "world")))  # type: ignore[no-any-return]


def _grow(world: World) -> World:
    """Many more classes, pupils, guardians, team members and news, also around the reader."""
    cast = world.cast
    for number in range(12):
        school_class = make.make_class(f"{number % 10}.{chr(66 + number)}", number % 10, hue=number % 12 + 1)
        for _ in range(3):
            make.make_guardian(make.make_pupil(school_class, f"Barn {number}"))
        make.put_in_team(cast.class_teacher, school_class)
        make.make_update(school_class, cast.class_teacher, f"Nyt {number}")
        make.make_event(school_class, cast.class_teacher, f"Tur {number}")
        make.make_agreement(school_class, cast.class_teacher)
        make.make_template(title=f"Skabelon {number}")
    for number in range(10):
        child = make.make_pupil(cast.third, f"Ny {number}")
        make.tie(cast.guardian_of_two, child)
        make.show_contacts(make.make_guardian(child), cast.third, email=True)
        make.make_update(cast.third, cast.class_teacher, f"Mere {number}")
        event = make.make_event(cast.third, make.make_guardian(child), f"Suppe {number}")
        make.answer(event, child, cast.guardian_of_two)
        make.bring(event, cast.guardian_of_two)
        make.put_in_team(make.make_user(f"Kollega {number}"), cast.third)
    return world


@contextmanager
def built_statements() -> Iterator[list[str]]:
    """The places of ours that make a `Select` of their own meanwhile, each as "file:function"."""
    built: list[str] = []
    make = Select.__init__

    def noted(self: Select[Any], *columns: Any) -> None:
        ours = (frame for frame in traceback.extract_stack() if f"{ROOT}/portal/" in frame.filename)
        last = list(ours)[-1]
        built.append(f"{last.filename.removeprefix(f'{ROOT}/')}:{last.name}")
        make(self, *columns)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Select, "__init__", noted)
        yield built


@pytest.mark.check
@EACH_PAGE
def test_no_page_builds_a_statement_at_its_second_visit(
    app: Flask, world: World, client_of: ClientOf, client: IsolatedClient, page: Page
) -> None:
    """Building one costs several times what the database takes to answer it: each is built once and kept."""
    path = path_of(app, page, world)
    found: set[str] = set()
    for browser in _browsers(page, users_of(page, world.cast), client_of, client).values():
        browser.get(path)
        with built_statements() as built:
            browser.get(path)
        found |= set(built)
    assert not found, sorted(found)


@EACH_PAGE
def test_reading_writes_nothing(app: Flask, world: World, client_of: ClientOf, page: Page) -> None:
    path = path_of(app, page, world)
    for user in users_of(page, world.cast).values():
        reader = client_of(user)
        with statements() as seen:
            reader.get(path)
            reader.head(path)
        written = [statement for statement in seen if statement.lstrip().upper().startswith(WRITES)]
        allowed = ("INSERT INTO update_receipt", "UPDATE delivery SET is_opened")
        assert all(page.writes and statement.startswith(allowed) for statement in written), written


@pytest.mark.check
@EACH_PAGE
def test_a_later_visit_is_light(
    app: Flask, world: World, client_of: ClientOf, client: IsolatedClient, page: Page
) -> None:
    path = path_of(app, page, world)
    for name, browser in _browsers(page, users_of(page, world.cast), client_of, client).items():
        answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
        assert len(answer.data) <= (MOST_BYTES_OF_A_PDF if answer.mimetype == "application/pdf" else MOST_BYTES), name
        if page.is_html and answer.status_code == 200 and answer.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(answer.data).endswith(b"</html>")


@EACH_PAGE
def test_a_page_is_whole_html_in_both_languages(app: Flask, world: World, client_of: ClientOf, page: Page) -> None:
    if not page.is_html:
        return
    for language in ("da", "en"):
        user = _a_reader(page, world.cast)
        user.language = language
        text = client_of(user).get(path_of(app, page, world), follow_redirects=True).text
        assert f'<html lang="{language}">' in text
        assert text.count("<h1") == 1
        assert not re.search(r">\s*None\s*<|=\"None\"", text)


def test_a_page_of_another_class_is_not_to_be_told_from_none(app: Flask, world: World, client_of: ClientOf) -> None:
    stranger = client_of(world.cast.guardian_elsewhere)
    foreign = stranger.get(f"/updates/{world.update.id}")
    missing = stranger.get("/updates/999999")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.text == missing.text


#: Choices that are no row of somebody's: a grade, a number, a way, a language, a role, a year.
PLAIN_CHOICES = {
    "lowest_grade",
    "highest_grade",
    "next_lowest_grade",
    "next_highest_grade",
    "adults",
    "siblings",
    "language",
    "function",
    "school_year",
    "url",
}


@EACH_PAGE
def test_nobody_is_chosen_before_somebody_does_it(app: Flask, world: World, client_of: ClientOf, page: Page) -> None:
    """A list of people, children or things begins with an empty line, so a slip never means the first of them."""
    for user in users_of(page, world.cast).values():
        text = client_of(user).get(path_of(app, page, world), follow_redirects=True).text
        for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', text, re.S):
            if name not in PLAIN_CHOICES and "selected" not in options:
                assert re.match(r'\s*<option[^>]*value="0?">', options), name
