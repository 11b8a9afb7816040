"""The headings that the strategy's promise of telling the homes falls into, and texts that leave some of them empty."""

from __future__ import annotations

import re

from portal.errors import N_

HEADINGS = (
    N_("How the class is doing"),
    N_("What we are working on together"),
    N_("What you can do at home"),
    N_("What comes next"),
)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+\S")


def under_headings(headings: tuple[str, ...]) -> str:
    """An empty text under these headings, in Markdown, to be filled in."""
    return "".join(f"### {heading}\n\n\n" for heading in headings).rstrip("\n") + "\n"


def without_unfilled(body: str) -> str:
    """The Markdown without headings under which nothing stands, so that nobody has to delete what they did not use."""
    kept: list[str] = []
    for line in reversed(body.split("\n")):
        heading = _HEADING.match(line)
        if heading is None or _is_filled(kept, len(heading[1])):
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(reversed(kept))).strip("\n")


def _is_filled(below: list[str], level: int) -> bool:
    """Whether something stands under a heading; `below` are the lines after it, the last one first in the file."""
    for line in reversed(below):
        if line.strip():
            heading = _HEADING.match(line)
            return heading is None or len(heading[1]) > level
    return False
