"""Finds the pupils a text names, so that nobody sends a class's homes a child's name by oversight (domain 3.5).

It reads words, not meaning: a name is what is spelled like one. Where that leaves doubt, `name_words.txt` decides.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.name_guard.words import HIDDEN, TAKES_APOSTROPHE, USES, Use, bases, fold, initial, spellings, without_hidden
from portal.text.letters import composed


class Certainty(StrEnum):
    """What a word that may be a name asks for: a confirmation, or only to be pointed out."""

    NAMES = "names"
    MAY_NAME = "may_name"


@dataclass(frozen=True, slots=True)
class PupilName:
    """A pupil as the text might name them; the surname may be empty."""

    id: int
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Found:
    """Words that name one of `pupil_ids`, as they stand in the text but on one line and without Markdown's signs."""

    words: str
    pupil_ids: frozenset[int]
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text names somebody: `words` from `start` to before `end`, the sign of a genitive included."""

    start: int
    end: int
    words: str
    is_genitive: bool


class _Case(StrEnum):
    LOWER = "lower"
    CAPITAL = "capital"
    ALL_CAPITALS = "all capitals"


_WORD = re.compile(rf"(?:[^\W\d_][\u0300-\u036f{HIDDEN}]*)+")
_SIGNS = re.compile(r"[\s*_]+")
_ENTITY = re.compile(r"&#?\w{1,32};")

# What may stand between the words of one name: a hyphen, an apostrophe, a blank, one line break; emphasis around them.
_JOINT = re.compile(r"[*_]{0,3}(?:[-‐‑]|[ \t\xa0\u202f]{0,3}\r?\n?[ \t\xa0\u202f]{0,3})[*_]{0,3}|['’]")
_HYPHENS = frozenset("-‐‑")
_APOSTROPHES = "'’ʼ´`′"
_GENITIVE_SIGN = re.compile(rf"[{_APOSTROPHES}]([sS](?![^\W\d_]))?")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…|\n])[\s*_>#\"'»«”“’‘(\[–—-]*$")
_GOES_ON = re.compile(r"[*_]{0,3}[ \t\xa0]+[^\W\d_]")
_LOOK_BACK = 12

# The target of a link, and anything else without blanks that may be an address. Both are read once, from left to right.
_TARGET = re.compile(r"\]\([^()\[\]\s]*+\)")
_CHUNK = re.compile(r"[^\s<>()\[\],;*\"'|»«“”’]+")
_ADDRESS = re.compile(
    r".*://.*|www\..*|mailto:.*|[^@]+@[^@]+"
    r"|[\w.-]+\.(?-i:dk|com|org|net|nu|eu|info|html?|pdf|docx?|jpe?g|png)(?:[/?#:.!].*)?",
    re.IGNORECASE | re.DOTALL,
)

# They belong to a surname and name nobody by themselves.
_PARTICLE_WORDS = """
af al bin bint da de del den der des di do dos du el ibn la le mac mc o of san ten ter van von y zu
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_FAMILY = frozenset({"familien", "familie", "fru", "hr", "frk"})
SHORTEST = 2
SHORTEST_IN_LOWER_CASE = 3
SHORTEST_SURNAME = 3
SHORTEST_SURNAME_IN_LOWER_CASE = 4
# No longer name is known; a longer row of words in a roster costs no time.
MOST_WORDS = 12
LONGEST_JOINT = 14


def find_names(text: str, pupils: Iterable[PupilName]) -> list[Found]:
    """The words of a Markdown text that name one of `pupils`, each wording once, in the order of first places.

    A pupil is named by the first name, by any part of a double one, or by these with surnames or an initial, in every
    Danish spelling and genitive. A surname alone names if hardly anybody else has it. Names that are words too only may
    name, unless the surname stands beside. Addresses name nobody. Takes time in proportion to the text.
    """
    return _read(text, pupils).found()


def find_places(text: str, pupils: Iterable[PupilName]) -> tuple[str, list[Place]]:
    """The text with its entities written out, and every place in it that names, or may name, one of `pupils`."""
    reading = _read(text, pupils)
    return reading.shown, list(reading.places())


