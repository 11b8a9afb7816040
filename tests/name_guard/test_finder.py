"""The name guard finds the children a text names, in every spelling, and leaves words alone."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.names import measure, pupils, sentences
from portal.name_guard import words as name_words
from portal.name_guard.finder import Certainty, Found, PupilName, find_names
from portal.name_guard.words import USES, Use, fold

ALMA = PupilName(1, "Alma", "Holm Nielsen")
OTHER_ALMA = PupilName(2, "Alma", "Schmidt")
SOFIE = PupilName(3, "Anne-Sofie", "Lund Mikkelsen")
BO = PupilName(4, "Bo", "Kjær")
STORM = PupilName(5, "Storm", "Holm")
AASE = PupilName(6, "Åse", "Østergaard")
JENS = PupilName(7, "Jens", "Bjerregaard")
HANS = PupilName(8, "Hans", "Friis")
EMILIE = PupilName(9, "Emilie", "van der Meer")
YOUNG = (ALMA, OTHER_ALMA, SOFIE, BO, STORM, AASE, JENS, HANS, EMILIE)

NAMES, MAY_NAME = Certainty.NAMES, Certainty.MAY_NAME
PLAIN_TEXTS = [sentence.text for sentence in sentences() if not sentence.certain and not sentence.possible]


def read(text: str, *roster: PupilName) -> list[tuple[str, Certainty]]:
    return [(found.words, found.certainty) for found in find_names(text, roster or YOUNG)]


def named(text: str, *roster: PupilName) -> list[str]:
    """The words that must be confirmed."""
    return [words for words, certainty in read(text, *roster) if certainty is NAMES]


def test_the_sentences_are_read_as_well_as_they_were_when_it_was_measured():
    result = measure()
    assert len(sentences()) >= 160
    assert result.names.recall >= 1.0, result.misread
    assert result.names.precision >= 0.98, result.misread
    assert result.warnings.recall >= 1.0, result.misread
    assert result.warnings.precision >= 0.87, result.misread


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Almas mor", "Almas"),
        ("Alma’s mor", "Alma’s"),
        ("Jens' mor", "Jens'"),
        ("Jens’ mor", "Jens’"),
        ("Jens´ mor", "Jens´"),
        ("Jens's mor", "Jens's"),
        ("Jenses mor", "Jenses"),
        ("'Jens' sagde hun", "Jens"),
        ("ALMAS MOR", "ALMAS"),
        ("almas mor", "almas"),
        ("**Alma**s mor", "Alma"),
        ("\u00c5ses", "\u00c5ses"),
        ("A\u030ases", "A\u030ases"),
        ("aases", "aases"),
        ("Al\u00adma", "Alma"),
        ("Alma\u200b", "Alma"),
        ("&Aring;se", "\u00c5se"),
        ("Anne\u2011Sofie", "Anne\u2011Sofie"),
        ("AnneSofie", "AnneSofie"),
        ("Anne\nSofie", "Anne Sofie"),
        ("Jens*", "Jens"),
        ("alma?", "alma"),
        ("3.A:Alma", "Alma"),
        ("Hold1_Alma_", "Alma"),
        ("🎉Alma🎉", "Alma"),
        ("~~Alma~~", "Alma"),
        ("Alma-gruppen", "Alma"),
    ],
)
def test_a_name_is_found_however_it_is_written(text, words):
    assert read(text) == [(words, NAMES)]


@pytest.mark.parametrize(
    "text",
    [
        "almanak",
        "Almagro",
        "Jensen-huset",
        "palma",
        "jenson",
        "3.A",
        "[x](alma.html)",
        "[x](/alma)",
        "https://x.dk/alma",
        "www.alma.dk",
        "alma.dk/emilie",
        "emilie@skole.dk",
        "mailto:alma@x.dk",
        "alma.pdf",
        "»https://alma.dk«",
        "fandt bo i hækken",
        "storm",
        "hans bog",
        "Hans bog er væk.",
        "\n- Hans bog er væk",
        "HANS BOG",
        "I",
        "holm",
        "",
        "\x00",
        " ",
        "van der",
        "Der er mad",
        "der",
        "Birgit Nielsen",
        "Anne-Mette",
    ],
)
def test_what_names_nobody_is_left_alone(text):
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vi så, at Bo kom", [("Bo", MAY_NAME)]),
        ("Bos mor", [("Bos", MAY_NAME)]),
        ("BO", [("BO", MAY_NAME)]),
        ("Bo Kjær", [("Bo Kjær", NAMES)]),
        ("**Storm** Holms", [("Storm Holms", NAMES)]),
        ("Storm, Holm", [("Storm", MAY_NAME), ("Holm", MAY_NAME)]),
        ("storm holm", [("storm holm", MAY_NAME)]),
        ("Storm H.", [("Storm H.", NAMES)]),
        ("Storm P.", [("Storm", MAY_NAME)]),
        ("til Hans", [("Hans", MAY_NAME)]),
        ("- Hans\n- Bo", [("Hans", MAY_NAME), ("Bo", MAY_NAME)]),
        ("Alma Jensen", [("Alma", MAY_NAME)]),
        ("Alma-Rose", [("Alma", MAY_NAME)]),
        ("Anne Mette", [("Anne", MAY_NAME)]),
        ("Anne og Mette", [("Anne", NAMES)]),
        ("familien Østergård", [("Østergård", NAMES)]),
        ("Birgit Østergaard", [("Østergaard", MAY_NAME)]),
        ("familien Holm Nielsen", [("Holm Nielsen", NAMES)]),
        ("Det var Emilie der kom", [("Emilie", NAMES)]),
        ("Emilie Meer", [("Emilie Meer", NAMES)]),
        ("Alma I", [("Alma", NAMES)]),
    ],
)
def test_doubt_is_a_warning_and_a_full_name_leaves_none(text, expected):
    assert read(text) == expected


def test_a_name_stands_once_for_each_wording_in_the_order_of_first_places():
    found = read("Jens og Alma. Almas bog. Alma, Jens og alma.")
    assert found == [("Jens", NAMES), ("Alma", NAMES), ("Almas", NAMES), ("alma", NAMES)]


def test_a_wording_is_as_certain_as_its_most_certain_place():
    assert read("Alma Jensen, og så vores egen Alma.") == [("Alma", NAMES)]


def test_who_is_meant_follows_from_the_surname_or_the_initial():
    texts = {
        "Alma": {1, 2},
        "Alma S.": {2},
        "Alma H": {1},
        "Alma Nielsen": {1},
        "Alma Schmidts": {2},
        "Alma K.": {1, 2},
    }
    for text, ids in texts.items():
        [found] = find_names(text, YOUNG)
        assert found.pupil_ids == ids, text


def test_a_protected_pupil_may_stand_there_twice():
    rows = [PupilName(1, "Maja", ""), PupilName(1, "Freja", "Krogh")]
    assert find_names("Maja og Freja Krogh", rows) == [
        Found("Maja", frozenset({1}), NAMES),
        Found("Freja Krogh", frozenset({1}), NAMES),
    ]


@pytest.mark.parametrize("genitive", ["dans", "majs", "ros", "pils"])
def test_a_genitive_that_is_a_word_only_warns(genitive):
    pupil = PupilName(1, genitive[:-1].title(), "Bertelsen")
    assert read(genitive, pupil) == []
    assert read(f"Vi har {genitive.title()}", pupil) == [(genitive.title(), MAY_NAME)]


@pytest.mark.parametrize(
    "pupil",
    [
        PupilName(1, "", ""),
        PupilName(1, " ", "-"),
        PupilName(1, "123", "\x00"),
        PupilName(1, "A", "B"),
        PupilName(1, "*" * 100, "(["),
        PupilName(1, "van", "der"),
        PupilName(1, "x " * 500, "y " * 500),
    ],
)
def test_an_odd_roster_names_nobody(pupil):
    assert [text for text in PLAIN_TEXTS if find_names(text, [pupil])] == []


def test_names_in_other_scripts_are_found():
    roster = [PupilName(1, "علي", "حسن"), PupilName(2, "Олена", "Коваль"), PupilName(3, "小明", "")]
    assert named("I dag kom علي og Олена og 小明 i 3.A", *roster) == ["علي", "Олена", "小明"]


def test_nobody_is_found_without_pupils():
    assert find_names(" ".join(PLAIN_TEXTS), []) == []


INFLECTIONS = {
    "plain": lambda name: name,
    "genitive": lambda name: f"{name}'" if name[-1] in "sxz" else f"{name}s",
    "typographic": lambda name: f"{name}’" if name[-1] in "sxz" else f"{name}’s",
    "genitive with s": lambda name: f"{name}'s",
    "capitals": str.upper,
    "decomposed": lambda name: unicodedata.normalize("NFD", name),
    "bold": lambda name: f"**{name}**",
    "link": lambda name: f"[{name}](https://skolen.example/)",
    "danish keys": lambda name: name.replace("Å", "Aa").replace("å", "aa").replace("ø", "oe").replace("ë", "e"),
}
DISTINCTIVE = [
    pupil for pupil in pupils() if all(fold(part) not in USES for part in re.findall(r"\w+", pupil.first_name))
]
SEAMS = st.sampled_from([" ", "\n", "\n\n", ", ", ". ", " (", "\n- ", "\n> ", "\n## ", "|", " »", "! "])


@given(
    st.sampled_from(DISTINCTIVE),
    st.sampled_from(list(INFLECTIONS)),
    st.sampled_from(PLAIN_TEXTS),
    st.sampled_from(PLAIN_TEXTS),
    SEAMS,
)
@settings(max_examples=200, deadline=None)
def test_a_name_is_found_in_any_text_in_every_inflection(pupil, inflection, before, behind, seam):
    written = INFLECTIONS[inflection](pupil.first_name)
    found = find_names(f"{before}{seam}{written} {behind.lower()}", pupils())
    certain = {pupil_id for name in found if name.certainty is NAMES for pupil_id in name.pupil_ids}
    of_two_letters = len(pupil.first_name) == 2 and inflection == "capitals"
    assert of_two_letters or pupil.id in certain, written


@given(st.text(alphabet=st.characters(exclude_characters="".join(set("ALMAalma"))), max_size=300))
@settings(max_examples=300, deadline=None)
def test_a_text_without_the_letters_of_a_name_names_nobody(text):
    assert "alma" in fold(text) or find_names(text, [PupilName(1, "Alma", "")]) == []


@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from([*"AaBo .-*'’@/:&;\n", "Alma", "Jens", "Holm", "Anne-Sofie"])).map("".join)
)
@settings(max_examples=200, deadline=None)
def test_finding_is_steady_and_what_is_found_stands_in_the_text(text):
    found = find_names(text, YOUNG)
    assert found == find_names(text, list(YOUNG))
    assert len({name.words for name in found}) == len(found)
    for name in found:
        assert name.pupil_ids <= {pupil.id for pupil in YOUNG}
        assert name.pupil_ids
        assert find_names(name.words, YOUNG)


UNITS = [
    "alma.",
    "Alma ",
    "Alma@",
    "@",
    "](",
    "](a",
    "a.",
    "a:",
    "a/",
    "Alma-",
    "Anne Sofie Lund ",
    "&#65;",
    "&",
    "*",
    "_a",
    "A\u030a",
    "\u030a",
    "Hans ",
    "Jens'",
    "'",
    "://",
    "www.",
    "[Alma](",
    "Birgit Holm ",
    "\u00ad",
    "x@y",
    "-",
    "\n",
    "a",
]


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_is_twice_the_work(unit):
    """Counted in what Python executes, so that a busy machine changes nothing; C code runs over the text once each."""
    short, long = (_steps((unit * size)[:size]) for size in (2_000, 4_000))
    assert long <= 2.2 * short + 100


def _steps(text: str) -> int:
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        find_names(text, YOUNG)
    finally:
        sys.setprofile(before)
    return steps


@pytest.mark.parametrize("unit", [unit for unit in UNITS if "lm" not in unit and not find_names(unit * 9, YOUNG)])
def test_no_regular_expression_runs_away(unit):
    """What is quadratic in C takes minutes here; the test above does not see into it."""
    assert find_names((unit * 100_000)[:100_000], YOUNG) == []


def test_the_list_of_words_says_why_each_is_there():
    lines = name_words.WORDS_FILE.read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines[: lines.index("[shared]")] if line and not line.startswith(("#", "["))]
    assert [line for line in entries if len(line.split(maxsplit=1)) < 2] == []
    words = [fold(line.split()[0]) for line in entries]
    assert {word for word in words if words.count(word) > 1} == set()
    assert USES["bo"] is Use.WORDS
    assert USES["hans"] is Use.EVERYDAY
    assert not USES.keys() & {"alma", "bjarke", "dagny", "smilla", "odin", "thor", "freja", "ida", "emil"}
