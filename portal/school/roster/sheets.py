"""One file of the register, cell by cell: headings in two languages, and what is wrong with a cell remembered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

from portal.errors import N_
from portal.school.roster.comparison import Remark
from portal.text.letters import composed

LONGEST_TEXT = 100
OLDEST_DAY = date(1990, 1, 1)
FARTHEST_DAY = timedelta(days=3 * 365)
_DATES = (
    re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"),
    re.compile(r"(?P<day>[0-9]{1,2})[-./](?P<month>[0-9]{1,2})[-./](?P<year>[0-9]{4})"),
)

Word = TypeVar("Word")


@dataclass
class Remarks:
    """What was found wrong or odd so far."""

    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One row, read cell by cell: what is wrong with a cell is remembered, and the cell then reads as None."""

    file: str
    line: int
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    remarks: Remarks

    def __contains__(self, column: str) -> bool:
        return column in self.headings

    def fault(self, column: str, message: str, **values: object) -> None:
        """Remember that a cell is wrong."""
        self.remarks.faults.append(self._remark(column, message, values))

    def warn(self, column: str, message: str, **values: object) -> None:
        """Remember something about a cell that the office should look at."""
        self.remarks.warnings.append(self._remark(column, message, values))

    def _remark(self, column: str, message: str, values: Mapping[str, object]) -> Remark:
        return Remark(self.file, self.line, self.headings.get(column, column), self.shown(column), message, values)

    def shown(self, column: str) -> str:
        """The cell as it was written, short enough to show."""
        return self.cells.get(column, "")[:LONGEST_TEXT]

    def text(self, column: str) -> str | None:
        """The cell's text, which may be empty."""
        text = tidy(self.cells.get(column, ""))
        if not text.isprintable():
            self.fault(column, N_("This has characters in it that cannot be shown. Type it again."))
            return None
        if len(text) > LONGEST_TEXT:
            self.fault(column, N_("This is longer than %(longest)s characters. Shorten it."), longest=LONGEST_TEXT)
            return None
        return text

    def filled(self, column: str) -> str | None:
        """The text of a cell that must not be empty."""
        text = self.text(column)
        if text == "":
            self.fault(column, N_("This is empty. Fill it in."))
        return text or None

    def word(self, column: str, words: Mapping[str, Word]) -> Word | None:
        """What one of the fixed words, in English or Danish, stands for."""
        text = self.text(column)
        if text is None:
            return None
        found = {folded(word): meaning for word, meaning in words.items()}.get(folded(text))
        if found is None:
            self.fault(
                column, N_("This is not one of the known words. Write one of: %(words)s."), words=_choices(words)
            )
        return found

    def day(self, column: str, today: date) -> date | None:
        """A day, written as 2026-08-10 or 10-08-2026; None also for an empty cell."""
        text = self.text(column)
        if not text:
            return None
        day = _day(text)
        if day is None:
            self.fault(column, N_("This is not a date. Write it as 2026-08-10 or 10-08-2026."))
        elif not OLDEST_DAY <= day <= today + FARTHEST_DAY:
            self.fault(column, N_("This date is too far away. Correct the year."))
            return None
        return day


def _choices(words: Mapping[str, object]) -> str:
    """Two words for each meaning, the English and the usual Danish one."""
    meanings = dict.fromkeys(words.values())
    return ", ".join(
        word
        for meaning in meanings
        for word in [w for w, stands_for in words.items() if w and stands_for == meaning][:2]
    )


def tidy(text: str) -> str:
    """Text without invisible signs and superfluous spaces, in one way of writing accents."""
    if not text.isascii():
        text = composed("".join(c for c in text if unicodedata.category(c) != "Cf"))
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def folded(word: str) -> str:
    """A heading or a fixed word without what people vary: case, spaces, hyphens, full stops and underscores."""
    return re.sub(r"[\s._\-]+", "", tidy(word)).casefold()


def _day(text: str) -> date | None:
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None
