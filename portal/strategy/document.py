"""A strategy as a Markdown file: read into sections and blocks, and written back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit

from markdown_it.token import Token

from portal.errors import N_, RuleViolation
from portal.strategy.kinds import ClauseKind
from portal.strategy.matching import PlacedText
from portal.strategy.word_signs import line_of_table, with_bullet, without_list_sign
from portal.text.letters import composed
from portal.text.markdown import FileMarkdown

FENCE = "---"
NESTING = 20
#: What a strategy may be written in; the first, where its file does not say.
LANGUAGES = ("da", "en")
SECTION_LEVEL = 2
SUMMARY_TOKENS = {"blockquote_open", "paragraph_open", "inline", "paragraph_close", "blockquote_close"}

_MARKDOWN = FileMarkdown(NESTING)

_NUMBER = re.compile(r"[0-9]{1,9}[.)](?: |$)")
_NO_TABLE = N_("Line %(line)s: a table cannot become clauses. Write each of its rows as a bullet.")


class DocumentFault(RuleViolation):
    """A file cannot be read as a strategy: which line, what is wrong there and what to do about it."""

    def __init__(self, message: str, line: int, **values: object) -> None:
        super().__init__(message, line=line, **values)
        self.line = line


@dataclass(frozen=True, slots=True)
class Block:
    """One bullet, paragraph or subheading of a file: what becomes a clause (punkt). The text is inline Markdown."""

    kind: ClauseKind
    text: str

    @property
    def url(self) -> str | None:
        """The address, when the block is nothing but a link: bare, in angle brackets or with words on it."""
        [inline] = _MARKDOWN.parseInline(self.text)
        children = inline.children or []
        types = [child.type for child in children]
        if types[:1] == ["link_open"] and types.index("link_close") == len(types) - 1:
            return _web_address(str(children[0].attrs["href"]))
        return _web_address(self.text)


@dataclass(frozen=True, slots=True)
class Section:
    """A section (afsnit) of a file with its blocks in order; the introduction is the one without a heading.

    `plain_summary` ("Kort fortalt") is the block quote that stands first in it, as one line.
    """

    heading: str
    blocks: tuple[Block, ...] = ()
    plain_summary: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole strategy as a file holds it."""

    title: str
    sections: tuple[Section, ...]
    approved_on: date | None = None
    revised_on: date | None = None
    approved_by: str = ""
    language: str = "da"

    @property
    def texts(self) -> tuple[PlacedText, ...]:
        """Every block with its section, in order, as `match_clauses` compares them."""
        return tuple(
            PlacedText(section.heading, block.kind, block.text, place=place)
            for place, section in enumerate(self.sections)
            for block in section.blocks
        )


