"""A PDF is made of data: nothing in it is markup, no letter stops it, and none of it stays in the server."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from portal.text.pdf import making
from portal.text.pdf.content import content_of
from portal.text.pdf.making import NotMade, make_pdf
from portal.text.richtext import render
from tests.pdfs import headings, holds_up, squeezed, tags, words_of

YEAR = "council/years/download_year.typ"
BASE = "https://skole.example"
#: Danish, Greenlandic, Faroese, Icelandic, Polish, Turkish, Vietnamese, Greek, Ukrainian, Hebrew and Arabic.
NAMES = (
    "Åse Bjørk Sørensen",
    "Pipaluk ĸ Aĸĸalu",
    "Óðin í Dali við Neyst",
    "Þórður Æsa",
    "Łucja Wiśniewska",
    "Ayşe Gökçe Yıldırım",
    "Nguyễn Thị Hồng",
    "Ελένη",
    "Володимир",
)


def data_of(title: str = "Vores år", html: str = "", words: str = "", **given: Any) -> dict[str, Any]:
    entry = {"title": "Ord", "became": "", "now": "", "content": content_of(html, BASE), "words": words, "small": ""}
    about = {"title": title, "language": "da", "region": "dk", "school": "Skolen", "portal": "Trivselsportalen"}
    section = {"title": "Afsnit", "entries": [entry], "note": ""}
    page = {"eyebrow": "", "lead": "", "figures": [[1, "møde"]], "sections": [section], "printed": "", "address": BASE}
    return about | {"page-words": "Side {page} af {pages}"} | page | given


def test_it_says_what_it_is_in_which_language_and_what_its_parts_are() -> None:
    pdf = make_pdf(YEAR, data_of())
    holds_up(pdf, "Vores år", "da")
    assert headings(pdf) == [(1, "Vores år"), (2, "Afsnit"), (3, "Ord")]
    english = make_pdf(YEAR, data_of("Our year", language="en", region="gb"))
    holds_up(english, "Our year", "en")


def test_what_looks_like_markup_is_what_stands_there() -> None:
    wild = '#eval("1") $x$ @navn // væk /* */ *a* _b_ = c <d> [e] `f` \\ "g" -- ... ~ #import "/x" {h} 3.A & \'i\''
    pdf = make_pdf(YEAR, data_of(title=wild, words=wild, html=str(render("`" + wild + "`"))))
    assert squeezed(words_of(pdf)).count(squeezed('#eval("1") $x$ @navn // væk /* */ *a* _b_ = c <d> [e]')) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_names_in_other_alphabets_are_whole(name: str) -> None:
    assert squeezed(name) in squeezed(words_of(make_pdf(YEAR, data_of(words=name))))


@pytest.mark.parametrize("name", ["محمد", "עדן"])
def test_what_is_read_from_the_right_is_there(name: str) -> None:
    letters = set(name)
    assert letters <= set(words_of(make_pdf(YEAR, data_of(words=f"Sammen med {name} i dag"))))


def test_a_sign_that_no_font_has_does_not_stop_the_rest() -> None:
    wild = "Vi siger 😊 hej 👨‍👩‍👧 til 王小明 og ไทย ⚽ hver 1️⃣ dag\u200f \ue000\x07\u202e🇩🇰 a\u0327\u0328\u0329 ok"
    pdf = make_pdf(YEAR, data_of(title="Hej 🎉 王", words=wild, html=str(render(wild))))
    words = words_of(pdf)
    assert "Vi siger" in words
    assert "□□□" in words, "a letter that is missing is seen to be missing"
    assert "😊" not in words
    holds_up(pdf, "Hej  □", "da")


def test_every_sign_of_the_first_planes_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """In lines of a few hundred, so that what no font has comes in crowds; some seconds of work, by whatever clock."""
    monkeypatch.setattr(making, "MOST_SECONDS", 120.0)
    signs = [chr(number) for number in range(0x20, 0xFFFF) if not 0xD800 <= number <= 0xDFFF]
    text = "\n".join("".join(signs[start : start + 300]) for start in range(0, len(signs), 300))
    assert make_pdf(YEAR, data_of(words=text)).startswith(b"%PDF-")


def test_half_a_letter_and_none_at_all_are_no_fault() -> None:
    assert make_pdf(YEAR, data_of(title="Halv \ud800", words="\udfff", html="")).startswith(b"%PDF-")
    assert make_pdf(YEAR, data_of(sections=[])).startswith(b"%PDF-")


def test_a_tab_parts_two_words_on_paper_too() -> None:
    assert "Navn Klasse" in words_of(make_pdf(YEAR, data_of(words="Navn\tKlasse\r\nIs")))


def test_a_heading_of_a_picture_alone_is_a_sign_that_no_font_has() -> None:
    assert "□" in words_of(make_pdf(YEAR, data_of(words="🌟", html=str(render("### 🌟")))))


MARKDOWN = """### Overskrift

