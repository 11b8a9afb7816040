"""Letters in one way of writing them, however many marks somebody puts on one."""

from __future__ import annotations

from unicodedata import combining, normalize

# As many marks on one letter as Unicode's own format for streams lets through (UAX 15); languages have a few.
MOST_MARKS = 30
# Each stands for two marks, and Unicode still counts it as a letter.
_MARKS_IN_DISGUISE = frozenset("\u0f73\u0f75\u0f81")


def composed(text: str) -> str:
    """The text in NFC: "å" is one character, whatever keyboard it comes from."""
    return text if text.isascii() else normalize("NFC", without_towers(text))


def without_towers(text: str) -> str:
    """The text without the marks on a letter that are beyond counting.

    Normalising sorts the marks of each letter in time by the square of their number, in one call that nothing
    interrupts: a text of a hundred thousand of them would hold everybody up for half a minute.
    """
    if not any(map(combining, text)) and _MARKS_IN_DISGUISE.isdisjoint(text):
        return text
    kept = []
    marks = 0
    for char in text:
        marks = marks + 1 if combining(char) or char in _MARKS_IN_DISGUISE else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
