"""Words looked for in a text as people type them: "aa" finds å, capitals and accents count for nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from portal.text.letters import composed

#: More words than these find nothing more exact, and each of them is looked for in the whole text.
MOST_WORDS = 8
LONGEST_QUERY = 100
#: A shorter word is found only where a word begins: "år" in "årgang", and not in "når".
SHORTEST_INSIDE = 4

_PLAIN = {"æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe", "å": "aa", "ð": "d", "đ": "d", "þ": "th", "œ": "oe", "ß": "ss"}


def words_of(query: str) -> list[str]:
    """The words of a query as they are looked for, each once."""
    words = [folded_with_places(word)[0] for word in composed(query[:LONGEST_QUERY]).split()[:MOST_WORDS]]
    return [word for word in dict.fromkeys(words) if word]


def folded_with_places(text: str) -> tuple[str, tuple[int, ...]]:
    """A text as it is looked through, and for each of its letters which of the text's signs it came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        small = sign.lower()
        plain = _PLAIN.get(small) or "".join(
            c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c)
        )
        letters.append(plain)
        places += [place] * len(plain)
    return "".join(letters), tuple(places)


@dataclass(frozen=True, slots=True)
class Sought:
    """A text that is made ready once to be looked through many times, each time in proportion to its length."""

    text: str
    folded: str
    places: tuple[int, ...]

    @classmethod
    def made_of(cls, text: str) -> Sought:
        """The text, ready."""
        return cls(text, *folded_with_places(text))

    def holds(self, words: Sequence[str]) -> bool:
        """Whether every one of these words of `words_of` stands in it."""
        return all(next(self._starts(word), None) is not None for word in words)

    def _starts(self, word: str) -> Iterator[int]:
        start = self.folded.find(word)
        while start >= 0:
            if len(word) >= SHORTEST_INSIDE or not self.folded[start - 1 : start].isalnum():
                yield start
            start = self.folded.find(word, start + len(word))

    def marked(self, words: Sequence[str]) -> Markup:
        """The text as HTML with each place of each word marked; places that touch are one mark."""
        inside = bytearray(len(self.text))
        for word in words:
            for start in self._starts(word):
                first, last = self.places[start], self.places[start + len(word) - 1]
                inside[first : last + 1] = b"\1" * (last + 1 - first)
        html: list[Markup] = []
        begin = 0
        for place in range(1, len(inside) + 1):
            if place == len(inside) or inside[place] != inside[begin]:
                piece = escape(self.text[begin:place])
                html.append(Markup("<mark>{}</mark>").format(piece) if inside[begin] else piece)
                begin = place
        return Markup("").join(html)