def read_document(text: str) -> Document:
    """The strategy in a Markdown file.

    Takes what word processors and people make of Markdown: any bullet, numbers that count on from 1, nested lists
    (flattened in order), underlined headings, a byte order mark, Windows line ends. A block quote of words alone that
    stands first in a section is its plain summary; any other is read as what stands in it. Raises DocumentFault for
    what would be lost or guessed.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _refuse_binary(lines)
    about, body_start = _front_matter(lines)
    if drawn := line_of_table(lines):
        raise DocumentFault(_NO_TABLE, drawn)
    tokens = _MARKDOWN.parse("\n" * body_start + "\n".join(map(with_bullet, lines[body_start:])))
    _refuse_unreadable(tokens)
    body = _Body(title=about["title"].text if "title" in about else "")
    for tree in _trees(tokens):
        if not body.add_summary(_summary(tree)):
            for inline, opener, is_item in _inlines(tree):
                body.add(inline, opener, is_item=is_item)
    if not body.title:
        raise DocumentFault(
            N_("Line %(line)s: the strategy has no title. Begin the file with a line “# ” and the title."), line=1
        )
    if not any(draft.heading for draft in body.sections):
        raise DocumentFault(
            N_("Line %(line)s: no section was found. Put “## ” before the heading of every section."), line=len(lines)
        )
    return Document(
        title=body.title,
        sections=tuple(Section(draft.heading, tuple(draft.blocks), draft.plain_summary) for draft in body.sections),
        approved_on=_month(about.get("approved")),
        revised_on=_month(about.get("revised")),
        approved_by=about["approved_by"].text if "approved_by" in about else "",
        language=_language(about.get("language")),
    )


def write_document(document: Document) -> str:
    """The strategy as a Markdown file that reads back as the same document."""
    parts = [_written_front_matter(document)]
    for section in document.sections:
        if section.heading:
            parts.append(f"## {heading_text(section.heading)}")
        if section.plain_summary:
            parts.append(f"> {clause_text(section.plain_summary)}")
        parts.extend(_written_blocks(section.blocks))
    return "\n\n".join(parts) + "\n"


def clause_text(text: str) -> str:
    """A text as a bullet or paragraph keeps it: one line, NFC, and never itself the start of a list or heading."""
    line = without_list_sign(_one_line(text))
    return line if not line or _reads_as_paragraph(line) else _escaped(line)


def typed_text(text: str) -> str:
    """A clause as somebody would type it: without the backslash that keeps a number from counting in a file."""
    bare = text.replace("\\", "", 1)
    return bare if clause_text(bare) == text else text


def heading_text(text: str) -> str:
    """A text as a heading keeps it: one line, NFC, and no `#` at the end that would be taken for decoration."""
    line = _one_line(text)
    words = line.rstrip("#")
    if words != line and (not words or words.endswith(" ")):
        return line[:-1] + "\\#"
    return line


@dataclass(slots=True)
class _Entry:
    """What the block at the top of a file says about it, and on which line."""

    text: str
    line: int


def _front_matter(lines: list[str]) -> tuple[dict[str, _Entry], int]:
    """The entries between the first two `---` lines and the number of the lines they take; none of it must be there."""
    if lines[0].rstrip() != FENCE:
        return {}, 0
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        raise DocumentFault(
            N_("Line %(line)s: the block that begins with “---” has no end. Put a line “---” after its last entry."),
            line=1,
        )
    entries: dict[str, _Entry] = {}
    for number, line in enumerate(lines[1:end], 2):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            entries[name.strip().casefold()] = _Entry(_unquoted(_one_line(value)), number)
        elif line.strip() and not line.lstrip().startswith("#"):
            raise DocumentFault(
                N_("Line %(line)s: “%(text)s” is not an entry. Write it like “title: Our strategy”."),
                line=number,
                text=line.strip(),
            )
    return entries, end + 1


def _written_front_matter(document: Document) -> str:
    entries = {
        "title": document.title,
        "revised": _written_month(document.revised_on),
        "approved": _written_month(document.approved_on),
        "approved_by": document.approved_by,
        "language": document.language,
    }
    written = [f"{name}: {_quoted(_one_line(value))}" for name, value in entries.items() if value]
    return "\n".join([FENCE, *written, FENCE])


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if is_quoted else value


def _quoted(value: str) -> str:
    return f'"{value}"' if _unquoted(value) != value else value


def _language(entry: _Entry | None) -> str:
    """The language that the text is written in: Danish unless the file says otherwise."""
    if entry is None or not entry.text:
        return LANGUAGES[0]
    if entry.text not in LANGUAGES:
        raise DocumentFault(
            N_("Line %(line)s: “%(text)s” is not a language. Write da for Danish, or en for English."),
            line=entry.line,
            text=entry.text,
        )
    return entry.text


def _month(entry: _Entry | None) -> date | None:
    """The first day of a month such as 2025-06, or the day itself where the file says it."""
    if entry is None or not entry.text:
        return None
    try:
        return date.fromisoformat(entry.text if entry.text.count("-") > 1 else f"{entry.text}-01")
    except ValueError:
        raise DocumentFault(
            N_("Line %(line)s: “%(text)s” is not a month. Write the year and the month like 2025-06."),
            line=entry.line,
            text=entry.text,
        ) from None


def _written_month(day: date | None) -> str:
    if day is None:
        return ""
    return f"{day:%Y-%m}" if day.day == 1 else day.isoformat()


@dataclass(slots=True)
class _Draft:
    heading: str
    blocks: list[Block] = field(default_factory=list)
    plain_summary: str = ""


@dataclass(slots=True)
class _Body:
    """The title and sections of a file while it is read."""

    title: str
    sections: list[_Draft] = field(default_factory=list)

    def add(self, inline: Token, opener: Token, *, is_item: bool) -> None:
        """Take in the next heading, bullet or paragraph."""
        if opener.type == "heading_open" and opener.level == 0:
            self._add_heading(heading_text(inline.content), level=int(opener.tag[1:]), line=_line(opener))
        elif text := clause_text(inline.content):
            self._add_block(Block(ClauseKind.BULLET if is_item else ClauseKind.PARAGRAPH, text))

    def add_summary(self, text: str) -> bool:
        """Take in words that stand first in their section; False when there are none or something stands before."""
        if not text or (self.sections and (self.sections[-1].blocks or self.sections[-1].plain_summary)):
            return False
        self._section().plain_summary = text
        return True

    def _add_heading(self, text: str, *, level: int, line: int) -> None:
        if not text:
            raise DocumentFault(
                N_("Line %(line)s: a heading without words. Write the heading or delete the line."), line
            )
        if level == 1 and self.title in ("", text):
            self.title = text
        elif level <= SECTION_LEVEL:
            self.sections.append(_Draft(text))
        else:
            self._add_block(Block(ClauseKind.SUBHEADING, text))

    def _add_block(self, block: Block) -> None:
        self._section().blocks.append(block)

    def _section(self) -> _Draft:
        """The section being read; before the first heading that is the introduction."""
        if not self.sections:
            self.sections.append(_Draft(heading=""))
        return self.sections[-1]


def _trees(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens of each block that stands in no other."""
    tree: list[Token] = []
    for token in tokens:
        tree.append(token)
        if token.level == 0 and token.nesting < 1:
            yield tree
            tree = []


