"""How things are called: views, addresses and templates say what they do, in one word each, and lead to the file."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from tests.house.source import TEMPLATES

pytestmark = pytest.mark.check

#: GET endpoints without a page of their own, and what they answer instead.
NO_PAGE = {
    "council.years.download_year": "a file to keep",
    "council.screen.show_pulse": "a part of the screen, which asks for it again and again",
    "operations.show_health": "a word for a machine",
    "operations.show_readiness": "a word for a machine",
    "parent_meetings.material.download_file": "a file to keep",
    "strategy.download_markdown": "a file to keep",
    "strategy.download_pdf": "a file to keep",
    "strategy.forwarding.download_packet": "a file to keep",
    "updates.cadence.download_cadence": "a file to keep",
    "year_wheel.download_sheet": "a file to keep",
}
#: Areas whose addresses do not begin with the area's name, and why.
NO_PREFIX = {
    "home": "the front pages have the shortest addresses",
    "operations": "machines ask where all portals answer",
}
#: Folders whose word is in no address, and why.
NOT_IN_AN_ADDRESS = {"updates.desk": "writing news is done at the news itself"}
READS = {"list", "show", "compare", "draft", "edit", "new"}
#: The other verbs that name a view. Before a new one is added: does an old one say it?
VERBS = {
    "accept",
    "apply",
    "ask",
    "approve",
    "cancel",
    "change",
    "choose",
    "close",
    "confirm",
    "correct",
    "delete",
    "discard",
    "download",
    "end",
    "export",
    "forward",
    "grant",
    "hide",
    "import",
    "invite",
    "make",
    "mark",
    "merge",
    "move",
    "publish",
    "record",
    "remove",
    "reopen",
    "report",
    "save",
    "schedule",
    "sign",
    "start",
    "submit",
    "thank",
    "unmark",
    "withdraw",
}


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if not rule.redirect_to]


def pages(app: Flask) -> set[str]:
    """The endpoints that a person opens."""
    return {rule.endpoint for rule in rules(app) if "GET" in (rule.methods or ())}


def test_every_view_is_guarded_or_public(app: Flask) -> None:
    open_doors = [endpoint for endpoint, view in app.view_functions.items() if not hasattr(view, "action")]
    assert open_doors == []


def test_a_view_is_named_by_what_it_does(app: Flask) -> None:
    wrong = []
    for rule in rules(app):
        verb, _, thing = rule.endpoint.rpartition(".")[2].partition("_")
        only_reads = rule.methods == {"GET", "HEAD", "OPTIONS"} and rule.endpoint not in NO_PAGE
        if verb not in READS | VERBS:
            wrong.append(f"{rule.endpoint}: {verb} is no verb of the house")
        elif only_reads and verb not in READS:
            wrong.append(f"{rule.endpoint} only reads, so it is list_ or show_")
        if not thing:
            wrong.append(f"{rule.endpoint} does not say what it is about")
    assert wrong == []


def test_page_view_and_template_have_one_name(app: Flask) -> None:
    missing = [e for e in pages(app) - NO_PAGE.keys() if not (TEMPLATES / f"{e.replace('.', '/')}.html").exists()]
    assert missing == [], "these pages have no template of their name"
    assert [e for e in NO_PAGE if e not in pages(app)] == [], "exceptions that nothing needs"


def test_every_view_stands_in_the_folder_that_its_endpoint_names(app: Flask) -> None:
    assert [
        f"{endpoint} is in {view.__module__}"
        for endpoint in {rule.endpoint for rule in rules(app)}
        if (view := app.view_functions[endpoint]).__module__ != f"portal.{endpoint.rpartition('.')[0]}.views"
    ] == []


def test_an_address_begins_with_its_area(app: Flask) -> None:
    assert [
        f"{rule.endpoint}: {rule.rule}"
        for rule in rules(app)
        if (area := rule.endpoint.split(".")[0]) not in NO_PREFIX
        if not re.match(rf"/{area.replace('_', '-')}(/|$)", rule.rule)
    ] == []


def test_the_word_of_a_folder_is_the_word_of_its_addresses(app: Flask) -> None:
    said: dict[str, set[str]] = {}
    for rule in rules(app):
        said.setdefault(rule.endpoint.rpartition(".")[0], set()).update(rule.rule.split("/"))
    silent = {
        folder for folder in said if "." in folder and folder.rpartition(".")[2].replace("_", "-") not in said[folder]
    }
    assert silent == NOT_IN_AN_ADDRESS.keys()


def test_addresses_are_lower_case_words_with_hyphens(app: Flask) -> None:
    segment = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)?|<(\w+:)?[a-z_]+>")
    assert [
        rule.rule
        for rule in rules(app)
        for part in rule.rule.strip("/").split("/")
        if part and not segment.fullmatch(part)
    ] == []


def test_an_id_in_an_address_is_a_number(app: Flask) -> None:
    assert [
        f"{rule.rule}: {name} can be any text"
        for rule in rules(app)
        for name, converter in rule._converters.items()
        if name.endswith(("_id", "number")) and not isinstance(converter, IntegerConverter)
    ] == []
