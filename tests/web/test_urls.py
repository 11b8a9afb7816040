"""Internal addresses are the ones Flask would build, and going on never leads to another site."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import flask
import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.routing import IntegerConverter

from portal.web.urls import safe_path, url_for

SITE = "https://trivsel.example.dk"


def endpoints_with_row_ids(app: Flask) -> list[tuple[str, list[str]]]:
    return [
        (rule.endpoint, sorted(rule.arguments))
        for rule in app.url_map.iter_rules()
        if all(isinstance(rule._converters[name], IntegerConverter) for name in rule.arguments)
    ]


@pytest.mark.parametrize("root", ["", "/portal"])
def test_remembered_addresses_are_those_that_flask_builds(app: Flask, root: str) -> None:
    for endpoint, names in endpoints_with_row_ids(app):
        with app.test_request_context("/", base_url=f"http://localhost{root}"):
            for first in (1, 20, 1_900_000_001, 2**31 - 1):
                values = (
                    {name: first - i for i, name in enumerate(names)} if first > len(names) else dict.fromkeys(names, 1)
                )
                assert url_for(endpoint, **values) == flask.url_for(endpoint, **values)


@pytest.mark.parametrize("root", ["", "/portal"])
def test_remembered_addresses_with_words_are_those_that_flask_builds(app: Flask, root: str) -> None:
    for values in ({"key": "k2"}, {"key": "k2", "after": 4}, {"key": "k2", "after": "4"}, {"key": "å/?&{k}"}):
        with app.test_request_context("/", base_url=f"http://localhost{root}"):
            for _ in range(2):
                assert url_for("strategy.show_clause", **values) == flask.url_for("strategy.show_clause", **values)


def test_the_root_of_one_request_is_not_remembered_for_another(app: Flask) -> None:
    built = []
    for base in ("http://localhost", "http://localhost/portal", "http://localhost"):
        with app.test_request_context("/", base_url=base):
            built.append(url_for("home.show_class", class_id=3))
    assert built == ["/classes/3", "/portal/classes/3", "/classes/3"]


def test_what_is_no_row_id_is_built_by_flask(app: Flask) -> None:
    with app.test_request_context("/"):
        assert (
            url_for("accounts.sign_in.sign_in", next="/a?b=c&d={e}") == "/accounts/sign-in?next=/a?b%3Dc%26d%3D%7Be%7D"
        )
        assert url_for("home.show_class", class_id=3, _external=True) == "http://localhost/classes/3"
        assert url_for("home.show_class", class_id=3, after=4) == "/classes/3?after=4"
        assert url_for("home.show_class", class_id=3, _anchor="news") == "/classes/3#news"


def test_a_dot_means_the_page_s_own_package(app: Flask) -> None:
    with app.test_request_context("/updates/7"):
        assert url_for(".show_reach", update_id=8) == "/updates/8/reach"


def test_a_path_of_ours_is_followed() -> None:
    for path in ("/", "/updates/7", "/updates/?after=1_2", "/classes/3#news", "/søg?q=æøå"):
        assert safe_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "updates",
        "//other.example",
        "///other.example",
        "/\\other.example",
        "\\\\other.example",
        "https://other.example",
        "javascript:alert(1)",
        "/\t/other.example",
        "/\n/other.example",
        "/\t/[",
        "/\x00",
        " //other.example",
        "/a\\..\\b",
    ],
)
def test_what_could_lead_away_leads_home(target: str | None) -> None:
    assert safe_path(target) == "/"


@given(st.text() | st.text(alphabet="/\\:@.?#[]%\t\r\n\x85 aeh2e").map(lambda text: f"/{text}"))
@example("/\t/[")
@example("/\t//℀")
def test_no_spelling_leads_to_another_site(target: str) -> None:
    path = safe_path(target)
    as_a_browser_reads_it = path.replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/").strip()
    gone_to = urlsplit(urljoin(f"{SITE}/accounts/sign-in", as_a_browser_reads_it))
    assert (gone_to.scheme, gone_to.netloc) == ("https", "trivsel.example.dk")


def test_signing_in_with_a_foreign_address_leads_home(app: Flask) -> None:
    with app.test_request_context("/accounts/sign-in?next=//other.example"):
        assert safe_path(flask.request.args.get("next")) == "/"
