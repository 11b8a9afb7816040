"""What a page of a council says was seen, as its form carries it along."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from werkzeug.test import TestResponse

from tests.conftest import IsolatedClient


def seen_at(browser: IsolatedClient, path: str) -> str:
    """The stamp in a page's form; nothing for whoever has no such form."""
    field = re.search(r'<input[^>]*name="seen"[^>]*>', browser.get(path).text)
    found = re.search(r'value="([^"]*)"', field[0]) if field else None
    return found[1] if found else ""


def approve(browser: IsolatedClient, meeting: str) -> TestResponse:
    """Approve the minutes of the meeting with this page, as they are seen now."""
    return browser.send(f"{meeting}/approve", {"seen": seen_at(browser, f"{meeting}/minutes")})


def send_as_seen(browser: IsolatedClient, path: str, form: Mapping[str, object], key: str = "") -> TestResponse:
    """Post a form to its page, after a look at what stands there."""
    return browser.send(path, {**form, "seen": seen_at(browser, path)}, key=key)


def note(browser: IsolatedClient, path: str, present: Sequence[object]) -> TestResponse:
    """Write down at this address who is here, after a look at who is written down already."""
    return send_as_seen(browser, path, {"present": present})
