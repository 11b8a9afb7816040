"""Working on a draft: planning it anew, and publishing its rounds one after the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.versions import check_version
from portal.errors import N_, RuleViolation
from portal.people import Person
from portal.playgroups import queries
from portal.playgroups.drafting import Draft
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.models import MeetingPlace, Playgroup, PlaygroupPlan, PlaygroupRound
from portal.playgroups.services import delete_rounds, keep_rounds, touch
from portal.text import clock


def publish_round(playgroup_round: PlaygroupRound, *, version: int, actor: Person, now: datetime) -> None:
    """Show a round to the homes of the children in it, and tell them.

    Raises Conflict when the plan has changed since `version`; RuleViolation when it is published, when it is not the
    next one, when its days are over, and unless everybody who takes part sits in exactly one of its groups.
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
    if {seat.pupil_id for group in first.groups for seat in group.seats} != roll.names.keys():
        raise RuleViolation(N_("The class has changed since this was planned. Plan what is to come anew first."))
    may_host = {host.guardian_id: host.pupil_ids for host in roll.hosts}
    for group in first.groups:
        if (
            group.host_id is None
            or group.host_pupil_id not in may_host.get(group.host_id, frozenset()) & group.pupil_ids
        ):
            _meet_elsewhere(group.id)
    playgroup_round.published_at = now
    touch(plan, now)
    acts.record(actor, ActKind.PLAYGROUPS_PUBLISHED, playgroup_round, now=now)


def _meet_elsewhere(group_id: int) -> None:
    """Without a home that hosts, a group meets at the school until somebody in it says where."""
    group = db.session.get_one(Playgroup, group_id)
    group.host_id = group.host_pupil_id = None
    if group.place == MeetingPlace.HOME:
        group.place = MeetingPlace.SCHOOL


def replace_drafts(plan: PlaygroupPlan, draft: Draft, *, version: int, actor: Person, now: datetime) -> None:
    """Put newly planned rounds in the place of those that are drafts; what is published stays as it is.

    Raises Conflict when the plan has changed since `version`: nobody's work on a draft is lost without a word.
    """
    check_version(plan, version)
    rounds = db.session.scalars(select(PlaygroupRound).where(PlaygroupRound.plan_id == plan.id)).all()
    drafts = [each for each in rounds if not each.is_published]
    delete_rounds([each.id for each in drafts])
    keep_rounds(plan, draft, first_number=1 + max((each.number for each in rounds if each.is_published), default=0))
    plan.is_interrupted = draft.is_interrupted
    touch(plan, now)
    acts.record(actor, ActKind.PLAYGROUPS_PLANNED, plan, now=now)
