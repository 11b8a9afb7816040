"""The published rounds as one home sees them: its own children's groups, and nobody else's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from portal.people import Person
from portal.playgroups.models import MeetingPlace
from portal.playgroups.presenters import days_in_words, place_in_words
from portal.playgroups.queries import Group, Round, Seat
from portal.text import clock
from portal.web.dates import sentence_case, time_span
from portal.web.language import gettext


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """A child's group in a round: `others` are the other children in it, `coming` and `missing` what they have said."""

    id: int
    version: int
    round_number: int
    days: str
    pupil_id: int
    child: str
    others: str
    where: str
    address: str
    when: str
    waits_for: str
    is_ours_to_host: bool
    may_arrange: bool
    asks_held: bool
    all_said_yes: bool
    comes: bool | None
    coming: str
    missing: str
    is_over: bool
    has_hidden: bool


@dataclass(frozen=True, slots=True)
class OwnRounds:
    """One's own children's groups: those to come, the next first, and those that have been, the latest first."""

    coming: tuple[OwnGroup, ...]
    past: tuple[OwnGroup, ...]


def own_rounds(
    rounds: Iterable[Round], children: Mapping[int, str], *, hosts: Collection[int], now: datetime
) -> OwnRounds:
    """What a home may see of a class's rounds; `hosts` are the adults under the reader's roof."""
    found = [
        _own_group(each, group, seat, hosts, now)
        for each in rounds
        for group in each.groups
        for seat in group.seats
        if seat.pupil_id in children
    ]
    return OwnRounds(tuple(own for own in found if not own.is_over), tuple(own for own in found[::-1] if own.is_over))


def _own_group(each: Round, group: Group, seat: Seat, hosts: Collection[int], now: datetime) -> OwnGroup:
    today = clock.day_of(now)
    is_over = (
        each.is_over(today) or group.took_place is not None or (group.ends_at is not None and group.ends_at <= now)
    )
    is_ours = group.host_id in hosts
    others = [other for other in group.seats if other is not seat]
    return OwnGroup(
        id=group.id,
        version=group.version,
        round_number=each.number,
        days=sentence_case(days_in_words(each.starts_on, each.ends_on)),
        pupil_id=seat.pupil_id,
        child=seat.name,
        others=_named(others),
        where=gettext("At your home") if is_ours and group.place == MeetingPlace.HOME else place_in_words(group),
        address=group.address if _is_shown(each, group, today) else "",
        when=_when(group),
        waits_for=_waits_for(group, is_ours),
        is_ours_to_host=is_ours,
        may_arrange=not is_over and (is_ours or group.host_id is None),
        asks_held=group.took_place is None and _has_begun(each, group, now) and (is_ours or group.host_id is None),
        all_said_yes=all(other.comes is not False for other in group.seats),
        comes=seat.comes,
        coming=_named(other for other in others if other.comes),
        missing=_named(other for other in others if other.comes is False),
        is_over=is_over,
        has_hidden=any(other.is_shielded for other in group.seats),
    )


def _has_begun(each: Round, group: Group, now: datetime) -> bool:
    if group.starts_at is not None:
        return group.starts_at <= now
    return each.is_over(clock.day_of(now))


def _is_shown(each: Round, group: Group, today: date) -> bool:
    """Whether an address may be read: until the day it is for has passed; then the worker deletes it."""
    return today <= (clock.day_of(group.ends_at) if group.ends_at is not None else each.ends_on)


def _named(seats: Iterable[Seat]) -> str:
    return ", ".join(seat.name for seat in seats)


def _when(group: Group) -> str:
    if group.starts_at is None or group.ends_at is None:
        return ""
    return sentence_case(time_span(group.starts_at, group.ends_at))


def _waits_for(group: Group, is_ours: bool) -> str:
    """Who chooses the day, as long as there is none."""
    if group.starts_at is not None:
        return ""
    if is_ours:
        return gettext("You host this time: choose the day.")
    host = next((seat.name for seat in group.seats if seat.pupil_id == group.host_pupil_id), "")
    if host:
        return gettext("The home of %(name)s chooses the day.", name=host)
    return gettext("Nobody hosts this time. Whoever is first chooses the day.")


def aula_text(own: OwnGroup, *, label: str, is_meal: bool, link: str) -> str:
    """What a home puts into Aula for its group: with whom and when; never where, and no names beside a hidden one."""
    title = (
        gettext("Eating group in %(label)s", label=label) if is_meal else gettext("Playgroup in %(label)s", label=label)
    )
    lines = [title, f"{own.child}, {own.others}" if own.others and not own.has_hidden else "", own.when or own.days]
    lines += [gettext("Where it is stands in the portal."), link]
    return "\n".join(line for line in lines if line)


def children_in(person: Person, class_id: int, own: Collection[int]) -> dict[int, str]:
    """The names of one's own children in a class."""
    return {child.pupil_id: child.name for child in person.children_in({class_id}) if child.pupil_id in own}
