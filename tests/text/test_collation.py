"""Danish order, judged by ICU; and the folded words by which somebody is found."""

from __future__ import annotations

import os

import psycopg
import pytest

from portal.settings import ROOT
from portal.text.collation import folded, sort_key
from tests.conftest import LOCAL_SERVER

#: Five hundred names as schools have them: Danish, Nordic, Turkish, with accents, and with two a's of every kind.
NAMES = (ROOT / "tests/text/names.txt").read_text(encoding="utf-8").splitlines()
LABELS = [f"{grade}.{track}" for grade in range(11) for track in "ABC"] + [
    "0.-2.",
    "3.-4.",
    "10.-11.",
    "Blå stue",
    "SFO",
]


def _icu_order(texts: list[str]) -> list[str]:
    """These texts as ICU puts them in Danish order, numbers by value; skips where no PostgreSQL answers."""
    try:
        connection = psycopg.connect(os.environ.get("TEST_DATABASE_URL", LOCAL_SERVER), connect_timeout=3)
    except psycopg.OperationalError as fault:
        pytest.skip(f"no PostgreSQL: {str(fault).splitlines()[0]}")
    with connection:
        connection.execute("CREATE COLLATION pg_temp.danish (provider = icu, locale = 'da-u-kn-true')")
        rows = connection.execute("SELECT t FROM unnest(%s::text[]) t ORDER BY t COLLATE pg_temp.danish", (texts,))
        found = [row[0] for row in rows]
        connection.rollback()
    return found


def test_all_pairs_of_five_hundred_names_stand_as_icu_has_them() -> None:
    """One order of all, without two that are equal, is the order of every pair."""
    assert len(NAMES) == 500
    assert len({sort_key(name) for name in NAMES}) == 500
    assert sorted(NAMES, key=sort_key) == _icu_order(NAMES)


def test_class_labels_stand_as_icu_has_them() -> None:
    assert sorted(LABELS, key=sort_key) == _icu_order(LABELS)


@pytest.mark.parametrize(
    "in_order",
    [
        ["Anders", "Zoe", "Ærlig", "Ørsted", "Aage", "Åse"],
        ["Cagla", "Çağla", "Cahit"],
        ["Elisabet", "Elise", "Élise", "Elith"],
        ["Anne Ørsted", "Anne-Marie", "Anneline Berg"],
        ["Ülkü", "Ylva", "Yrsa"],
        ["Yla", "Üla", "Ylb"],
        ["Isabel", "Isak", "Isaac"],
        ["Maria", "Maria Anna", "Mariaane"],
        ["2.A", "2.B", "9.A", "10.A", "10.B"],
        ["0.-2.", "0.A", "1.A", "Blå stue"],
        ["Barn 2", "Barn 10", "Barn A"],
        ["Αθηνά", "Мария", "علي"],
    ],
)
def test_what_stands_before_what(in_order: list[str]) -> None:
    assert sorted(reversed(in_order), key=sort_key) == in_order


def test_accents_and_capitals_count_when_all_letters_are_the_same() -> None:
    assert sorted(["elise berg", "Élise Aas", "Elise Berg", "Elise Bo"], key=sort_key) == [
        "Elise Berg",
        "elise berg",
        "Elise Bo",
        "Élise Aas",
    ]


def test_a_letter_and_its_accent_in_two_signs_are_one_letter() -> None:
    assert sort_key("A\N{COMBINING RING ABOVE}se") == sort_key("Åse")
    assert sort_key("E\N{COMBINING ACUTE ACCENT}lise") == sort_key("Élise")


@pytest.mark.parametrize("text", ["", " ", "😀", "\N{COMBINING ACUTE ACCENT}", "9" * 300, "a" * 5000, "\0", "٣.A", "²"])
def test_any_text_has_a_place(text: str) -> None:
    assert isinstance(sort_key(text), str)
    assert isinstance(folded(text), str)


@pytest.mark.parametrize(
    "group",
    [
        ["Anne-Åse", "anne åse", "ANNE-AASE", "Anne–Aase", "Anne  Åse"],
        ["Bruun-Ørsted", "bruun ørsted", "Bruun Oersted", "BRUUN-ÖRSTED"],
        ["Åse", "aase", "A\N{COMBINING RING ABOVE}se"],
        ["Çağla", "cagla"],
        ["Élise", "elise", "ELISE"],
        ["O'Neill", "O’Neill", "oneill"],
        ["Irem", "İrem", "ırem"],
        ["Ærlig", "aerlig"],
    ],
)
def test_what_is_found_by_the_same_words(group: list[str]) -> None:
    assert len({folded(name) for name in group}) == 1, [folded(name) for name in group]
