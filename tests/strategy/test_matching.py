"""A promise keeps its key from edition to edition, whatever is done to the text around it."""

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.strategy.kinds import ClauseKind
from portal.strategy.matching import KeyedText, PlacedText, match_clauses, pair_sections

BULLET, PARAGRAPH, SUBHEADING = ClauseKind.BULLET, ClauseKind.PARAGRAPH, ClauseKind.SUBHEADING


def edition(*texts: str, section: str = "Mål", kind: ClauseKind = BULLET) -> list[PlacedText]:
    return [PlacedText(section, kind, text) for text in texts]


def keyed(placed: list[PlacedText]) -> list[KeyedText]:
    return [KeyedText(text.section, text.kind, text.text, f"k{number}") for number, text in enumerate(placed, 1)]


def test_moved_texts_keep_their_keys():
    old = edition("Alle taler pænt", "Alle er med") + edition("Vi laver legeaftaler", section="Hjem")
    assert match_clauses(keyed(old), list(reversed(old))) == ["k3", "k2", "k1"]


def test_capitals_and_blanks_make_no_new_promise():
    assert match_clauses(keyed(edition("Alle  taler pænt")), edition("alle taler pænt")) == ["k1"]


def test_a_reworded_text_keeps_its_key_within_its_section():
    old = edition("Alle taler pænt til hinanden", "Der er synligt tilsyn i pauserne")
    new = edition("Der er altid synligt tilsyn i frikvarter og pauser", "Alle børn taler pænt til og om hinanden")
    assert match_clauses(keyed(old), new) == ["k2", "k1"]


def test_a_reworded_text_in_another_section_or_of_another_kind_is_a_new_promise():
    old = keyed(edition("Alle taler pænt til hinanden"))
    assert match_clauses(old, edition("Alle taler pænt til de andre", section="Hjem")) == [None]
    assert match_clauses(old, edition("Alle taler pænt til de andre", kind=PARAGRAPH)) == [None]


def test_the_same_words_as_another_kind_are_the_same_promise():
    assert match_clauses(keyed(edition("Alle er med")), edition("Alle er med", kind=PARAGRAPH)) == ["k1"]


def test_the_most_similar_text_wins():
    old = edition("Elevrådet drøfter strategien hvert år i maj", "Elevrådet drøfter strategien hvert år")
    new = edition("Elevrådet drøfter strategien hvert eneste år", "Elevrådet drøfter strategien hvert år i maj måned")
    assert match_clauses(keyed(old), new) == ["k2", "k1"]


def test_a_new_text_gets_no_key_and_a_removed_one_gives_none():
    assert match_clauses(keyed(edition("Morgensang hver mandag")), edition("Legepatruljen tager ud kl. 10")) == [None]
    assert match_clauses([], edition("a")) == [None]
    assert match_clauses(keyed(edition("a")), []) == []


def test_identical_texts_keep_their_own_keys_section_by_section():
    old = edition("Se skolens hjemmeside", section="A") + edition("Se skolens hjemmeside", section="B")
    assert match_clauses(keyed(old), list(reversed(old))) == ["k2", "k1"]
    assert match_clauses(keyed(old), old[1:]) == ["k2"]
    assert match_clauses(keyed(old), old + old[:1]) == ["k1", "k2", None]


def test_a_section_with_a_new_heading_is_known_by_what_stayed_in_it():
    old = edition("Alle er med", "Alle taler pænt til hinanden", section="Mål")
    new = edition("Alle er med", "Alle taler pænt til og om hinanden", section="Hvad vil vi?")
    assert match_clauses(keyed(old), new) == ["k1", "k2"]


def test_two_sections_of_one_heading_are_two():
    first, second = (
        [PlacedText("Mål", BULLET, text, place=place) for text in texts]
        for place, texts in enumerate(
            [("Alle taler pænt", "Se hjemmesiden"), ("Alle er med i legen", "Se hjemmesiden")]
        )
    )
    old = [
        KeyedText(text.section, text.kind, text.text, f"k{number}", place=text.place)
        for number, text in enumerate([*first, *second], 1)
    ]
    changed_places = [replace(text, place=1 - text.place) for text in [*second, *first]]
    assert match_clauses(old, changed_places) == ["k3", "k4", "k1", "k2"]
    assert match_clauses(old, [replace(text, place=0) for text in second]) == ["k3", "k4"]
    reworded = [PlacedText("Mål", BULLET, "Alle børn er med i legen", place=1), *first]
    assert match_clauses(old, reworded) == ["k3", "k1", "k2"]


def test_sections_of_one_heading_go_together_by_what_they_hold_and_then_in_order():
    old = {(0, "Mål"): ["a", "b"], (1, "Mål"): ["c"], (2, "Mål"): []}
    new = {(0, "Mål"): ["c", "d"], (1, "Mål"): [], (2, "Mål"): ["b"], (3, "Mål"): [], (4, "Nyt"): ["a"]}
    assert pair_sections(old, new) == {(0, "Mål"): (1, "Mål"), (2, "Mål"): (0, "Mål"), (1, "Mål"): (2, "Mål")}


def test_long_paragraphs_are_compared_by_their_words():
    words = [f"ord{number}" for number in range(200)]
    old = edition(" ".join(words), kind=PARAGRAPH)
    new = edition(" ".join(words[60:] + ["nyt"]), " ".join(reversed(words)), kind=PARAGRAPH)
    assert match_clauses(keyed(old), new) == ["k1", None]


def _sentence(words: list[str], number: int, length: int) -> str:
    chosen = (words[(number + place * place * (number % 11 + 1)) % len(words)] for place in range(length // 6))
    return f"{' '.join(chosen)} {number * number}"


@pytest.mark.parametrize("length", [40, 80, 300])
def test_as_many_texts_as_a_strategy_may_have_are_matched_in_seconds_though_none_is_like_another(length):
    words = ["elever", "voksne", "klassen", "hver", "dag", "lærer", "og", "at", "vi", "er", "på", "skolen", "trivsel"]
    old, new = (edition(*(_sentence(words, number * step, length) for number in range(300))) for step in (5, 7))
    start = process_time()
    assert len(match_clauses(keyed(old), new)) == 300
    assert process_time() - start < 10


PLACED = st.builds(
    PlacedText,
    st.sampled_from(["", "A", "B", "C"]),
    st.sampled_from(ClauseKind),
    st.sampled_from(["Alle er med", "alle er med", "Alle er gode", "Alle taler pænt", "x"]) | st.text(max_size=12),
)
EDITIONS = st.lists(PLACED, max_size=12)


@given(EDITIONS, EDITIONS)
@settings(max_examples=300, deadline=None)
def test_no_key_is_given_twice_and_none_is_made_up(old, new):
    given_keys = match_clauses(keyed(old), new)
    kept = [key for key in given_keys if key is not None]
    assert len(given_keys) == len(new)
    assert len(kept) == len(set(kept))
    assert set(kept) <= {clause.key for clause in keyed(old)}


@given(EDITIONS)
@settings(deadline=None)
def test_an_unchanged_document_keeps_every_key(old):
    assert match_clauses(keyed(old), old) == [clause.key for clause in keyed(old)]


@given(EDITIONS, st.randoms())
@settings(deadline=None)
def test_shuffling_loses_no_key(old, random):
    new = random.sample(old, len(old))
    assert sorted(match_clauses(keyed(old), new)) == sorted(clause.key for clause in keyed(old))
