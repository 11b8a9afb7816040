"""A child says how it was, once a round; and what is not needed any more is forgotten.

Nothing here is noted as an act: an act says who, and when.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time

from sqlalchemy import delete

from portal.acts import services as acts
from portal.acts.models import ActKind
from portal.database import db
from portal.database.transactions import insert_if_absent, insert_into, lock_row
from portal.errors import N_, RuleViolation
from portal.events.newcomers import daytime
from portal.people import BY_ITSELF, Person
from portal.playgroups.homes.services import own_children
from portal.playgroups.models import GroupAtHome, PlaygroupRound
from portal.playgroups.queries import Group, Round, Seat, list_class_rounds, list_guardians_of
from portal.playgroups.voices.models import Feeling, PlaygroupHeard, PlaygroupVoices
from portal.playgroups.voices.queries import FEWEST, OPEN_FOR, list_heard
from portal.text import clock

#: A seat with its group and round.
Sat = tuple[Round, Group, Seat]


def speaks_for(person: Person, class_id: int) -> frozenset[int]:
    """The children in a class for whom somebody can press: oneself, and those one is a guardian of."""
    oneself = {person.pupil_id} if person.own_class is not None and person.own_class.id == class_id else set()
    return own_children(person, class_id) | oneself


def can_be_asked(rounds: Sequence[Round], pupil_ids: Collection[int], *, now: datetime) -> Iterator[Sat]:
    """Where these children were together with others, as far as that can still be answered."""
    today = clock.day_of(now)
    for each in rounds:
        if not _is_closed(each.ends_on, today):
            for group in each.groups:
                if _was_held(each, group, now):
                    yield from (
                        (each, group, seat) for seat in group.seats if seat.pupil_id in pupil_ids and _was_there(seat)
                    )


def _is_closed(ends_on: date, today: date) -> bool:
    return ends_on + OPEN_FOR < today


def _was_held(each: Round, group: Group, now: datetime) -> bool:
    """Whether a group has met, as far as anybody knows: said so, its hour over, or without an hour its round."""
    if group.took_place is not None:
        return group.took_place
    return group.ends_at <= now if group.ends_at is not None else each.is_over(clock.day_of(now))


def _was_there(seat: Seat) -> bool:
    return seat.was_there if seat.was_there is not None else seat.comes is not False


def record_voice(at_home: GroupAtHome, pupil_id: int, feeling: Feeling | None, *, actor: Person, now: datetime) -> None:
    """Count how it was for a child; without a feeling it is "no thanks", and nothing is counted.

    Raises RuleViolation for a child for whom the actor does not press, before the group has met, for a child that was
    not there, when the round can be answered no more, and the second time, from whichever home.
    """
    class_id, round_id = at_home.class_id, at_home.group.round_id
    if pupil_id not in speaks_for(actor, class_id) & at_home.pupil_ids:
        raise RuleViolation(N_("You can answer for your own children only."))
    rounds = list_class_rounds(class_id, today=clock.day_of(now))
    asked = can_be_asked(rounds, {pupil_id}, now=now)
    if at_home.group.id not in {group.id for _, group, _ in asked}:
        raise RuleViolation(N_("There is nothing to answer here just now."))
    if not insert_if_absent(PlaygroupHeard, round_id=round_id, pupil_id=pupil_id):
        raise RuleViolation(N_("This has been answered already."))
    if feeling is not None:
        one_more = insert_into(PlaygroupVoices).values(round_id=round_id, feeling=feeling, children=1)
        db.session.execute(
            one_more.on_conflict_do_update(
                index_elements=["round_id", "feeling"], set_={"children": PlaygroupVoices.children + 1}
            )
        )


def ask_children(playgroup_round: PlaygroupRound, *, now: datetime) -> None:
    """Tell the homes of a round that is over that their child may say how it was, in the daytime."""
    acts.record(BY_ITSELF, ActKind.PLAYGROUP_VOICES_ASKED, playgroup_round, now=now, tell_at=daytime(now))


def list_homes_to_ask(playgroup_round: PlaygroupRound, today: date) -> set[int]:
    """The guardians of those children who were together in a round, and have not been heard about it."""
    of_class = list_class_rounds(playgroup_round.class_id, today=today)
    this = [each for each in of_class if each.id == playgroup_round.id]
    heard = {pupil_id for round_id, pupil_id in list_heard(playgroup_round.class_id) if round_id == playgroup_round.id}
    seated = {seat.pupil_id for each in this for group in each.groups for seat in group.seats}
    asked = can_be_asked(this, seated - heard, now=clock.at_school(today, time()))
    return list_guardians_of(playgroup_round, {seat.pupil_id for _, _, seat in asked}, today)


def forget_heard(playgroup_round: PlaygroupRound, *, now: datetime) -> None:
    """Delete who was heard about a round that can be answered no more, and answers too few to show; else leave it."""
    lock_row(playgroup_round)
    if not _is_closed(playgroup_round.ends_on, clock.day_of(now)):
        return
    db.session.execute(delete(PlaygroupHeard).where(PlaygroupHeard.round_id == playgroup_round.id))
    voices = db.session.query(PlaygroupVoices).filter_by(round_id=playgroup_round.id).all()
    if sum(each.children for each in voices) < FEWEST:
        for each in voices:
            db.session.delete(each)