def _summary(tree: Sequence[Token]) -> str:
    """What a block quote of nothing but words says, on one line; empty for anything else."""
    if tree[0].type != "blockquote_open" or not {token.type for token in tree} <= SUMMARY_TOKENS:
        return ""
    return clause_text(" ".join(clause_text(token.content) for token in tree if token.type == "inline"))


def _inlines(tokens: Iterable[Token]) -> Iterator[tuple[Token, Token, bool]]:
    """Every run of text with the token that opened it, and whether it is the first in its list item."""
    is_item = False
    opener = None
    for token in tokens:
        if token.type in ("list_item_open", "list_item_close"):
            is_item = token.type == "list_item_open"
        elif token.type == "inline" and opener is not None:
            yield token, opener, is_item
            is_item = False
        opener = token


def _written_blocks(blocks: Sequence[Block]) -> Iterator[str]:
    """Each paragraph and subheading, and each run of bullets, as one piece of Markdown."""
    for kind, run in groupby(blocks, key=attrgetter("kind")):
        if kind is ClauseKind.BULLET:
            yield "\n".join(f"- {clause_text(block.text)}" for block in run)
        elif kind is ClauseKind.SUBHEADING:
            yield from (f"### {heading_text(block.text)}" for block in run)
        else:
            yield from (clause_text(block.text) for block in run)


def _refuse_binary(lines: list[str]) -> None:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise DocumentFault(
                N_("Line %(line)s: this is not a text file. Save the strategy as Markdown (.md)."),
                number,
            )


def _refuse_unreadable(tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type == "table_open":
            raise DocumentFault(_NO_TABLE, _line(token))
        if token.level >= NESTING - 1 and token.map:
            raise DocumentFault(
                N_("Line %(line)s: the lists are too deep inside each other. Use at most three levels."), _line(token)
            )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _one_line(text: str) -> str:
    """The text without line breaks, typed ones included, blanks single and characters composed."""
    lines = [line.strip() for line in text.split("\n")]
    joined = " ".join(line[:-1] if _ends_in_break(line) else line for line in lines[:-1])
    return " ".join(composed(f"{joined} {lines[-1]}").split())


def _ends_in_break(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _reads_as_paragraph(line: str) -> bool:
    types = [token.type for token in _MARKDOWN.parse(line)]
    is_paragraph = types == ["paragraph_open", "inline", "paragraph_close"]
    # beside others a number may count on, and what is drawn of these four is a table's rule
    return is_paragraph and not _NUMBER.match(line) and not set(line) <= set("|:- ")


def _escaped(line: str) -> str:
    """The line with the character escaped that makes it a list, quote, rule or heading."""
    at = len(line) - len(line.lstrip("0123456789"))
    return f"{line[:at]}\\{line[at:]}"


def _web_address(text: str) -> str | None:
    """The text, when it is an address on the web and nothing more."""
    if " " in text:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None
