"""How names are spelled and how much they are words, for the name guard."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType

from portal.text.letters import without_towers

WORDS_FILE = Path(__file__).with_suffix(".txt")

# What pasted text hides inside words: soft hyphens, joiners, direction marks.
HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_HIDDEN_SIGNS = re.compile(f"[{HIDDEN}]+")

_NO_ACCENTS = {"ı": "i", "ł": "l", "đ": "d", "ð": "d"}  # letters that Unicode does not take apart
_SPELLINGS = str.maketrans({"å": "aa", "æ": "ae", "ø": "oe", "ä": "ae", "ö": "oe", **_NO_ACCENTS})
_WITHOUT_DANISH_KEYS = str.maketrans({"ø": "o", **_NO_ACCENTS})
SHORTEST_WITHOUT_DANISH_KEYS = 4

# A name that ends like this takes an apostrophe for its genitive: "Jens'", "Max'".
TAKES_APOSTROPHE = ("s", "x", "z")


class Use(IntEnum):
    """How much a name is also a word, from not at all to all the time; the sections of name_words.txt."""

    NONE = 0
    SHARED = 1
    SELDOM = 2
    WORDS = 3
    EVERYDAY = 4


def fold(word: str) -> str:
    """A word as it is compared: lower case, without accents, with "aa" for "å"."""
    if word.isascii():
        return word.lower()
    return _bare(_lower(word).translate(_SPELLINGS))


def without_hidden(text: str) -> str:
    """The text without what nobody sees in it."""
    return _HIDDEN_SIGNS.sub("", text)


def _lower(word: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", without_towers(without_hidden(word))).casefold())


def _bare(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))


def spellings(word: str) -> set[str]:
    """How a name may be typed: "soeren", and "soren" on a keyboard without ø."""
    plain = _bare(_lower(word).translate(_WITHOUT_DANISH_KEYS))
    return {fold(word), plain} if len(plain) >= SHORTEST_WITHOUT_DANISH_KEYS else {fold(word)}


def bases(folded: str) -> tuple[tuple[str, bool], ...]:
    """What a word may be a form of, and whether that is a genitive: "almas" of "alma", "jenses" of "jens"."""
    if not folded.endswith("s"):
        return ((folded, False),)
    if folded.endswith("es") and folded[:-2].endswith(TAKES_APOSTROPHE):
        return (folded, False), (folded[:-1], True), (folded[:-2], True)
    return (folded, False), (folded[:-1], True)


def initial(word: str) -> str:
    """The letter somebody with this surname puts behind the first name."""
    return _lower(word)[:1]


def _read_uses() -> Mapping[str, Use]:
    uses: dict[str, Use] = {}
    section = Use.NONE
    for line in WORDS_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = Use[line.strip("[]").upper()]
        elif line and not line.startswith("#"):
            name = fold(line.split()[0])
            uses[name] = max(uses.get(name, Use.NONE), section)
    return MappingProxyType(uses)


USES = _read_uses()
