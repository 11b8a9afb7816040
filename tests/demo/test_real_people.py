"""A portal that is only for trying out says on every page when a register has brought in others than made-up people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal import create_app
from portal.accounts.models import User
from portal.database import db
from portal.school.models import Pupil
from portal.settings import Environment
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient

WARNS = "så brug kun opdigtede navne"
PAGES = ("/accounts/sign-in", "/help", "/strategy/", "/nowhere")


@pytest.fixture
def browser_of(app: Flask) -> Iterator[Callable[[Environment], FlaskClient]]:
    """A browser of the same school, as it is served in another environment."""
    others: list[Flask] = []

    def serve(env: Environment) -> FlaskClient:
        settings = app.extensions["portal.settings"]
        others.append(create_app(replace(settings, env=env, demo=env is not Environment.PRODUCTION)))
        others[-1].test_client_class = IsolatedClient
        return others[-1].test_client()

    yield serve
    for other in others:
        with other.app_context():
            db.engine.dispose()


def says_so(browser: FlaskClient) -> set[bool]:
    return {WARNS in browser.get(path, follow_redirects=True).text for path in PAGES}


def be_made_up() -> None:
    for kind in (User, Pupil):
        db.session.execute(update(kind).values(external_id="demo-" + kind.external_id))
    db.session.commit()


@pytest.mark.both
@pytest.mark.parametrize("kind", [User, Pupil])
def test_every_page_warns_of_real_people_where_one_only_tries_out(
    cast: Cast, browser_of: Callable[[Environment], FlaskClient], database: str, kind: type
) -> None:
    be_made_up()
    make.make_user(external_id=None)  # a helper, somebody the office has opened an account for
    db.session.commit()
    browser = browser_of(Environment.DEVELOPMENT)
    assert says_so(browser) == {False}
    db.session.execute(update(kind).values(external_id="ab12" + kind.external_id))
    db.session.commit()
    assert says_so(browser) == {True}


@pytest.mark.parametrize("env", [Environment.PRODUCTION, Environment.TEST])
def test_a_real_school_is_not_warned_of_itself(
    cast: Cast, browser_of: Callable[[Environment], FlaskClient], env: Environment
) -> None:
    db.session.commit()
    assert says_so(browser_of(env)) == {False}
