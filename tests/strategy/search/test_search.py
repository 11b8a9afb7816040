"""Looking for words in the strategy, and reading it in short."""

from __future__ import annotations

import re
import time

import pytest

from portal.strategy import presenters, queries
from portal.strategy.search.presenters import find
from portal.text.seeking import folded_with_places
from tests import factories as make

TEXT = {
    "": ["Her er plads til alle."],
    "Vores mål": ["Vi hilser på Åse & Øjvind hver dag.", "Se [reglerne](https://example.org/)."],
    "Frikvarter": ["De store er legepatrulje på legepladsen."],
}


def reading(edition):
    return presenters.read(queries.list_text(edition.id), {})


@pytest.fixture
def edition(app):
    return make.make_edition(TEXT)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("hilser", ["k2"]),
        ("HILSER dag", ["k2"]),
        ("aase", ["k2"]),
        ("se", ["k3"]),
        ("åse", ["k2"]),
        ("oejvind", ["k2"]),
        ("legepatrulje", ["k4"]),
        ("patrulje plads", ["k4"]),
        ("plads", ["k1", "k4"]),
        ("maal", [""]),
        ("reglerne", ["k3"]),
        ("findes ikke", []),
        ("hilser legepatrulje", []),
        ("", []),
        ("   ", []),
        ("<b>", []),
        ("%_", []),
        ("\u0301", []),
    ],
)
def test_words_are_found_as_people_type_them(edition, query, keys):
    assert [hit.key for hit in find(reading(edition), query)] == keys


def test_a_hit_says_where_it_stands_and_marks_every_word(edition):
    [hit] = find(reading(edition), "aase hver")
    assert hit.where == "1.1 · 1. Vores mål"
    assert hit.html == "Vi hilser på <mark>Åse</mark> &amp; Øjvind <mark>hver</mark> dag."


def test_folding_keeps_the_place_of_every_letter():
    letters, places = folded_with_places("Åse é")
    assert (letters, places) == ("aase e", (0, 0, 1, 2, 3, 4))


def test_looking_takes_time_in_proportion_to_the_text():
    def seconds(clauses: int) -> float:
        text = make_reading(clauses)
        find(text, "aa")  # folds the text
        begun = time.perf_counter()
        find(text, "aa " * 50)
        return time.perf_counter() - begun

    def make_reading(clauses: int):
        rows = [queries.TextRow(0, "Mål", "", f"k{n}", "bullet", "å" * 2000) for n in range(clauses)]
        return presenters.read(rows, {})

    assert min(seconds(40) for _ in range(3)) < 8 * min(seconds(10) for _ in range(3))


@pytest.mark.both
def test_everybody_searches_and_the_page_keeps_the_words(client, edition):
    page = client.get("/strategy/search?q=aase").text
    assert "<mark>Åse</mark>" in page
    assert 'value="aase"' in page
    assert 'href="/strategy/clauses/k2"' in page


@pytest.mark.parametrize("query", ["", "%00", "x" * 5000, "%ff", "'%22<script>"])
def test_odd_words_find_nothing_and_break_nothing(client, edition, query):
    page = client.get(f"/strategy/search?q={query}")
    assert page.status_code in (200, 400)
    assert "<script>" not in page.text.replace("<script src", "")


def test_without_a_text_there_is_nothing_to_search_or_read_in_short(client, app):
    assert client.get("/strategy/search?q=alle").status_code == 404
    assert client.get("/strategy/in-short").status_code == 404


def test_the_short_words_come_first_and_the_points_are_folded_below(client, edition):
    edition.sections[1].plain_summary = "Vi siger **hej**."
    page = client.get("/strategy/in-short").text
    section = page[page.index("1. Vores mål</h2>") :]
    assert section.index("Vi siger <strong>hej</strong>.") < section.index("<details") < section.index("Vi hilser på")
    assert "kind=summary" not in page  # who may not speak is offered nothing to write


def test_a_point_is_one_link_that_names_it_for_a_screen_reader(client, edition):
    page = client.get("/strategy/").text
    point = re.search(r'<li id="k2">(.*?)</li>', page, re.DOTALL)
    assert point is not None
    assert re.match(r'<a href="/strategy/clauses/k2"><span class="hidden">', point[1])
    assert "Her er plads" in page
