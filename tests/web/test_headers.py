"""Every answer carries the headers that keep people safe; pages are not kept by anybody, static files for good."""

from __future__ import annotations

import gzip
import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import TestResponse

from portal import create_app
from portal.database import db
from portal.operations import serving
from portal.web.assets import static_url
from portal.web.headers import SECURITY_HEADERS
from tests.browsing import close_all
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient

STYLE, FONT = static_url("portal.css"), static_url("fonts/atkinson-hyperlegible-next.woff2")
ASK = {"Accept-Encoding": "gzip, deflate, br"}


def has_every_security_header(answer: TestResponse) -> bool:
    return all(answer.headers.getlist(name) == [value] for name, value in SECURITY_HEADERS.items())


class PatientClient(IsolatedClient):
    """A browser that reads every answer to its end, so that static files are closed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def client(app: Flask) -> PatientClient:
    return PatientClient(app, app.response_class)


@pytest.fixture
def app_with(app: Flask) -> Iterator[Callable[..., Flask]]:
    """The application with other settings, on the same database; its forms carry their CSRF token."""
    made: list[Flask] = []

    def build(**changes: Any) -> Flask:
        made.append(create_app(replace(app.extensions["portal.settings"], **changes)))
        return made[-1]

    yield build
    for other in made:
        with other.app_context():
            db.engine.dispose()


@pytest.fixture
def secure_client(app_with: Callable[..., Flask]) -> PatientClient:
    """A browser of the same school behind TLS."""
    secure_app = app_with(base_url="https://trivsel.example.dk")
    return PatientClient(secure_app, secure_app.response_class)


def test_the_policy_of_a_page_lets_nothing_in_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in SECURITY_HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'none'", "'self'"}
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"


@pytest.mark.parametrize(
    "address", ["/help", "/accounts/me", "/no/such/page", "/healthz", "/updates", STYLE, FONT, "/static/x"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
def test_every_answer_carries_them(client: PatientClient, address: str, method: str) -> None:
    answer = client.open(address, method=method)
    assert has_every_security_header(answer), answer.status
    assert "Server" not in answer.headers
    assert "Strict-Transport-Security" not in answer.headers, "without TLS it would lock people out"


def test_an_error_carries_them_as_well(client: PatientClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.view_functions, "home.show_help", lambda: 1 / 0)
    answer = client.get("/help", headers=ASK)
    assert answer.status_code == 500
    assert has_every_security_header(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_is_kept_by_nobody(cast: Cast, client_of: ClientOf, client: PatientClient) -> None:
    for address in ("/", "/accounts/me", f"/classes/{cast.third.id}", "/no/such/page"):
        assert client_of(cast.guardian).get(address).headers["Cache-Control"] == "no-store", address
    assert client.get("/accounts/me").headers["Cache-Control"] == "no-store", "a redirect neither"


def test_a_static_file_is_kept_for_good(client: PatientClient) -> None:
    for address in (STYLE, FONT, static_url("icons.svg"), static_url("favicon.svg")):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
        assert "public" in answer.headers["Cache-Control"]
        assert "Set-Cookie" not in answer.headers
        same = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (same.status_code, same.data) == (304, b"")
        assert has_every_security_header(same)


def test_a_static_file_of_another_build_is_not_found(client: PatientClient) -> None:
    assert client.get("/static/portal.css").status_code == 404
    assert client.get("/static/000000000000/portal.css").status_code == 404
    assert client.get(STYLE.replace("portal.css", "../settings.py")).status_code == 404
    assert client.get(STYLE.replace("portal.css", "%2e%2e/settings.py")).status_code == 404


@pytest.mark.parametrize("address", ["/help", STYLE, static_url("icons.svg")])
def test_what_is_long_is_compressed_for_those_who_ask(client: PatientClient, address: str) -> None:
    plain, packed = client.get(address), client.get(address, headers=ASK)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert len(gzip.decompress(packed.data)) == len(plain.data)
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers.getlist("Vary")


@pytest.mark.parametrize(
    "asked", ["", "br", "identity", "gzip;q=0", "br, gzip;q=0.0", "deflate, gzip; q=0, br", "x-gzipped"]
)
def test_what_is_not_asked_for_is_not_compressed(client: PatientClient, asked: str) -> None:
    assert "Content-Encoding" not in client.get(STYLE, headers={"Accept-Encoding": asked}).headers


@pytest.mark.parametrize("asked", ["gzip", "GZIP", "gzip;q=0.5", "br;q=1.0, gzip;q=0.8, *;q=0.1"])
def test_however_it_is_asked_for(client: PatientClient, asked: str) -> None:
    assert client.get(STYLE, headers={"Accept-Encoding": asked}).headers["Content-Encoding"] == "gzip"


def test_what_gains_nothing_is_not_compressed(client: PatientClient) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers=ASK).headers, "a few bytes"
    assert "Content-Encoding" not in client.get(FONT, headers=ASK).headers, "a font is packed already"
    assert "Content-Encoding" not in client.head("/help", headers=ASK).headers, "no body"


def test_a_part_of_a_file_is_sent_as_it_is(client: PatientClient) -> None:
    answer = client.get(STYLE, headers={**ASK, "Range": "bytes=0-4999"})
    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) == 5000


def test_over_tls_the_cookie_is_bound_to_the_host_and_tls_is_for_good(secure_client: PatientClient) -> None:
    answer = secure_client.post(
        "/accounts/language",
        data={"language": "en"},
        base_url="https://trivsel.example.dk",
        headers={"Referer": "https://trivsel.example.dk/help"},
    )
    assert answer.status_code == 400, "this application asks for the CSRF token"
    page = secure_client.get("/accounts/sign-in", base_url="https://trivsel.example.dk")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-portal=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    for answer in (page, secure_client.get(STYLE), secure_client.get("/no/such/page")):
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_without_tls_the_cookie_still_keeps_to_itself(client: PatientClient) -> None:
    cookie = client.send("/accounts/language", {"language": "en"}).headers["Set-Cookie"]
    assert cookie.startswith("portal=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_a_form_sent_from_another_site_is_refused_over_tls(secure_client: PatientClient) -> None:
    site = "https://trivsel.example.dk"
    page = secure_client.get("/accounts/sign-in", base_url=site).text
    sent = {"csrf_token": page.split('name="csrf_token" value="')[1].split('"')[0], "language": "en"}
    statuses = {
        referer: secure_client.post(
            "/accounts/language", data=sent, base_url=site, headers={"Referer": referer}
        ).status_code
        for referer in (f"{site}/help", "https://other.example/", "")
    }
    assert statuses == {f"{site}/help": 303, "https://other.example/": 400, "": 400}


@pytest.fixture
def served(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., socket.socket]]:
    """The real server on a free port, as `serve` starts it; gives connections to it."""
    servers: list[Any] = []

    def create_server(*args: Any, **options: Any) -> Any:
        servers.append(real_create_server(*args, **{**options, "host": "127.0.0.1", "port": 0}))
        return servers[-1]

    real_create_server = serving.create_server
    monkeypatch.setattr(serving, "create_server", create_server)
    monkeypatch.setattr(serving, "prepare", lambda app: None)
    threads = []

    def connect(app_to_serve: Flask = app) -> socket.socket:
        if not servers:
            threads.append(Thread(target=serving.serve, args=(app_to_serve,)))
            threads[0].start()
            while not servers:
                threads[0].join(0.01)
        return socket.create_connection(("127.0.0.1", servers[0].effective_port), timeout=10)

    yield connect
    for server in servers:
        server.trigger.pull_trigger(partial(close_all, server))
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    for server in servers:
        server.trigger.close()
        server.task_dispatcher.shutdown()


def ask(connection: socket.socket, request: bytes) -> http.client.HTTPResponse:
    connection.sendall(request)
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return answer


def test_the_server_does_not_say_what_it_is(served: Callable[..., socket.socket]) -> None:
    for path in (b"/healthz", STYLE.encode(), b"/no/such/page"):
        with closing(served()) as connection:
            answer = ask(connection, b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert answer.getheader("Server") is None
            assert answer.getheader("Content-Security-Policy") is not None


@pytest.mark.parametrize(
    ("proxies", "seen"), [(0, "127.0.0.1 http localhost"), (1, "192.0.2.7 https trivsel.example.dk")]
)
def test_a_proxy_s_word_is_taken_where_there_is_one(
    app_with: Callable[..., Flask], served: Callable[..., socket.socket], proxies: int, seen: str
) -> None:
    behind = app_with(proxies=proxies)
    behind.view_functions["operations.show_health"] = lambda: f"{request.remote_addr} {request.scheme} {request.host}"
    forwarded = b"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: trivsel.example.dk\r\n"
    with closing(served(behind)) as connection:
        answer = ask(
            connection, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + forwarded + b"Connection: close\r\n\r\n"
        )
        assert answer.read().decode() == seen


@pytest.mark.parametrize(
    "request_line",
    [b"GET /\x00 HTTP/1.1", b"GET /%00 HTTP/1.1", b"GET /\xff\xfe HTTP/1.1", b"GET //x.example/ HTTP/1.1"],
)
def test_a_request_no_browser_sends_is_refused_calmly(
    served: Callable[..., socket.socket], request_line: bytes
) -> None:
    with closing(served()) as connection:
        answer = ask(connection, request_line + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert 400 <= answer.status < 500
