"""A group of a draft that a move has left without a host, or with too many children for its home, finds another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from portal.database import db
from portal.playgroups import queries
from portal.playgroups.drafting import COLD_MONTHS
from portal.playgroups.history import hostings_in
from portal.playgroups.homes.queries import Host, get_roll
from portal.playgroups.models import MeetingPlace, Playgroup, PlaygroupPlan
from portal.playgroups.queries import Group, Round


def find_new_hosts(plan: PlaygroupPlan, round_ids: Collection[int], numbers: Collection[int], *, today: date) -> None:
    """Give these groups of these drafts a home that has room, whoever has hosted least; else they meet at the school.

    In one grouping a home hosts once, as when it is planned. Who hosts already and has the room goes on doing so.
    """
    rounds, roll = queries.list_rounds(plan.id, today=today), get_roll(plan.class_id, today=today)
    hosted = hostings_in(rounds)
    for each in rounds:
        for group in each.groups:
            if each.id not in round_ids or each.is_published or group.number not in numbers:
                continue
            fitting = {host.guardian_id: host for host in roll.hosts if _fits(host, group, each)}
            if group.host_id in fitting and group.host_pupil_id in group.pupil_ids:
                continue
            busy = {one.host_id for other in rounds if other.grouping == each.grouping for one in other.groups}
            free = [host for guardian_id, host in fitting.items() if guardian_id not in busy]
            chosen = min(free, key=lambda host: (hosted[host.guardian_id], host.guardian_id), default=None)
            _meet_at(group, chosen)
            if chosen is not None:
                hosted[chosen.guardian_id] += 1


def _fits(host: Host, group: Group, each: Round) -> bool:
    is_cold = each.starts_on.month in COLD_MONTHS
    is_in_it = not host.pupil_ids.isdisjoint(group.pupil_ids)
    return is_in_it and host.room >= len(group.pupil_ids) and not (host.is_outdoors_only and is_cold)


def _meet_at(group: Group, host: Host | None) -> None:
    row = db.session.get_one(Playgroup, group.id)
    if host is None:
        meet_elsewhere(row)
    else:
        group.host_id = host.guardian_id
        row.host_id, row.host_pupil_id = host.guardian_id, min(host.pupil_ids & group.pupil_ids)
        row.place, row.address = MeetingPlace.HOME, ""


def meet_elsewhere(group: Playgroup) -> None:
    """Without a home that hosts, a group meets at the school until somebody in it says where; an address goes."""
    group.host_id = group.host_pupil_id = None
    group.address = ""
    if group.place == MeetingPlace.HOME:
        group.place = MeetingPlace.SCHOOL
