"""The signed cookie is proved and read once, and is as good as one that is proved each time."""

from __future__ import annotations

from time import time
from typing import Any

import pytest
from flask import Flask, session

from portal import extensions


def signed(app: Flask, **held: object) -> str:
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps(held))


def seen(app: Flask, cookie: str) -> dict[str, Any]:
    """What a request with the cookie finds in its session, to which it then adds something."""
    with app.test_request_context("/", headers={"Cookie": f"{app.config['SESSION_COOKIE_NAME']}={cookie}"}):
        found = {name: list(value) for name, value in session.items()}
        session.setdefault("said", []).append("once")
    return found


def test_what_a_request_does_to_its_session_is_not_in_the_next_that_sends_the_same_cookie(app: Flask) -> None:
    cookie = signed(app, said=["before"])
    assert [seen(app, cookie) for _ in range(3)] == [{"said": ["before"]}] * 3


def test_a_cookie_that_somebody_changed_holds_nothing_also_when_the_true_one_is_known(app: Flask) -> None:
    cookie = signed(app, said=["before"])
    assert seen(app, cookie)
    for wrong in (f"x{cookie}", f"{cookie}x", cookie[:-9], cookie.rpartition(".")[0], "a.b.c", "…", ""):
        assert seen(app, wrong) == {}


def test_a_known_cookie_ends_with_its_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cookie, lasts_for = signed(app, said=["before"]), app.permanent_session_lifetime.total_seconds()
    assert seen(app, cookie)
    for later, is_good in ((lasts_for - 60, True), (lasts_for + 60, False), (-60, False)):
        monkeypatch.setattr(extensions, "time", lambda later=later: time() + later)
        assert bool(seen(app, cookie)) is is_good, later
