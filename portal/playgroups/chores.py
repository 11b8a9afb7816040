"""What comes due by itself with playgroups: children are asked how a round was, addresses are forgotten the day after,
who was heard a week after, and plans when their year is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.acts.chores import Chore
from portal.playgroups import queries
from portal.playgroups.parted.queries import get_pair, list_due
from portal.playgroups.parted.services import ask_about
from portal.playgroups.rounds.services import forget_address
from portal.playgroups.services import forget_plan
from portal.playgroups.voices.queries import list_closed, list_to_ask
from portal.playgroups.voices.services import ask_children, forget_heard
from portal.text import clock


def _find_addresses(now: datetime) -> list[int]:
    return queries.list_old_addresses(clock.day_of(now))


def _forget_address(group_id: int, now: datetime) -> None:
    group = queries.get_group(group_id)
    if group is not None:
        forget_address(group, now=now)


def _find_plans(now: datetime) -> list[int]:
    return queries.list_old_plans(clock.first_day(clock.school_year(clock.day_of(now))))


def _forget_plan(plan_id: int, now: datetime) -> None:
    plan = queries.find_plan(plan_id)
    if plan is not None:
        forget_plan(plan, now=now)


def _find_pairs(now: datetime) -> list[int]:
    return list_due(clock.day_of(now))


def _ask_about_pair(pair_id: int, now: datetime) -> None:
    pair = get_pair(pair_id)
    if pair is not None:
        ask_about(pair, now=now)


def _find_closed(now: datetime) -> list[int]:
    return list_closed(clock.day_of(now))


def _forget_heard(round_id: int, now: datetime) -> None:
    playgroup_round = queries.find_round(round_id)
    if playgroup_round is not None:
        forget_heard(playgroup_round, now=now)


def _find_to_ask(now: datetime) -> list[int]:
    return list_to_ask(clock.day_of(now))


def _ask_children(round_id: int, now: datetime) -> None:
    playgroup_round = queries.find_round(round_id)
    if playgroup_round is not None:
        ask_children(playgroup_round, now=now)


CHORES = (
    Chore("ask children how it was in their group", _find_to_ask, _ask_children, every=timedelta(hours=1)),
    Chore("ask about pairs that are kept apart", _find_pairs, _ask_about_pair, every=timedelta(hours=1)),
    Chore("forget addresses of playgroups", _find_addresses, _forget_address, every=timedelta(hours=1)),
    Chore("forget who was heard about playgroups", _find_closed, _forget_heard, every=timedelta(hours=1)),
    Chore("forget plans of playgroups", _find_plans, _forget_plan, every=timedelta(hours=6)),
)
