"""A strategy as a Markdown file: read into sections and blocks, written back, and matched with the edition before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markdown_it import MarkdownIt

from portal.errors import N_, RuleViolation
from portal.strategy.kinds import ClauseKind

FENCE = "---"
NESTING = 20
FIRST_MONTH_DECIDED_FOR_NEXT_YEAR = 5
# Below this two sentences share a subject, not a promise.
SAME_PROMISE = 0.6

# Indents, backticks, raw HTML and reference links mean as little here as where the text is shown (portal.text.richtext).
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING})
_MARKDOWN.enable("table").disable(["code", "fence", "backticks", "reference", "html_block", "html_inline"])


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

    @property
    def is_link(self) -> bool:
        """Whether the block is nothing but a link, so that nothing in it is promised."""
        return self.url is not None


@dataclass(frozen=True, slots=True)
class Section:
    """A section (afsnit) of a file with its blocks in order; the introduction is the one without a heading."""

    heading: str
    blocks: tuple[Block, ...] = ()


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
    def school_year(self) -> int | None:
        """The school year the text was approved for: the board decides in May or June for the year that follows."""
        if self.approved_on is None:
            return None
        return self.approved_on.year - (self.approved_on.month < FIRST_MONTH_DECIDED_FOR_NEXT_YEAR)


def read_document(text: str) -> Document:
    """The strategy in a Markdown file.

    Takes what word processors and people make of Markdown: any bullet or number, nested lists (flattened in order),
    underlined headings, a byte order mark, Windows line ends. Raises DocumentFault for what would be lost or guessed.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _refuse_binary(lines)
    about, body_start = _front_matter(lines)
    tokens = _MARKDOWN.parse("\n" * body_start + "\n".join(lines[body_start:]))
    _refuse_unreadable(tokens)
    body = _Body(title=about["title"].text if "title" in about else "")
    for token, opener, is_item in _inlines(tokens):
        body.add(token, opener, is_item)
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
        sections=tuple(Section(draft.heading, tuple(draft.blocks)) for draft in body.sections),
        approved_on=_month(about.get("approved")),
        revised_on=_month(about.get("revised")),
        approved_by=about["approved_by"].text if "approved_by" in about else "",
        language=about["language"].text if "language" in about else "da",
    )


def write_document(document: Document) -> str:
    """The strategy as a Markdown file that reads back as the same document."""
    parts = [_written_front_matter(document)]
    for section in document.sections:
        if section.heading:
            parts.append(f"## {heading_text(section.heading)}")
        parts.extend(_written_blocks(section.blocks))
    return "\n\n".join(parts) + "\n"


def clause_text(text: str) -> str:
    """A text as a bullet or paragraph keeps it: one line, NFC, and never itself the start of a list or heading."""
    line = _one_line(text)
    return line if not line or _reads_as_paragraph(line) else _escaped(line)


def heading_text(text: str) -> str:
    """A text as a heading keeps it: one line, NFC, and no `#` at the end that would be taken for decoration."""
    line = _one_line(text)
    return line[:-1] + "\\#" if line.endswith("#") and not line.endswith("\\#") else line
