"""The rounds to come, planned anew from what has really happened: it reads and computes, and keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.errors import N_, RuleViolation
from portal.playgroups import queries
from portal.playgroups.drafting import Draft, Slot, Wish, draft_rounds
from portal.playgroups.history import past_of
from portal.playgroups.homes.queries import get_roll
from portal.playgroups.queries import Round
from portal.playgroups.windows import Window, beginnings, windows
from portal.school.days_off.queries import school_days


def replan(class_id: int, *, keeps_groups: bool, today: date) -> Draft:
    """New groups for the rounds that are drafts, those first who have not met; or the same, as far as can be.

    Raises RuleViolation when there is nothing left to plan, and with the reason when there is no such plan.
    """
    plan = queries.get_plan(class_id)
    rounds = queries.list_rounds(plan.id, today=today) if plan is not None else []
    drafts = [each for each in rounds if not each.is_published]
    if plan is None or not drafts:
        raise RuleViolation(N_("Every round has been published. End the plan, and make a new one."))
    wish = Wish(plan.manner, len(drafts), plan.smallest, plan.largest, plan.weeks_apart)
    slots = _slots(drafts, rounds, plan.weeks_apart, today)
    like = {each.grouping: [group.pupil_ids for group in each.groups] for each in drafts} if keeps_groups else None
    past = past_of(class_id, plan, today=today)
    return draft_rounds(get_roll(class_id, today=today), wish, slots, past=past, seed=plan.version, like=like)


def _slots(drafts: Sequence[Round], rounds: Sequence[Round], weeks_apart: int, today: date) -> list[Slot]:
    """The days of the drafts as they are; or new ones from the next school week on, where some are over."""
    if all(each.ends_on >= today for each in drafts):
        return [Slot(Window(each.starts_on, each.ends_on), each.grouping) for each in drafts]
    days = school_days(today)
    last = max((each.ends_on for each in rounds if each.is_published), default=today)
    first = next((monday for monday in beginnings(days, today) if monday > last), None)
    fitting = windows(days, first, len(drafts), weeks_apart) if first is not None else []
    if not fitting:
        raise RuleViolation(N_("No round fits before the summer holidays. End the plan, and make one after them."))
    if len(fitting) < len(drafts):
        raise RuleViolation(
            N_(
                "Only %(fitting)s of these rounds fit before the summer holidays. End the plan, and make a shorter one."
            ),
            fitting=len(fitting),
        )
    return [Slot(window, each.grouping) for window, each in zip(fitting, drafts, strict=True)]
