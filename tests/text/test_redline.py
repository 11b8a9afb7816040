"""A redline leads from the old wording to the new and reads well on the way."""

import time
from collections import Counter
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.text import redline as module
from portal.text.redline import Change, ChangeKind, redline, redline_html

SENTENCES = st.lists(
    st.sampled_from(
        ["Alle", "alle", "og", "i", "er", "med", "klassen", ".", ",", " ", "  ", "\n", "\n\n", "3.A", "\u00a0"]
    ),
    max_size=30,
).map("".join)
TEXTS = SENTENCES | st.text(max_size=60)


def applied(changes: list[Change]) -> str:
    return "".join(change.text for change in changes if change.kind is not ChangeKind.DELETED)


def unapplied(changes: list[Change]) -> str:
    return "".join(change.text for change in changes if change.kind is not ChangeKind.INSERTED)


def marked(old: str, new: str) -> str:
    """The redline as a line of text: [-gone-] and {+new+}."""
    signs = {ChangeKind.SAME: "{}", ChangeKind.DELETED: "[-{}-]", ChangeKind.INSERTED: "{{+{}+}}"}
    return "".join(signs[change.kind].format(change.text) for change in redline(old, new))


@given(TEXTS, TEXTS)
@settings(max_examples=500, deadline=None)
def test_a_redline_holds_both_wordings_to_the_letter(old, new):
    changes = redline(old, new)
    assert (unapplied(changes), applied(changes)) == (old, new)
    assert all(change.text for change in changes)
    assert all(one.kind is not next_one.kind for one, next_one in zip(changes, changes[1:], strict=False))


@given(TEXTS)
@settings(deadline=None)
def test_an_unchanged_text_has_no_marks(text):
    assert {change.kind for change in redline(text, text)} <= {ChangeKind.SAME}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Alle er gode ved hinanden", "Alle er gode ved hinanden.", "Alle er gode ved hinanden{+.+}"),
        ("Vi taler pænt til hinanden", "Vi taler pænt til og om hinanden", "Vi taler pænt til{+ og om+} hinanden"),
        ("Sang hver mandag", "Fællessang hver fredag", "[-Sang hver mandag-]{+Fællessang hver fredag+}"),
        ("Sang for alle børn kl. 8", "Musik for alle børn kl. 9", "[-Sang-]{+Musik+} for alle børn kl.[- 8-]{+ 9+}"),
        ("Vi mødes i 3.A", "Vi mødes i 3.B", "Vi mødes i[- 3.A-]{+ 3.B+}"),
        ("to  mellemrum", "to mellemrum", "to[-  -]{+ +}mellemrum"),
        ("først\nså", "først\n\nså", "først[-\n-]{+\n\n+}så"),
        (
            "Følger op på handleplan og evaluerer om mobningen er ophørt",
            "Følger op på handleplanen og spørger børnene, om det er blevet bedre",
            "Følger op på[- handleplan og evaluerer om mobningen er ophørt-]"
            "{+ handleplanen og spørger børnene, om det er blevet bedre+}",
        ),
    ],
)
def test_changes_are_whole_words_and_scattered_ones_become_a_phrase(old, new, expected):
    assert marked(old, new) == expected


REWRITTEN = (
    "Forældre taler positivt om andre børn, forældre og skolens personale derhjemme.",
    "Derhjemme taler forældre pænt om klassens andre børn, om deres forældre og om de voksne på skolen.",
)
EDITED = (
    "Klasseteamet skriver hver sjette uge om, hvordan klassen har det, og hvad hjemmene kan gøre.",
    "Klasseteamet skriver mindst hver fjerde uge om, hvordan klassen har det, og om én ting, alle kan gøre.",
)


def test_a_paragraph_of_which_little_stays_is_shown_whole_the_new_one_below_the_old():
    old, new = REWRITTEN
    assert marked(old, new) == f"[-{old}-]{{+{new}+}}"
    html = redline_html(old, new, added="", removed="")
    assert html.index("</del><br>\n<ins>") > 0
    around = ("Først hilser vi.\n\n", "\n\nTil sidst synger vi.")
    assert marked(old.join(around), new.join(around)) == f"{around[0]}[-{old}-]{{+{new}+}}{around[1]}"


def test_a_paragraph_that_was_edited_in_places_keeps_its_words():
    assert marked(*EDITED) == (
        "Klasseteamet skriver[- hver sjette-]{+ mindst hver fjerde+} uge om, hvordan klassen har det, og"
        "[- hvad hjemmene-]{+ om én ting, alle+} kan gøre."
    )
    assert "<br>" not in redline_html(*EDITED, added="", removed="")


