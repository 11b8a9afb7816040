"""A council's school year, as rules and pages see it; it has no table, since everything in it is kept elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from portal.text import clock


@dataclass(frozen=True, slots=True)
class CouncilYear:
    """One school year of a council (Vores år); `first_year` is that of its first suggestion or initiative."""

    council_id: int
    council_name: str
    school_year: int
    first_year: int
    last_year: int

    @property
    def name(self) -> str:
        """The year as people write it: "2026/27"."""
        return clock.school_year_name(self.school_year)

    @property
    def first_day(self) -> date:
        """The 1st of August it begins with."""
        return clock.first_day(self.school_year)

    @property
    def last_day(self) -> date:
        """The 31st of July it ends with."""
        return clock.last_day(self.school_year)

    @property
    def begins_at(self) -> datetime:
        """Its first moment at the school."""
        return clock.at_school(self.first_day, time())

    @property
    def ends_at(self) -> datetime:
        """The first moment of the year after it."""
        return clock.at_school(clock.first_day(self.school_year + 1), time())

    @property
    def all_years(self) -> range:
        """Every year the council has to tell of, the newest first."""
        return range(self.last_year, self.first_year - 1, -1)