def _read(text: str, pupils: Iterable[PupilName]) -> _Reading:
    # Unicode counts this apostrophe among the letters, and a keyboard may well have typed it
    typed = text.replace("\N{MODIFIER LETTER APOSTROPHE}", "\N{RIGHT SINGLE QUOTATION MARK}")
    return _Reading(typed, _Roster(pupils))


class _Roster:
    """The words of the pupils' names: by spelling, in which rows and at which places of a row's whole name.

    A pupil with an alias has two rows, since the protected name must not be written either.
    """

    def __init__(self, pupils: Iterable[PupilName]) -> None:
        self.pupil_ids: list[int] = []
        self.given: list[int] = []  # how many words the first name has
        self.places: dict[str, dict[int, list[int]]] = {}
        self.whole: set[tuple[str, int]] = set()  # spellings that are a row's whole first name
        self.initials: dict[str, set[int]] = {}
        for row, pupil in enumerate(pupils):
            self.pupil_ids.append(pupil.id)
            self._add(row, _WORD.findall(pupil.first_name)[:MOST_WORDS], _WORD.findall(pupil.last_name)[:MOST_WORDS])

    def _add(self, row: int, first: list[str], last: list[str]) -> None:
        self.given.append(len(first))
        for place, word in enumerate([*first, *last]):
            self._put(word, row, place)
        if first:  # "Annesofie" for "Anne-Sofie"
            joined = "".join(first)
            self._put(joined, row, len(first) - 1)
            self.whole.update((spelling, row) for spelling in spellings(joined))
        for word in last:
            self.initials.setdefault(initial(word), set()).add(row)

    def _put(self, word: str, row: int, place: int) -> None:
        for spelling in spellings(word):
            places = self.places.setdefault(spelling, {}).setdefault(row, [])
            if place not in places:
                places.append(place)

    def has_first_name(self, spelling: str, rows: Iterable[int]) -> bool:
        """Whether the word is of the first name in one of the rows."""
        return any(min(self.places[spelling][row]) < self.given[row] for row in rows)


@dataclass(frozen=True, slots=True)
class _Run:
    """Words of a text, from `first` to before `after`, that are of one pupil's name, in its order."""

    first: int
    after: int
    spellings: tuple[str, ...]
    places: Mapping[int, int]  # of the last word, by row of the roster
    end: int
    is_genitive: bool = False
    has_initial: bool = False


