"""A form counts only from a page of ours, as far as the browser says where it comes from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from tests.conftest import IsolatedClient

LANGUAGE = {"language": "en"}


def reads_english(browser: IsolatedClient) -> bool:
    return '<html lang="en">' in browser.get("/help").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_form_from_another_site_changes_nothing(client: IsolatedClient, headers: dict[str, str]) -> None:
    assert client.send("/accounts/language", LANGUAGE, headers=headers).status_code == 403
    assert not reads_english(client)
    assert client.get("/help", headers=headers).status_code == 200, "a link is no form"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "https://trivsel.example.dk"},
    ],
)
def test_a_form_of_ours_and_of_who_says_nothing_is_taken(
    app: Flask, client: IsolatedClient, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    settings = replace(app.extensions["portal.settings"], base_url="https://trivsel.example.dk")
    monkeypatch.setitem(app.extensions, "portal.settings", settings)
    assert client.send("/accounts/language", LANGUAGE, headers=headers).status_code == 303
    assert reads_english(client)
