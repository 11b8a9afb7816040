"""A database from the first day comes up to today: no row is lost, and everybody's pages answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from portal.accounts.models import User
from portal.acts.models import Act
from portal.database import db, schema
from tests.conftest import IsolatedClient, _test_app

OLDEST = Path(__file__).parent / "oldest.sql"
#: Tables whose rows are still called what they were called.
KEPT = ("user", "pupil", "guardianship", "enrolment", "council_member", "wellbeing_update", "act", "clause")
PAGES = ("/", "/notifications/", "/accounts/me", "/classes", "/updates/", "/events/", "/strategy/", "/council/")


@pytest.fixture
def old(tmp_path: Path) -> Iterator[tuple[Flask, dict[str, int]]]:
    """The application on such a database, upgraded, and how many rows each table had before."""
    file = tmp_path / "portal.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(OLDEST.read_text(encoding="utf-8"))
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in KEPT}  # noqa: S608
    connection.close()
    app = _test_app(tmp_path, f"sqlite:///{file}")
    with app.app_context():
        schema.upgrade()
        yield app, counts
        db.session.remove()
        db.engine.dispose()


def test_nothing_of_the_oldest_database_is_lost_and_every_page_answers(old: tuple[Flask, dict[str, int]]) -> None:
    app, counts = old
    assert schema.is_current()
    after = {name: db.session.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in KEPT}  # noqa: S608
    assert after == counts
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert [act.about_id for act in db.session.query(Act).order_by(Act.id)] == [3, 5, 3, None]
    for user in db.session.query(User).order_by(User.id).all():
        browser: IsolatedClient = app.test_client().sign_in(user)  # type: ignore[attr-defined]
        for path in PAGES:
            assert browser.get(path).status_code == 200, (user.user_name, path)
    office = app.test_client().sign_in(db.session.get_one(User, 1))  # type: ignore[attr-defined]
    assert "Inge Åkjær gav Hanne Åkjær en rolle" in office.get("/acts/").text
    assert "Rigtig" not in office.get("/accounts/users").text, "a protected name stays one"
