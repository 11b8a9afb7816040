"""The strategy as a file: public, with the words of the page for paper, and read aloud in order."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

import pytest
from flask import Flask

from portal.strategy import queries
from portal.strategy.document import read_document
from portal.strategy.kinds import EditionState
from portal.text.pdf import making
from portal.text.pdf.making import NotMade
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, IsolatedClient, at_once
from tests.pdfs import headings, holds_up, lacks, page_count, root_of, squeezed, tags, words_of
from tests.strategy.test_pages import DEAD, TEXT, bring_in

PDF = "/strategy/pdf"


@pytest.fixture
def current(cast: Cast) -> None:
    bring_in(TEXT, date(2026, 6, 10))


@pytest.mark.usefixtures("current")
def test_it_has_the_words_of_the_page_and_its_structure(client: IsolatedClient) -> None:
    answer = client.get(PDF)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=vores-strategi-udgave-1.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    holds_up(answer.data, "Vores strategi", "da")
    assert lacks(answer.data, client.get("/strategy/print").text) == []
    assert headings(answer.data) == [
        (1, "Vores strategi"),
        (2, "1. Mål"),
        (2, "2. Hvad gør vi?"),
        (3, "Hjemmet"),
    ]
    found = [tag for tag, _ in tags(answer.data)]
    assert found.count("LI") == 4
    assert found.count("Link") >= 3, "two of the text and the way back to the portal"
    assert "Em" in found


@pytest.mark.usefixtures("current")
def test_the_pages_lead_to_it_and_say_what_it_is(client: IsolatedClient) -> None:
    assert "Til print og PDF" in client.get("/strategy/").text
    page = client.get("/strategy/print").text
    assert f'href="{PDF}"' in page
    assert "Hent som PDF (under 1 MB)" in page
    assert not re.search(r"<a[^>]* download", page), "a browser would save the page that says why there is none"


@pytest.mark.usefixtures("current")
def test_a_dead_link_is_told_as_on_paper(client: IsolatedClient, client_of: ClientOf, cast: Cast) -> None:
    client_of(cast.office).send("/strategy/links", {"url": DEAD, "note": "Ring i stedet."})
    pdf = client.get(PDF).data
    assert squeezed(f"Linket virker ikke længere: {DEAD} Ring i stedet.") in squeezed(words_of(pdf))
    assert lacks(pdf, client.get("/strategy/print").text) == []


@pytest.mark.usefixtures("current")
def test_in_english_the_frame_is_english_and_the_text_stays_danish(client_of: ClientOf, cast: Cast) -> None:
    cast.guardian.language = "en"
    answer = client_of(cast.guardian).get(PDF)
    assert root_of(answer.data)["/Lang"].lower().startswith("en")
    assert "edition-1.pdf" in answer.headers["Content-Disposition"]
    assert "Page 1 of 1" in words_of(answer.data)
    assert b"/Lang (da)" in answer.data or b"/Lang(da)" in answer.data


def test_before_there_is_a_text_there_is_no_file(client: IsolatedClient, cast: Cast) -> None:
    assert client.get(PDF).status_code == 404


def test_a_draft_is_not_in_it(client: IsolatedClient, client_of: ClientOf, cast: Cast) -> None:
    make.make_edition({"Vores mål": ["Det der gælder."]})
    make.make_edition({"Vores mål": ["Det der ikke gælder."]}, number=2, state=EditionState.DRAFT)
    for browser in (client, client_of(cast.office)):
        words = words_of(browser.get(PDF).data)
        assert "Det der gælder." in words
        assert "ikke gælder" not in words


def test_nobody_sends_anything_to_it(client: IsolatedClient, client_of: ClientOf, cast: Cast) -> None:
    make.make_edition({"Vores mål": ["Vi hilser."]})
    assert client.post(PDF).status_code == 405
    assert client.head(PDF).status_code == 200
    assert client.get(f"{PDF}?template=/etc/passwd").data == client.get(PDF).data


def test_a_text_with_next_to_nothing_and_one_with_very_much(client: IsolatedClient, cast: Cast) -> None:
    tiny = make.make_edition({"": ["x"]})
    small = client.get(PDF).data
    holds_up(small, tiny.title, "da")
    words = "Vi øver os i at være gode ved hinanden, også når det er svært for en af os, og siger det til en voksen. "
    tiny.state = EditionState.SUPERSEDED
    edition = make.make_edition(
        {f"Afsnit {part}": [f"{words} Nummer {point}." for point in range(50)] for part in range(10)},
        number=2,
    )
    pdf = client.get(PDF).data
    assert len(pdf) < 1_000_000, "the link says so"
    assert page_count(pdf) > 15
    assert [tag for tag, _ in tags(pdf)].count("LI") == 500
    assert squeezed("10.50" + words + "Nummer 49.") in squeezed(words_of(pdf))
    assert edition.number == 2


def test_subheadings_before_the_first_section_skip_no_level(client: IsolatedClient, cast: Cast) -> None:
    bring_in("# Vores\n\n### Først\n\nOrd.\n\n## Mål\n\n### Under\n\n- et\n", date(2026, 6, 10))
    holds_up(client.get(PDF).data, "Vores", "da")


def test_when_it_cannot_be_made_the_reader_is_told_what_to_do(
    client: IsolatedClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_edition({"Vores mål": ["Vi hilser på alle i dag."]})

    def fails(text: str) -> bytes:
        raise NotMade("it took more than 20 s")

    monkeypatch.setattr(making, "_made", fails)
    answer = client.get(PDF, headers={"Accept-Language": "da"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Print selve siden i stedet" in answer.text
    assert "Content-Disposition" not in answer.headers


def test_many_who_ask_at_once_have_it_made_twice_at_most(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_edition({"Vores mål": ["Vi hilser på alle hver morgen."]})
    made = []
    really = making._made

    def counted(text: str) -> bytes:
        made.append(text)
        return really(text)

    monkeypatch.setattr(making, "_made", counted)
    monkeypatch.setattr(making, "_kept", making._Kept())
    monkeypatch.setattr(making, "MOST_WAITING", 60)
    browsers = [app.test_client() for _ in range(8)]
    answers = at_once(*(partial(browser.get, PDF) for browser in browsers))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.data for answer in answers}) == 1
    assert 1 <= len(made) <= making.AT_ONCE


def test_the_whole_text_of_the_demo_school_is_in_it(client: IsolatedClient, cast: Cast) -> None:
    with open(making.TEMPLATES.parent / "portal/demo/strategy.md", encoding="utf-8") as file:
        text = file.read()
    bring_in(text, date(2026, 6, 10))
    pdf = client.get(PDF).data
    assert lacks(pdf, client.get("/strategy/print").text) == []
    edition = queries.get_current()
    assert edition is not None
    holds_up(pdf, edition.title, "da")
    assert len(headings(pdf)) > len(read_document(text).sections)


def test_an_edition_whose_file_named_no_language_that_we_know_is_still_a_pdf(client: IsolatedClient) -> None:
    bring_in(TEXT, date(2026, 6, 10)).language = "dansk"
    answer = client.get(PDF)
    assert answer.status_code == 200
    holds_up(answer.data, "Vores strategi", "da")


def test_a_subheading_of_a_picture_alone_stops_nobody(client: IsolatedClient) -> None:
    bring_in(f"{TEXT}\n### 🌟\n\n- Vi hilser.\n", date(2026, 6, 10))
    assert client.get(PDF).mimetype == "application/pdf"
