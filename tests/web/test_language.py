"""The language of a page: the user's own, else the one chosen in this browser, else the browser's, else Danish."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.accounts.models import User
from portal.database import db
from portal.web.language import LANGUAGES, catalogue_of, current_language, gettext, ngettext, speaking
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient

#: Pages with a menu and without, from a view and from no view at all.
ADDRESSES = ["/help", "/accounts/sign-in", "/no/such/page"]


def says(page_text: str) -> str:
    return page_text.split('<html lang="')[1][:2]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "da"),
        ("da", "da"),
        ("da-DK,da;q=0.9,en;q=0.8", "da"),
        ("en-GB,en;q=0.9", "en"),
        ("en;q=0.5, da;q=0.4", "en"),
        ("de,fr", "da"),
        ("uk,en;q=0.3", "en"),
        ("*", "da"),
        (";;;q=", "da"),
        ("en;q=x", "da"),
        ("x" * 5000, "da"),
    ],
)
def test_a_visitor_reads_in_the_browser_s_language(client: IsolatedClient, header: str, language: str) -> None:
    assert says(client.get("/help", headers={"Accept-Language": header}).text) == language


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_visitor_s_choice_goes_before_the_browser(client: IsolatedClient, address: str) -> None:
    answer = client.send("/accounts/language", {"language": "en", "next": address})
    assert (answer.status_code, answer.location) == (303, address)
    assert says(client.get(address, headers={"Accept-Language": "da"}).text) == "en"


@pytest.mark.parametrize("address", ["/", "/accounts/me", "/classes", "/no/such/page", "/updates/2000000000"])
def test_a_user_s_own_language_goes_before_everything(cast: Cast, client_of: ClientOf, address: str) -> None:
    cast.guardian.language = "en"
    page = client_of(cast.guardian).get(address, headers={"Accept-Language": "da"})
    assert says(page.text) == "en"


def test_a_user_without_a_choice_reads_as_the_browser_does(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.guardian)
    assert says(browser.get("/").text) == "da"
    assert says(browser.get("/", headers={"Accept-Language": "en"}).text) == "en"


def test_choosing_on_one_s_own_page_is_remembered_everywhere(cast: Cast, client_of: ClientOf) -> None:
    phone, laptop = client_of(cast.guardian), client_of(cast.guardian)
    phone.send("/accounts/me", {"language": "en"})
    assert db.session.get_one(User, cast.guardian.id).language == "en"
    assert says(laptop.get("/").text) == "en"


def test_a_language_that_nobody_speaks_here_is_refused(client: IsolatedClient) -> None:
    for language in ("", "de", "da\0", "da" * 1000):
        assert client.send("/accounts/language", {"language": language}).status_code == 400


def test_the_catalogue_is_danish_s_and_english_is_in_the_code(app: Flask) -> None:
    assert catalogue_of("en").gettext("Sign in") == "Sign in"
    assert catalogue_of("da").gettext("Sign in") != "Sign in"
    assert set(LANGUAGES) == {"da", "en"}


def test_outside_a_request_the_portal_speaks_danish(app: Flask) -> None:
    assert current_language() == "da"
    assert gettext("Sign in") == catalogue_of("da").gettext("Sign in")


def test_values_are_put_into_the_translated_text(app: Flask) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert gettext("Error %(status)s", status=404) == "Error 404"
        assert gettext("100 % of it") == "100 % of it"
        assert ngettext("%(num)s child", "%(num)s children", 1) == "1 child"
        assert ngettext("%(num)s child", "%(num)s children", 0) == "0 children"


def test_outside_a_request_one_writes_in_somebody_s_language() -> None:
    for language, word in (("en", "today"), ("da", "i dag"), (None, "i dag"), ("xx", "i dag")):
        with speaking(language):
            assert gettext("today") == word
    assert current_language() == "da"
