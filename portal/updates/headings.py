"""The headings that the strategy's promise of telling the homes falls into, and texts that leave some of them empty."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal.errors import N_

HEADINGS = (
    N_("How the class is doing"),
    N_("What we are working on together"),
    N_("What you can do at home"),
    N_("What comes next"),
)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+\S")
_KNOWN = re.compile(r"### +(\S.*?) *")
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


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text: the heading above it as it was written, "" for none, and the words below."""

    heading: str
    text: str


def divide(body: str, known: Sequence[Collection[str]]) -> list[Part]:
    """The Markdown in parts: what stands above every known heading, then one part for each, in their order.

    `known` holds each heading in every language. A heading that is not known, comes again or out of order is a line of
    the part above it, so nothing is lost: `join` of the parts says what the body says.
    """
    headings, at = [""] * (len(known) + 1), 0
    lines: list[list[str]] = [[] for _ in headings]
    for line in body.split("\n"):
        found = _KNOWN.fullmatch(line)
        below = [place for place in range(at + 1, len(headings)) if found and found[1] in known[place - 1]]
        if found and below:
            at = below[0]
            headings[at] = found[1]
        else:
            lines[at].append(line)
    return [Part(heading, "\n".join(words).strip()) for heading, words in zip(headings, lines, strict=True)]


def join(parts: Sequence[Part]) -> str:
    """One Markdown text of parts. A heading without words stays, to be filled in another day, until it is sent."""
    stretches = [f"### {part.heading}\n\n{part.text}" if part.heading else part.text for part in parts]
    return "\n\n".join(stretch.strip() for stretch in stretches if stretch.strip())
