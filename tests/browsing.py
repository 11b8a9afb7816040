"""A real browser for tests: Chromium, the portal served as in life, and a window of one's own for each person.

The fixtures are known everywhere by way of `tests/conftest.py`, so that one process starts one browser.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from waitress.server import create_server

from portal.accounts.models import User
from portal.accounts.sign_in import services as sign_in
from portal.database import db
from portal.text import clock
from portal.web.typed_text import csrf_secret

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
expect.set_options(timeout=20_000)  # a busy machine is no fault of the portal


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The portal, served for real by the server that serves it in life."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None, clear_untrusted_proxy_headers=True)
    app.config["WTF_CSRF_ENABLED"] = True
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    app.config["WTF_CSRF_ENABLED"] = False
    server.trigger.pull_trigger(partial(close_all, server))  # by its own thread, which may be waiting for a socket
    thread.join(timeout=5)
    server.trigger.close()
    server.task_dispatcher.shutdown()


def close_all(server: Any) -> None:
    """Leave the server's loop nothing to wait for, so that it ends.

    What wakes the loop is closed last: whoever woke it may not have written yet, and its number would by then be
    another file's.
    """
    for waiting in list(server._map.values()):
        (waiting.del_channel if waiting is server.trigger else waiting.close)()


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    """Open a browser of somebody's own; `javascript=False` turns it off."""
    contexts: list[BrowserContext] = []

    def visit(*, javascript: bool = True, viewport: dict[str, int] = PHONE, **options: object) -> Page:
        context = browser.new_context(  # type: ignore[misc]
            base_url=address, viewport=viewport, java_script_enabled=javascript, locale="da-DK", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield visit
    for context in contexts:
        context.close()


def session_cookie(app: Flask, user: User, token: str) -> str:
    """What the cookie holds of a user who has signed in."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"_user_id": token, "_fresh": True, "csrf_token": csrf_secret(user.id)}))


@pytest.fixture
def as_user(app: Flask, visit: Open, address: str) -> Callable[..., Page]:
    """A browser somebody has signed in to, without going through the form."""

    def open_as(user: User, **options: object) -> Page:
        token = sign_in.start_session(user.id, device="Chromium", remember=False, now=clock.now())
        db.session.commit()
        page = visit(**options)
        cookie = session_cookie(app, user, token)
        page.context.add_cookies([{"name": "portal", "value": cookie, "url": address}])
        return page

    return open_as
