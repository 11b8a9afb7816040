"""A page as a tree of what a reader sees, for tests that look at every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Elements that hold nothing.
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """An element with its parts in order: words and other elements."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    parts: list[str | Element] = field(default_factory=list)

    @property
    def children(self) -> list[Element]:
        """The elements directly in it."""
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def text(self) -> str:
        """Its words as they are read: without what is drawn only, such as initials in a circle."""
        words = [part if isinstance(part, str) else part.text for part in self.parts]
        is_read = self.attributes.get("aria-hidden") != "true" and self.tag not in {"svg", "script", "style"}
        return " ".join(" ".join(words).split()) if is_read else ""

    def walk(self) -> list[Element]:
        """The element and everything in it."""
        return [self, *(below for child in self.children for below in child.walk())]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self.open[1:]):
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def read(html: str) -> Element:
    """The tree of a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.open[0]
