"""Making a plan of playgroups, keeping its draft, ending it, and forgetting it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm.attributes import flag_modified

from portal.acts import services as acts
from portal.acts.limits import check_limit
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, lock_row, wait_for_turn_at
from portal.database.versions import check_version
from portal.errors import N_, Conflict
from portal.notifications.services import recall
from portal.people import Person
from portal.playgroups import queries
from portal.playgroups.drafting import Draft, Wish
from portal.playgroups.models import (
    MeetingPlace,
    Playgroup,
    PlaygroupMember,
    PlaygroupPermission,
    PlaygroupPlan,
    PlaygroupRound,
)
from portal.playgroups.parted.models import PartedPair
from portal.playgroups.voices.models import PlaygroupHeard, PlaygroupVoices
from portal.text import clock

#: What homes are told of a group; only the newest is worth knowing.
TOLD_OF_GROUP = (ActKind.PLAYGROUP_ARRANGED, ActKind.PLAYGROUP_CHANGED)


def check_may_start(class_id: int, *, actor: Person, now: datetime) -> None:
    """Refuse before the planner runs what would be refused after it. Raises as `start_plan` does.

    A plan costs the machine time, whoever asks: so the class team is counted too.
    """
    if queries.get_plan(class_id) is not None:
        raise Conflict(N_("Somebody has made a plan meanwhile. Look at it first."))
    check_limit(actor, ActKind.PLAYGROUPS_PLANNED, now=now)


def start_plan(
    class_id: int, draft: Draft, wish: Wish, *, is_meal: bool, actor: Person, now: datetime
) -> PlaygroupPlan:
    """Keep a class's new plan as a draft that the team alone sees.

    Raises Conflict when another plan is under way by now: of two who plan at once the second is told; RuleViolation for
    one plan too many within the hour.
    """
    wait_for_turn_at(f"playgroups of class {class_id}")
    check_may_start(class_id, actor=actor, now=now)
    plan = PlaygroupPlan(
        class_id=class_id,
        manner=wish.manner,
        is_meal=is_meal,
        smallest=wish.smallest,
        largest=wish.largest,
        weeks_apart=wish.weeks_apart,
        is_interrupted=draft.is_interrupted,
        made_by_id=actor.id,
        made_at=now,
        changed_at=now,
    )
    db.session.add(plan)
    db.session.flush()
    keep_rounds(plan, draft, first_number=1)
    acts.note(actor, ActKind.PLAYGROUPS_PLANNED, plan, now=now)
    return plan


def keep_rounds(plan: PlaygroupPlan, draft: Draft, *, first_number: int) -> None:
    """Write the rounds of a draft down, from a number on."""
    for number, drafted in enumerate(draft.rounds, start=first_number):
        row = PlaygroupRound(
            plan_id=plan.id,
            class_id=plan.class_id,
            number=number,
            grouping=drafted.grouping,
            starts_on=drafted.window.starts_on,
            ends_on=drafted.window.ends_on,
        )
        db.session.add(row)
        db.session.flush()
        for place, group in enumerate(drafted.groups, start=1):
            host_id, host_pupil_id = group.host or (None, None)
            kept = Playgroup(
                round_id=row.id,
                class_id=plan.class_id,
                number=place,
                host_id=host_id,
                host_pupil_id=host_pupil_id,
                place=MeetingPlace.HOME if group.host else MeetingPlace.SCHOOL,
            )
            db.session.add(kept)
            db.session.flush()
            for pupil_id in sorted(group.pupil_ids):
                is_held = pupil_id in drafted.held
                db.session.add(PlaygroupMember(round_id=row.id, pupil_id=pupil_id, group_id=kept.id, is_held=is_held))
    db.session.flush()


def touch(plan: PlaygroupPlan, now: datetime) -> None:
    """Say that something in a plan has changed, so that whoever saw it before is told; also within one moment."""
    plan.changed_at = now
    flag_modified(plan, "changed_at")


def end_plan(plan: PlaygroupPlan, *, version: int, actor: Person, now: datetime) -> None:
    """End a plan: its drafts are deleted, what is published stays, and the class can have another one.

    Raises Conflict when it has changed since `version`.
    """
    check_version(plan, version)
    drafts = select(PlaygroupRound.id).where(PlaygroupRound.plan_id == plan.id, PlaygroupRound.published_at.is_(None))
    delete_rounds(db.session.scalars(drafts).all())
    plan.ended_at = now
    touch(plan, now)
    acts.note(actor, ActKind.PLAYGROUPS_ENDED, plan, now=now)


def delete_rounds(round_ids: Collection[int]) -> None:
    """Delete rounds with everything in them, and take back what homes were told of them."""
    groups = select(Playgroup.id).where(Playgroup.round_id.in_(round_ids))
    for group_id in db.session.scalars(groups).all():
        recall(TOLD_OF_GROUP, group_id)
    for round_id in round_ids:
        recall((ActKind.PLAYGROUPS_PUBLISHED,), round_id)
    for of_round in (PlaygroupHeard, PlaygroupVoices, PlaygroupMember):
        db.session.execute(delete(of_round).where(of_round.round_id.in_(round_ids)))
    db.session.execute(delete(Playgroup).where(Playgroup.round_id.in_(round_ids)))
    db.session.execute(delete(PlaygroupRound).where(PlaygroupRound.id.in_(round_ids)))


def let_representatives(class_id: int, is_let: bool, *, actor: Person, now: datetime) -> None:
    """Let the parents' representatives of a class make a plan, or no more; twice is once."""
    wait_for_turn_at(f"playgroups of class {class_id}")
    if (db.session.get(PlaygroupPermission, class_id) is not None) == is_let:
        return
    if is_let:
        insert_if_absent(PlaygroupPermission, class_id=class_id)
    else:
        db.session.execute(delete(PlaygroupPermission).where(PlaygroupPermission.class_id == class_id))
    acts.note(actor, ActKind.PLAYGROUP_MAKERS_CHOSEN, acts.Known(class_id), now=now)


def forget_plan(plan: PlaygroupPlan, *, now: datetime) -> None:
    """Delete a plan of an earlier school year with everything in it; one that goes on into this year is left."""
    lock_row(plan)
    first_day = clock.first_day(clock.school_year(clock.day_of(now)))
    rounds = db.session.scalars(select(PlaygroupRound).where(PlaygroupRound.plan_id == plan.id)).all()
    if clock.day_of(plan.made_at) >= first_day or any(each.ends_on >= first_day for each in rounds):
        return
    delete_rounds([each.id for each in rounds])
    db.session.flush()
    db.session.expire_all()
    db.session.delete(plan)
    db.session.flush()
    if not db.session.scalar(select(exists().where(PlaygroupPlan.class_id == plan.class_id))):
        db.session.execute(delete(PartedPair).where(PartedPair.class_id == plan.class_id))