Et afsnit med *vægt* og **styrke** og [et link](https://example.org/a_b) og https://example.org.

- et
- to
  1. ind
  2. i

5. fem
6. seks

> citat

| a | b |
|---|---|
| 1 | 2 |

---

Slut.
"""


def test_markdown_keeps_its_structure() -> None:
    pdf = make_pdf(YEAR, data_of(html=str(render(MARKDOWN))))
    found = [tag for tag, _ in tags(pdf)]
    assert {"H4", "P", "L", "LI", "Lbl", "LBody", "Link", "Table", "TH", "TD", "Em", "Strong"} <= set(found)
    assert found.count("LI") == 4, "as on the page: only a list that begins at 1 is one"
    assert ("TH", "/Column") in [(tag, given.get("/Scope")) for tag, given in tags(pdf)]
    words = words_of(pdf)
    assert "etlink(https://example.org/a_b)" in squeezed(words), "paper has no links to press"
    assert squeezed(words).count("oghttps://example.org.") == 1, "what says its address says it once"
    assert "5. fem" in words


@pytest.mark.parametrize(
    "text",
    [
        "Et ord " * 6000,
        "a" * 40_000,
        "https://example.org/" + "x" * 5000,
        "[link](https://example.org/" + "y" * 5000 + ")",
        "> " * 30 + "dybt",
        "- a\n" * 1000,
        "".join(f"{'  ' * depth}- ned\n" for depth in range(30)),
        "| a |\n|---|\n" + "| b |\n" * 500,
        "*" * 3000,
        "# " * 200 + "x",
        "###### seks\n\n## to\n\n#### fire",
    ],
    ids=lambda text: text[:12].strip() + f" {len(text)}",
)
def test_long_and_odd_texts_become_a_pdf_below_one_megabyte(text: str) -> None:
    pdf = make_pdf(YEAR, data_of(html=str(render(text)), words=text))
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) < 1_000_000, "the link says so"
    holds_up(pdf, "Vores år", "da")


def test_a_word_that_no_column_holds_stays_on_the_sheet() -> None:
    word = "speciallægekonsulentbistandsordning" * 12
    words = words_of(make_pdf(YEAR, data_of(words=word)))
    assert squeezed(word) in squeezed(words)
    assert max(map(len, words.splitlines()[:10])) < 100, "no line is longer than the sheet is wide"


def test_a_danish_compound_at_the_end_of_a_line_is_hyphenated_and_not_cut() -> None:
    title = "Trivselsundersøgelsesopfølgningsarrangement for forældrerådsrepræsentantskabsmedlemmer og søskende"
    pdf = make_pdf(YEAR, data_of(title=title))
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text()
    assert "\u00ad\n" in text
    assert title in text.replace("\u00ad\n", "").replace("\n", " "), "a line ends between words or with a hyphen"


# The process, its turns and its end


def test_the_typesetter_never_comes_into_the_server() -> None:
    code = "import sys; from portal.text.pdf.making import make_pdf; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=making.TEMPLATES.parent, check=False).returncode == 0
    make_pdf(YEAR, data_of())
    assert "typst" not in sys.modules


def test_the_same_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(making, "_made", lambda text: made.append(text) or b"%PDF-1")
    monkeypatch.setattr(making, "_kept", making._Kept())
    for title in ("Et", "To", "Et"):
        make_pdf(YEAR, data_of(title))
    assert len(made) == 2


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = making._Kept()
    for number in range(30):
        kept.keep(bytes([number]), b"x" * 100_000)
    assert kept.get(bytes([29])) is not None
    assert kept.get(bytes([0])) is None
    assert sum(len(file) for file in kept._files.values()) <= making.MOST_KEPT
    assert kept.keep(b"large", b"x" * (making.MOST_KEPT + 1)), "it is given, and not kept"
    assert kept.get(b"large") is None


def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(making, "TYPESETTER", slow)
    monkeypatch.setattr(making, "MOST_SECONDS", 0.3)
    began = time.monotonic()
    with pytest.raises(NotMade, match="more than"):
        make_pdf(YEAR, data_of("For sent"))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("code", ["raise SystemExit('x')", "import os; os.abort()", "print('no PDF')", ""])
def test_one_that_breaks_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, code: str) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(code)
    monkeypatch.setattr(making, "TYPESETTER", broken)
    with pytest.raises(NotMade) as told:
        make_pdf(YEAR, data_of("Går i stykker"))
    assert not told.value.is_busy
    assert "\n" not in str(told.value)


def test_a_fault_of_a_template_says_nothing_of_the_text() -> None:
    data = data_of("Hemmelig", words="Hemmelig tekst")
    del data["figures"]
    with pytest.raises(NotMade) as told:
        make_pdf(YEAR, data)
    assert "figures" in str(told.value)
    assert "Hemmelig" not in str(told.value)


def test_only_so_many_are_made_at_once_and_others_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    begun = threading.Semaphore(0)

    def slowly(text: str) -> bytes:
        begun.release()
        go_on.wait(10)
        return b"%PDF-1"

    monkeypatch.setattr(making, "_made", slowly)
    monkeypatch.setattr(making, "MOST_WAITING", 0.1)
    monkeypatch.setattr(making, "_kept", making._Kept())
    threads = [
        threading.Thread(target=make_pdf, args=(YEAR, data_of(f"Nr. {number}"))) for number in range(making.AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    assert all(begun.acquire(timeout=10) for _ in threads)
    with pytest.raises(NotMade) as told:
        make_pdf(YEAR, data_of("En til"))
    assert told.value.is_busy
    go_on.set()
    for thread in threads:
        thread.join()
    assert make_pdf(YEAR, data_of("En til")) == b"%PDF-1", "turns are given back"


def test_nothing_secret_is_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    asks = tmp_path / "asks.py"
    asks.write_text("import os, sys; sys.exit(' '.join(sorted(os.environ)))")
    monkeypatch.setenv("PORTAL_SECRET_KEY", "s" * 40)
    monkeypatch.setattr(making, "TYPESETTER", asks)
    with pytest.raises(NotMade) as told:
        make_pdf(YEAR, data_of("Miljø"))
    assert "PATH" in str(told.value)
    assert "PORTAL_" not in str(told.value)
