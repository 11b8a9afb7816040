"""The menu's places for each role: at most five, what one comes for among them, and where one is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.cast import Cast
from tests.conftest import IsolatedClient
from tests.pages import EVERYBODY


def places(page: str) -> list[str]:
    menu = page[page.index('<nav class="menu"') :]
    return re.findall(r'<a href="([^"]+)"', menu[: menu.index("</nav>")])


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_the_menu_has_five_places_at_most_and_help_among_them(
    cast: Cast, client_of: Callable[..., IsolatedClient], name: str
) -> None:
    page = client_of(cast.users[name]).get("/").text
    assert len(places(page)) <= 5
    assert {"/", "/strategy/", "/help"} <= set(places(page))
    assert page.count('href="/accounts/me"') == 1
    for place in places(page):
        assert client_of(cast.users[name]).get(place).status_code == 200, place


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("guardian", ["/classes/1"]),
        ("guardian_of_two", ["/classes"]),
        ("class_teacher", ["/classes/1"]),
        ("facilitator", ["/classes/2", "/council/1"]),
        ("leader", ["/classes", "/council/"]),
        ("akt", ["/classes"]),
        ("office", ["/school/"]),
        ("council_member", ["/council/1", "/classes/2"]),
        ("council_chair", ["/council/1", "/classes/2"]),
        ("helper", ["/events/"]),
    ],
)
def test_each_finds_what_they_come_for(
    cast: Cast, client_of: Callable[..., IsolatedClient], name: str, own: list[str]
) -> None:
    assert places(client_of(cast.users[name]).get("/").text)[1:-2] == own
