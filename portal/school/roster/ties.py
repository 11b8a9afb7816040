"""Places that run from one day to another: enrolments, guardianships, teams and roles, and how one follows another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Tie:
    """Somebody's place somewhere, by dates: `what` somebody is there, and the stored `row` (None in the files).

    `key` says who and where. An adult without a register id stands there by account number, which is no text, so
    it can never be taken for a register id.
    """

    key: tuple[str | int, ...]
    what: str
    starts_on: date | None = None
    ends_on: date | None = None
    row: int | None = None

    @property
    def begins(self) -> date:
        """The first day, for a stored tie; for a listed one without a day the beginning of time."""
        return self.starts_on or date.min

    def is_live(self, today: date) -> bool:
        """Whether the tie holds today or will."""
        return self.ends_on is None or self.ends_on >= today


class TieKind(StrEnum):
    """The four things that run from one day to another."""

    ENROLMENT = "enrolment"  # key: pupil; what: class
    GUARDIANSHIP = "guardianship"  # key: adult, pupil; what: kind
    PLACE = "place"  # key: adult, class; what: function
    ROLE = "role"  # key: adult, role; what: role


@dataclass(frozen=True)
class TieChange:
    """A tie before (None: it begins) and after (None: it would end before it began, so its row goes)."""

    kind: TieKind
    before: Tie | None
    after: Tie | None


def settle(rows: Sequence[Tie], wanted: Tie | None, today: date) -> Iterator[tuple[Tie | None, Tie | None]]:
    """The changes that make the wanted tie hold and end what stands in its way; each as (before, after).

    What is under way keeps its start; what has not begun follows the files. Something new begins on the day the files
    give or else today, and what was before ends the day before.
    """
    live = sorted((tie for tie in rows if tie.is_live(today)), key=lambda tie: tie.begins)
    if wanted is None:
        yield from _closed(live, today - timedelta(days=1))
    elif wanted.ends_on is not None and wanted.ends_on < today:
        yield from _over(rows, live, wanted, wanted.ends_on)
    elif (same := next((tie for tie in reversed(live) if tie.what == wanted.what), None)) is not None:
        earlier, later = live[: live.index(same)], live[live.index(same) + 1 :]
        start = _start_of_known(rows, same, wanted, today)
        yield from _made_room(earlier, same.begins, start)
        yield from _closed(later, today - timedelta(days=1))
        if (after := replace(same, starts_on=start, ends_on=wanted.ends_on)) != same:
            yield same, after
    else:
        start = _start_of_new(rows, wanted, today)
        yield from _closed(live, start - timedelta(days=1))
        yield None, replace(wanted, starts_on=start)


def _closed(ties: Iterable[Tie], day: date) -> Iterator[tuple[Tie, Tie | None]]:
    """End the tie on that day at the latest."""
    for tie in ties:
        if tie.begins > day:
            yield tie, None
        elif tie.ends_on is None or tie.ends_on > day:
            yield tie, replace(tie, ends_on=day)


def _over(
    rows: Sequence[Tie], live: Sequence[Tie], wanted: Tie, last_day: date
) -> Iterator[tuple[Tie | None, Tie | None]]:
    """A place whose end has passed: end what still runs then, or remember a time the portal did not know of."""
    closed = list(_closed(live, last_day))
    yield from closed
    removed = sum(after is None for _, after in closed)
    if len(rows) == removed and wanted.starts_on is not None:
        yield None, wanted


def _start_of_new(rows: Iterable[Tie], wanted: Tie, today: date) -> date:
    """The day the files give, unless the portal knows better: a class does not change backwards in time."""
    start = wanted.starts_on or today
    begun = [tie for tie in rows if tie.begins <= today]
    settled = max((tie.begins if tie.is_live(today) else tie.ends_on or today for tie in begun), default=date.min)
    return start if start > settled else today


def _start_of_known(rows: Iterable[Tie], same: Tie, wanted: Tie, today: date) -> date:
    if same.begins <= today:
        return same.begins
    if wanted.starts_on is not None:
        return _start_of_new((tie for tie in rows if tie is not same), wanted, today)
    return today if wanted.ends_on is not None and wanted.ends_on < same.begins else same.begins


def _made_room(earlier: Iterable[Tie], old_start: date, start: date) -> Iterator[tuple[Tie, Tie | None]]:
    eve, old_eve = start - timedelta(days=1), old_start - timedelta(days=1)
    if start <= old_start:
        yield from _closed(earlier, eve)
    else:  # it begins later than planned, so what led up to it lasts until then
        yield from ((tie, replace(tie, ends_on=eve)) for tie in earlier if tie.ends_on == old_eve)
