"""Addresses of before: they lead on, with what comes after them and with the form that was sent."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.web.moved import MOVED
from tests.conftest import IsolatedClient


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("/school/calendar", "/school/days-off"),
        ("/school/calendar?year=2026", "/school/days-off?year=2026"),
        ("/school/calendar/periods/7/edit", "/school/days-off/periods/7/edit"),
        ("/school/templates", "/school/text-templates"),
        ("/school/templates/new?kind=rules&x=%C3%A6", "/school/text-templates/new?kind=rules&x=%C3%A6"),
        ("/school/templates/3/delete", "/school/text-templates/3/delete"),
        ("/council/sessions/7/minutes", "/council/meetings/7/minutes"),
        ("/council/2/sessions/new", "/council/2/meetings/new"),
    ],
)
def test_an_address_of_before_leads_on(client: IsolatedClient, method: str, before: str, now: str) -> None:
    answer = client.open(before, method=method)
    assert (answer.status_code, answer.location) == (308, now)


@pytest.mark.parametrize("path", ["/school/calendar//other.example/x", "/school/templates/%2F%2Fother.example"])
def test_no_address_of_before_leads_to_another_site(client: IsolatedClient, path: str) -> None:
    answer = client.get(path)
    assert answer.location is None or answer.location.startswith("/school/")


def test_what_an_address_leads_to_exists(app: Flask) -> None:
    pages = {re.sub(r"<int:(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if not rule.redirect_to}
    assert {now for now in MOVED.values() if not any(page.startswith(now) for page in pages)} == set()
