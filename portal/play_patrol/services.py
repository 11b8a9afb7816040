"""Making the play patrol's rota, and letting two pupils swap."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import wait_for_turn_at
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.play_patrol import queries
from portal.play_patrol.models import PatrolTurn
from portal.play_patrol.queries import Player
from portal.school.days_off.queries import school_days
from portal.text import clock
from portal.text.workdays import monday_of

MOST_WEEKS = 40
MOST_PLACES, LONGEST_PLACE = 6, 60
MOST_AT_A_PLACE = 6
ONE_ROTA = "the play patrol's rota"
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RotaPlan:
    """From which day, for how many school weeks, where, how many at each place, and of which classes."""

    first: date
    weeks: int
    places: tuple[str, ...]
    at_a_place: int
    class_ids: frozenset[int]


def plan_rota(plan: RotaPlan, *, actor: Person, now: datetime) -> int:
    """Plan so many school weeks from the week of a day, and say how many turns that is; weeks off are passed over.

    Whoever has had fewest turns this school year is next, so that all have as many, one apart at most. What was planned
    from that week on is planned anew; a week that has begun stays. Raises RuleViolation for a week that has begun, days
    of another school year, and for fewer pupils than a week needs.
    """
    wait_for_turn_at(ONE_ROTA)
    today = clock.day_of(now)
    first, last = monday_of(plan.first), clock.last_day(clock.school_year(today))
    if first <= monday_of(today):
        raise RuleViolation(N_("That week has begun. Choose a day in a week to come."))
    if first > last:
        raise RuleViolation(N_("Choose a day in this school year."))
    _check_places(plan.places)
    players = [one for one in queries.list_players(today=today) if one.ref.id in plan.class_ids]
    needed = len(plan.places) * plan.at_a_place
    if len(players) < needed:
        raise RuleViolation(
            N_("A week needs %(needed)s pupils, and there are %(there)s. Choose fewer places, or more classes."),
            needed=needed,
            there=len(players),
        )
    weeks = [monday for monday in school_days(today).weeks(first, last)][: plan.weeks]
    if not weeks:
        raise RuleViolation(N_("There is no school week left to plan."))
    later = delete(PatrolTurn).where(PatrolTurn.week_on >= first)
    db.session.execute(later.execution_options(synchronize_session=False))
    had = queries.count_turns(monday_of(clock.first_day(clock.school_year(today))), first)
    made = [
        PatrolTurn(week_on=monday, place=place, pupil_id=pupil_id)
        for monday, pupil_ids in zip(weeks, _fairly(players, had, needed), strict=False)
        for place, pupil_id in zip((p for p in plan.places for _ in range(plan.at_a_place)), pupil_ids, strict=True)
    ]
    db.session.add_all(made)
    acts.note(actor, ActKind.PLAY_PATROL_PLANNED, made[0], now=now)
    return len(made)


def _fairly(players: list[Player], had: dict[int, int], needed: int) -> Iterator[list[int]]:
    """Week after week those with the fewest turns, and of them who has waited longest."""
    turns = {one.pupil_id: had.get(one.pupil_id, 0) for one in players}
    waiting = [one.pupil_id for one in players]
    while True:
        chosen = sorted(waiting, key=lambda pupil_id: turns[pupil_id])[:needed]  # sorting keeps who waits longest first
        for pupil_id in chosen:
            turns[pupil_id] += 1
            waiting.remove(pupil_id)
        waiting += chosen
        yield chosen


def swap_turn(turn: PatrolTurn, pupil_id: int, *, actor: Person, now: datetime) -> None:
    """Give a turn to another pupil, who gives their own next turn for it where they have one.

    A turn of a week that has begun is given to somebody, and never as what one gives for it. Raises RuleViolation for a
    week that is over, somebody who is on in that very week, and a swap that would give the
    other one two turns in a week.
    """
    wait_for_turn_at(ONE_ROTA)
    this_week = monday_of(clock.day_of(now))
    own = queries.list_of_pupils([turn.pupil_id] if turn.pupil_id is not None else [], this_week)
    theirs = queries.list_of_pupils([pupil_id], this_week)
    if turn.week_on < this_week or turn not in own:
        raise RuleViolation(N_("That turn is over, or it was planned anew. Look at the rota as it is now."))
    if pupil_id == turn.pupil_id or any(one.week_on == turn.week_on for one in theirs):
        raise RuleViolation(N_("That pupil is on in the same week already. Choose another one."))
    is_there = any(one.pupil_id == turn.pupil_id for one in queries.list_players(today=clock.day_of(now)))
    given = next((one for one in theirs if one.week_on > this_week), None) if is_there else None
    if given is not None and any(one.week_on == given.week_on for one in own):
        raise RuleViolation(N_("Then one of them would have two turns in one week. Choose another one."))
    if given is not None:
        given.pupil_id = turn.pupil_id
    turn.pupil_id = pupil_id
    acts.note(actor, ActKind.PLAY_PATROL_SWAPPED, turn, now=now)


def _check_places(places: Collection[str]) -> None:
    if not 1 <= len(places) <= MOST_PLACES:
        raise RuleViolation(N_("Write one to %(most)s places, one a line."), most=MOST_PLACES)
    if any(len(place) > LONGEST_PLACE for place in places):
        raise RuleViolation(N_("A place is a few words: %(most)s letters at most."), most=LONGEST_PLACE)
