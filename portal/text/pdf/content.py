"""What pages show as HTML, as data for a PDF: the same words with the same structure, and nothing that acts.

The HTML is our own, out of portal.text.richtext and portal.text.redline, so it is known which elements there are.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from portal.text.richtext import LEADS_AWAY, address_behind

#: A piece of text, or an element: `is` says which, `holds` what is in it.
Node = str | dict[str, Any]

_KINDS = {
    **{
        tag: tag
        for tag in ("p", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td", "a", "ins", "del", "br", "hr")
    },
    **{f"h{level}": "heading" for level in range(2, 7)},
    "em": "em",
    "strong": "strong",
    "span": "hidden",  # the redline's words for the ear
}
#: A longer address is read and cannot be pressed.
LONGEST_ADDRESS = 2000
_EMPTY = {"br", "hr"}
_BLANKS = re.compile(r"[ \t\n]+")


def content_of(html: str, base_url: str) -> list[Node]:
    """The elements and texts of safe HTML, in order; behind a link stands its address, as on paper.

    A link to a page of the portal begins with `base_url`, since a file is opened anywhere.
    """
    reader = _Reader(base_url)
    reader.feed(html)
    reader.close()
    return reader.top


class _Reader(HTMLParser):
    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url
        self.top: list[Node] = []
        self._open: list[tuple[str, list[Node]]] = []

    @property
    def _here(self) -> list[Node]:
        return self._open[-1][1] if self._open else self.top

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = _KINDS.get(tag)
        if kind is None:  # a table's head and body are seen by their rows
            return
        node: dict[str, Any] = {"is": kind, "holds": []}
        given = dict(attrs)
        if kind == "heading":
            node["level"] = int(tag[1:])
        if kind == "a":
            node["to"] = given.get("href") or ""
        if kind == "ol":
            node["start"] = int(given.get("start") or 1)
        self._here.append(node)
        if tag not in _EMPTY:
            self._open.append((tag, node["holds"]))

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == each for each, _ in self._open):
            return
        while self._open:
            closed, holds = self._open.pop()
            if closed == tag:
                break
        if tag == "a":
            link = self._here[-1]
            assert isinstance(link, dict)  # noqa: S101 - the element that was just closed
            href = link["to"]
            link["after"] = address_behind(_words(holds), href)
            link["to"] = self._leads_to(href)

    def _leads_to(self, href: str) -> str:
        if len(href) > LONGEST_ADDRESS:
            return ""
        if href.startswith("#"):
            return ""
        return href if LEADS_AWAY.match(href) else urljoin(f"{self.base_url}/", href)

    def handle_data(self, data: str) -> None:
        if not data.strip() and "\n" in data:
            return  # between two blocks
        after_break = self._here and isinstance(self._here[-1], dict) and self._here[-1]["is"] == "br"
        self._here.append(_BLANKS.sub(" ", data.lstrip("\n") if after_break else data))


def _words(nodes: list[Node]) -> str:
    return "".join(node if isinstance(node, str) else _words(node["holds"]) for node in nodes)
