"""The short-lived process that sets one PDF: data comes in as JSON, the file goes out. `making` starts it, and ends it.

It is run by its path and imports nothing of the portal, which would take longer to load than a PDF takes to set.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).with_name("fonts")
#: Alphabets and signs of which typst's own fonts have most. A text in another one is not tried: it takes seconds.
KNOWN = re.compile(
    "[\n\u0020-\u036f\u0370-\u052f\u0590-\u06ff\u0900-\u097f\u1e00-\u1fff\u2000-\u22ff\u2460-\u27bf\ufb00-\ufdff"
    "\ufe70-\ufefc]"
)
#: Our letters and the signs around them: what is left when nobody can say which letter it is that no font has.
SURE = re.compile("[^\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u0130\u0139-\u0148\u014c-\u017e–—‘’‚“”„•…€]")
#: How often what no font has is taken out before only our own letters are left.
TRIES = 3
#: Stands for a letter that no font has, so that nobody takes the word for whole.
NO_LETTER = "□"
_MISSING = re.compile(r'the text `"((?:\\u\{[0-9a-f]+\}|\\.|[^"`])+)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
#: What parts two words as a blank does: tabs, as they come out of a spreadsheet, and the ends of lines and pages.
_BLANKS = re.compile("[\t\r\v\f]")
#: Controls, direction overrides, halves of letters, letters of one's own, and what turns a sign into a picture.
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ue000-\uf8ff\ufe00-\ufe0f\ufff0-\uffff"
    "\U0001f000-\U0001faff\U000e0000-\U0010ffff]"
)


def typeset(template: str, root: str, data: Any) -> bytes:
    """The PDF of a template, with all that is in the data but for signs that no font has: a picture is left out.

    Raises TypstError for what is the template's own fault.
    """
    data = changed(data, _printable)
    for _ in range(TRIES):
        try:
            return _compiled(template, root, data)
        except typst.TypstError as fault:
            missing = set(_missing(fault.diagnostic))
            if not missing:
                raise
            pattern = re.compile("|".join(map(re.escape, sorted(missing, key=len, reverse=True))))
            data = changed(data, partial(pattern.sub, lambda found: _instead_of(found[0])))
    return _compiled(template, root, changed(data, lambda text: _or_no_letter(SURE.sub("", text), text)))


def changed(data: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text in it changed, but for the names that templates call their parts by."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, list):
        return [changed(each, change) for each in data]
    if isinstance(data, dict):
        return {name: changed(each, change) for name, each in data.items()}
    return data


def _printable(text: str) -> str:
    plain = unicodedata.normalize("NFC", _UNPRINTABLE.sub("", _BLANKS.sub(" ", text)))
    known = plain if plain.isascii() else "".join(c if KNOWN.match(c) else _instead_of(c) for c in plain)
    return _or_no_letter(known, text)


def _or_no_letter(left: str, text: str) -> str:
    """What is left of a text, and a sign for one of which nothing is: a heading without words cannot be set."""
    return left if left.strip() or not text.strip() else NO_LETTER


def _compiled(template: str, root: str, data: Any) -> bytes:
    return typst.compile(
        template,
        root=root,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[FONTS]),
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(data)},
    )


def _missing(diagnostic: str) -> Iterator[str]:
    for found in _MISSING.findall(diagnostic):
        yield _ESCAPED.sub(lambda each: chr(int(each[1], 16)) if each[1] else each[2], found)


def _instead_of(missing: str) -> str:
    return NO_LETTER if any(unicodedata.category(char)[0] in "LN" for char in missing) else ""


if __name__ == "__main__":
    asked = json.load(sys.stdin.buffer)
    try:
        sys.stdout.buffer.write(typeset(asked["template"], asked["root"], asked["data"]))
    except typst.TypstError as fault:
        sys.exit(fault.message.splitlines()[0])  # its longer words would show the text