def test_one_paragraph_written_anew_leaves_the_others_as_they_are():
    old, new = ("\n".join(texts) for texts in zip(REWRITTEN, EDITED, strict=True))
    assert "[-Forældre taler positivt" in marked(old, new)
    assert "uge om, hvordan klassen har det, og" in marked(old, new)


def test_a_long_text_is_compared_paragraph_by_paragraph():
    paragraphs = [f"Afsnit {number} handler om klassen og om alle børn i den. " * 5 for number in range(200)]
    edited = [
        *paragraphs[:99],
        paragraphs[99].replace("alle børn", "hvert barn", 1),
        *paragraphs[100:150],
        *paragraphs[151:],
    ]
    changes = redline("\n\n".join(paragraphs), "\n\n".join(edited))
    assert applied(changes) == "\n\n".join(edited)
    assert [change.text.strip() for change in changes if change.kind is not ChangeKind.SAME] == [
        "alle børn",
        "hvert barn",
        paragraphs[150].strip(),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("og " * 50_000, "og " * 40_000),
        ("." * 50_000, ".," * 25_000),
        ("og i " * 500, "i og er " * 500),
        ("a\n" * 20_000, "b\na\n" * 10_000),
        (" " * 50_000, "\n" * 50_000),
    ],
    ids=["one word", "signs", "two words", "lines", "blanks"],
)
def test_nasty_texts_take_seconds_not_minutes(old, new):
    started = time.process_time()
    changes = redline(old, new)
    assert time.process_time() - started < 15
    assert (unapplied(changes), applied(changes)) == (old, new)


def test_the_html_says_in_words_what_was_added_and_removed():
    assert redline_html("Alle er med", "Alle børn er med", added="tilføjet: ", removed="fjernet: ") == (
        'Alle<ins><span class="hidden">tilføjet: </span> børn</ins> er med'
    )
    assert redline_html("nu\nhej", "nu", added="+", removed="-") == (
        'nu<del><span class="hidden">-</span><br>\nhej</del>'
    )


def test_nothing_in_a_text_or_a_label_becomes_html():
    html = redline_html("<b>x</b>", "<script>y</script> {0}", added="<i>", removed="&")
    assert "<b>" not in html
    assert "<script>" not in html
    assert "<i>" not in html
    assert "script&gt;y&lt;/script&gt;" in html
    assert "{0}" in html


WORDS = [f"ord{number % 700}" for number in range(5_000)]
ONE_WORD = "og " * 13_333
LONG = {
    "one word of five thousand": (" ".join(WORDS), " ".join([*WORDS[:2_500], "andet", *WORDS[2_501:]])),
    "every tenth word": (" ".join(WORDS), " ".join(f"nyt{i}" if i % 10 == 0 else one for i, one in enumerate(WORDS))),
    "all words turned round": (" ".join(WORDS), " ".join(reversed(WORDS))),
    "paragraphs moved": ("\n\n".join(WORDS), "\n\n".join(reversed(WORDS))),
    "one word again and again, other ends": (f"a {ONE_WORD}b", f"c {ONE_WORD}d"),
    "one word again and again, some fewer": (ONE_WORD, f"{ONE_WORD[:30_000]}det {ONE_WORD[:9_000]}"),
    "one word in lines": (ONE_WORD.replace("og og og ", "og og og\n"), f"x{ONE_WORD}y".replace("og og ", "og og\n")),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_costs_a_bounded_number_of_steps_and_signs(monkeypatch, name):
    """difflib looks at each pair of equal units up to once for each unit: that many steps, and no clock."""
    old, new = LONG[name]
    steps = []

    class Counted(SequenceMatcher):
        def __init__(self, isjunk, a, b, *, autojunk):
            in_b = Counter(b)
            steps.append(sum(in_b[key] for key in a) * max(len(a), len(b)))
            super().__init__(isjunk, a, b, autojunk=autojunk)

    monkeypatch.setattr(module, "SequenceMatcher", Counted)
    changes = redline(old, new)
    assert steps or len(changes) == 2, "what is compared by nobody is written anew"
    assert sum(steps) <= 2 * module.MOST_EFFORT
    assert sum(len(change.text) for change in changes) <= len(old) + len(new)
    assert (unapplied(changes), applied(changes)) == (old, new)
