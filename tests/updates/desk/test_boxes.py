"""One text is written in boxes under the strategy's headings: made from it, joined into it, nothing lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from portal.database import db
from portal.updates.headings import HEADINGS, Part, divide, join, under_headings, without_unfilled
from portal.updates.models import WellbeingUpdate
from portal.web.language import LANGUAGES, catalogue_of
from tests import factories as make
from tests.cast import Cast
from tests.conftest import IsolatedClient

ClientOf = Callable[..., IsolatedClient]
KNOWN = [{catalogue_of(language).gettext(heading) for language in LANGUAGES} for heading in HEADINGS]
DOING, WORKING, AT_HOME, COMING = (catalogue_of("da").gettext(heading) for heading in HEADINGS)
BOXES = ("doing", "working_on", "at_home", "coming")


def boxes(page: str) -> dict[str, str]:
    """The boxes on a page: name and words."""
    return {
        name: unescape(words)
        for name, words in re.findall(r'<textarea id="\w+" name="(\w+)"[^>]*>\n(.*?)</textarea>', page, re.S)
    }


def stored() -> str:
    db.session.expire_all()
    return db.session.query(WellbeingUpdate).one().body


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (f"### {DOING}\n\nGodt.\n\n### {COMING}\n\nEn tur.", ["", "Godt.", "", "", "En tur."]),
        (f"Hej.\n\n### {AT_HOME}\n\nSpørg.", ["Hej.", "", "", "Spørg.", ""]),
        (f"### {DOING}\n\nA\n\n### Ugens ord\n\nB", ["", "A\n\n### Ugens ord\n\nB", "", "", ""]),
        ("### Ugens ord\n\nTak", ["### Ugens ord\n\nTak", "", "", "", ""]),
        (f"### {COMING}\n\nA\n\n### {DOING}\n\nB", ["", "", "", "", f"A\n\n### {DOING}\n\nB"]),
        (f"### {DOING}\n\nA\n\n### {DOING}\n\nB", ["", f"A\n\n### {DOING}\n\nB", "", "", ""]),
        (f"### {DOING}\nA\n### {HEADINGS[1]}\nB", ["", "A", "B", "", ""]),
        (f"## {DOING}\n\nA", [f"## {DOING}\n\nA", "", "", "", ""]),
        (f"### {DOING} i dag\n\nA", [f"### {DOING} i dag\n\nA", "", "", "", ""]),
        (under_headings((DOING, WORKING, AT_HOME, COMING)), ["", "", "", "", ""]),
        ("", ["", "", "", "", ""]),
    ],
)
def test_a_text_falls_into_its_boxes(body: str, texts: list[str]) -> None:
    assert [part.text for part in divide(body, KNOWN)] == texts
    assert without_unfilled(join(divide(body, KNOWN))).split() == without_unfilled(body).split()


LINES = st.lists(
    st.one_of(
        st.sampled_from([f"### {heading}" for names in KNOWN for heading in names]),
        st.sampled_from(["### Ugens ord", "## To", "- et punkt", "", "Ord.", "```", "#tag", "1. august"]),
    ),
    max_size=14,
)


@given(LINES)
def test_no_word_is_lost_or_moved_between_a_text_and_its_boxes(lines: list[str]) -> None:
    body = "\n".join(lines)
    parts = divide(body, KNOWN)
    assert join(parts).split() == body.split()
    assert divide(join(parts), KNOWN) == parts


def test_a_heading_without_words_stays_until_the_text_is_sent() -> None:
    assert join([Part("", ""), Part("A", ""), Part("B", "Ord.")]) == "### A\n\n### B\n\nOrd."


def test_what_is_written_in_the_boxes_is_one_text(cast: Cast, client_of: ClientOf) -> None:
    team = client_of(cast.class_teacher)
    path = f"/updates/classes/{cast.third.id}/new"
    assert boxes(team.get(path).text) == dict.fromkeys(BOXES, "")
    team.send(
        path, {"title": "Nyt", "doing": "Vi har **det** godt.", "working_on": "", "at_home": "- Spørg", "coming": ""}
    )
    assert without_unfilled(stored()) == f"### {DOING}\n\nVi har **det** godt.\n\n### {AT_HOME}\n\n- Spørg"
    draft = db.session.query(WellbeingUpdate).one()
    page = team.get(f"/updates/{draft.id}/edit").text
    assert boxes(page) == {"doing": "Vi har **det** godt.", "working_on": "", "at_home": "- Spørg", "coming": ""}
    sent = {name: "" for name in BOXES} | {"title": "Nyt", "coming": "En tur.", "version": 1}
    team.send(f"/updates/{draft.id}/edit", sent)
    assert without_unfilled(stored()) == f"### {COMING}\n\nEn tur."


def test_a_text_keeps_its_language_and_its_words_when_nothing_is_changed(cast: Cast, client_of: ClientOf) -> None:
    body = f"Kære alle.\n\n\n\n### {DOING}\nGodt."
    draft = make.make_update(cast.third, cast.class_teacher, "Nyt", body=body, published_at=None)
    cast.class_teacher.language = "en"
    team = client_of(cast.class_teacher)
    page = team.get(f"/updates/{draft.id}/edit").text
    assert boxes(page) == {"body": "Kære alle.", "doing": "Godt.", "working_on": "", "at_home": "", "coming": ""}
    assert f'<label for="doing">{DOING}</label>' in page
    same = {**boxes(page), "title": "Nyt", "version": 1}
    team.send(f"/updates/{draft.id}/edit", same)
    assert (stored(), draft.revision) == (body, 1)
    team.send(f"/updates/{draft.id}/edit", {**same, "doing": "Bedre.", "version": draft.version})
    assert stored().startswith(f"Kære alle.\n\n### {DOING}\n\nBedre.")


def test_a_box_that_was_not_on_the_page_says_nothing(cast: Cast, client_of: ClientOf) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, body=f"### {DOING}\n\nGammelt.", published_at=None)
    team = client_of(cast.class_teacher)
    team.send(f"/updates/{draft.id}/edit", {"title": "Nyt", "body": "Kun dette.", "version": 1})
    assert stored() == "Kun dette."


@pytest.mark.parametrize("data", [{}, dict.fromkeys(BOXES, " "), {"body": f"### {DOING}"}])
def test_a_page_without_words_is_asked_for_some(cast: Cast, client_of: ClientOf, data: dict[str, str]) -> None:
    refused = client_of(cast.class_teacher).send(f"/updates/classes/{cast.third.id}/new", {"title": "Nyt", **data})
    assert refused.status_code == 422
    leads_to = re.search(r'role="alert".*?href="#(\w+)"', refused.text, re.S)[1]
    assert f'<textarea id="{leads_to}"' in refused.text
    assert db.session.query(WellbeingUpdate).count() == 0


def test_the_boxes_together_are_no_longer_than_a_text(cast: Cast, client_of: ClientOf) -> None:
    long = dict.fromkeys(BOXES, "x" * 6_000)
    team = client_of(cast.class_teacher)
    for path in ("new", "save"):
        answer = team.send(f"/updates/classes/{cast.third.id}/{path}", {"title": "Nyt", **long})
        assert answer.status_code == 422
    assert db.session.query(WellbeingUpdate).count() == 0


def test_of_two_who_write_in_boxes_the_second_gets_both_texts(cast: Cast, client_of: ClientOf) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, body=f"### {DOING}\n\nEt.", published_at=None)
    karen, peter = client_of(cast.class_teacher), client_of(cast.pedagogue)
    mine = {"title": "Nyt", "doing": "Karens ord.", "coming": "Turen.", "version": 1}
    assert karen.send(f"/updates/{draft.id}/save", mine).status_code == 303
    refused = peter.send(f"/updates/{draft.id}/edit", {**mine, "doing": "Peters ord.", "coming": ""})
    assert refused.status_code == 409
    assert "Karens ord." in refused.text
    assert boxes(refused.text)["doing"] == "Peters ord."
    assert boxes(refused.text)["coming"] == ""


def test_a_correction_is_written_in_the_same_boxes(cast: Cast, client_of: ClientOf) -> None:
    sent = make.make_update(cast.third, cast.class_teacher, "Nyt", body=f"### {DOING}\n\nGodt.")
    team = client_of(cast.class_teacher)
    page = team.get(f"/updates/{sent.id}/correct").text
    same = {**boxes(page), "title": "Nyt", "version": 1}
    assert team.send(f"/updates/{sent.id}/correct", same).status_code == 422, "nothing has been changed yet"
    assert team.send(f"/updates/{sent.id}/correct", {**same, "at_home": "Spørg."}).status_code == 303
    assert stored() == f"### {DOING}\n\nGodt.\n\n### {AT_HOME}\n\nSpørg."


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_of_stars_and_dashes(cast: Cast, client_of: ClientOf, language: str) -> None:
    cast.class_teacher.language = language
    team = client_of(cast.class_teacher)
    for path in (
        f"/updates/classes/{cast.third.id}/new",
        f"/events/classes/{cast.third.id}/new",
        f"/agreements/classes/{cast.third.id}/parents/edit",
    ):
        page = team.get(path)
        assert page.status_code == 200, path
        assert "**" not in page.text
        assert "###" not in page.text
        assert not re.search(r"stjerner|two stars|begynder med -|begins with -", page.text, re.I)


@pytest.mark.browser
def test_two_buttons_make_words_bold_and_lines_a_list(cast: Cast, as_user: Callable[..., Page]) -> None:
    page = as_user(cast.class_teacher)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"/updates/classes/{cast.third.id}/new")
    box = page.get_by_label(DOING, exact=True)
    tools = page.locator(".writing", has=box)
    box.fill("Alle leger")
    box.evaluate("box => box.setSelectionRange(0, 4)")
    tools.get_by_role("button", name="Fed").click()
    expect(box).to_have_value("**Alle** leger")
    tools.get_by_role("button", name="Fed").click()
    expect(box).to_have_value("Alle leger")
    box.press("End")
    tools.get_by_role("button", name="Liste").click()
    expect(box).to_have_value("- Alle leger")
    box.press("End")
    box.press_sequentially("\nIngen er alene\n\nSlut")
    expect(box).to_have_value("- Alle leger\n- Ingen er alene\nSlut")
    box.press("Control+a")
    tools.get_by_role("button", name="Liste").click()
    expect(box).to_have_value("- Alle leger\n- Ingen er alene\n- Slut")
    box.press("Control+z")
    expect(box).to_have_value("- Alle leger\n- Ingen er alene\nSlut")
    expect(page.locator("#saved")).to_contain_text("Gemt kl.")
    assert faults == []


@pytest.mark.browser
def test_without_scripts_there_are_no_buttons_and_the_boxes_are_sent_as_they_are(
    cast: Cast, as_user: Callable[..., Page]
) -> None:
    page = as_user(cast.class_teacher, javascript=False)
    page.goto(f"/updates/classes/{cast.third.id}/new")
    expect(page.get_by_role("button", name="Fed")).to_have_count(0)
    page.get_by_label("Overskrift").fill("Nyt")
    page.get_by_label(COMING, exact=True).fill("En tur.")
    page.get_by_role("button", name="Se, hvordan det bliver").click()
    expect(page.get_by_role("heading", name=COMING)).to_be_visible()
