"""What a next plan goes on from: what has really happened, what homes know already, and what the team has set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from portal.playgroups import queries
from portal.playgroups.drafting import Past
from portal.playgroups.models import MeetingPlace, PlaygroupPlan
from portal.playgroups.parted.queries import parted_in
from portal.playgroups.planner.reach import coming_pairs, met_pairs
from portal.playgroups.queries import Round


def past_of(class_id: int, plan: PlaygroupPlan | None, *, today: date) -> Past:
    """Who has met and who will, who has hosted, and what of the drafts of `plan` has to stay as it is."""
    published = queries.list_class_rounds(class_id, today=today)
    rounds = queries.list_rounds(plan.id, today=today) if plan is not None else []
    drafts = [each for each in rounds if not each.is_published]
    begun = {each.grouping: each for each in rounds if each.is_published}
    return Past(
        met=frozenset(met_pairs(published, today) | coming_pairs(published, today)),
        hosted=hostings_in(published),
        parted=parted_in(class_id, today=today),
        held={each.grouping: _held_in(each) for each in drafts},
        begun={each.grouping: _begun_in(begun[each.grouping], each) for each in drafts if each.grouping in begun},
    )


def hostings_in(rounds: Sequence[Round]) -> Counter[int]:
    """How often each adult has hosted in these rounds, or will."""
    return Counter(
        group.host_id
        for each in rounds
        for group in each.groups
        if group.host_id is not None and group.place == MeetingPlace.HOME and group.took_place is not False
    )


def _held_in(each: Round) -> list[frozenset[int]]:
    """The children of a draft whom the team has put where they are, group by group."""
    held = (frozenset(seat.pupil_id for seat in group.seats if seat.is_held) for group in each.groups)
    return [group for group in held if group]


def _begun_in(begun: Round, draft: Round) -> list[frozenset[int]]:
    """The groups that homes know, with whomever the team has moved since in the group it has put them into.

    A group of the draft goes on from the one most of those are in who were not moved by hand.
    """
    groups = [group.pupil_ids for group in begun.groups]
    for group in draft.groups:
        held = frozenset(seat.pupil_id for seat in group.seats if seat.is_held)
        if held:
            rest = group.pupil_ids - held
            home = max(groups, key=lambda one: (len(one & rest), len(one & group.pupil_ids)))
            number = groups.index(home)
            groups = [one | held if place == number else one - held for place, one in enumerate(groups)]
    return groups
