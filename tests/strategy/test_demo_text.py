"""The demo school's strategy has the shape of a real one and words of its own."""

import re
from pathlib import Path

import pytest

from portal.strategy.document import Document, read_document
from portal.strategy.kinds import ClauseKind

ROOT = Path(__file__).resolve().parents[2]
DEMO_FILE = ROOT / "portal" / "demo" / "strategy.md"
REAL_FILE = ROOT.parent / "shared" / "strategy" / "alslev-2025.md"
LONGEST_COMMON_RUN = 7


def demo() -> Document:
    return read_document(DEMO_FILE.read_text(encoding="utf-8"))


def word_runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def test_the_demo_strategy_has_an_introduction_and_eight_sections_of_promises():
    document = demo()
    kinds = [placed.kind for placed in document.texts]
    assert [section.heading == "" for section in document.sections] == [True] + [False] * 8
    assert [kinds.count(kind) for kind in (ClauseKind.BULLET, ClauseKind.SUBHEADING)] == [80, 5]
    assert document.approved_on is not None
    assert document.approved_by


def test_every_section_of_the_demo_strategy_says_in_short_what_a_child_of_ten_can_read():
    introduction, *sections = demo().sections
    assert introduction.plain_summary == ""
    assert all(2 < len(section.plain_summary.split()) <= 22 for section in sections)


def test_no_two_promises_of_the_demo_strategy_are_the_same():
    texts = [placed.text for placed in demo().texts]
    assert len(texts) == len(set(texts))


def test_three_bullets_of_the_demo_strategy_are_nothing_but_a_link():
    links = [block for section in demo().sections for block in section.blocks if block.url]
    assert [block.kind for block in links] == [ClauseKind.BULLET] * 3


@pytest.mark.parametrize(
    "duty",
    [
        "hvert skoleår",
        "10 arbejdsdage",
        "mellem august og november",
        "maj eller juni",
        "MED-udvalget",
        "skolebestyrelsen",
    ]
    + [
        "Elevrådet drøfter strategien",
        "løbende forældrene",
        "lege med alle i klassen",
        "hele klassen med",
        "faste materiale",
    ],
)
def test_the_demo_strategy_holds_the_duties_the_portal_is_about(duty):
    assert any(duty in placed.text for placed in demo().texts)


@pytest.mark.skipif(not REAL_FILE.exists(), reason="the school's own text is not beside the repository")
def test_no_sentence_of_the_demo_strategy_is_taken_from_the_schools_own():
    own = word_runs(DEMO_FILE.read_text(encoding="utf-8"), LONGEST_COMMON_RUN + 1)
    assert own & word_runs(REAL_FILE.read_text(encoding="utf-8"), LONGEST_COMMON_RUN + 1) == set()
