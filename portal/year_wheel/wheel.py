"""The wheel of a school year, put together: every duty, whose it is, how each of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.proofs import Per, Proof
from portal.text import clock
from portal.updates.cadence.queries import list_standings
from portal.year_wheel import queries
from portal.year_wheel.delivered import delivered_wheel
from portal.year_wheel.models import DutyLine
from portal.year_wheel.states import State, Year, of_all

#: A past school year is looked at as it was towards its end.
LAST_LOOK = (6, 15)


@dataclass(frozen=True, slots=True)
class Whose:
    """The school (no id), a class or a council that a duty is of, and since when it counts."""

    id: int | None
    label: str
    since: date
    hue: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How one of them stands with a duty: the last day it was done, how often, and what somebody noted."""

    whose: Whose
    state: State
    last_on: date | None
    times: int
    noted: queries.Noted | None = None


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """How a duty stands, for the school or for each class or council of it that the reader may see."""

    duty: DutyLine
    standings: tuple[Standing, ...]

    @property
    def state(self) -> State:
        """How it stands as a whole."""
        return of_all([one.state for one in self.standings])

    @property
    def done_count(self) -> int:
        """Of how many it is done."""
        return sum(one.state is State.DONE for one in self.standings)

    @property
    def late(self) -> list[Whose]:
        """Whose it is late."""
        return [one.whose for one in self.standings if one.state is State.LATE]

    @property
    def last_on(self) -> date | None:
        """The last day on which anything of it was done."""
        return max((one.last_on for one in self.standings if one.last_on), default=None)


@dataclass(frozen=True, slots=True)
class Seen:
    """Whose duties somebody sees: `None` for all classes and councils, else these by id."""

    class_ids: Collection[int] | None = None
    council_ids: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Wheel:
    """A school year with its duties that somebody sees, and all classes that are held against them."""

    year: Year
    duties: tuple[DutyStanding, ...]
    class_ids: tuple[int, ...]

    def count(self, state: State) -> int:
        """How many duties stand like this."""
        return sum(one.state is state for one in self.duties)


def own_or_delivered(school_year: int) -> list[DutyLine]:
    """The duties of a school year: the school's own, or as delivered while nobody has changed them."""
    return queries.list_duties(school_year) or delivered_wheel(())


def duties_of(clause_key: str, text: str, school_year: int) -> list[DutyLine]:
    """The duties that a point of the strategy asks for in a school year."""
    duties = queries.list_duties(school_year) or delivered_wheel([(clause_key, text)])
    return [duty for duty in duties if clause_key in duty.points]


def proving(duties: Iterable[DutyLine], proofs: Iterable[Proof]) -> tuple[Proof, ...]:
    """Those of the proofs that one of these duties asks for."""
    kinds = {kind for duty in duties for kind in duty.proofs}
    return tuple(proof for proof in proofs if proof.kind in kinds)


def look_at(
    school_year: int, proofs: tuple[Proof, ...], *, every_weeks: int, seen: Seen, now: datetime, only: str = ""
) -> Wheel:
    """The wheel of a school year as it stands now: six statements, however many classes there are.

    `only` is the key of the one duty that is wanted.
    """
    today = clock.day_of(now)
    looked_at = min(today, date(school_year + 1, *LAST_LOOK))
    classes, days = list_standings(every=every_weeks, today=looked_at)
    year = Year(school_year, today, days, every_weeks)
    duties = [duty for duty in own_or_delivered(school_year) if only in ("", duty.key)]
    since = min((one.since for one in classes), default=today)
    all_of = {
        Per.SCHOOL: [Whose(None, "", since)],
        Per.CLASS: [
            Whose(one.ref.id, one.ref.label, one.since, one.ref.hue)
            for one in classes
            if seen.class_ids is None or one.ref.id in seen.class_ids
        ],
        Per.COUNCIL: [
            Whose(row.id, row.name, since)
            for row in queries.list_councils()
            if seen.council_ids is None or row.id in seen.council_ids
        ],
    }
    asked = proving(duties, proofs)
    done, noted = _done(school_year, asked, now), _noted(school_year, duties)
    standings = [DutyStanding(duty, _standings(duty, all_of[duty.per], year, done, noted)) for duty in duties]
    seen_duties = tuple(one for one in standings if one.standings)
    return Wheel(year, seen_duties, tuple(one.ref.id for one in classes))


_Days = dict[tuple[str, int | None], list[date]]
_Noted = dict[tuple[str, int | None], queries.Noted]


def _done(school_year: int, proofs: tuple[Proof, ...], now: datetime) -> _Days:
    """The days on which rooms know that something was done, by its kind and whose it was."""
    days: _Days = defaultdict(list)
    for one in queries.list_proven(school_year, proofs, now=now):
        days[one.kind, one.whose].append(one.done_on)
    return days


def _noted(school_year: int, duties: Sequence[DutyLine]) -> _Noted:
    """What was noted by hand and still holds, the newest of each."""
    holds = {duty.key: duty.holds_years for duty in duties}
    rows = queries.list_noted((school_year - max(holds.values(), default=1) + 1, school_year))
    return {(row.key, row.whose): row for row in rows if row.school_year > school_year - holds.get(row.key, 1)}


def _standings(duty: DutyLine, whose: Sequence[Whose], year: Year, done: _Days, noted: _Noted) -> tuple[Standing, ...]:
    return tuple(_standing(duty, one, year, done, noted.get((duty.key, one.id))) for one in whose)


def _standing(duty: DutyLine, whose: Whose, year: Year, done: _Days, noted: queries.Noted | None) -> Standing:
    known = [done.get((kind, place), ()) for kind in duty.proofs for place in {whose.id, None}]
    days = sorted(day for each in known for day in each)
    by_hand = [noted.done_on] if noted else []
    return Standing(
        whose,
        year.state(duty, days, is_noted=noted is not None, since=whose.since),
        max((*days, *by_hand), default=None),
        len(days) + len(by_hand),
        noted,
    )
