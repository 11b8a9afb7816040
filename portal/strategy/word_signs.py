"""What word processors write where Markdown has its own signs: marks before the points of a list, and drawn tables."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Signs of their own; letters of the fonts they draw signs with (only before a tab: "§ 12" is a law); "a)" and "b)".
_LIST_SIGN = re.compile(r"(?:[•‣◦●○■□▪▫◆◇➢➤✓✔·–—\uf000-\uf0ff]|[oqvnØüþ§](?=\t)|[A-Za-zæøåÆØÅ]\))(?=[ \t])")
# A table as HTML, as a grid of +---+, or as columns below groups of dashes.
_TABLE = re.compile(r"<(?:table|thead|tbody|tr|td|th)\b|\+(?:[-=:]{2,}\+)+$|-{2,}(?:[ ]+-{2,})+$", re.IGNORECASE)


def with_bullet(line: str) -> str:
    """The line with "-" for the mark before a point, and everything else in its column."""
    start = len(line) - len(line.lstrip())
    sign = _LIST_SIGN.match(line, start)
    return f"{line[:start]}-{' ' * (sign.end() - start - 1)}{line[sign.end() :]}" if sign else line


def without_list_sign(line: str) -> str:
    """A point's words without the marks before them."""
    start = 0
    while sign := _LIST_SIGN.match(line, start):
        start = sign.end() + 1
    return line[start:]


def line_of_table(lines: Iterable[str]) -> int:
    """The number of the first line that is of a table not drawn with "|"; 0 without one."""
    return next((number for number, line in enumerate(lines, 1) if _TABLE.match(line.strip())), 0)
