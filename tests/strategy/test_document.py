"""A strategy in Markdown is read into sections and blocks, and written back as the same document."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.strategy.document import (
    Block,
    Document,
    DocumentFault,
    Section,
    clause_text,
    heading_text,
    read_document,
    typed_text,
    write_document,
)
from portal.strategy.kinds import ClauseKind

BULLET, PARAGRAPH, SUBHEADING = ClauseKind.BULLET, ClauseKind.PARAGRAPH, ClauseKind.SUBHEADING
REAL_FILE = Path(__file__).resolve().parents[2].parent / "shared" / "strategy" / "alslev-2025.md"
real_file = pytest.mark.skipif(not REAL_FILE.exists(), reason="the school's own text is not beside the repository")

FRAGMENTS = [
    *(
        "- ",
        "* ",
        "+ ",
        "1. ",
        "12) ",
        "  ",
        "    ",
        "\t",
        "> ",
        "# ",
        "## ",
        "### ",
        "#",
        "---",
        "===",
        "***",
        "_",
        "|",
    ),
    *(
        "\n",
        "\n\n",
        "\\",
        "\\\n",
        "  \n",
        "|-|",
        "a | b",
        ":-",
        "`",
        "```\n",
        "<b>",
        "<!--",
        "[a]: /b",
        "[a](https://b.dk)",
    ),
    *("• ", "– ", "a) ", "\uf0b7\t", "o\t", "1. januar", "2. klasse"),
    *("<https://dcum.dk/x>", "https://b.dk", "ord", "Æbler", "e\u0301", "\u00a0", "\u2028", "\x1f", "1", ".", " "),
]
MARKDOWN = st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join)
LINES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40) | MARKDOWN


def blocks_of(text: str) -> list[tuple[ClauseKind, str]]:
    """The blocks of a one-section file."""
    [section] = read_document(f"# Titel\n\n## Afsnit\n\n{text}").sections
    return [(block.kind, block.text) for block in section.blocks]


def test_a_file_with_front_matter_is_read_whole():
    document = read_document(
        "---\ntitle: Vores strategi\nrevised: 2025-05\napproved: 2025-06-17\napproved_by: skolebestyrelsen\n"
        'language: da\nowner: "nobody asks"\n# a remark\n---\n\nVelkommen.\n\n## Mål\n\n- At alle er med\n'
    )
    assert document == Document(
        title="Vores strategi",
        revised_on=date(2025, 5, 1),
        approved_on=date(2025, 6, 17),
        approved_by="skolebestyrelsen",
        sections=(
            Section("", (Block(PARAGRAPH, "Velkommen."),)),
            Section("Mål", (Block(BULLET, "At alle er med"),)),
        ),
    )


def test_a_file_without_front_matter_takes_its_title_from_the_first_heading():
    document = read_document("# Vores strategi\n\n## Mål\n\n- a\n")
    assert (document.title, document.approved_on) == ("Vores strategi", None)


def test_a_title_that_is_there_twice_is_no_section():
    document = read_document("---\ntitle: Vores strategi\n---\n# Vores strategi\n\n# Mål\n\n- a\n")
    assert [section.heading for section in document.sections] == ["Mål"]


def test_underlined_headings_marks_and_line_ends_of_other_programs_are_understood():
    document = read_document("\ufeffTitel\r\n=====\r\n\r\nMål\r\n---\r\n* et\r\n+ to\r\n1. tre\r\n2) fire\r\n")
    assert document.title == "Titel"
    assert document.sections == (Section("Mål", tuple(Block(BULLET, text) for text in ("et", "to", "tre", "fire"))),)


def test_nested_bullets_are_flattened_in_order():
    text = "- et\n  - to\n    1. tre\n    2. tre en halv\n\n  mere om et\n- fire\n\nefter"
    assert blocks_of(text) == [
        (BULLET, "et"),
        (BULLET, "to"),
        (BULLET, "tre"),
        (BULLET, "tre en halv"),
        (PARAGRAPH, "mere om et"),
        (BULLET, "fire"),
        (PARAGRAPH, "efter"),
    ]


@pytest.mark.parametrize(
    ("text", "summary", "blocks"),
    [
        ("> Vi er *gode*\n> ved hinanden.\n\n- a", "Vi er *gode* ved hinanden.", [(BULLET, "a")]),
        ("> Kort.\n>\n> Og godt.\n\nb", "Kort. Og godt.", [(PARAGRAPH, "b")]),
        ("> > Kort.", "Kort.", []),
        ("> Kort.\n\n<!-- -->\n\n> Ikke.", "Kort.", [(PARAGRAPH, "<!-- -->"), (PARAGRAPH, "Ikke.")]),
        ("- a\n\n> Ikke.", "", [(BULLET, "a"), (PARAGRAPH, "Ikke.")]),
        ("> - a\n> - b", "", [(BULLET, "a"), (BULLET, "b")]),
        (">\n\n- a", "", [(BULLET, "a")]),
        ("### Hjemmet\n\n> Ikke.", "", [(SUBHEADING, "Hjemmet"), (PARAGRAPH, "Ikke.")]),
    ],
)
def test_a_block_quote_that_stands_first_in_a_section_is_its_plain_summary(text, summary, blocks):
    [section] = read_document(f"# Titel\n\n## Afsnit\n\n{text}").sections
    assert (section.plain_summary, [(block.kind, block.text) for block in section.blocks]) == (summary, blocks)


def test_the_introduction_can_have_a_plain_summary_too():
    document = read_document("# Titel\n\n> Kort.\n\n## Mål\n")
    assert document.sections == (Section("", (), "Kort."), Section("Mål"))
    assert read_document(write_document(document)) == document


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("- 3. klasse har legepatrulje", [(BULLET, "3\\. klasse har legepatrulje")]),
        ("- 1. time er kort\n- 2. time er lang", [(BULLET, "1\\. time er kort"), (BULLET, "2\\. time er lang")]),
        ("1. august træder den i kraft.", [(PARAGRAPH, "1\\. august træder den i kraft.")]),
        ("Den træder i kraft\n1. august.", [(PARAGRAPH, "Den træder i kraft 1. august.")]),
        ("- Frister:\n  1. august og\n  15. august", [(BULLET, "Frister: 1. august og 15. august")]),
        ("1. Vi lytter\ntil hinanden\n2. Vi venter", [(BULLET, "Vi lytter til hinanden"), (BULLET, "Vi venter")]),
        ("1) Vi lytter\n2) Vi venter", [(BULLET, "Vi lytter"), (BULLET, "Vi venter")]),
        (
            "1. Vi lytter\n\n### Hjemmet\n\n2. klasse",
            [
                (PARAGRAPH, "1\\. Vi lytter"),
                (SUBHEADING, "Hjemmet"),
                (PARAGRAPH, "2\\. klasse"),
            ],
        ),
        ("Skoleledelsen\nJuni 2026\n-----", [(PARAGRAPH, "Skoleledelsen Juni 2026")]),
    ],
)
def test_every_number_stays_where_it_is_no_number_of_a_list(text, blocks):
    assert blocks_of(text) == blocks


@pytest.mark.parametrize(
    "sign", ["• ", "– ", "— ", "· ", "▪ ", "\uf0b7\t", "\uf0a7 ", "o\t", "§\t", "Ø\t", "a) ", "B) "]
)
def test_the_marks_of_word_processors_are_bullets(sign):
    assert blocks_of(f"Vi vil:\n{sign}lytte\n   {sign}vente\n\n{sign}*hjælpe*\n  hinanden") == [
        (PARAGRAPH, "Vi vil:"),
        (BULLET, "lytte"),
        (BULLET, "vente"),
        (BULLET, "*hjælpe* hinanden"),
    ]


@pytest.mark.parametrize("text", ["§ 12 gælder", "-5 grader", "–uden blank", "o og a", "(a) først", "ca) nej", "3 – 4"])
def test_what_only_looks_like_a_mark_stays(text):
    assert blocks_of(text) == [(PARAGRAPH, text)]


@pytest.mark.parametrize(("typed", "kept"), [("• Vi lytter", "Vi lytter"), ("- – Vi lytter", "\\- – Vi lytter")])
def test_a_clause_never_begins_with_the_mark_before_it(typed, kept):
    assert clause_text(typed) == kept


def test_a_clause_is_offered_as_it_was_typed():
    for typed in ("1. august træder den i kraft", "- 5 grader", "# alle", "Vi \\*lytter", "*alle* er med"):
        assert typed_text(clause_text(typed)) == typed


def test_an_empty_bullet_makes_no_bullet_of_what_follows():
    assert blocks_of("-\n\nefter") == [(PARAGRAPH, "efter")]


def test_lines_are_joined_and_inline_markdown_is_kept():
    text = "- Vi taler  **pænt**\n  til [hinanden](https://dcum.dk)  \n  hver\\\n  dag\n\n### Ledelsens *ansvar* ###"
    assert blocks_of(text) == [
        (BULLET, "Vi taler **pænt** til [hinanden](https://dcum.dk) hver dag"),
        (SUBHEADING, "Ledelsens *ansvar*"),
    ]


def test_letters_made_of_two_characters_become_one():
    assert blocks_of("- a\u030aben") == [(BULLET, "åben")]


@pytest.mark.parametrize(
    "text",
    ["<https://dcum.dk/a>", "https://dcum.dk/a", "[DCUM om mobning](https://dcum.dk/a)", "[*a* b](https://dcum.dk/a)"],
)
def test_a_block_that_is_nothing_but_a_link_knows_its_address(text):
    assert Block(BULLET, text).url == "https://dcum.dk/a"


@pytest.mark.parametrize(
    "text",
    [
        "Se <https://dcum.dk>",
        "<https://a.dk> <https://b.dk>",
        "<kontor@skolen.example>",
        "[a](/b)",
        "https://",
        "",
        "//[",
    ],
)
def test_a_block_with_anything_else_is_no_link(text):
    assert Block(BULLET, text).url is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "no title"),
        ("bare tekst", 1, "no title"),
        ("# Titel\n\nbare tekst\n", 4, "no section"),
        ("# Titel\n\n### Kun en underoverskrift\n", 4, "no section"),
        ("---\ntitle: T\n\n## A\n", 1, "no end"),
        ("---\ntitle: T\nvedtaget i maj\n---\n## A\n", 3, "“vedtaget i maj” is not an entry"),
        ("---\ntitle: T\napproved: juni 2025\n---\n## A\n", 3, "“juni 2025” is not a month"),
        ("---\ntitle: T\nlanguage: dansk\n---\n## A\n", 3, "“dansk” is not a language"),
        ("---\ntitle: T\nrevised: 2025-13\n---\n## A\n", 3, "“2025-13” is not a month"),
        ("# Titel\n\n## A\n\n##\n\n- b\n", 5, "without words"),
        ("---\ntitle: T\n---\n## A\n\n|dag|tid|\n|-|-|\n|ma|8|\n", 6, "a table"),
        ("# Titel\n\n## A\n\n<table>\n<tr><td>ma</td></tr>\n</table>\n", 5, "a table"),
        ("# Titel\n\n## A\n\nVi vil:\n\n  <TR><TD>ma</TD></TR>\n", 7, "a table"),
        ("# Titel\n\n## A\n\n+-----+-----+\n| dag | tid |\n+=====+=====+\n", 5, "a table"),
        ("# Titel\n\n## A\n\n  Dag   Tid\n  ----- -----\n  ma    8\n", 6, "a table"),
        ("# Titel\n## A\n" + "".join("  " * level + "- a\n" for level in range(12)), 11, "too deep"),
        ("# Titel\n## A\n" + "> " * 30 + "a\n", 3, "too deep"),
        ("# Titel\n## A\n\n- b\0c\n", 4, "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_names_the_line_and_what_is_wrong(text, line, says):
    with pytest.raises(DocumentFault) as fault:
        read_document(text)
    assert fault.value.line == line
    assert str(fault.value).startswith(f"Line {line}: ")
    assert says in str(fault.value)


@given(MARKDOWN | LINES, st.text(max_size=20).map(heading_text))
@settings(max_examples=500, deadline=None)
def test_what_was_read_is_written_and_read_back_the_same(text, approved_by):
    try:
        document = read_document(f"# Titel\n\n{text}\n\n## Afsnit\n\n{text}")
    except DocumentFault:
        return
    assert read_document(write_document(document)) == document


def texts(kind: ClauseKind) -> st.SearchStrategy[Block]:
    settled = heading_text if kind is SUBHEADING else clause_text
    return st.builds(Block, st.just(kind), LINES.map(settled).filter(bool))


SECTIONS = st.builds(
    Section,
    LINES.map(heading_text).filter(bool),
    st.lists(st.sampled_from(ClauseKind).flatmap(texts), max_size=6).map(tuple),
    st.just("") | LINES.map(clause_text),
)
DOCUMENTS = st.builds(
    Document,
    title=LINES.map(heading_text).filter(bool),
    sections=st.lists(SECTIONS, min_size=1, max_size=4).map(tuple),
    approved_on=st.none() | st.dates(min_value=date(1900, 1, 1)),
    revised_on=st.none() | st.dates(min_value=date(1900, 1, 1)),
    approved_by=LINES.map(heading_text),
    language=st.sampled_from(["da", "en"]),
)


@given(DOCUMENTS)
@settings(max_examples=500, deadline=None)
def test_any_document_survives_being_written_and_read(document):
    assert read_document(write_document(document)) == document


@given(LINES)
@settings(deadline=None)
def test_a_settled_text_stays_as_it_is(text):
    assert clause_text(clause_text(text)) == clause_text(text)
    assert heading_text(heading_text(text)) == heading_text(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("- at være med", "\\- at være med"),
        ("1. januar holder vi fri", "1\\. januar holder vi fri"),
        ("# alle", "\\# alle"),
        ("***", "\\***"),
        ("2025 var et godt år", "2025 var et godt år"),
        ("*alle* er med", "*alle* er med"),
    ],
)
def test_a_text_that_looks_like_a_list_or_heading_is_kept_as_words(typed, kept):
    assert clause_text(typed) == kept


@real_file
def test_the_schools_own_strategy_is_read_whole():
    document = read_document(REAL_FILE.read_text(encoding="utf-8"))
    kinds = [placed.kind for placed in document.texts]
    assert [section.heading == "" for section in document.sections] == [True] + [False] * 8
    assert [kinds.count(kind) for kind in (BULLET, PARAGRAPH, SUBHEADING)] == [80, 14, 5]
    assert not any(section.plain_summary for section in document.sections)
    assert [block.url for section in document.sections for block in section.blocks if block.url] == [
        "http://dcum.dk/grundskole/artikler-og-debat/mobning-i-skolen",
        "https://redbarnet.dk/vores-arbejde/mobning/digital-mobning/",
        "https://redbarnet.dk/media/2595/mobningens-abc-spread.pdf",
    ]
    assert (document.approved_on, document.revised_on) == (date(2025, 6, 1), date(2025, 5, 1))
    assert document.approved_by == "skolebestyrelsen"


@real_file
def test_the_schools_own_strategy_is_written_back_to_the_letter():
    text = REAL_FILE.read_text(encoding="utf-8")
    assert write_document(read_document(text)).split("\n") == text.rstrip("\n").split("\n") + [""]
