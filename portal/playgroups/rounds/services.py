"""What the homes of a published group do: choose day and place, say who comes; and what is deleted the day after."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import update

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import lock_row
from portal.database.versions import check_same_day, check_version
from portal.errors import N_, RuleViolation
from portal.notifications.services import mark_page_seen, recall
from portal.people import Person
from portal.playgroups.homes.services import own_children
from portal.playgroups.models import GroupAtHome, MeetingPlace, Playgroup, PlaygroupMember
from portal.playgroups.queries import list_members
from portal.text import clock

TOLD_OF_ROUND = (ActKind.PLAYGROUPS_PUBLISHED, ActKind.PLAYGROUP_ARRANGED, ActKind.PLAYGROUP_CHANGED)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What somebody chose, in the school's own wall clock; `address` is for a home that hosts alone."""

    day: date
    begins: time
    ends: time
    place: MeetingPlace
    address: str


def arrange_meeting(at_home: GroupAtHome, meeting: Meeting, *, version: int, actor: Person, now: datetime) -> None:
    """Choose when and where a group meets; its other homes are told, and answer for that day anew.

    Raises Conflict when it was changed since `version`; RuleViolation for a day outside the round's, a time that is
    over or not on the clock, a home where none hosts, and one change too many within the hour.
    """
    group = at_home.group
    check_version(group, version)
    starts_at, ends_at = _checked(at_home, meeting, now)
    if (starts_at, ends_at, meeting.place, meeting.address) == (
        group.starts_at,
        group.ends_at,
        group.place,
        group.address,
    ):
        return
    check_limit(actor, ActKind.PLAYGROUP_ARRANGED, now=now)
    if (group.starts_at, group.ends_at) != (starts_at, ends_at):
        _ask_anew(group, own_children(actor, group.class_id))
    is_urgent = group.starts_at is not None and acts.is_at_short_notice(group.starts_at, starts_at, now=now)
    group.starts_at, group.ends_at = starts_at, ends_at
    group.place, group.address = meeting.place, meeting.address
    recall((ActKind.PLAYGROUP_ARRANGED,), group.id)
    acts.record(actor, ActKind.PLAYGROUP_ARRANGED, group, now=now, is_urgent=is_urgent)


def _checked(at_home: GroupAtHome, meeting: Meeting, now: datetime) -> tuple[datetime, datetime]:
    of_round = at_home.group.round
    if at_home.group.took_place is not None or of_round.ends_on < clock.day_of(now):
        raise RuleViolation(N_("The round is over, so nothing more can be changed."))
    if not of_round.starts_on <= meeting.day <= of_round.ends_on:
        raise RuleViolation(N_("Choose one of the days of this round."))
    if meeting.ends <= meeting.begins:
        raise RuleViolation(N_("It ends before it begins. Look at the two times."))
    starts_at, ends_at = clock.at_school(meeting.day, meeting.begins), clock.at_school(meeting.day, meeting.ends)
    if starts_at <= now:
        raise RuleViolation(N_("That time is over. Choose a time to come."))
    if meeting.place == MeetingPlace.HOME and not at_home.host_ids:
        raise RuleViolation(N_("Nobody hosts this time. Choose the school or the playground."))
    if meeting.place != MeetingPlace.HOME and meeting.address:
        raise RuleViolation(N_("Write an address only when you meet at home."))
    return starts_at, ends_at


def _ask_anew(group: Playgroup, own: frozenset[int]) -> None:
    """Another day is another question: earlier answers go, and whoever chose it comes."""
    of_group = update(PlaygroupMember).where(PlaygroupMember.group_id == group.id)
    db.session.execute(of_group.values(comes=None))
    db.session.execute(of_group.where(PlaygroupMember.pupil_id.in_(sorted(own))).values(comes=True))


def answer(at_home: GroupAtHome, comes: bool, *, version: int, actor: Person, now: datetime) -> None:
    """Say for one's own children in a group whether they come; the last word of a child's homes counts.

    Raises RuleViolation when it is over; Conflict when day or place have been changed since `version`.
    """
    group = at_home.group
    lock_row(group)
    is_over = group.ends_at is not None and group.ends_at <= now
    if is_over or group.took_place is not None or group.round.ends_on < clock.day_of(now):
        raise RuleViolation(N_("It is over."))
    check_same_day(group.version, version, starts_at=group.starts_at)
    own = at_home.pupil_ids & own_children(actor, group.class_id)
    db.session.execute(
        update(PlaygroupMember)
        .where(PlaygroupMember.group_id == group.id, PlaygroupMember.pupil_id.in_(sorted(own)))
        .values(comes=comes)
    )
    mark_page_seen(actor.id, TOLD_OF_ROUND, group.class_id)


def record_meeting(
    at_home: GroupAtHome, *, took_place: bool, absent: Collection[int], actor: Person, now: datetime
) -> None:
    """Keep whether a group met and who was not there; said again, the later word counts.

    Only those who were there have met. Raises RuleViolation before it has begun; where no hour is set, before its round
    begins, and where nobody hosts either, for homes before the round is over: one of them would end it for all.
    """
    group = at_home.group
    lock_row(group)
    may_know = group.host_id is not None or group.class_id in actor.teams
    earliest = group.round.starts_on if may_know else group.round.ends_on + timedelta(days=1)
    has_begun = clock.day_of(now) >= earliest if group.starts_at is None else group.starts_at <= now
    if not has_begun:
        raise RuleViolation(N_("It has not been yet."))
    group.took_place = took_place
    for member in list_members([group.id]):
        member.was_there = took_place and member.pupil_id not in absent
    acts.note(actor, ActKind.PLAYGROUP_RECORDED, group, now=now)


def forget_address(group: Playgroup, *, now: datetime) -> None:
    """Delete the address the day after the group has met, or its round was over; else leave it."""
    lock_row(group)
    day = clock.day_of(group.ends_at) if group.ends_at is not None else group.round.ends_on
    if day < clock.day_of(now):
        group.address = ""
