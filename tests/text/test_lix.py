"""LIX, against counts made by hand."""

from __future__ import annotations

import pytest

from portal.text.lix import read_over


@pytest.mark.parametrize(
    ("text", "lix", "longest"),
    [
        ("", 0, ()),
        ("12 …", 1, ()),
        ("Vi leger.", 2, ()),
        ("Vi leger. Alle er med.", 2, ()),
        ("Elevrådet foreslog noget nyt.", 4 + 50, ("elevrådet", "foreslog")),
        ("Legepatruljen kommer hver dag!\nSå er ingen alene.", 4 + 13, ("legepatruljen",)),
        ("Vi mødes kl. 8.30 i 3.A", 4, ()),
        ("Elevrådet, elevrådet, ELEVRÅDET", 3 + 100, ("elevrådet",)),
    ],
)
def test_it_counts_words_sentences_and_long_words(text: str, lix: int, longest: tuple[str, ...]) -> None:
    found = read_over(text)
    assert found.long_words == longest
    assert abs(found.lix - lix) <= 1


def test_no_more_than_five_words_are_named() -> None:
    assert len(read_over("alfabetet bogstaver cirklerne dagligdag eventyrene frikvarter").long_words) == 5