class _Reading:
    def __init__(self, text: str, roster: _Roster) -> None:
        self.shown = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
        self.text = _without_addresses(self.shown)
        self.roster = roster
        self.words = list(_WORD.finditer(self.text))
        self.folded = [fold(word[0]) for word in self.words]

    def found(self) -> list[Found]:
        names: dict[str, Found] = {}
        for run in self._runs():
            if certainty := self._certainty(run):
                words = self._as_typed(run)
                ids = frozenset(self.roster.pupil_ids[row] for row in run.places)
                if before := names.get(words):
                    ids |= before.pupil_ids
                    certainty = Certainty.NAMES if Certainty.NAMES in (certainty, before.certainty) else certainty
                names[words] = Found(words, ids, certainty)
        return list(names.values())

    def places(self) -> Iterator[Place]:
        """Where each run that names or may name somebody stands."""
        for run in self._runs():
            if self._certainty(run):
                start, end = self.words[run.first].start(), self._end(run)
                yield Place(start, end, self._as_typed(run), run.is_genitive or end > run.end)

    def _runs(self) -> Iterator[_Run]:
        """Every stretch of words that is of one name; none overlaps another."""
        after = 0
        for place, folded in enumerate(self.folded):
            if place >= after and (folded in self.roster.places or folded[-1:] == "s") and (run := self._run_at(place)):
                after = run.after
                yield run

    def _run_at(self, first: int) -> _Run | None:
        """The longest run that begins with a word; the plain spelling goes before a genitive."""
        for spelling, is_genitive in bases(self.folded[first]):
            if owners := self.roster.places.get(spelling):
                places = {row: min(own) for row, own in owners.items()}
                run = _Run(first, first + 1, (spelling,), places, self.words[first].end(), is_genitive)
                return self._with_initial(self._longest(run))
        return None

    def _longest(self, run: _Run) -> _Run:
        """The run with all that follows; a particle behind it is a word of the sentence: "Emilie der kom"."""
        longest = run
        while not run.is_genitive and (longer := self._longer(run)):
            run = longer
            if run.spellings[-1] not in _PARTICLES:
                longest = run
        return longest

    def _longer(self, run: _Run) -> _Run | None:
        if not self._is_joined(run.after - 1):
            return None
        word = self.words[run.after]
        for spelling, is_genitive in bases(self.folded[run.after]):
            owners = self.roster.places.get(spelling, {})
            later = {
                row: min(further)
                for row, place in run.places.items()
                if (further := [own for own in owners.get(row, ()) if own > place])
            }
            if later:
                return _Run(run.first, run.after + 1, (*run.spellings, spelling), later, word.end(), is_genitive)
        return None

    def _with_initial(self, run: _Run) -> _Run:
        """ "Alma H." names the one whose surname begins so; "I" without a dot is a pronoun."""
        if run.is_genitive or not self._is_joined(run.after - 1):
            return run
        word = self.words[run.after]
        has_dot = self.text[word.end() : word.end() + 1] == "."
        if len(composed(word[0])) != 1 or not word[0].isupper() or (word[0] == "I" and not has_dot):
            return run
        of_that_letter = self.roster.initials.get(initial(word[0]), set())
        meant = {
            row: place for row, place in run.places.items() if row in of_that_letter and place < self.roster.given[row]
        }
        if not meant:
            return run
        return _Run(run.first, run.after + 1, run.spellings, meant, word.end() + has_dot, has_initial=True)

    def _is_joined(self, place: int, *, on_one_line: bool = False) -> bool:
        """Whether a word and the next may belong to one name."""
        if place < 0 or place + 1 >= len(self.words):
            return False
        start, end = self.words[place].end(), self.words[place + 1].start()
        is_joint = 0 < end - start <= LONGEST_JOINT and _JOINT.fullmatch(self.text, start, end)
        return bool(is_joint) and not (on_one_line and "\n" in self.text[start:end])

    def _certainty(self, run: _Run) -> Certainty | None:
        own = [place for place, spelling in enumerate(run.spellings) if spelling not in _PARTICLES]
        is_first_name = self.roster.has_first_name(run.spellings[0], run.places)
        if not own:  # "der" names nobody, but somebody's first name may be "Le"
            return self._of_first_name(run, 0) if is_first_name else None
        if len(own) > 1 or run.has_initial:
            return self._of_full_name(run, own)
        return self._of_first_name(run, own[0]) if is_first_name else self._of_surname(run, own[0])

    def _of_full_name(self, run: _Run, own: list[int]) -> Certainty:
        uses = [self._use(run.first + place, run.spellings[place]) for place in own]
        is_capital = all(_case(self.words[run.first + place][0]) is not _Case.LOWER for place in own)
        return Certainty.NAMES if is_capital or Use.NONE in uses else Certainty.MAY_NAME

    def _of_first_name(self, run: _Run, own: int) -> Certainty | None:
        place, spelling = run.first + own, run.spellings[own]
        use, case = self._use(place, spelling), _case(self.words[place][0])
        is_word = use not in (Use.NONE, Use.SHARED)
        if len(self.words[place][0]) < SHORTEST:
            return None
        if case is _Case.LOWER:
            return Certainty.NAMES if not is_word and len(spelling) >= SHORTEST_IN_LOWER_CASE else None
        if use is Use.EVERYDAY and (case is _Case.ALL_CAPITALS or self._reads_as_word(place)):
            return None
        if case is _Case.ALL_CAPITALS:
            return Certainty.MAY_NAME if is_word or len(spelling) < SHORTEST_IN_LOWER_CASE else Certainty.NAMES
        is_whole = any((spelling, row) in self.roster.whole for row in run.places)
        if any(self._is_foreign(beside) for beside in self._behind_hyphens(place)):
            return Certainty.MAY_NAME if is_whole else None  # "Anne-Mette" is not Anne-Sofie
        is_sure = use < Use.WORDS and not self._has_another_surname(place, is_whole)
        return Certainty.NAMES if is_sure else Certainty.MAY_NAME

    def _of_surname(self, run: _Run, own: int) -> Certainty | None:
        place, spelling = run.first + own, run.spellings[own]
        use, case = self._use(place, spelling), _case(self.words[place][0])
        is_own = use is Use.NONE and not spelling.endswith("sen")
        if len(spelling) < SHORTEST_SURNAME or use is Use.EVERYDAY:
            return None
        if case is _Case.LOWER:
            return Certainty.NAMES if is_own and len(spelling) >= SHORTEST_SURNAME_IN_LOWER_CASE else None
        if self._has_another_first_name(run.first):
            return Certainty.MAY_NAME if is_own else None
        return Certainty.NAMES if is_own else Certainty.MAY_NAME

    def _use(self, place: int, spelling: str) -> Use:
        """How much the word as typed, or the name it is the genitive of, is a word."""
        typed = self.folded[place]
        return max(USES.get(typed, Use.NONE), USES.get(spelling, Use.NONE))

    def _reads_as_word(self, place: int) -> bool:
        """Whether a word has its capital from beginning a sentence that goes on."""
        start, end = self.words[place].span()
        before = self.text[max(0, start - _LOOK_BACK) : start]
        begins = _SENTENCE_START.search(before if start <= _LOOK_BACK else f"x{before}")
        return begins is not None and _GOES_ON.match(self.text, end) is not None

    def _behind_hyphens(self, place: int) -> Iterator[int]:
        """The words that hyphens tie to a word."""
        start, end = self.words[place].span()
        if self.text[end : end + 1] in _HYPHENS and self._is_joined(place):
            yield place + 1
        if self.text[max(0, start - 1) : start] in _HYPHENS and self._is_joined(place - 1):
            yield place - 1

    def _is_foreign(self, place: int) -> bool:
        """Whether a word has a capital and is nobody's name in the class."""
        is_own = any(base in self.roster.places for base, _ in bases(self.folded[place]))
        return _case(self.words[place][0]) is _Case.CAPITAL and not is_own

    def _has_another_surname(self, place: int, is_whole: bool) -> bool:
        """Whether a first name goes on in a surname that is not the pupil's: "Emil Nielsen" is another Emil."""
        if not self._is_joined(place, on_one_line=True) or self.text[self.words[place].end()] in _HYPHENS:
            return False
        following = [base for base, _ in bases(self.folded[place + 1])]
        is_known = any(base.endswith("sen") or USES.get(base) is Use.SHARED for base in following)
        return _case(self.words[place + 1][0]) is _Case.CAPITAL and (
            is_known or (not is_whole and self._is_foreign(place + 1))
        )

    def _has_another_first_name(self, place: int) -> bool:
        """Whether a surname follows a word with a capital, as in a name: "Hanne Bjerregaard"."""
        if not self._is_joined(place - 1, on_one_line=True):
            return False
        return _case(self.words[place - 1][0]) is not _Case.LOWER and self.folded[place - 1] not in _FAMILY

    def _as_typed(self, run: _Run) -> str:
        start = self.words[run.first].start()
        return _SIGNS.sub(" ", without_hidden(self.shown[start : self._end(run)]))

    def _end(self, run: _Run) -> int:
        """Where a run ends, with the sign of its genitive."""
        start, end = self.words[run.first].start(), run.end
        sign = _GENITIVE_SIGN.match(self.text, end)
        is_quoted = self.text[max(0, start - 1) : start] in _APOSTROPHES and start > 0
        if (
            sign
            and not run.has_initial
            and (sign[1] or (run.spellings[-1].endswith(TAKES_APOSTROPHE) and not is_quoted))
        ):
            end = sign.end()
        return end


def _without_addresses(text: str) -> str:
    """The text with blanks in the place of links' targets, addresses and file names; what is left keeps its place."""
    text = _TARGET.sub(lambda target: "](" + " " * (len(target[0]) - 3) + ")", text)
    pieces, done = [], 0
    for chunk in _CHUNK.finditer(text):
        if ("." in chunk[0] or ":" in chunk[0] or "@" in chunk[0]) and _ADDRESS.fullmatch(chunk[0]):
            pieces += [text[done : chunk.start()], " " * len(chunk[0])]
            done = chunk.end()
    return "".join([*pieces, text[done:]])


def _case(word: str) -> _Case:
    """How a word is typed. Scripts without capitals count as capital: nothing there is typed carelessly."""
    if not word[0].isupper():
        return _Case.LOWER if word[0].lower() != word[0].upper() else _Case.CAPITAL
    letters = composed(word)
    return _Case.ALL_CAPITALS if len(letters) > 1 and letters.isupper() else _Case.CAPITAL
