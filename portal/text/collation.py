"""Danish order, and the folded words by which somebody is found. No Flask, no database.

`sort_key` gives a text of plain signs whose order sign by sign is the Danish order of what it was made from, so that it
sorts the same in Python, in SQLite and in PostgreSQL (under the collation "C"). The judge is ICU's `da` with numbers by
value; a test compares the two. Rows keep it (`User.sort_name`), so whoever changes what it gives fills those anew in
a migration.

It has three parts, as ICU's has: the letters; then, where all letters are the same, the accents; then capitals before
small letters. What is decided here:

- æ, ø, å come last, ä as æ, ö as ø, ü as y, đ and ð as d, þ as th, œ as oe; other accents count when all else is equal.
- **aa is å, in every name**: "Aage" and "Kierkegaard" are sorted where "Åge" and "Kierkegård" are, and so is "Isaac".
  Danish has the rule by the sound, which no program hears, and one rule lets everybody find the name again. Two a's
  that meet between words, as in "Maria Anna", are two.
- Numbers stand in the order of their value and before letters: "2.A" before "10.A".
- A space comes before everything else, so that "Anne Ørsted" stands before "Anneline Berg".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Between the three parts: before every sign that is in one.
_BETWEEN = " "
#: What stands before the numbers, in ICU's order; the space has a sign of its own, before them all.
_SIGNS = "_-–—,;:!?.·'‘’\"()[]{}@*/&#%`´^+<=>|~$"
_SPACE, _SIGN, _OTHER_LETTER = "!", '"', "~"
_LAST_LETTERS = {"æ": "{", "ø": "|", "å": "}"}
#: Accents in ICU's order: acute, grave, breve, circumflex, caron, ring, two dots, double acute, tilde, dot above,
#: stroke, cedilla, ogonek, macron, hook, comma below, horn, dot below.
_ACCENTS = (
    "\N{COMBINING ACUTE ACCENT}\N{COMBINING GRAVE ACCENT}\N{COMBINING BREVE}\N{COMBINING CIRCUMFLEX ACCENT}"
    "\N{COMBINING CARON}\N{COMBINING RING ABOVE}\N{COMBINING DIAERESIS}\N{COMBINING DOUBLE ACUTE ACCENT}"
    "\N{COMBINING TILDE}\N{COMBINING DOT ABOVE}\N{COMBINING SHORT STROKE OVERLAY}\N{COMBINING CEDILLA}"
    "\N{COMBINING OGONEK}\N{COMBINING MACRON}\N{COMBINING HOOK ABOVE}\N{COMBINING COMMA BELOW}\N{COMBINING HORN}"
    "\N{COMBINING DOT BELOW}"
)
_ACCENT = {accent: chr(ord("A") + place) for place, accent in enumerate(_ACCENTS)}
_ANOTHER_ACCENT = "Z"
_NO_ACCENT = "0"
#: Letters that are another letter with something more: that letter (or two), and their place behind it.
_VARIANTS = {
    "ä": ("æ", "1"),
    "ö": ("ø", "1"),
    "ő": ("ø", "2"),
    "ü": ("y", "1"),
    "ű": ("y", "2"),
    "đ": ("d", "1"),
    "ð": ("d", "2"),
    "œ": ("oe", "1"),
}
#: Letters that are two others, or one, and told from them only when nothing else differs.
_SPELLINGS = {"þ": "th", "ß": "ss"}
_STROKES = {"ł": "l", "ħ": "h"}
#: Letters of their own, each behind one of a to z.
_BEHIND = {"ı": "i", "ŋ": "n", "ə": "e"}
_CAPITAL, _SMALL = "A", "P"
_PIECE = re.compile(r"[0-9]+|AA|[Aa]a|.", re.DOTALL)
_LONGEST_NUMBER = 40

#: How a Danish keyboard's letters are written without one, for finding and never for sorting.
_PLAIN = str.maketrans({"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ð": "d", "đ": "d", "þ": "th"})
_PLAIN |= str.maketrans({"œ": "oe", "ł": "l", "ħ": "h", "ı": "i", "'": "", "’": "", "‘": "", "´": "", "`": ""})
_APART = re.compile(r"[\s\-–]+")


@lru_cache(maxsize=4096)
def sort_key(text: str) -> str:
    """What puts a name or a class's label in order: "Åse" behind "Øjvind", "10.A" behind "2.A".

    Equal for texts that nobody tells apart; a list needs something more, such as the id, to be the same every time.
    """
    letters: list[str] = []
    accents: list[str] = []
    cases: list[str] = []
    for piece in _PIECE.findall(unicodedata.normalize("NFC", text)):
        letter, accent, case = _weights(piece)
        letters.append(letter)
        accents.append(accent)
        cases.append(case)
    return _BETWEEN.join(("".join(letters), "".join(accents).rstrip(_NO_ACCENT), "".join(cases)))


def _weights(piece: str) -> tuple[str, str, str]:
    """The letters, accents and cases of a number, of "aa", or of one character."""
    if "0" <= piece[0] <= "9":
        value = piece.lstrip("0") or "0"
        return chr(ord("0") + min(len(value), _LONGEST_NUMBER)) + value, _NO_ACCENT, _SMALL
    small = piece.lower() if piece != "İ" else "i\N{COMBINING DOT ABOVE}"
    case = _SMALL if piece == small else _CAPITAL
    if small == "aa":
        return _LAST_LETTERS["å"], _NO_ACCENT, {"AA": "B", "Aa": "C"}.get(piece, "Q")
    if small in _VARIANTS:
        letters, accent = _VARIANTS[small]
        return "".join(map(_letter, letters)), accent + _NO_ACCENT * (len(letters) - 1), case * len(letters)
    if small in _SPELLINGS:
        return _SPELLINGS[small], _NO_ACCENT * 2, chr(ord(case) + 1) + _SMALL
    if small in _STROKES:
        return _STROKES[small], _NO_ACCENT + _ACCENT["\N{COMBINING SHORT STROKE OVERLAY}"], case
    signs = small if small in _LAST_LETTERS else unicodedata.normalize("NFD", small)
    return _letter(signs[0]), _NO_ACCENT + "".join(_ACCENT.get(mark, _ANOTHER_ACCENT) for mark in signs[1:]), case


def _letter(small: str) -> str:
    """What stands for one small letter or sign: a to z for themselves, æ, ø and å behind them, others behind those."""
    if "a" <= small <= "z":
        return small
    if small in _LAST_LETTERS:
        return _LAST_LETTERS[small]
    if small in _BEHIND:
        return _BEHIND[small] + _OTHER_LETTER
    if small.isspace():
        return _SPACE
    if small in _SIGNS:
        return _SIGN + chr(ord("0") + _SIGNS.index(small))
    return (_OTHER_LETTER if small.isalnum() else _SIGN + _OTHER_LETTER) + small


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A name as it is looked for: without case, accents, hyphens and apostrophes, and å as aa, æ as ae, ø as oe.

    "Anne-Åse", "anne åse" and "ANNE-AASE" are one.
    """
    small = unicodedata.normalize("NFC", text).casefold().translate(_PLAIN)
    letters = "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c))
    return _APART.sub(" ", letters).strip()
