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
#: Deeper than any heading: whatever follows a heading and is none stands under it.
WORDS = 7


def under_headings(headings: tuple[str, ...]) -> str:
    """An empty text under these headings, in Markdown, to be filled in."""
    return "".join(f"### {heading}\n\n\n" for heading in headings).rstrip("\n") + "\n"


def without_unfilled(body: str) -> str:
    """The Markdown without headings under which nothing stands, so that nobody has to delete what they did not use."""
    kept: list[str] = []
    below = 0  # what follows: the level of a heading, or words
    for line in reversed(body.split("\n")):
        heading = _HEADING.match(line)
        if heading and below <= len(heading[1]):
            continue
        if line.strip():
            below = len(heading[1]) if heading else WORDS
        if kept or line.strip():
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(reversed(kept))).strip("\n")


def without_headings(body: str) -> str:
    """The Markdown without its headings, which are no sentences of a text in short."""
    return "\n".join(line for line in body.split("\n") if not _HEADING.match(line))
