"""Working on a draft: planning it anew, and publishing its rounds one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent
from portal.database.versions import check_version
from portal.errors import N_, Conflict, RuleViolation
from portal.notifications.services import recall
from portal.people import Person
from portal.playgroups import queries
from portal.playgroups.draft.costs import Changes, Known, changes_of, has_met, leaves_open, rounds_of_move, seated_in
from portal.playgroups.draft.hosting import find_new_hosts, meet_elsewhere
from portal.playgroups.drafting import Draft
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.models import Playgroup, PlaygroupMember, PlaygroupPlan, PlaygroupRound
from portal.playgroups.parted.queries import parted_in
from portal.playgroups.planner.reach import pairs_in
from portal.playgroups.queries import Group, Round
from portal.playgroups.services import delete_rounds, keep_rounds, touch
from portal.text import clock


def publish_round(playgroup_round: PlaygroupRound, *, version: int, actor: Person, now: datetime) -> None:
    """Show a round to the homes of the children in it, and tell them.

    Raises Conflict when the plan has changed since `version`; RuleViolation when it is published, when it is not the
    next one, when its days are over, and unless everybody who takes part sits in exactly one of its groups, none of
    which is smaller or bigger than the plan says.
    """
    plan = playgroup_round.plan
    check_version(plan, version)
    today = clock.day_of(now)
    if playgroup_round.is_published:
        raise RuleViolation(N_("The round has been published already."))
    rounds = queries.list_rounds(plan.id, today=today)
    first = next(each for each in rounds if not each.is_published)
    if first.id != playgroup_round.id:
        raise RuleViolation(N_("Publish round %(number)s first."), number=first.number)
    if first.ends_on < today:
        raise RuleViolation(N_("The days of this round are over. Plan what is to come anew."))
    roll = get_roll(plan.class_id, today=today)
    fits = all(plan.smallest <= len(group.pupil_ids) <= plan.largest for group in first.groups)
    if seated_in(first) != roll.names.keys() or not fits:
        raise RuleViolation(N_("The class has changed since this was planned. Plan what is to come anew first."))
    parted = parted_in(plan.class_id, today=today)
    known = Known(rounds, queries.list_class_rounds(plan.class_id, today=today), today)
    if parted and (pairs_in(group.pupil_ids for group in first.groups) & parted or not leaves_open(known, {}, parted)):
        raise RuleViolation(N_("Since this was planned, two are kept apart. Plan what is to come anew first."))
    may_host = {host.guardian_id: host.pupil_ids for host in roll.hosts}
    for group in first.groups:
        if (
            group.host_id is None
            or group.host_pupil_id not in may_host.get(group.host_id, frozenset()) & group.pupil_ids
        ):
            meet_elsewhere(db.session.get_one(Playgroup, group.id))
    playgroup_round.published_at = now
    touch(plan, now)
    acts.record(actor, ActKind.PLAYGROUPS_PUBLISHED, playgroup_round, now=now)


def check_may_replace(plan: PlaygroupPlan | None, *, version: int, actor: Person, now: datetime) -> PlaygroupPlan:
    """Refuse before the planner runs what would be refused after it; returns the plan that stands.

    A plan costs the machine time, whoever asks: so the class team is counted too. Raises as `replace_drafts` does.
    """
    if plan is None:
        raise RuleViolation(N_("The plan has ended already."))
    check_version(plan, version)
    check_limit(actor, ActKind.PLAYGROUPS_PLANNED, now=now)
    return plan


def replace_drafts(plan: PlaygroupPlan | None, draft: Draft, *, version: int, actor: Person, now: datetime) -> None:
    """Put newly planned rounds in the place of those that are drafts; what is published stays as it is.

    Raises Conflict when the plan has changed since `version`: nobody's work on a draft is lost without a word;
    RuleViolation when it has ended, and for one too many within the hour.
    """
    plan = check_may_replace(plan, version=version, actor=actor, now=now)
    rounds = db.session.scalars(select(PlaygroupRound).where(PlaygroupRound.plan_id == plan.id)).all()
    drafts = [each for each in rounds if not each.is_published]
    delete_rounds([each.id for each in drafts])
    keep_rounds(plan, draft, first_number=1 + max((each.number for each in rounds if each.is_published), default=0))
    plan.is_interrupted = draft.is_interrupted
    touch(plan, now)
    acts.note(actor, ActKind.PLAYGROUPS_PLANNED, plan, now=now)


@dataclass(frozen=True, slots=True)
class Move:
    """A child goes into another group, or changes places with a child in it."""

    pupil_id: int
    group_id: int
    swaps_with: int | None


def move_child(playgroup_round: PlaygroupRound, move: Move, *, version: int, actor: Person, now: datetime) -> None:
    """Move a child by hand, in every draft of its grouping; it is held there. In a published round the homes are told.

    A group of a draft whose host it was, or whose home has not the room any more, finds another.

    Raises Conflict when the plan has changed since `version`; RuleViolation for groups that have met, that would be too
    small, too big or of two who are kept apart, and where a pair is kept apart and fewer than three others would stay
    unmet.
    """
    plan = playgroup_round.plan
    check_version(plan, version)
    today = clock.day_of(now)
    rounds = queries.list_rounds(plan.id, today=today)
    shown = next(each for each in rounds if each.id == playgroup_round.id)
    if shown.is_over(today):
        raise RuleViolation(N_("The round is over, so nothing more can be changed."))
    if move.pupil_id in get_roll(plan.class_id, today=today).names.keys() - seated_in(shown):
        _seat_newcomer(shown, rounds, move, plan, actor, now)
        return
    source, target = _from_and_to(shown, move)
    changes = changes_of(rounds, shown, source, target, move)
    after = changes[shown.id].values()
    _check_not_met(source, target, now=now)
    smallest, largest = plan.smallest, plan.largest
    if move.swaps_with is None and any(not smallest <= len(group) <= largest for group in after):
        raise RuleViolation(
            N_("A group has %(smallest)s to %(largest)s children. Let two change places instead."),
            smallest=smallest,
            largest=largest,
        )
    _check_hides_pairs(plan, rounds, shown, changes, today)
    for each in rounds_of_move(rounds, shown):
        _move_in(each, source.number, target.number, move)
    find_new_hosts(plan, changes.keys(), (source.number, target.number), today=today)
    touch(plan, now)
    if shown.is_published:
        for group in (source, target):
            _tell(group.id, actor, now)


def _check_not_met(*groups: Group, now: datetime) -> None:
    if any(has_met(group, now) for group in groups):
        raise RuleViolation(N_("That group has met already. Choose another one."))


def _check_hides_pairs(plan: PlaygroupPlan, rounds: list[Round], shown: Round, changes: Changes, today: date) -> None:
    """No two who are kept apart sit together, and nobody can read from the groups who they are."""
    parted = parted_in(plan.class_id, today=today)
    if pairs_in(changes[shown.id].values()) & parted:
        raise RuleViolation(N_("Two of them are kept apart. Choose another place."))
    known = Known(rounds, queries.list_class_rounds(plan.class_id, today=today), today)
    if parted and not leaves_open(known, changes, parted):
        raise RuleViolation(N_("Then it could be seen who is kept apart. Choose another place."))


def _tell(group_id: int, actor: Person, now: datetime) -> None:
    row = db.session.get_one(Playgroup, group_id)
    is_urgent = row.starts_at is not None and acts.is_at_short_notice(row.starts_at, now=now)
    recall((ActKind.PLAYGROUP_CHANGED,), row.id)
    acts.record(actor, ActKind.PLAYGROUP_CHANGED, row, now=now, is_urgent=is_urgent)


def _seat_newcomer(
    shown: Round, rounds: list[Round], move: Move, plan: PlaygroupPlan, actor: Person, now: datetime
) -> None:
    """Put somebody who is in no group of a round into one; nobody else moves."""
    target = next((group for group in shown.groups if group.id == move.group_id), None)
    if target is None or move.swaps_with is not None:
        raise Conflict(N_("Somebody has changed this since you opened it. Look at it as it is now."))
    if len(target.pupil_ids) >= plan.largest:
        raise RuleViolation(N_("The group is full. Choose another one."))
    _check_not_met(target, now=now)
    changes = changes_of(rounds, shown, None, target, move)
    _check_hides_pairs(plan, rounds, shown, changes, clock.day_of(now))
    for each in rounds_of_move(rounds, shown):
        group = next(group for group in each.groups if group.number == target.number)
        insert_if_absent(
            PlaygroupMember, round_id=each.id, pupil_id=move.pupil_id, group_id=group.id, is_held=not each.is_published
        )
    find_new_hosts(plan, changes.keys(), (target.number,), today=clock.day_of(now))
    touch(plan, now)
    if shown.is_published:
        _tell(target.id, actor, now)


def _from_and_to(shown: Round, move: Move) -> tuple[Group, Group]:
    source = next((group for group in shown.groups if move.pupil_id in group.pupil_ids), None)
    target = next((group for group in shown.groups if group.id == move.group_id), None)
    is_known = move.swaps_with is None or (target is not None and move.swaps_with in target.pupil_ids)
    if source is None or target is None or source is target or not is_known:
        raise Conflict(N_("Somebody has changed this since you opened it. Look at it as it is now."))
    return source, target


def _move_in(each: Round, source: int, target: int, move: Move) -> None:
    """Change the rows of one round; groups of one grouping have the same numbers in all of its rounds."""
    from_group, to_group = (next(group for group in each.groups if group.number == n) for n in (source, target))
    goes = [(move.pupil_id, to_group)]
    if move.swaps_with is not None:
        goes.append((move.swaps_with, from_group))
    for pupil_id, group in goes:
        row = db.session.get_one(PlaygroupMember, (each.id, pupil_id))
        row.group_id, row.comes = group.id, None
        row.is_held = row.is_held or pupil_id == move.pupil_id
    for group in (from_group, to_group):
        if group.host_pupil_id in {pupil_id for pupil_id, _ in goes}:
            meet_elsewhere(db.session.get_one(Playgroup, group.id))


def hold_child(playgroup_round: PlaygroupRound, pupil_id: int, is_held: bool, *, version: int, now: datetime) -> None:
    """Hold a child where it is when the drafts are planned anew, or let go of it.

    Raises Conflict when the plan has changed since `version`, and for a child that is in no group of the round.
    """
    plan = playgroup_round.plan
    check_version(plan, version)
    rounds = queries.list_rounds(plan.id, today=clock.day_of(now))
    shown = next(each for each in rounds if each.id == playgroup_round.id)
    if pupil_id not in {seat.pupil_id for group in shown.groups for seat in group.seats}:
        raise Conflict(N_("Somebody has changed this since you opened it. Look at it as it is now."))
    for each in rounds_of_move(rounds, shown):
        db.session.get_one(PlaygroupMember, (each.id, pupil_id)).is_held = is_held
    touch(plan, now)
