"""What mail can be about, and when it may come. No Flask, no database: tables and notices alike speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Rhythm(StrEnum):
    """When somebody wants mail: each at once, gathered in one mail a day or a week, or none."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


class Topic(StrEnum):
    """What mail is about, as people choose it; each kind of notice belongs to one and takes its rhythm from there.

    `EVERYTHING` is no notice's: it is the choice about whatever has none of its own.
    """

    EVERYTHING = "everything"
    NEWS = "news"
    EVENTS = "events"
    AGREEMENTS = "agreements"
    STRATEGY = "strategy"
    COUNCIL = "council"
    WORK = "work"
    SAFETY = "safety"

    @property
    def is_work(self) -> bool:
        """Whether it is told to people at work or at school, whom no mail disturbs at night."""
        return self in {Topic.COUNCIL, Topic.WORK}

    @property
    def is_settled(self) -> bool:
        """Whether it comes at once, whatever anybody has chosen."""
        return self is Topic.SAFETY

    @property
    def usual(self) -> Rhythm:
        """When it comes for those who have chosen nothing."""
        return Rhythm.AT_ONCE if self.is_work or self.is_settled else Rhythm.DAILY

    def rhythm(self, chosen: Mapping[Topic, Rhythm]) -> Rhythm:
        """When it comes for somebody who has chosen this."""
        if self.is_settled:
            return Rhythm.AT_ONCE
        return chosen.get(self) or chosen.get(Topic.EVERYTHING) or self.usual
