"""What cannot be done is said kindly, in the reader's language, and nothing that is sent breaks the portal."""

from __future__ import annotations

import html
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, abort
from sqlalchemy import event, insert
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import TooManyRequests
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import encode_multipart
from wtforms.fields.core import UnboundField

from portal.accounts.models import IdempotencyKey, Role, RoleGrant, User
from portal.council.models import Council
from portal.database import db
from portal.database.transactions import is_repeat
from portal.errors import N_, Conflict, RuleViolation
from portal.extensions import login_manager
from portal.text import clock
from portal.web.error_pages import TEXTS
from portal.web.forms import Form
from portal.web.language import catalogue_of
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient

LOCKED = OperationalError("SELECT 1", {}, sqlite3.OperationalError("database is locked"))
NO_ROOM = 2**31


class Refused(Exception):
    """A broken constraint as one of the two drivers tells of it."""

    def __init__(self, sqlstate: str | None = None, sqlite_errorname: str | None = None) -> None:
        super().__init__("constraint failed")
        self.sqlstate, self.sqlite_errorname = sqlstate, sqlite_errorname


REPEAT = IntegrityError("", {}, Refused("23505"))


@pytest.fixture
def break_help(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Make the page /help fail with this."""

    def breaks(fault: BaseException) -> None:
        def view() -> None:
            raise fault

        monkeypatch.setitem(app.view_functions, "home.show_help", view)

    return breaks


def raised_by_abort(status: int) -> BaseException:
    try:
        abort(status)
    except Exception as error:
        return error


def is_page(text: str, status: int, language: str) -> bool:
    """Whether it is the portal's own page about this status, in this language."""
    words = catalogue_of(language)
    seen = html.unescape(text)
    return (
        f'<html lang="{language}">' in text
        and f"<h1>{words.gettext(TEXTS[status][0])}</h1>" in seen
        and words.gettext(TEXTS[status][1]) in seen
        and 'class="button main" href="/"' in text
        and 'class="top"' in text
    )


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("status", TEXTS)
def test_every_status_has_its_page_in_both_languages(
    client: IsolatedClient, break_help: Callable[[BaseException], None], status: int, language: str
) -> None:
    break_help(raised_by_abort(status))
    answer = client.get("/help", headers={"Accept-Language": language})
    assert answer.status_code == status
    assert is_page(answer.text, status, language), answer.text


def test_a_status_without_words_of_its_own_has_a_page_too(
    client: IsolatedClient, break_help: Callable[[BaseException], None]
) -> None:
    for status, like in ((HTTPStatus.GONE, 400), (HTTPStatus.NOT_IMPLEMENTED, 500)):
        break_help(raised_by_abort(status))
        answer = client.get("/help")
        assert answer.status_code == status
        assert is_page(answer.text, like, "da")


def test_a_wait_is_told_to_machines_as_well(
    client: IsolatedClient, break_help: Callable[[BaseException], None]
) -> None:
    break_help(TooManyRequests(retry_after=30))
    assert client.get("/help").headers["Retry-After"] == "30"


@pytest.mark.parametrize("sent", [{}, {"csrf_token": "x"}, {"csrf_token": ""}])
def test_a_form_without_its_csrf_token_is_refused(
    app: Flask, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, sent: dict[str, str]
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = client_of(cast.guardian).send("/accounts/me", {"language": "en", **sent})
    assert answer.status_code == 400
    assert is_page(answer.text, 400, "da")
    assert db.session.get_one(User, cast.guardian.id).language is None


def test_a_form_with_its_csrf_token_is_taken(
    app: Flask, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    browser = client_of(cast.guardian)
    token = browser.get("/accounts/me").text.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.send("/accounts/me", {"language": "en", "csrf_token": token}).status_code == 303


def test_the_wrong_method_says_which_are_right(client: IsolatedClient) -> None:
    answer = client.delete("/help")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert is_page(answer.text, 405, "da")
    assert client.get("/accounts/sign-out").status_code == 405


@pytest.mark.parametrize("address", ["/accounts/sign-in", "/no/such/page", "/accounts/me"])
def test_too_much_at_once_is_refused_before_it_is_read(client: IsolatedClient, address: str) -> None:
    large = "x" * 3 * 1024 * 1024
    boundary, parts = encode_multipart({"login": large})
    for answer in (
        client.post(address, data={"login": large}),
        client.post(address, data=parts, content_type=f"multipart/form-data; boundary={boundary}"),
    ):
        assert answer.status_code == 413
        assert is_page(answer.text, 413, "da")


def test_a_rule_that_says_no_is_quoted(client: IsolatedClient, break_help: Callable[[BaseException], None]) -> None:
    break_help(RuleViolation(N_("Not for %(name)s & co."), name="<Alma>"))
    answer = client.get("/help")
    assert answer.status_code == 422
    assert "Not for &lt;Alma&gt; &amp; co." in answer.text


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Conflict(N_("Somebody was here.")), 409),
        (StaleDataError(), 409),
        (REPEAT, 409),
        (LOCKED, 503),
        (NoConnectionInTime(), 503),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_clash_and_a_busy_database_are_no_faults_of_ours(
    client: IsolatedClient, break_help: Callable[[BaseException], None], fault: BaseException, status: int
) -> None:
    break_help(fault)
    answer = client.get("/help")
    assert answer.status_code == status
    assert ("Retry-After" in answer.headers) == (status == 503)


@pytest.mark.parametrize(
    "refused",
    [
        Refused("23503"),
        Refused("23502"),
        Refused("23514"),
        Refused(None, "SQLITE_CONSTRAINT_FOREIGNKEY"),
        Refused(None, "SQLITE_CONSTRAINT_NOTNULL"),
        Refused(None, "SQLITE_CONSTRAINT_CHECK"),
        Exception(),
    ],
    ids=lambda refused: str(getattr(refused, "sqlstate", None) or getattr(refused, "sqlite_errorname", "unknown")),
)
def test_a_broken_constraint_that_is_no_repeat_is_a_fault_of_ours_and_is_logged(
    client: IsolatedClient,
    break_help: Callable[[BaseException], None],
    caplog: pytest.LogCaptureFixture,
    refused: Exception,
) -> None:
    break_help(IntegrityError("", {}, refused))
    answer = client.get("/help")
    assert answer.status_code == 500
    assert is_page(answer.text, 500, "da")
    assert "unexpected fault on home.show_help" in caplog.text


@pytest.mark.both
def test_what_the_database_says_of_a_broken_constraint_is_read_right(app: Flask, database: str, cast: Cast) -> None:
    def why(row: Any) -> bool:
        with pytest.raises(IntegrityError) as refusal:
            db.session.execute(row)
        db.session.rollback()
        return is_repeat(refusal.value)

    taken = {"key": "k", "person_id": 1, "location": "/", "at": clock.now()}
    db.session.execute(insert(IdempotencyKey).values(taken))
    db.session.commit()
    assert why(insert(IdempotencyKey).values(taken))
    council = {"name": cast.council.name, "lowest_grade": 0, "highest_grade": 3}
    assert why(insert(Council).values(council))
    assert not why(insert(RoleGrant).values(user_id=4711, role=Role.OFFICE, starts_on=clock.today()))
    assert not why(insert(RoleGrant).values(user_id=cast.office.id, role=Role.OFFICE))


def test_what_was_typed_is_given_back_when_a_row_points_at_nothing(
    app: Flask, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: int) -> None:
        raise IntegrityError("", {}, Refused(None, "SQLITE_CONSTRAINT_FOREIGNKEY"))

    path = f"/updates/classes/{cast.third.id}/new"
    monkeypatch.setitem(app.view_functions, app.url_map.bind("").match(path, "POST")[0], breaks)
    answer = client_of(cast.class_teacher).send(path, {"title": "Ugen", "body": "Vi har bygget huler."})
    assert answer.status_code == 500
    assert "Vi har bygget huler." in answer.text


@pytest.fixture
def impatient(app: Flask) -> Iterator[None]:
    """A database that waits for the write lock for a moment only."""

    def hurry(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA busy_timeout=20")

    event.listen(db.engine, "begin", hurry, insert=True)
    yield
    event.remove(db.engine, "begin", hurry)


@pytest.mark.usefixtures("impatient")
def test_a_database_that_stays_locked_is_a_503_and_reading_goes_on(
    app: Flask, cast: Cast, client_of: ClientOf, caplog: pytest.LogCaptureFixture
) -> None:
    browser = client_of(cast.guardian)
    other = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    db.session.rollback()
    other.execute("BEGIN IMMEDIATE")
    try:
        answer = browser.send("/accounts/me", {"language": "en"})
        assert answer.status_code == 503
        assert is_page(answer.text, 503, "da")
        assert answer.headers["Retry-After"] == "5"
        assert "database not available on accounts.show_me" in caplog.text
        assert browser.get("/accounts/me").status_code == 200
    finally:
        other.close()
    assert browser.send("/accounts/me", {"language": "en"}).status_code == 303


@pytest.mark.parametrize(("address", "status"), [("/accounts/me", 503), ("/no/such/page", 404), ("/", 503)])
def test_a_page_about_a_fault_does_not_ask_the_database_that_has_it(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, address: str, status: int
) -> None:
    def away(token: str) -> None:
        raise LOCKED

    browser = client_of(cast.guardian)
    monkeypatch.setattr(login_manager, "_user_callback", away)
    answer = browser.get(address)
    assert answer.status_code == status
    assert is_page(answer.text, status, "da")


def test_an_unexpected_fault_is_logged_and_not_shown(
    client: IsolatedClient, break_help: Callable[[BaseException], None], caplog: pytest.LogCaptureFixture
) -> None:
    break_help(ZeroDivisionError("a secret of the house"))
    answer = client.get("/help")
    assert answer.status_code == 500
    assert is_page(answer.text, 500, "da")
    assert "a secret of the house" not in answer.text
    record = next(record for record in caplog.records if record.levelno == logging.ERROR)
    assert record.getMessage() == "unexpected fault on home.show_help"
    assert record.exc_info
    assert client.get("/no/such/page").status_code == 404, "and the next request is answered as ever"


def test_a_fault_undoes_what_the_view_had_begun(
    app: Flask, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> None:
        db.session.get_one(User, cast.guardian.id).language = "en"
        db.session.flush()
        raise ZeroDivisionError

    monkeypatch.setitem(app.view_functions, "accounts.sign_in.sign_out", view)
    assert client_of(cast.guardian).send("/accounts/sign-out").status_code == 500
    assert db.session.get_one(User, cast.guardian.id).language is None


#: What a curious or broken program sends in a field.
NASTY = [
    "\x01\x7f\x85",
    "'\" OR 1=1 --",
    "%s %(x)s {0} {{x}}",
    "٣٤",
    "\u202e\ufeff\u2028",
    "👩‍👧" * 50,
    "9" * 5000,
    "-1",
    "1_0",
    "\U0010ffff",
    "a\r\nSet-Cookie: x=y",
    "../../etc",
    "[" * 3000,
]
#: And in an address, percent-encoded as over the wire.
NASTY_BYTES = [
    "%ff%fe",
    "%ed%a0%80",
    "%c0%af",
    "%",
    "%zz",
    "%0d%0a",
    "%2e%2e",
    "%5c%5c",
    quote("ﷺ" * 300),
    "9" * 5000,
    "1_-1",
]
ROUNDS = 2
FILTERS = ("after", "q", "name", "next", "status", "class_id", "page")


def names_of_fields() -> list[str]:
    """The name of every field of every form, and the two every form has."""

    def below(kind: type[Form]) -> Iterator[type[Form]]:
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    named = {name for form in below(Form) for name in vars(form) if isinstance(getattr(form, name), UnboundField)}
    return sorted(named | {"idempotency_key", "csrf_token", "next", "language"})


def some_row(cast: Cast, name: str) -> int:
    rows = {"class_id": cast.third, "user_id": cast.guardian, "pupil_id": cast.alma, "council_id": cast.council}
    return rows[name].id if name in rows else 1


def paths(app: Flask, cast: Cast, method: str, text: str) -> list[str]:
    """An address of every endpoint, existing rows for its ids and the text where any text goes."""

    def part(rule: Rule, name: str) -> str:
        return str(some_row(cast, name)) if isinstance(rule._converters[name], IntegerConverter) else text

    return [
        "".join(part(rule, data) if is_dynamic else data for is_dynamic, data in rule._trace).removeprefix("|")
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint not in {"accounts.sign_in.sign_out", "moved"}
    ]


def dealt(texts: list[str], names: Sequence[str], turn: int) -> dict[str, str]:
    """Another of the texts for each name, and others in another turn."""
    return {name: texts[(place + turn * len(texts) // ROUNDS) % len(texts)] for place, name in enumerate(names)}


@pytest.mark.both
@pytest.mark.parametrize("who", ["office", "class_teacher"])
def test_no_address_breaks_the_portal(app: Flask, cast: Cast, client_of: ClientOf, database: str, who: str) -> None:
    browser = client_of(cast.users[who])
    for turn in range(ROUNDS):
        query = "&".join(f"{name}={text}" for name, text in dealt(NASTY_BYTES, FILTERS, turn).items())
        for place, path in enumerate(paths(app, cast, "GET", NASTY_BYTES[turn])):
            answer = browser.get(f"{path}?{query}&x={NASTY_BYTES[place % len(NASTY_BYTES)]}")
            assert answer.status_code < 500 or path == "/readyz", (path, query)
            answer.close()


@pytest.mark.both
@pytest.mark.parametrize("who", ["office", "class_teacher"])
def test_no_form_breaks_the_portal(app: Flask, cast: Cast, client_of: ClientOf, database: str, who: str) -> None:
    fields = names_of_fields()
    for turn in range(ROUNDS):
        browser = client_of(cast.users[who])
        for path in paths(app, cast, "POST", "x"):
            sent = dealt(NASTY, fields, turn)
            assert browser.send(path, sent).status_code < 500, (path, sent)


@pytest.mark.both
def test_a_nul_is_refused_wherever_it_stands(cast: Cast, client_of: ClientOf, database: str) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    text = {"title": "Vi leger", "body": "Alle er med."}
    for answer in (
        browser.get("/help%00"),
        browser.get("/help?q=a%00"),
        browser.get("/help?a%00=q"),
        browser.send(path, text, key="a\0"),
        browser.send(path, {**text, "title": "a\0b"}),
        browser.send(path, {**text, "x\0": ""}),
        browser.send(path, {**text, "file": (BytesIO(), "a\0.csv")}),
    ):
        assert answer.status_code == 400
        assert is_page(answer.text, 400, "da")


@pytest.mark.both
def test_an_id_that_no_row_can_have_is_not_found(app: Flask, cast: Cast, client_of: ClientOf, database: str) -> None:
    browser = client_of(cast.office)
    for rule in app.url_map.iter_rules():
        if rule.redirect_to:
            continue  # an address of before leads on, whatever it asks for
        ids = [name for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)]
        for number in (2**31 - 1, NO_ROOM, 2**63, 10**30) if ids else ():
            path = "".join(
                (str(number) if data in ids else "x") if is_dynamic else data for is_dynamic, data in rule._trace
            ).removeprefix("|")
            if "GET" in (rule.methods or ()):
                assert browser.get(path).status_code == 404, path
            else:  # where another rule reads the same path, Werkzeug counts that one as found
                assert browser.send(path).status_code in {404, 405}, path


def test_a_form_of_countless_fields_is_refused_before_it_costs(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.guardian)
    kind = "application/x-www-form-urlencoded"
    assert browser.post("/accounts/me", data=b"a=&" * 300_000, content_type=kind).status_code == 413
    assert browser.post("/accounts/me", data=b"language=en&" + b"a=&" * 100, content_type=kind).status_code == 303
