"""Who comes through the door: sign-in first, 404 for what one may not see, 403 for what one may not do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask, session
from werkzeug.routing import IntegerConverter

from portal.accounts.models import User, UserSession
from portal.accounts.sign_in import passwords
from portal.database import db
from portal.text import clock
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient


def addresses(app: Flask, method: str, *, guarded: bool) -> list[str]:
    """An address of every guarded (or public) endpoint of a method, with 1 for each id."""
    found = []
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            if rule.redirect_to:
                continue  # an address of before
            action = getattr(app.view_functions[rule.endpoint], "action", None)
            if method in (rule.methods or ()) and (action is not None) == guarded:
                is_id = {name: isinstance(c, IntegerConverter) for name, c in rule._converters.items()}
                built = rule.build({name: 1 if number else "x" for name, number in is_id.items()})
                assert built is not None
                found.append(built[1])
    return found


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_visitor_is_asked_to_sign_in_and_led_back(app: Flask, client: IsolatedClient, method: str) -> None:
    for address in addresses(app, "GET", guarded=True):
        answer = client.open(f"{address}?after=1_2", method=method)
        assert (answer.status_code, answer.location) == (303, f"/accounts/sign-in?next={address}?after%3D1_2")


def test_a_visitor_s_post_is_401_for_it_cannot_be_sent_again(app: Flask, client: IsolatedClient) -> None:
    for address in addresses(app, "POST", guarded=True):
        assert client.send(address).status_code == 401, address


def test_public_pages_ask_nobody_to_sign_in(app: Flask, cast: Cast, client: IsolatedClient) -> None:
    for address in addresses(app, "GET", guarded=False):
        answer = client.get(address)
        assert answer.status_code in {200, 303, 404, 503}, address
        assert not (answer.location or "").startswith("/accounts/sign-in"), address


def test_after_signing_in_one_is_where_one_wanted_to_be(cast: Cast, client: IsolatedClient) -> None:
    cast.guardian.password_hash = passwords.hash_password("korrekt hest batteri")
    path = client.get(f"/updates/classes/{cast.third.id}?after=1_2").location
    answer = client.send(path, {"login": cast.guardian.user_name, "password": "korrekt hest batteri"})
    assert (answer.status_code, answer.location) == (303, f"/updates/classes/{cast.third.id}?after=1_2")
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("target", ["//other.example", "https://other.example/", "/\\other.example", "/%09/["])
def test_signing_in_leads_to_no_other_site(cast: Cast, client_of: ClientOf, target: str) -> None:
    answer = client_of(cast.guardian).get(f"/accounts/sign-in?next={target}")
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize("path", ["//other.example/classes", "//classes", "///other.example", "/classes/"])
def test_no_address_of_ours_redirects_to_another_site(client: IsolatedClient, path: str) -> None:
    answer = client.get("/", environ_overrides={"PATH_INFO": path})  # a client reads "//x" as the site x
    assert answer.status_code in {303, 308, 404}
    assert urlsplit(urljoin("http://localhost/", answer.location or "")).netloc == "localhost"


def test_who_may_not_see_a_thing_does_not_learn_that_it_exists(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    outsider = client_of(cast.guardian_elsewhere)
    hidden, nothing = outsider.get(f"/updates/{update.id}"), outsider.get("/updates/1999999")
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text == nothing.text
    assert outsider.send(f"/updates/{update.id}/publish").status_code == 404


def test_who_may_see_but_not_do_is_told_so(cast: Cast, client_of: ClientOf) -> None:
    update = make.make_update(cast.third, cast.class_teacher)
    reader = client_of(cast.guardian)
    assert reader.get(f"/updates/{update.id}").status_code == 200
    assert reader.get(f"/updates/{update.id}/reach").status_code == 403
    assert reader.send(f"/updates/{update.id}/publish").status_code == 403
    assert reader.get("/accounts/users").status_code == 403, "an action without a subject"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_is_allowed_in_every_safe_manner(cast: Cast, client_of: ClientOf, method: str) -> None:
    answer = client_of(cast.guardian).open(f"/classes/{cast.third.id}", method=method)
    assert answer.status_code == 200
    assert bool(answer.data) == (method == "GET")


@pytest.mark.both
def test_an_ended_session_is_out_at_the_next_request(cast: Cast, client_of: ClientOf, database: str) -> None:
    browser = client_of(cast.guardian)
    assert browser.get("/accounts/me").status_code == 200
    db.session.query(UserSession).update({"ended_at": clock.now()})
    assert browser.get("/accounts/me").status_code == 303
    assert browser.send("/accounts/me", {"language": "en"}).status_code == 401
    assert db.session.get_one(User, cast.guardian.id).language is None


@pytest.mark.both
def test_a_session_ends_by_itself(
    cast: Cast, client_of: ClientOf, database: str, wall_clock: Callable[[timedelta], None]
) -> None:
    browser = client_of(cast.guardian)
    wall_clock(timedelta(hours=11, minutes=59))
    assert browser.get("/accounts/me").status_code == 200
    wall_clock(timedelta(minutes=1))
    assert browser.get("/accounts/me").status_code == 303


def test_a_closed_account_is_out_at_once(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.guardian)
    cast.guardian.deactivated_at = clock.now()
    assert browser.get("/accounts/me").status_code == 303


@pytest.mark.parametrize("cookie", ["", "x", "portal", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb", "\u00e6\u00f8", "a" * 4000])
def test_a_cookie_that_is_not_ours_is_nobody(client: IsolatedClient, cookie: str) -> None:
    client.set_cookie("portal", cookie)
    assert client.get("/accounts/me").status_code == 303
    assert client.get("/help").status_code == 200


@pytest.mark.both
@pytest.mark.parametrize("token", ["", "1", "nobody's token", "æøå", "x" * 5000, None])
def test_a_signed_cookie_with_no_session_is_nobody(client: IsolatedClient, database: str, token: object) -> None:
    with client.session_transaction() as stored:
        stored["_user_id"] = token
    assert client.get("/accounts/me").status_code == 303


def test_one_browser_s_person_never_leaks_into_another_s(
    cast: Cast, client: IsolatedClient, client_of: ClientOf
) -> None:
    for _ in range(2):
        assert client_of(cast.guardian).get("/accounts/me").status_code == 200
        assert client.get("/accounts/me").status_code == 303
    assert not session
