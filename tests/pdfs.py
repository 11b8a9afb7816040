"""What is in a PDF for whoever reads it with the eye, by ear, or looks at what is written on the file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PdfReadError
from werkzeug.test import TestResponse

from tests.reading import Element, read

#: Where a line ends within a word, what lets a word end there, and blanks.
BETWEEN = re.compile(r"[\s\u00ad\u200b\u2010-]+")


class Answer(TestResponse):
    """An answer whose text is what a person reads, in a PDF as well."""

    @property
    def text(self) -> str:
        return words_of(self.data) if self.mimetype == "application/pdf" else super().text


@lru_cache(maxsize=256)
def words_of(pdf: bytes) -> str:
    """Everything it says: its pages, its outline, and the words about the file; words are whole, lines are not kept."""
    try:
        reader = PdfReader(io.BytesIO(pdf))
    except PdfReadError:
        return pdf.decode(errors="replace")
    about = [str(value) for value in (reader.metadata or {}).values()]
    xmp = reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else ""
    pages = [page.extract_text() for page in reader.pages]
    text = "\n".join([*about, *pages, *(words for _, words in headings(pdf)), xmp])
    return re.sub(r"(?<=\w)[-\u00ad\u2010]\n(?=\w)|\u200b|\u00ad", "", text)


def squeezed(words: str) -> str:
    """Words without blanks and hyphens, to find them in whatever lines they stand."""
    return BETWEEN.sub("", words)


def headings(pdf: bytes) -> list[tuple[int, str]]:
    """The headings with their levels, as the outline has them, which readers jump by."""

    def below(entries: list[Any], level: int) -> Iterator[tuple[int, str]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from below(entry, level + 1)
            else:
                yield level, str(entry.title)

    return list(below(PdfReader(io.BytesIO(pdf)).outline, 1))


def tags(pdf: bytes) -> list[tuple[str, dict[str, Any]]]:
    """What a screen reader meets, in order: each tag with its attributes."""

    def below(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        node = _whole(node)
        if isinstance(node, list):
            for each in node:
                yield from below(each)
        elif isinstance(node, dict):
            if "/S" in node:
                attributes = node.get("/A", [])
                parts = attributes if isinstance(attributes, list) else [attributes]
                yield str(node["/S"])[1:], {name: each[name] for each in map(_whole, parts) for name in each}
            if "/K" in node:
                yield from below(node["/K"])

    return list(below(root_of(pdf)["/StructTreeRoot"]))


def _whole(part: Any) -> Any:
    return part.get_object() if hasattr(part, "get_object") else part


def root_of(pdf: bytes) -> Any:
    """The catalogue, which says the language and that the file is tagged."""
    return PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def page_count(pdf: bytes) -> int:
    """How many sheets it takes."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def holds_up(pdf: bytes, title: str, language: str) -> None:
    """What is asked of every one of them: said to be PDF/UA, a title, a language, headings one level at a time."""
    root = root_of(pdf)
    assert root["/Lang"].lower().startswith(language)
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == title
    assert reader.xmp_metadata is not None
    assert b"pdfuaid:part" in reader.xmp_metadata.stream.get_data()
    levels = [int(tag[1]) for tag, _ in tags(pdf) if re.fullmatch(r"H[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))


#: What holds words of its own on a page.
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "td", "th"}


def lacks(pdf: bytes, html: str) -> list[str]:
    """What stands on the page for paper and not in the PDF, block by block; words go on from one sheet to the next."""
    (main,) = [part for part in read(html).walk() if part.tag == "main"]
    reader = PdfReader(io.BytesIO(pdf))
    title = str(reader.metadata.title) if reader.metadata else ""
    sheets = [page.extract_text() for page in reader.pages]
    title, sheets = squeezed(title), [squeezed(sheet) for sheet in sheets]
    there = "".join(sheet[: sheet.rindex(title)] for sheet in sheets)  # the foot begins with the title
    return [words for words in _printed(main) if squeezed(words) not in there]


def _printed(part: Element) -> Iterator[str]:
    classes = (part.attributes.get("class") or "").split()
    if "no-print" in classes or part.tag in {"caption", "nav", "button", "script"}:
        return
    inside = [block for block in part.walk()[1:] if block.tag in BLOCKS]
    if part.tag in BLOCKS and not inside and part.text:
        yield part.text
    else:
        for child in part.children:
            yield from _printed(child)
